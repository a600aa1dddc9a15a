"""Does a relay say no in time? `python -m tests.load.full [--short]`.

One relay, with the bounds that it has by default, gets a few calls more every few seconds, until it
takes no further HelpRequest. Measured is how those who talk fare at that moment: nobody who is in a
call should hear that the house is full. Then all hang up, and whoever was refused must be taken in,
with the HelpRequest that they had.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import sys
import time

from assist.live.transitions import Seat
from tests.load.figures import Figure, rounded
from tests.load.relay import host_address
from tests.load.relay_generator import Measurement, Native
from tests.load.relay_ours import Ours
from tests.load.relay_trial import Outcome, Trial, conduct
from tests.waiting import wait_for

MOST_CALLS = 300
AGAIN_SECONDS = 15.0


class Options(argparse.Namespace):
    """What was asked for."""

    short: bool
    calls: int
    step: int
    seconds: int
    max_load: int


def options() -> Options:
    """Small steps by default; the short form takes large ones."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.full")
    parser.add_argument("--short", action="store_true", help="larger steps, under 50 s")
    parser.add_argument("--calls", type=int, default=40, help="to begin with")
    parser.add_argument("--step", type=int, default=4, help="calls more at a time")
    parser.add_argument("--seconds", type=int, default=6, help="between two steps")
    parser.add_argument("--max-load", type=int, default=85, help="percent of its core")
    found = parser.parse_args(namespace=Options())
    if found.short:
        found.step = 16
    return found


class Full(Exception):
    """Somebody was not given a seat."""

    def __init__(self, help_request: str, person: str) -> None:
        super().__init__(help_request)
        self.help_request, self.person = help_request, person


class Careful(Ours):
    """Our relay as a house runs it: it says no when it has enough."""

    def __init__(self, native: Native, host: str, max_load: int) -> None:
        self.bounds = {"ASSIST_RELAY_MAX_LOAD": str(max_load)}
        super().__init__(native, host)

    async def _seat(self, help_request: str, person: str) -> Seat:
        seat = await self._live.seat(help_request, person)
        if seat.relay is None:
            raise Full(help_request, person)
        return seat

    async def load(self) -> float:
        """What it says of itself."""
        (line,) = (await self._live.queue()).relays
        return line.load

    async def takes_in(self, refused: Full) -> str:
        """Nothing once whoever was refused has a seat, else why not."""
        seat = await self._live.seat(refused.help_request, refused.person)
        return "" if seat.relay is not None else f"still {seat.is_}"


async def fill(trial: Trial, asked: Options) -> tuple[int, Measurement | None, Full | None]:
    """More and more calls until it says no: how many it has, how they fare, who was refused."""
    calls, window = 0, None
    while calls < MOST_CALLS:
        more = asked.step if calls else asked.calls
        try:
            await trial.add(more)
        except Full as full:
            return calls, window, full
        calls += more
        window = await trial.measure(asked.seconds)
        print(
            f"{calls} calls: {window.relay_core:.2f} core, p50 {window.p50_ms} p99 {window.p99_ms}"
            f" ms, loss {100 * window.loss:.3f} %",
            flush=True,
        )
    return calls, window, None


async def run(asked: Options, native: Native) -> Outcome:
    """The last line, how many promises broke, and why the run would say nothing."""
    relay = Careful(native, host_address(), asked.max_load)
    trial = Trial(relay, native, remb=False)
    try:
        await relay.ready()
        calls, window, refused = await fill(trial, asked)
        load = await relay.load()
        broken = int(refused is None)
        again_s = await taken_in_again(relay, refused) if refused else None
        broken += int(refused is not None and again_s is None)
        return summary(calls, window, load, again_s), broken, window.void() if window else []
    finally:
        await trial.close()


async def taken_in_again(relay: Careful, refused: Full) -> float | None:
    """How long after everybody fell silent the refused one was taken in; None: never.

    The generator rests since the last calls were tried.
    """
    began_s = time.monotonic()
    try:
        await wait_for(lambda: relay.takes_in(refused), seconds=AGAIN_SECONDS)
    except AssertionError as error:
        print(f"never taken in: {error}", file=sys.stderr)
        return None
    return time.monotonic() - began_s


def summary(
    calls: int, window: Measurement | None, load: float, again_s: float | None
) -> dict[str, Figure]:
    """The last line."""
    return {
        "calls_when_full": calls,
        "load_when_full": load,
        "p50_ms": window and window.p50_ms,
        "p99_ms": window and window.p99_ms,
        "loss_percent": window and rounded(100 * window.loss, 3),
        "taken_in_again_s": rounded(again_s, 1),
    }


if __name__ == "__main__":
    sys.exit(asyncio.run(conduct(functools.partial(run, options()))))
