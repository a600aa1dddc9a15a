"""Whose phone rings? Our rule, from the real policy, and four others to compare it with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from assist.live.limits import LIMITS_MS
from assist.live.live import Candidate, Standing
from assist.matching.policy import MOST, STALE, SURE, estimate, propose
from tests.load.model import Help, Model, Offer, Volunteer
from tests.load.people import Person
from tests.load.world import Ring, Rule, Wish, World

MONTH_MS = 30 * 86_400_000
BEAT_MS = 1_000
SETTLE_MS = {"page": 500, "push": 3_000}  # from the script's time until it is on the screen
LIFE_MS = {
    "page": LIMITS_MS["OFFER_SHOWN"] + SETTLE_MS["page"],
    "push": LIMITS_MS["PUSH_SHOWN"] + SETTLE_MS["push"],
}
AWAY_MS = 300_000  # who was set away after three rings comes back so much later, on average


class Ours:
    """The real policy on the scripts' bookkeeping: waves, sized by the measured odds."""

    withdraws = True

    def begin(self, world: World) -> None:
        self.world, self.model, self._beating = world, Model(), False
        self._wishes: dict[str, Wish] = {}
        self._people = {one.id: one for one in world.people}
        self.model.enlist_all(
            [
                Volunteer(one.id, one.languages, one.reach, -world.chance.randrange(MONTH_MS))
                for one in world.people
            ],
            0,
        )

    def asked(self, wish: Wish) -> None:
        self._wishes[wish.id] = wish
        self._match(self.model.ask(wish.id, (wish.language,), self.world.now_ms))
        self._keep_beating()

    def over(self, ring: Ring) -> None:
        offer: Offer = ring.token
        now = self.world.now_ms
        (self.model.decline if ring.does == "decline" else self.model.miss)(offer, now)
        if offer.volunteer.state == "away":
            back_ms = now + self.world.chance.expovariate(1 / AWAY_MS)
            self.world.at(back_ms, self._back, offer.volunteer)
        self._round()

    def accepted(self, ring: Ring) -> None:
        for loser in self.model.accept(ring.token, self.world.now_ms):
            if (next_ms := loser.volunteer.next_ms) > self.world.now_ms:
                self.world.at(next_ms, self._unfavour, loser.volunteer)
        self._round()

    def ended(self, wish: Wish, person: Person | None) -> None:
        self._wishes.pop(wish.id)
        self.model.end(self.model.helps[wish.id], self.world.now_ms)
        self._round()

    def freed(self, person: Person) -> None:
        self.model.wrapped(self.model.volunteers[person.id], self.world.now_ms)
        self._round()

    def choose(self, help: Help, found: Standing) -> Sequence[str]:
        """The next Wave."""
        return propose(found.candidates, found.ringing, found.odds, self.world.chance.random)

    def _back(self, volunteer: Volunteer) -> None:
        self.model.available(volunteer, self.world.now_ms)
        self._round()

    def _unfavour(self, volunteer: Volunteer) -> None:
        self.model.unfavour(volunteer, self.world.now_ms)

    def _match(self, help: Help) -> None:
        """As the matchmaker's `match_one`."""
        now = self.world.now_ms
        if help.offers and now < help.wave_ms:
            return
        for offer in self.model.offer(help, self.choose(help, self.model.standing(help, now)), now):
            person = self._people[offer.volunteer.id]
            self.world.ring(self._wishes[help.id], person, LIFE_MS[person.reach], offer)
        if help.wave_ms > now:
            self.world.at(help.wave_ms, self._wave_over, help)

    def _wave_over(self, help: Help) -> None:
        if self.world.now_ms >= help.wave_ms and help.state == "ringing":
            self.model.wave_over(help)
            self._match(help)
            self._keep_beating()

    def _round(self) -> None:
        for _, id in tuple(self.model.hungry):
            self._match(self.model.helps[id])
        self._keep_beating()

    def _keep_beating(self) -> None:
        if self.model.hungry and not self._beating:
            self._beating = True
            self.world.at(self.world.now_ms + BEAT_MS, self._beat)

    def _beat(self) -> None:
        self._beating = False
        self._round()


class LongestIdle(Ours):
    """A call centre's default: one phone at a time, of whoever has waited longest for a call.

    Those with a page open come first, which is kinder to this rule than a call centre would be.
    """

    def choose(self, help: Help, found: Standing) -> Sequence[str]:
        """One, if nobody's phone rings."""
        return [] if found.ringing or not found.candidates else [found.candidates[0].id]


class Random(Ours):
    """Waves as large as ours, of anybody who is free."""

    def choose(self, help: Help, found: Standing) -> Sequence[str]:
        """Anybody, until the odds suffice."""
        none = 1.0
        chosen: list[str] = []
        for reach in found.ringing:
            none *= 1 - STALE * estimate(found.odds, reach)
        for one in self._shuffled(help, found):
            if len(found.ringing) + len(chosen) >= MOST or (chosen and 1 - none >= SURE):
                break
            chosen.append(one.id)
            none *= 1 - estimate(found.odds, one.reach)
        return chosen

    def _shuffled(self, help: Help, found: Standing) -> Sequence[Candidate]:
        """Of all who are free and were not asked yet; if there is nobody, whoever may be again."""
        some = self.model.anybody(help, self.world.chance, 64)
        left = list(found.candidates)
        self.world.chance.shuffle(left)
        return some or left


class Plain:
    """What the two rules without bookkeeping share: who speaks what, and who was asked."""

    withdraws = True

    def begin(self, world: World) -> None:
        self.world = world
        self.speakers: dict[str, list[Person]] = {}
        self.waiting: dict[str, Wish] = {}
        self.asked_of: dict[str, set[str]] = {}
        for one in world.people:
            for name in one.languages:
                self.speakers.setdefault(name, []).append(one)

    def asked(self, wish: Wish) -> None:
        self.waiting[wish.id] = wish
        self.asked_of[wish.id] = set()

    def forget(self, wish: Wish) -> None:
        self.waiting.pop(wish.id, None)
        self.asked_of.pop(wish.id, None)

    def over(self, ring: Ring) -> None: ...

    def accepted(self, ring: Ring) -> None:
        self.forget(ring.wish)

    def ended(self, wish: Wish, person: Person | None) -> None:
        self.forget(wish)

    def freed(self, person: Person) -> None: ...


class RingAll(Plain):
    """Every phone that is free rings until somebody answers."""

    def begin(self, world: World) -> None:
        super().begin(world)
        self._ringing: dict[str, str] = {}

    def asked(self, wish: Wish) -> None:
        super().asked(wish)
        self._ring(wish, self.speakers.get(wish.language, ()))

    def _ring(self, wish: Wish, people: Iterable[Person]) -> None:
        already, ringing, in_call = self.asked_of[wish.id], self._ringing, self.world.in_call
        for one in people:
            if one.id not in already and one.id not in ringing and one.id not in in_call:
                already.add(one.id)
                ringing[one.id] = wish.id
                self.world.ring(wish, one, None)

    def over(self, ring: Ring) -> None:
        self._ringing.pop(ring.person.id, None)
        self._serve([ring.person])

    def forget(self, wish: Wish) -> None:
        rung = [one.person for one in wish.rings if self._ringing.get(one.person.id) == wish.id]
        for one in rung:
            del self._ringing[one.id]
        super().forget(wish)
        self._serve(rung)

    def freed(self, person: Person) -> None:
        self._serve([person])

    def _serve(self, people: Sequence[Person]) -> None:
        """The oldest first, as everywhere."""
        for wish in tuple(self.waiting.values()):
            self._ring(wish, [one for one in people if wish.language in one.languages])


class BeMyEyes2016(Plain):
    """The rule of Be My Eyes' published server of 2016, its known defects included.

    Each 4 s it rings half as many new people as it has done rounds (1 to 10), a random sample:
    also those in a call, or who ring for somebody else. A push that was sent is not taken back.
    """

    withdraws = False

    def asked(self, wish: Wish) -> None:
        super().asked(wish)
        self._iterate(wish, 0)

    def _iterate(self, wish: Wish, iteration: int) -> None:
        if wish.over or iteration >= 500:
            return
        asked, speakers = self.asked_of[wish.id], self.speakers.get(wish.language, [])
        wanted = min(max(iteration // 2, 1), 10, len(speakers) - len(asked))
        while wanted > 0:
            one = self.world.chance.choice(speakers)
            if one.id not in asked:
                asked.add(one.id)
                self.world.ring(wish, one, None)
                wanted -= 1
        self.world.at(self.world.now_ms + 4_000, partial(self._iterate, wish, iteration + 1))


RULES: dict[str, Callable[[], Rule]] = {
    "ours": Ours,
    "be my eyes 2016": BeMyEyes2016,
    "ring all": RingAll,
    "longest idle, one": LongestIdle,
    "random": Random,
}
