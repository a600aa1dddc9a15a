"""Does the next Volunteer see as soon as the first one? `python -m tests.load.handing [--short]`.

In each round one person asks, a first Volunteer accepts and hands over, a second one accepts. From
each "Accept" to the first picture on that screen, and the second as a share of the first: the
person's Leg stands already, so it should be about as long. Exits 1 when a picture never came.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.browser.people import Volunteer
from tests.load import figures
from tests.load.figures import percentile, rounded
from tests.load.meeting_page import print_paper, write_camera
from tests.load.meeting_people import PATIENCE_S, Stage, stage


class Options(argparse.Namespace):
    rounds: int
    short: bool


@dataclass(slots=True)
class Found:
    """Milliseconds from "Accept" to the picture, of each round."""

    first_ms: list[float] = field(default_factory=list)
    second_ms: list[float] = field(default_factory=list)

    @property
    def ratios(self) -> list[float]:
        return [b / a for a, b in zip(self.first_ms, self.second_ms, strict=True)]


def options() -> Options:
    parser = argparse.ArgumentParser(prog="python -m tests.load.handing")
    parser.add_argument("--short", action="store_true", help="under 50 s")
    parser.add_argument("--rounds", type=int, default=12)
    found = parser.parse_args(namespace=Options())
    if found.short:
        found.rounds = 1
    return found


async def picture_after_accept(volunteer: Volunteer) -> float:
    """Accept; so long until the first picture, in ms."""
    await volunteer.accept()
    page = volunteer.page
    await page.wait_for_function("() => window.picture", timeout=PATIENCE_S * 1000)
    accepted_ms, (at_ms, *_size) = await page.evaluate("[window.accepted, window.picture]")
    return float(at_ms - accepted_ms)


async def hand_on(made: Stage, second: Volunteer, found: Found) -> None:
    """One round. Only one of the two takes calls when somebody asks, or hands over."""
    first = made.volunteer
    await made.requester.ask()
    found.first_ms.append(await picture_after_accept(first))
    await second.take_calls()
    await first.press("Hand over")
    await first.press("Hand over now")
    found.second_ms.append(await picture_after_accept(second))
    await made.requester.press("End call")
    for person in (made.requester, first, second):
        await person.press("Send answers")
    await made.requester.is_back_at_start()
    await second.press("Stop taking calls")
    await second.sees(second.button("Start taking calls"))
    async for limit in made.house.live.redis.scan_iter("rate:*"):
        await made.house.live.redis.delete(limit)


async def measure(made: Stage, rounds: int, found: Found) -> None:
    second = await made.another("Bob")
    await made.sit_down(through_network=False)
    for _ in range(rounds):
        await hand_on(made, second, found)


def spread(values: Sequence[float], digits: int = 0) -> str:
    middle, ordered = percentile(values, 0.5), sorted(values)
    return f"{middle:.{digits}f} ({ordered[0]:.{digits}f} to {ordered[-1]:.{digits}f})"


async def main(asked: Options) -> int:
    print(figures.machine(), flush=True)
    found = Found()
    with tempfile.TemporaryDirectory(prefix="assist-handing-") as name:
        camera = write_camera(Path(name) / "camera.y4m", print_paper(1), 1)
        async with stage(Path(name), camera) as made:
            await measure(made, asked.rounds, found)
    rows = [
        ["first Volunteer, ms", spread(found.first_ms)],
        ["next Volunteer, ms", spread(found.second_ms)],
        ["next as a share of the first", spread(found.ratios, 2)],
    ]
    print(figures.table(["Accept to first picture", "median (spread)"], rows), flush=True)
    last = {
        "rounds": len(found.ratios),
        "first_p50_ms": rounded(percentile(found.first_ms, 0.5), 0),
        "second_p50_ms": rounded(percentile(found.second_ms, 0.5), 0),
        "ratio_p50": rounded(percentile(found.ratios, 0.5), 2),
    }
    return figures.close(last, 0, [])


if __name__ == "__main__":
    sys.exit(asyncio.run(main(options())))
