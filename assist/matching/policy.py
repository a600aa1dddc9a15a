"""Whom would we ask now, and how many at once? Pure: no Redis, no clock of its own.

The rule, from what a call centre and Be My Eyes' first server did badly: whoever has waited longest
for a call is asked first, nobody is rung in vain more than the measured odds demand, and a Wave
only ever adds. The script that makes the Wave checks every name again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

SURE = 0.8  # a Wave should be accepted promptly with this probability
MOST = 20
LEAST_ODDS, MOST_ODDS = 0.02, 0.95
# What we believe before anything was measured, and how many Offers that belief is worth.
PRIOR = {"page": 0.4, "push": 0.1}
PRIOR_OFFERS = 10.0
# Whose phone has rung for the whole time of a Wave may still answer, but less likely.
STALE = 0.5
JITTER_MS = 30_000
# Somebody with a page open said "now": they come before whoever a push might reach, unless that
# one has not had a call for this much longer. With a week instead of a year, whoever a push hardly
# ever reaches stands first, and each Wave rings three times as many (docs/matching.md).
PAGE_AHEAD_MS = 365 * 86_400_000


class Candidate(Protocol):
    """One Volunteer who could be rung, as `assist.live` reads them."""

    @property
    def id(self) -> str: ...
    @property
    def reach(self) -> str: ...
    @property
    def rank(self) -> int: ...
    @property
    def place_ms(self) -> int: ...


C = TypeVar("C", bound=Candidate)


def estimate(odds: Mapping[str, tuple[float, float]], reach: str) -> float:
    """The probability that a ring made this way is accepted promptly, within its bounds.

    `odds`: by reach, (taken, made) of the past, the recent weighing more.
    """
    taken, made = odds.get(reach, (0.0, 0.0))
    measured = (taken + PRIOR[reach] * PRIOR_OFFERS) / (made + PRIOR_OFFERS)
    return min(MOST_ODDS, max(LEAST_ODDS, measured))


def in_order(candidates: Iterable[C], chance: Callable[[], float]) -> list[C]:
    """By the Requester's order of languages, then by turn; a little chance between equals.

    `chance` returns 0 up to 1.
    """

    def turn(one: C) -> tuple[int, float]:
        late = PAGE_AHEAD_MS if one.reach == "push" else 0
        return one.rank, one.place_ms + late + chance() * JITTER_MS

    return sorted(candidates, key=turn)


def propose(
    candidates: Sequence[Candidate],
    ringing: Iterable[str],
    odds: Mapping[str, tuple[float, float]],
    chance: Callable[[], float],
) -> list[str]:
    """The next Wave: the shortest prefix that makes a prompt answer likely enough, at least one.

    `ringing`: the reach of each pending Offer; they count, and with them a Wave is at most MOST.
    """
    chance_of_none, rung = 1.0, 0
    for reach in ringing:
        chance_of_none *= 1 - STALE * estimate(odds, reach)
        rung += 1
    chosen: list[str] = []
    for one in in_order(candidates, chance):
        if rung + len(chosen) >= MOST or (chosen and 1 - chance_of_none >= SURE):
            break
        chosen.append(one.id)
        chance_of_none *= 1 - estimate(odds, one.reach)
    return chosen
