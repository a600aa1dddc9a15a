"""How quickly do two people see each other, and how well? `python -m tests.load.meeting [--short]`.

A real house, two real Chromiums, and a page of 12-point text before the camera:

- *first*: from the tap on "Accept" to the first picture on the Volunteer's screen, again and again;
- *growth*: what the sender believes the line can carry, and when the text can be read;
- *cap*: how soon a line that becomes narrow is followed;
- *loss*: whether the picture stands still where a line loses packets.

A run in which the camera's pictures were not even encoded on time says nothing about us: void.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests.load import figures
from tests.load.figures import Figure, percentile, rounded
from tests.load.meeting_page import (
    FRAMES_PER_SECOND,
    HEIGHT,
    WIDTH,
    Paper,
    print_paper,
    read_paper,
    write_camera,
)
from tests.load.meeting_people import SAMPLE_MS, Grab, Sample, Stage, stage

CAP_BIT_S = 300_000
OBEYED = 1.1  # of the cap: what it may be exceeded by and still count as followed
HOLD_S = 3.0
LOSS = 0.05
MEGABIT = 1e6
LEAST_FRAMES = 0.6  # of the camera's: fewer, and this machine had no time for us
GRAB_EACH_S = 0.5


class Options(argparse.Namespace):
    """What to measure, and how often."""

    calls: int
    rounds: int
    grow_s: float = 12.0
    settle_s: float = 6.0
    cap_s: float = 10.0
    loss_s: float = 20.0
    only: list[str]
    seed: int
    short: bool


@dataclass(slots=True)
class Found:
    """What each call told; `None` where something never came."""

    picture_ms: list[float] = field(default_factory=list)
    picture_width: list[float] = field(default_factory=list)
    broken: int = 0
    estimate_5s: list[float | None] = field(default_factory=list)
    estimate_10s: list[float | None] = field(default_factory=list)
    one_megabit_s: list[float | None] = field(default_factory=list)
    three_megabit_s: list[float | None] = field(default_factory=list)
    legible_s: list[float | None] = field(default_factory=list)
    sharp: list[float] = field(default_factory=list)
    cap_followed_s: list[float | None] = field(default_factory=list)
    cap_legible: list[float] = field(default_factory=list)
    freezes: list[float] = field(default_factory=list)
    frames_share: list[float] = field(default_factory=list)
    late: list[str] = field(default_factory=list)


def options() -> Options:
    """Long by default; the short form checks the same things fewer times."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.meeting")
    parser.add_argument("--short", action="store_true", help="under 50 s")
    parser.add_argument("--calls", type=int, default=50, help="of part `first`")
    parser.add_argument("--rounds", type=int, default=5, help="of each other part")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--seed", type=int, default=1)
    found = parser.parse_args(namespace=Options())
    if found.short:
        found.calls, found.rounds = 1, 1
        found.grow_s, found.settle_s, found.cap_s, found.loss_s = 5.3, 0.5, 5.4, 4.0
    return found


# --- The parts -----------------------------------------------------------------------------------


async def first(made: Stage, asked: Options, found: Found) -> None:
    """Accept, and the first picture after it; one person asks again and again."""
    await made.sit_down(through_network=False)
    for _ in range(asked.calls):
        accepted_ms = await made.meet()
        picture = await made.first_picture()
        if picture is None:
            found.broken += 1
        else:
            found.picture_ms.append(picture[0] - accepted_ms)
            found.picture_width.append(picture[1])
        await made.part()
    await made.requester.leave()


async def growth(
    made: Stage, asked: Options, paper: Paper, found: Found, accepted_ms: float
) -> None:
    """On a line without bounds."""
    grabs = await watch(made, asked.grow_s)
    samples = since(await made.sent(), accepted_ms)
    found.estimate_5s.append(estimate_at(samples, accepted_ms + 5_000))
    found.estimate_10s.append(estimate_at(samples, accepted_ms + 10_000))
    found.one_megabit_s.append(reached_s(samples, accepted_ms, MEGABIT))
    found.three_megabit_s.append(reached_s(samples, accepted_ms, 3 * MEGABIT))
    # A quarter of a second for each picture that is read: none after the first that could be.
    legible = next((one for one in grabs if read_paper(paper, one.png).legible), None)
    found.legible_s.append((legible.at_ms - accepted_ms) / 1000 if legible else None)
    found.sharp.append(read_paper(paper, grabs[-1].png).sharp if grabs else 0.0)
    found.late += too_late(samples)


async def loss(made: Stage, asked: Options, _paper: Paper, found: Found, _ms: float) -> None:
    """A line loses some of all that passes, both ways."""
    await made.first_picture()
    made.network.both(loss=LOSS)
    begun_ms = time.time() * 1000
    await asyncio.sleep(asked.loss_s)
    ended_ms = time.time() * 1000 - SAMPLE_MS
    sent, received = await made.sent(), await made.received()
    made.network.both(loss=0.0)
    found.freezes.append(gained(since(received, begun_ms), "freezeCount"))
    found.frames_share.append(
        between(received, "framesDecoded", begun_ms, ended_ms)
        / max(1.0, between(sent, "framesEncoded", begun_ms, ended_ms))
    )
    found.late += too_late(since(sent, begun_ms))


async def cap(made: Stage, asked: Options, paper: Paper, found: Found, _ms: float) -> None:
    """A line becomes narrow in mid-call."""
    await asyncio.sleep(asked.settle_s)
    made.network.up.rate_bit_s = CAP_BIT_S
    capped_ms = time.time() * 1000
    await asyncio.sleep(asked.cap_s)
    grab = await made.grab()
    samples = since(await made.sent(), capped_ms)
    made.network.up.rate_bit_s = 0.0
    found.cap_followed_s.append(followed_s(samples, capped_ms))
    found.cap_legible.append(float(grab is not None and read_paper(paper, grab.png).legible))


Part = Callable[[Stage, Options, Paper, Found, float], Awaitable[None]]
# What is looked at in a call, in this order if it is all one: the cap leaves a low estimate behind.
IN_A_CALL: dict[str, Part] = {"growth": growth, "loss": loss, "cap": cap}
PARTS = ("first", *IN_A_CALL)


async def call(
    made: Stage, asked: Options, paper: Paper, found: Found, parts: Sequence[str]
) -> None:
    """Two people meet, these parts of their call are measured, and they part.

    Whoever does not need a bad network is spared the detour through the one that could be.
    """
    await made.sit_down(through_network=list(parts) != ["growth"])
    accepted_ms = await made.meet()
    for part in parts:
        await IN_A_CALL[part](made, asked, paper, found, accepted_ms)
    await made.part()
    await made.requester.leave()


async def measure(made: Stage, asked: Options, paper: Paper, found: Found) -> None:
    """All that is asked for; in the short form in one call, which saves meeting twice."""
    if "first" in asked.only:
        await first(made, asked, found)
        print(f"first: {last_line(found)}", flush=True)
    parts = [part for part in IN_A_CALL if part in asked.only]
    for together in [parts] if asked.short and parts else [[part] for part in parts]:
        for _ in range(asked.rounds):
            await call(made, asked, paper, found, together)
        print(f"{', '.join(together)}: {last_line(found)}", flush=True)


async def watch(made: Stage, seconds: float) -> list[Grab]:
    """What the Volunteer sees meanwhile. Looking costs the machine something, so it is rare."""
    until, grabs = time.monotonic() + seconds, []
    while time.monotonic() < until:
        grab = await made.grab()
        if grab is not None:
            grabs.append(grab)
        await asyncio.sleep(GRAB_EACH_S if len(grabs) < 4 else 4 * GRAB_EACH_S)
    return grabs


# --- What samples say ----------------------------------------------------------------------------


def since(samples: Sequence[Sample], at_ms: float) -> list[Sample]:
    return [one for one in samples if one["at"] >= at_ms]


def estimate_at(samples: Sequence[Sample], at_ms: float) -> float | None:
    """At that time, in bit/s; nothing if the call was over by then."""
    after = [one["availableOutgoingBitrate"] for one in samples if one["at"] >= at_ms]
    return after[0] if after else None


def reached_s(samples: Sequence[Sample], begun_ms: float, bit_s: float) -> float | None:
    """After how long the estimate first was that high."""
    at = [one["at"] for one in samples if one["availableOutgoingBitrate"] >= bit_s]
    return (at[0] - begun_ms) / 1000 if at else None


def followed_s(samples: Sequence[Sample], capped_ms: float) -> float | None:
    """After how long the estimate was at the cap, and for a while no more above it."""
    for number, one in enumerate(samples):
        after = [each for each in samples[number:] if each["at"] <= one["at"] + HOLD_S * 1000]
        long_enough = samples[-1]["at"] - one["at"] >= HOLD_S * 1000
        if long_enough and all(
            each["availableOutgoingBitrate"] <= OBEYED * CAP_BIT_S for each in after
        ):
            return (one["at"] - capped_ms) / 1000
    return None


def gained(samples: Sequence[Sample], name: str) -> float:
    return samples[-1].get(name, 0.0) - samples[0].get(name, 0.0) if samples else 0.0


def between(samples: Sequence[Sample], name: str, begun_ms: float, ended_ms: float) -> float:
    """How much it grew from one moment to another. Two pages look at different moments, and in a
    fifth of a second five pictures pass."""
    at = [one["at"] for one in samples]
    values = [one.get(name, 0.0) for one in samples]
    begun, ended = np.interp([begun_ms, ended_ms], at, values) if samples else (0.0, 0.0)
    return float(ended - begun)


def too_late(samples: Sequence[Sample]) -> list[str]:
    """Why this call says nothing: the sender's machine did not even encode what its camera saw."""
    passed_s = gained(samples, "at") / 1000
    rate = gained(samples, "framesEncoded") / passed_s if passed_s else 0.0
    if rate >= LEAST_FRAMES * FRAMES_PER_SECOND:
        return []
    return [f"only {rate:.0f} of {FRAMES_PER_SECOND} pictures a second were encoded"]


# --- What is told --------------------------------------------------------------------------------


def spread(values: Sequence[float | None], digits: int = 1, unit: float = 1.0) -> str:
    """The median, and between which values all lie; how often it never came."""
    there = sorted(one / unit for one in values if one is not None)
    if not there:
        return "never" if values else "-"
    never = len(values) - len(there)
    middle = percentile(there, 0.5)
    told = f"{middle:.{digits}f} ({there[0]:.{digits}f} to {there[-1]:.{digits}f})"
    return told + (f", {never} never" if never else "")


def table(found: Found) -> str:
    pictures = found.picture_ms
    at = [percentile(pictures, share) or 0.0 for share in (0.5, 0.95, 1.0)]
    rows: list[list[Figure]] = [
        [
            "Accept to first picture, p50 / p95 / max",
            "{:.0f} / {:.0f} / {:.0f} ms".format(*at),
            len(pictures),
        ],
        ["width of the first picture", spread(found.picture_width, 0), len(pictures)],
        ["estimate after 5 s, Mbit/s", spread(found.estimate_5s, 2, MEGABIT), None],
        ["estimate after 10 s, Mbit/s", spread(found.estimate_10s, 2, MEGABIT), None],
        ["Accept to 1 Mbit/s, s", spread(found.one_megabit_s), None],
        ["Accept to 3 Mbit/s, s", spread(found.three_megabit_s), None],
        ["Accept to legible print, s", spread(found.legible_s), None],
        ["sharpness at the end, of 1", spread(found.sharp, 3), None],
        ["a cap of 300 kbit/s followed after, s", spread(found.cap_followed_s), None],
        ["print legible under the cap", spread(found.cap_legible, 0), None],
        ["5 % loss: freezes in a call", spread(found.freezes, 0), None],
        ["5 % loss: share of frames shown", spread(found.frames_share, 3), None],
    ]
    rounds = [len(one) for one in (found.estimate_5s,) * 6 + (found.cap_followed_s,) * 2]
    counts = rounds + [len(found.freezes)] * 2
    for row, count in zip(rows[2:], counts, strict=True):
        row[2] = count
    return figures.table(["", "median (spread)", "calls"], [row for row in rows if row[2]])


def last_line(found: Found) -> dict[str, Figure]:
    def middle(values: Sequence[float | None], digits: int = 2) -> float | None:
        there = [one for one in values if one is not None]
        return rounded(percentile(there, 0.5), digits) if len(there) == len(values) else None

    return {
        "calls": len(found.picture_ms),
        "first_picture_p50_ms": rounded(percentile(found.picture_ms, 0.5), 0),
        "first_picture_p95_ms": rounded(percentile(found.picture_ms, 0.95), 0),
        "first_picture_max_ms": rounded(percentile(found.picture_ms, 1.0), 0),
        "estimate_5s_mbit": middle([one and one / MEGABIT for one in found.estimate_5s]),
        "estimate_10s_mbit": middle([one and one / MEGABIT for one in found.estimate_10s]),
        "legible_s": middle(found.legible_s),
        "cap_followed_s": middle(found.cap_followed_s),
        "loss_freezes": max(found.freezes, default=None),
        "loss_frames_share": rounded(min(found.frames_share, default=None), 3),
        "no_picture": found.broken,
    }


async def main(asked: Options) -> int:
    """All parts; the exit code. A call without a picture is broken, a slow one is only slow."""
    print(figures.machine(), flush=True)
    paper, found = print_paper(asked.seed), Found()
    print(f"a paper of {len(paper.letters)} letters, {WIDTH}x{HEIGHT} at {FRAMES_PER_SECOND} Hz")
    with tempfile.TemporaryDirectory(prefix="assist-meeting-") as name:
        camera = write_camera(Path(name) / "camera.y4m", paper, asked.seed)
        async with stage(Path(name), camera) as made:
            await measure(made, asked, paper, found)
    print(table(found), flush=True)
    return figures.close(last_line(found), found.broken, found.late)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(options())))
