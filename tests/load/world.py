"""What happens to people under one rule of matching? A discrete-event simulation, seeded.

The rule rings phones; here the phones are answered, or not, people talk, wrap up, lose patience.
Time is in milliseconds and jumps from event to event.
"""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from tests.load.people import RARE, Person, crowd, language

TALK_MS, TALK_SPREAD = 150_000, 0.7  # half of the calls are shorter
WRAP_UP_MS = 30_000
PATIENCE_MS = 180_000  # mean, at least a minute
# A ring that is taken back leaves the screen this much later, a person's own reflex included.
VANISHES_MS = {"page": 1_000, "push": 3_000}


class Scenario(NamedTuple):
    """A house at some time. `each_s`: somebody asks so often, on average."""

    name: str
    volunteers: int
    reachable: float
    pages: float
    each_s: float
    rare: bool = False

    def people(self, seed: int) -> list[Person]:
        """Those who can be reached now."""
        everybody = crowd(self.volunteers, self.pages, seed)
        chance = random.Random(seed + 1)
        awake = [one for one in everybody if chance.random() < self.reachable]
        return awake or everybody[:1]

    def language(self, chance: random.Random) -> str:
        """What the next Requester speaks."""
        return RARE if self.rare else language(chance)


@dataclass
class Wish:
    """One HelpRequest."""

    id: str
    language: str
    since_ms: int
    rings: list[Ring] = field(default_factory=list)
    over: bool = False


@dataclass
class Ring:
    """One phone that rings for one HelpRequest. `does_ms`: when its owner acts, if left to."""

    wish: Wish
    person: Person
    does: str
    does_ms: float
    token: Any
    live: bool = True


@dataclass
class Found:
    """What came of it."""

    waits_s: list[float] = field(default_factory=list)  # infinite when nobody came
    rings: int = 0
    late_taps: int = 0
    too_late: int = 0
    calls: Counter[str] = field(default_factory=Counter)

    @property
    def answered(self) -> int:
        return sum(self.calls.values())


class Rule(Protocol):
    """Decides whose phone rings, by calling `world.ring`."""

    withdraws: bool  # is a ring taken back when somebody was quicker?

    def begin(self, world: World) -> None: ...
    def asked(self, wish: Wish) -> None: ...
    def over(self, ring: Ring) -> None: ...
    def accepted(self, ring: Ring) -> None: ...
    def ended(self, wish: Wish, person: Person | None) -> None: ...
    def freed(self, person: Person) -> None: ...


class World:
    """People, time and chance."""

    def __init__(self, scenario: Scenario, rule: Rule, asks: int, seed: int) -> None:
        self.now_ms = 0
        self.people = scenario.people(seed)
        self.chance = random.Random(seed + 2)
        self.found = Found()
        self.in_call: set[str] = set()
        self._scenario, self._rule, self._asks = scenario, rule, asks
        self._events: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._number = self._open = 0

    def at(self, ms: float, act: Callable[..., None], *who: Any) -> None:
        """Let this happen then."""
        self._number += 1
        heapq.heappush(self._events, (ms, self._number, act, who))

    def run(self) -> Found:
        """Until everybody who asked has met somebody or gone."""
        self._rule.begin(self)
        at_ms = 0.0
        for number in range(self._asks):
            at_ms += self.chance.expovariate(1 / (self._scenario.each_s * 1000))
            self.at(at_ms, self._ask, f"{number:08x}")
        self._open = self._asks
        while self._events and self._open:
            ms, _, act, who = heapq.heappop(self._events)
            self.now_ms = int(ms)
            act(*who)
        return self.found

    def ring(self, wish: Wish, person: Person, life_ms: int | None, token: Any = None) -> None:
        """A phone rings, for so long (None: until the call is over)."""
        self.found.rings += 1
        answer = person.answers(self.chance)
        does_ms = self.now_ms + answer.after_s * 1000
        ring = Ring(wish, person, answer.outcome, does_ms, token)
        if life_ms is not None and (answer.outcome == "nothing" or answer.after_s * 1000 > life_ms):
            ring.does, ring.does_ms = "nothing", self.now_ms + life_ms
        wish.rings.append(ring)
        if ring.does != "nothing" or life_ms is not None:
            self.at(ring.does_ms, self._act, ring)

    def _ask(self, id: str) -> None:
        wish = Wish(id, self._scenario.language(self.chance), self.now_ms)
        patience_ms = 60_000 + self.chance.expovariate(1 / (PATIENCE_MS - 60_000))
        self.at(self.now_ms + patience_ms, self._give_up, wish)
        self._rule.asked(wish)

    def _act(self, ring: Ring) -> None:
        if not ring.live:
            return
        ring.live = False
        if ring.does != "accept":
            self._rule.over(ring)
        elif ring.person.id not in self.in_call:
            self._meet(ring)

    def _meet(self, ring: Ring) -> None:
        wish = ring.wish
        self._close(wish)
        self.found.waits_s.append((self.now_ms - wish.since_ms) / 1000)
        self.found.calls[ring.person.id] += 1
        self._count_late(wish.rings)
        self.in_call.add(ring.person.id)
        self._rule.accepted(ring)
        talk_ms = self.chance.lognormvariate(0, TALK_SPREAD) * TALK_MS
        self.at(self.now_ms + talk_ms, self._hang_up, wish, ring.person)

    def _count_late(self, rings: Sequence[Ring]) -> None:
        """Who would have accepted, too late; of them, whose tap meets a call that is gone."""
        for one in rings:
            if one.live and one.does == "accept":
                self.found.too_late += 1
                vanishes_ms = self.now_ms + VANISHES_MS[one.person.reach]
                self.found.late_taps += not self._rule.withdraws or one.does_ms <= vanishes_ms
            one.live = False

    def _hang_up(self, wish: Wish, person: Person) -> None:
        self._rule.ended(wish, person)
        self.at(self.now_ms + WRAP_UP_MS, self._free, person)

    def _free(self, person: Person) -> None:
        self.in_call.discard(person.id)
        self._rule.freed(person)

    def _give_up(self, wish: Wish) -> None:
        if wish.over:
            return
        self._close(wish)
        self.found.waits_s.append(float("inf"))
        for one in wish.rings:
            one.live = False
        self._rule.ended(wish, None)

    def _close(self, wish: Wish) -> None:
        wish.over = True
        self._open -= 1
