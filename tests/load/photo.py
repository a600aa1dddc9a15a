"""What does a photograph do to other people's calls? `python -m tests.load.photo [--short]`.

The relay carries calls of picture and voice, as in `tests.load.relay`. Quiet moments alternate with
moments in which one more call sends a photograph of 4 MB over its data channel at 8 Mbit/s, as the
page does. Measured is how long the others' packets take, from just before they are sent to the
kernel's time of their arrival, and how long words typed during the photograph take. `added_p99_ms`
is the median of the rounds: with the photograph less the quiet moment before it.

A photograph that comes changed or never is a broken promise; a late or failing generator makes the
run void.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
from collections.abc import Sequence
from typing import NamedTuple

from tests.load import figures
from tests.load.figures import VOID, Figure, rounded
from tests.load.photo_call import PIECE_BYTES, Page, PhotoCall
from tests.load.relay import host_address
from tests.load.relay_generator import Measurement, Native, NoCompiler
from tests.load.relay_ours import Ours
from tests.load.relay_trial import Trial

SETTLE_SECONDS = 0.5
AGAIN = 2  # times that a round with a late generator is done once more


class Options(argparse.Namespace):
    """What was asked for."""

    short: bool
    calls: int
    rounds: int
    megabytes: float
    mbit: float

    @property
    def seconds(self) -> float:
        """So long the photograph takes at its pace; what is measured ends a little sooner."""
        return self.megabytes * 8 / self.mbit


def options() -> Options:
    """Long by default; the short form is the same load for fewer rounds."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.photo")
    parser.add_argument("--short", action="store_true", help="two rounds, under 50 s")
    parser.add_argument("--calls", type=int, default=50, help="of the others")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--megabytes", type=float, default=4.0, help="of the photograph")
    parser.add_argument("--mbit", type=float, default=8.0, help="a second, its pace")
    found = parser.parse_args(namespace=Options())
    if found.short:
        found.rounds = min(found.rounds, 2)
    return found


class Round(NamedTuple):
    """A quiet moment, and the one with a photograph after it."""

    quiet: Measurement
    photo: Measurement
    took_s: float
    words_ms: Sequence[float]

    @property
    def added_ms(self) -> float | None:
        """To the slowest hundredth of the others' packets; None where no second was sound."""
        if self.photo.p99_ms is None or self.quiet.p99_ms is None:
            return None
        return self.photo.p99_ms - self.quiet.p99_ms

    def void(self) -> list[str]:
        """Why it says nothing of the relay."""
        return [*self.quiet.void(), *self.photo.void()]


async def run_round(trial: Trial, call: PhotoCall, photograph: bytes, seconds: int) -> Round:
    """Measure both moments; what `PhotoCall.send` raises."""
    quiet = await trial.measure(seconds, at_most=seconds)
    call.words_ms.clear()
    sending = asyncio.create_task(call.send(photograph))
    photo = await trial.measure(seconds, at_most=seconds)
    found = Round(quiet, photo, await sending, list(call.words_ms))
    await asyncio.sleep(SETTLE_SECONDS)
    return found


async def sound_round(trial: Trial, call: PhotoCall, photograph: bytes, asked: Options) -> Round:
    """Once more while the generator, not the relay, was at fault."""
    for _ in range(1 if asked.short else 1 + AGAIN):
        found = await run_round(trial, call, photograph, max(1, int(0.9 * asked.seconds)))
        say(found)
        if not found.void():
            break
    return found


def say(found: Round) -> None:
    """One line for who watches."""
    quiet, photo = found.quiet, found.photo
    print(
        f"p50/p99 quiet {quiet.p50_ms}/{quiet.p99_ms} ms, with a photograph "
        f"{photo.p50_ms}/{photo.p99_ms} ms; relay {quiet.relay_core:.2f}/{photo.relay_core:.2f} "
        f"core; lost {100 * photo.loss:.3f} %; it took {found.took_s:.2f} s; words "
        f"{rounded(figures.percentile(found.words_ms, 0.5))} ms; generator "
        f"{max(quiet.late_ms, photo.late_ms):.1f} ms late",
        flush=True,
    )


def new_photograph(megabytes: float) -> bytes:
    """Noise; a little short, so that its last piece is not a full one."""
    pieces = int(megabytes * 1_000_000) // PIECE_BYTES
    return random.Random(1).randbytes(pieces * PIECE_BYTES - 1)


async def run(asked: Options, native: Native) -> tuple[list[Round], int]:
    """All rounds, and how many photographs did not come as they were sent."""
    photograph = new_photograph(asked.megabytes)
    ours = Ours(native, host_address())
    trial = Trial(ours, native, remb=False)
    pages: tuple[Page, ...] = ()
    rounds: list[Round] = []
    broken = 0
    try:
        await ours.ready()
        pages = requester, volunteer = await ours.call(Page)
        call = PhotoCall(requester, volunteer, asked.mbit * 1e6)
        await trial.add(asked.calls)
        for _ in range(asked.rounds):
            try:
                rounds.append(await sound_round(trial, call, photograph, asked))
            except (TimeoutError, ValueError) as error:
                print(f"broken: {error or 'the photograph never came'}", file=sys.stderr)
                broken += 1
    finally:
        for line in ours.complaints()[:20]:
            print(line, file=sys.stderr)
        for page in pages:
            await page.close()
        await trial.close()
    return rounds, broken


def summary(asked: Options, rounds: Sequence[Round], broken: int) -> dict[str, Figure]:
    """The last line."""

    def median(values: Sequence[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return rounded(statistics.median(known), 3) if known else None

    added = [one.added_ms for one in rounds]
    most = max((ms for ms in added if ms is not None), default=None)
    return {
        "calls": asked.calls,
        "megabytes": asked.megabytes,
        "mbit_s": asked.mbit,
        "quiet_p50_ms": median([one.quiet.p50_ms for one in rounds]),
        "quiet_p99_ms": median([one.quiet.p99_ms for one in rounds]),
        "photo_p50_ms": median([one.photo.p50_ms for one in rounds]),
        "photo_p99_ms": median([one.photo.p99_ms for one in rounds]),
        "added_p99_ms": median(added),
        "added_p99_most_ms": rounded(most, 3),
        "lost_percent": median([100 * one.photo.loss for one in rounds]),
        "photo_s": median([one.took_s for one in rounds]),
        "words_p50_ms": median([word for one in rounds for word in one.words_ms]),
        "quiet_core": median([one.quiet.relay_core for one in rounds]),
        "photo_core": median([one.photo.relay_core for one in rounds]),
        "rounds": len(rounds),
        "photos_broken": broken,
    }


def main() -> int:
    """All of it; the exit code."""
    asked = options()
    print(figures.machine(), flush=True)
    try:
        native = Native()
    except NoCompiler as error:
        print(error, file=sys.stderr)
        return VOID
    try:
        rounds, broken = asyncio.run(run(asked, native))
    finally:
        native.close()
    void = [why for one in rounds for why in one.void()]
    return figures.close(summary(asked, rounds, broken), broken, void)


if __name__ == "__main__":
    sys.exit(main())
