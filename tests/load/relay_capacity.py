"""How many calls does one core carry? More and more, until somebody would hear it.

A step holds if the delay's p99 stays under 5 ms in the usual second (the median of its seconds) and
less than 0.1 % of all is lost: a machine that stood still for a moment says nothing about a relay,
and one that is full is full in each second. A step that does not hold is measured once more, and
then that counts. When the generator reaches its own end first, the answer is "at least so many".
"""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import NamedTuple, Protocol

from tests.load.figures import Figure, rounded
from tests.load.plot import Series, plot
from tests.load.relay_generator import Measurement, Native
from tests.load.relay_trial import KINDS, Load, Trial

MOST_CALLS = 500
TRIES = 4
BEAT_US = 250  # hundreds of calls more finely would fill the generator's core before the relay's
WORST_P99_MS, WORST_LOSS = 5.0, 0.001


class Asked(Load, Protocol):
    """And of which relays, how often, in steps of how many calls, drawn where."""

    rounds: int
    step: int
    plots: Path | None

    @property
    def kinds(self) -> list[str]: ...


class Step(NamedTuple):
    """So many calls at once, and what was measured."""

    calls: int
    window: Measurement

    @property
    def mcores(self) -> float:
        """Thousandths of a core for each call."""
        return 1000 * self.window.relay_core / self.calls

    @property
    def holds(self) -> bool:
        """Whether nobody would hear it."""
        window = self.window
        return (window.p99_usual_ms or 0.0) < WORST_P99_MS and window.loss < WORST_LOSS


class Climb(NamedTuple):
    """One relay's steps, the last one maybe too high, and what ended it if not that."""

    steps: list[Step]
    end: str

    @property
    def carried(self) -> int:
        """The most calls that it carried."""
        return max((one.calls for one in self.steps if one.holds), default=0)


async def climb(kind: str, asked: Asked, native: Native, host: str) -> Climb:
    """From `asked.calls` upwards, in one process."""
    trial = Trial(KINDS[kind](native, host), native, asked.remb, BEAT_US)
    steps: list[Step] = []
    calls = more = asked.calls
    try:
        await trial.relay.ready()
        while calls <= MOST_CALLS:
            await trial.add(more)
            step = await measured(trial, calls, asked.seconds)
            say(kind, step)
            if void := step.window.void():
                return Climb(steps, "; ".join(void))
            steps.append(step)
            if not step.holds:
                return Climb(steps, "")
            more = asked.step
            calls += more
    finally:
        await trial.close()
    return Climb(steps, f"{MOST_CALLS} calls were enough")


async def measured(trial: Trial, calls: int, seconds: int) -> Step:
    """One step: the first try that holds, or the second that does not; void ones do not count."""
    failed = 0
    for _ in range(TRIES):
        step = Step(calls, await trial.measure(seconds))
        if step.window.void():
            continue
        failed += not step.holds
        if step.holds or failed == 2:
            break
    return step


def say(kind: str, step: Step) -> None:
    """One line for who watches."""
    window = step.window
    print(
        f"{kind}: {step.calls} calls, {window.relay_core:.2f} core, {step.mcores:.2f} mcores a "
        f"call, p50 {window.p50_ms} p99 {window.p99_ms} ms "
        f"({window.p99_usual_ms} in the usual second), loss {100 * window.loss:.3f} %, "
        f"generator {window.core:.2f} core, {window.sound} sound seconds in {window.seconds:.0f}",
        flush=True,
    )


async def run(asked: Asked, native: Native, host: str) -> tuple[dict[str, Figure], list[str]]:
    """Each relay in turn; the last line, and why it would say nothing."""
    kinds = [kind for kind in asked.kinds if KINDS[kind].stamped]
    climbs: dict[str, list[Climb]] = {kind: [] for kind in kinds}
    for _ in range(asked.rounds):
        for kind in kinds:
            climbs[kind].append(found := await climb(kind, asked, native, host))
            least = f" at least ({found.end})" if found.end else ""
            print(f"{kind}: {found.carried} calls on one core{least}", flush=True)
    if asked.plots is not None:
        draw(climbs, asked.plots)
    return summary(asked, climbs), [
        f"{kind}: {one.end}" for kind, all_ in climbs.items() for one in all_ if not one.steps
    ]


def summary(asked: Asked, climbs: dict[str, list[Climb]]) -> dict[str, Figure]:
    """The last line: for each relay the median of the rounds, the least and the most."""
    last: dict[str, Figure] = {"path": "python", "rounds": asked.rounds}
    for kind, found in climbs.items():
        counts = [one.carried for one in found]
        last[f"calls_{kind}"] = statistics.median_low(counts)
        last[f"calls_{kind}_least"], last[f"calls_{kind}_most"] = min(counts), max(counts)
    return last


def draw(climbs: dict[str, list[Climb]], folder: Path) -> None:
    """Two pictures: delay and cost over the number of calls, medians of the rounds."""
    delays, costs = [], []
    for kind, found in climbs.items():
        steps = [step for one in found for step in one.steps]
        counts = sorted({step.calls for step in steps})
        delays.append(Series(kind, [(n, _median(steps, n, "p99")) for n in counts]))
        costs.append(Series(kind, [(n, _median(steps, n, "mcores")) for n in counts]))
    plot(folder / "relay_delay.svg", "Delay added, p99", "calls on one core", "ms", delays)
    plot(folder / "relay_cost.svg", "CPU for each call", "calls on one core", "mcores", costs)


def _median(steps: list[Step], calls: int, what: str) -> float:
    found = [one for one in steps if one.calls == calls]
    values = [one.mcores if what == "mcores" else one.window.p99_usual_ms or 0.0 for one in found]
    return rounded(statistics.median(values), 4) or 0.0
