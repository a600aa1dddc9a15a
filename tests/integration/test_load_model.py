"""Does the simulator keep the same books as the scripts? Random traces are played on both."""

import random

import pytest

from assist.live import Live
from assist.live.roster import Entry
from tests.conftest import Clock
from tests.load.model import Model, Offer, Volunteer

LANGUAGES = ("en", "da")
STEPS = 150


class Both:
    """The scripts on a turned clock and the model, told the same."""

    def __init__(self, live: Live, clock: Clock, chance: random.Random) -> None:
        self.live, self.clock, self.chance, self.model = live, clock, chance, Model()
        self.offers: dict[str, Offer] = {}  # by the scripts' id
        self.asks = 0

    async def enlist(self, number: int) -> None:
        reach = self.chance.choice(("page", "push"))
        spoken = tuple(self.chance.sample(LANGUAGES, self.chance.randint(1, 2)))
        one = Volunteer(f"{number:032x}", spoken, reach, self.clock.ms - 259_200_000)
        push = reach == "push"
        await self.live.enlist(one.id, Entry(list(spoken), push=push, taking=push))
        if not push:
            await self.live.available(one.id)
        self.model.enlist(one, self.clock.ms)

    async def ask(self) -> None:
        self.asks += 1
        id, requester = f"{self.asks:032x}", f"{self.asks + 10**6:032x}"
        spoken = tuple(self.chance.sample(LANGUAGES, self.chance.randint(1, 2)))
        await self.live.ask(id, requester, list(spoken))
        self.model.ask(id, spoken, self.clock.ms)

    async def ring(self) -> None:
        if not self.model.helps:
            return
        help = self.chance.choice(list(self.model.helps.values()))
        if help.state not in ("waiting", "ringing"):
            return
        found = self.model.standing(help, self.clock.ms)
        chosen = [one.id for one in found.candidates[: self.chance.randint(1, 3)]]
        made = self.model.offer(help, chosen, self.clock.ms)
        is_ = await self.live.offer(help.id, found.wave, chosen)
        assert is_ == ("ok" if made else "nobody")
        for offer in made:
            known = await self.live.redis.hget(f"volunteer:{offer.volunteer.id}", "offer")
            self.offers[str(known)] = offer

    async def answer(self) -> None:
        pending = [(id, one) for id, one in self.offers.items() if one.state == "pending"]
        if not pending:
            return
        id, offer = self.chance.choice(pending)
        match self.chance.choice(("accept", "accept", "decline", "miss", "miss", "miss")):
            case "accept":
                assert (await self.live.accept(id, offer.volunteer.id)).is_ == "ok"
                # Here they connect at once, without Legs.
                await self.live.redis.hset(f"help:{offer.help.id}", "state", "in_call")
                await self.live.redis.hset(f"help:{offer.help.id}", "connected_ms", self.clock.ms)
                await self.live.redis.hset(f"roster:{offer.volunteer.id}", "turn_ms", self.clock.ms)
                await self.live.redis.zrem("deadlines", f"setup:{offer.help.id}")
                self.model.accept(offer, self.clock.ms)
            case "decline":
                assert await self.live.decline(id, offer.volunteer.id) == "ok"
                self.model.decline(offer, self.clock.ms)
            case "miss":
                await self.live.redis.zadd("deadlines", {f"offer:{id}": self.clock.ms})
                assert await self.live.miss(id) == "ok"
                self.model.miss(offer, self.clock.ms)

    async def end(self) -> None:
        if not self.model.helps:
            return
        help = self.chance.choice(list(self.model.helps.values()))
        assert await self.live.finish(help.id, "cancelled") == "ok"
        self.model.end(help, self.clock.ms)

    async def pass_time(self) -> None:
        """Up to half a minute, and what is due by then."""
        self.clock.forward(self.chance.choice((1, 5, 9, 30)))
        pages = [one.id for one in self.model.volunteers.values() if one.reach == "page"]
        await self.live.beat([("volunteer", one, False) for one in pages])
        for help in self.model.helps.values():
            await self.live.beat([("requester", f"{int(help.id, 16) + 10**6:032x}", False)])
        for kind, id in await self.live.due(self.clock.ms):
            if kind == "offer":
                await self.live.miss(id)
                self.model.miss(self.offers[id], self.clock.ms)
            elif kind == "wrap":
                await self.live.wrapped(id)
                self.model.wrapped(self.model.volunteers[id], self.clock.ms)
            elif kind == "wave":
                await self.live.wave_over(id)
                self.model.wave_over(self.model.helps[id])
            elif kind == "next":
                await self.live.unfavour(id)
                self.model.unfavour(self.model.volunteers[id], self.clock.ms)
        away = [one for one in self.model.volunteers.values() if one.state == "away"]
        for one in away:
            await self.live.available(one.id)
            self.model.available(one, self.clock.ms)

    async def compare(self) -> None:
        assert await self.live.hungry() == [id for _, id in self.model.hungry]
        for one in self.model.volunteers.values():
            state, turn_ms = (
                await self.live.redis.hget(f"volunteer:{one.id}", "state"),
                await self.live.redis.hget(f"roster:{one.id}", "turn_ms"),
            )
            assert (state, int(turn_ms or 0)) == (one.state, one.turn_ms), one
        for help in self.model.helps.values():
            if help.state not in ("waiting", "ringing"):
                continue
            theirs = await self.live.standing(help.id)
            ours = self.model.standing(help, self.clock.ms)
            assert theirs is not None
            assert theirs.candidates == ours.candidates
            assert (theirs.wave, theirs.state) == (ours.wave, ours.state)
            assert sorted(theirs.ringing) == sorted(ours.ringing)
            for reach, pair in ours.odds.items():
                assert theirs.odds[reach] == pytest.approx(pair)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_the_simulator_keeps_the_same_books_as_the_scripts(
    turned: Live, clock: Clock, seed: int
) -> None:
    chance = random.Random(seed)
    both = Both(turned, clock, chance)
    for number in range(12):
        await both.enlist(number)
    steps = [both.ask, both.ring, both.ring, both.answer, both.answer, both.pass_time, both.end]
    for _ in range(STEPS):
        await chance.choices(steps, weights=(3, 4, 4, 4, 4, 3, 1))[0]()
        await both.compare()
    assert both.asks > 10
