"""Is our rule a good one? `python -m tests.load.simulate [--short] [--seed N]` compares it.

Five rules, the same synthetic people (tests/load/people.py), houses of 5 to 100,000 Volunteers by
day, by night and in a rare language. It prints tables, says where our rule misses its aims, and
is no judge of them: it exits 0 whatever it finds.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.load import figures
from tests.load.figures import Figure, gini, percentile
from tests.load.plot import Series, plot
from tests.load.rules import RULES
from tests.load.world import Found, Scenario, World

# The share with a page open, and seconds between asks. Small houses are families and associations:
# more of their people have the page open, and each gets more calls.
HOUSES = {5: (0.6, 1800.0), 50: (0.4, 600.0), 5_000: (0.15, 30.0), 100_000: (0.1, 3.0)}
NIGHT = 0.125  # of those who are reachable by day
ASKS, SHORT_ASKS = 1_000, 150
RING_BUDGET = 1_000_000  # a rule that rings everybody is shown fewer asks
HEADS = (
    *("rule", "p50 s", "p90 s", "p99 s", "rings per answer", "late taps per answer"),
    *("too late per answer", "Gini", "unanswered"),
)


def scenarios() -> list[Scenario]:
    """Every house by day, by night, in a rare language; one in a rush."""
    found = []
    for count, (pages, each_s) in HOUSES.items():
        found += [
            Scenario("day", count, 1.0, pages, each_s),
            Scenario("night", count, NIGHT, pages, each_s * 4),
            Scenario("rare language", count, 1.0, pages, each_s * 20, rare=True),
        ]
    return [*found, Scenario("rush", 5_000, 1.0, 0.15, 2.0)]


class Line(NamedTuple):
    """One rule in one house. Waits are in seconds, infinite where fewer were answered."""

    p50: float
    p90: float
    p99: float
    rings: float
    late_taps: float
    too_late: float
    gini: float
    unanswered: float


def line(found: Found, people: Sequence[str]) -> Line:
    """The figures of one run."""
    answered = max(1, found.answered)
    p50, p90, p99 = (percentile(found.waits_s, share) or 0.0 for share in (0.5, 0.9, 0.99))
    return Line(
        *(p50, p90, p99, found.rings / answered, found.late_taps / answered),
        *(found.too_late / answered, gini([found.calls[one] for one in people])),
        1 - found.answered / len(found.waits_s),
    )


def play(scenario: Scenario, rule: str, asks: int, seed: int) -> Line:
    """One rule in one house, once."""
    if rule == "ring all":
        asks = max(20, min(asks, RING_BUDGET // scenario.volunteers))
    world = World(scenario, RULES[rule](), asks, seed)
    return line(world.run(), [one.id for one in world.people])


def middle(lines: Sequence[Line]) -> Line:
    """Figure by figure, the median of several seeds."""
    return Line(*(median(column) for column in zip(*lines, strict=True)))


def missed_aims(name: str, found: dict[str, Line]) -> list[str]:
    """Sentences about what our rule does not reach in this house."""
    ours, old = found["ours"], found["be my eyes 2016"]
    missed = [
        f"{name}: {rule} is quicker at p90 ({one.p90:.1f} s against {ours.p90:.1f} s) "
        f"with {one.rings / ours.rings:.1f} times our rings"
        for rule, one in found.items()
        if one.p90 < ours.p90 and one.rings < 2 * ours.rings
    ]
    if ours.late_taps * 3 > old.late_taps:
        missed.append(
            f"{name}: {ours.late_taps:.2f} late taps per answer are not three times fewer than "
            f"the {old.late_taps:.2f} of 2016"
        )
    return missed


def shown(value: float) -> Figure:
    """Rounded to what the runs can tell."""
    if math.isinf(value):
        return "never"
    return round(value, 2) if value < 10 else round(value)


class Options(argparse.Namespace):
    """What the command line says."""

    short: bool
    seed: int
    rounds: int
    plot: Path | None


def options() -> Options:
    parser = argparse.ArgumentParser(prog="python -m tests.load.simulate")
    parser.add_argument("--short", action="store_true", help="one round of fewer asks, under 50 s")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3, help="seeds; the table shows the median")
    parser.add_argument("--plot", type=Path, help="draw the day of the largest house here (SVG)")
    return parser.parse_args(namespace=Options())


def draw(path: Path, found: dict[str, Line]) -> None:
    """Rings against waiting: the nearer to the corner the better."""
    dots = [Series(rule, [(one.rings, one.p90)]) for rule, one in found.items()]
    plot(path, "5,000 volunteers by day", "rings per answer", "time to answer, p90 (s)", dots)


def main(asked: Options) -> int:
    """Print every table, then the aims that were missed, then one line of JSON."""
    print(figures.machine())
    began_s = time.monotonic()
    houses = [one for one in scenarios() if not (asked.short and one.volunteers > 5_000)]
    rounds, asks = (1, SHORT_ASKS) if asked.short else (asked.rounds, ASKS)
    missed, large = [], 0
    for scenario in houses:
        name = f"{scenario.volunteers:,} volunteers, {scenario.name}"
        runs = {
            rule: [play(scenario, rule, asks, asked.seed + n) for n in range(rounds)]
            for rule in RULES
        }
        found = {rule: middle(lines) for rule, lines in runs.items()}
        rows = [[rule, *(shown(value) for value in one)] for rule, one in found.items()]
        p90 = [one.p90 for one in runs["ours"]]
        print(f"\n{name} (our p90 in each run: {', '.join(str(shown(one)) for one in p90)})\n")
        print(figures.table(HEADS, rows), flush=True)
        if scenario.volunteers >= 50:
            large += 1
            missed += missed_aims(name, found)
        if asked.plot and (scenario.volunteers, scenario.name) == (5_000, "day"):
            draw(asked.plot, found)
    print("\nWhere our rule misses its aims:", *(missed or ["nowhere"]), sep="\n- ")
    last = {"houses": large, "aims_missed": len(missed), "seed": asked.seed, "rounds": rounds}
    print(json.dumps({**last, "took_s": round(time.monotonic() - began_s)}))
    return 0


if __name__ == "__main__":
    sys.exit(main(options()))
