"""How soon can somebody on a slow line ask for help? `python -m tests.load.first_visit [--short]`.

A real house, and for each visit a Chromium that has never been there: by turns behind a line of
400 kbit/s and 400 ms there and back (tests/shaped.py), and on this machine itself.

- *there*: the button can be pressed; *works*: its press has said something; both from the moment
  in which the person wished to see the page;
- *asked*: the house has their wish;
- *weight*: all bytes of all connections both ways, TLS and sockets included, TCP's headers not.

A machine that was too busy to keep the line's times says nothing about us: void.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Playwright, async_playwright

from assist.management.tools import chromium
from tests.browser.house import House
from tests.first_visit import PRESS, first_visit
from tests.load import figures
from tests.load.figures import Figure, percentile, rounded
from tests.shaped import Line, line

ROUND_TRIP_S, RATE_BIT_S = 0.4, 400_000
BUDGET_BYTES = 60_000
LATE_S = 0.05  # a segment that came later than this was held up by the machine
LATE_SHARE = 0.02


class Options(argparse.Namespace):
    """How often, and on what line."""

    rounds: int
    short: bool


@dataclass(slots=True)
class Found:
    """What each visit told, in seconds and bytes."""

    there_s: list[float] = field(default_factory=list)
    works_s: list[float] = field(default_factory=list)
    asked_s: list[float] = field(default_factory=list)
    lost: int = 0
    weight: list[float] = field(default_factory=list)
    connections: list[float] = field(default_factory=list)
    late: list[str] = field(default_factory=list)


def options() -> Options:
    """Long by default; the short form does the same fewer times."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.first_visit")
    parser.add_argument("--short", action="store_true", help="under 50 s")
    parser.add_argument("--rounds", type=int, default=8, help="visits by each line")
    found = parser.parse_args(namespace=Options())
    if found.short:
        found.rounds = min(found.rounds, 2)
    return found


async def weigh(stage: Playwright, path: str, house: House, way: Line, found: Found) -> None:
    """A visit in which nobody presses anything."""
    async with first_visit(stage, path, house, way) as visit:
        await visit.is_complete()
        found.weight.append(way.payload_bytes)
        found.connections.append(way.connections)


async def press(stage: Playwright, path: str, house: House, way: Line, found: Found) -> None:
    """A visit in which the button is pressed as soon as it is there."""
    async with first_visit(stage, path, house, way, PRESS) as visit:
        seen = await visit.figures()
        found.there_s.append(seen["there_ms"] / 1000)
        found.works_s.append(seen["works_ms"] / 1000)
        found.asked_s.append(visit.receipt_s or 0.0)
        found.lost += seen["presses"] - 1
    late = [one for one in way.late_s if one > LATE_S]
    if len(late) > LATE_SHARE * len(way.late_s):
        found.late.append(f"{len(late)} of {len(way.late_s)} segments came late")
    await house.tidy()


def spread(values: list[float], digits: int = 2) -> str:
    """Median, and the least and the most."""
    middle, *ends = (percentile(values, 0.5), min(values), max(values))
    return f"{rounded(middle, digits)} ({rounded(ends[0], digits)} to {rounded(ends[1], digits)})"


def table(slow: Found, here: Found) -> str:
    """Both lines beside each other."""
    heads = ("line", "button there, s", "press heard, s", "house has the wish, s", "presses lost")
    rows: list[list[Figure]] = [
        [name, spread(one.there_s), spread(one.works_s), spread(one.asked_s), one.lost]
        for name, one in (("400 ms, 400 kbit/s", slow), ("this machine", here))
    ]
    return figures.table(heads, rows)


def last_line(slow: Found, here: Found) -> dict[str, Figure]:
    """What a machine reads."""
    return {
        "visits": len(slow.works_s),
        "weight_bytes": rounded(percentile(slow.weight, 0.5), 0),
        "there_p50_s": rounded(percentile(slow.there_s, 0.5), 2),
        "works_p50_s": rounded(percentile(slow.works_s, 0.5), 2),
        "works_max_s": rounded(max(slow.works_s), 2),
        "asked_p50_s": rounded(percentile(slow.asked_s, 0.5), 2),
        "here_works_p50_s": rounded(percentile(here.works_s, 0.5), 2),
        "presses_lost": slow.lost + here.lost,
        "too_heavy": sum(one > BUDGET_BYTES for one in slow.weight),
    }


async def main(asked: Options) -> int:
    """The exit code: 1 for a lost press or a heavy page, never for a slow one."""
    print(figures.machine(), flush=True)
    slow, here = Found(), Found()
    with tempfile.TemporaryDirectory(prefix="assist-light-") as folder:
        house = House(Path(folder))
        try:
            await house.start()
            async with async_playwright() as stage:
                await visits(stage, house, asked.rounds, slow, here)
        finally:
            await house.close()
    print(table(slow, here))
    print(f"weight: {spread(slow.weight, 0)} bytes, {spread(slow.connections, 0)} connections")
    last = last_line(slow, here)
    broken = slow.lost + here.lost + int(last["too_heavy"] or 0)
    return figures.close(last, broken, slow.late)


async def visits(stage: Playwright, house: House, rounds: int, slow: Found, here: Found) -> None:
    """By turns, so that both lines meet the same machine."""
    path = chromium(print)
    for _ in range(rounds):
        for found, way in ((slow, (ROUND_TRIP_S, RATE_BIT_S)), (here, (0.0, 0.0))):
            await press(stage, path, house, line(*way), found)
        await weigh(stage, path, house, line(ROUND_TRIP_S, RATE_BIT_S), slow)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(options())))
