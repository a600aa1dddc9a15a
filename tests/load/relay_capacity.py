"""How many calls does one core carry? More and more, until somebody would hear it.

A step holds if the delay's p99 stays under 5 ms and less than 0.1 % is lost. One that does not is
measured once more, because a machine that was busy for a moment says nothing about us; the second
time counts. When the generator reaches its own end first, the answer is "at least so many".
"""

from __future__ import annotations

from typing import Protocol

from tests.load.figures import Figure
from tests.load.relay_generator import Native, Window
from tests.load.relay_trial import KINDS, Load, Trial

STEP, MOST_CALLS = 25, 500
WORST_P99_MS, WORST_LOSS = 5.0, 0.001


class Asked(Load, Protocol):
    """And of which relays, how often."""

    rounds: int

    @property
    def kinds(self) -> list[str]: ...


def holds(window: Window) -> bool:
    """Whether nobody would hear it."""
    return (window.p99_ms or 0.0) < WORST_P99_MS and window.loss < WORST_LOSS


async def climb(kind: str, asked: Asked, native: Native, host: str) -> tuple[int, str]:
    """The most calls that it carried, and what ended the climb."""
    trial = Trial(KINDS[kind](native, host), native, asked.remb)
    carried, calls = 0, asked.calls
    try:
        await trial.relay.ready()
        await trial.add(calls)
        while calls <= MOST_CALLS:
            window = await trial.measure(asked.seconds)
            if window.void() or not holds(window):
                window = await trial.measure(asked.seconds)
            core, p50, p99 = window.relay_core, window.p50_ms, window.p99_ms
            print(
                f"{kind}: {calls} calls, {core:.2f} core, {1000 * core / calls:.2f} mcores a call, "
                f"p50 {p50} p99 {p99} ms, loss {100 * window.loss:.3f} %, generator "
                f"{window.core:.2f} core, {window.late_ms:.1f} ms late",
                flush=True,
            )
            if window.void():
                return carried, "; ".join(window.void())
            if not holds(window):
                return carried, ""
            carried, calls = calls, calls + STEP
            await trial.add(STEP)
    finally:
        await trial.close()
    return carried, f"{MOST_CALLS} calls were enough"


async def run(asked: Asked, native: Native, host: str) -> tuple[dict[str, Figure], list[str]]:
    """Each relay in turn; the last line, and why it would say nothing."""
    last: dict[str, Figure] = {"path": "python", "rounds": asked.rounds}
    carried: dict[str, list[int]] = {kind: [] for kind in asked.kinds}
    ends: set[str] = set()
    for _ in range(asked.rounds):
        for kind in asked.kinds:
            most, end = await climb(kind, asked, native, host)
            carried[kind].append(most)
            ends |= {f"{kind}: {end}"} if end else set()
            print(f"{kind}: {most} calls on one core{f' at least ({end})' if end else ''}")
    for kind, counts in carried.items():
        last[f"calls_{kind}"] = sorted(counts)[len(counts) // 2]
        last[f"least_{kind}"], last[f"most_{kind}"] = min(counts), max(counts)
    return last, [end for end in sorted(ends) if not any(carried[end.partition(":")[0]])]
