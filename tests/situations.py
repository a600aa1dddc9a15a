"""In which situations can two people be? Each is reached by the real scripts, from nothing.

Alice asks; Noor and Bob speak her language. Every situation says who Noor is in it, what her
Offer is, and where Alice's HelpRequest stands. In those "by push" Noor has no page open; Bob
always has.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from assist.lib.ids import new_id
from assist.live import Entry, Live
from tests.conftest import Clock, enlisted
from tests.history import History
from tests.truth import Truth, read_truth

RELAY = "relay-one"
NOORS = ("en", "da")


@dataclass
class Situation:
    """Who is who, and every Event so far."""

    live: Live
    clock: Clock
    alice: str = field(default_factory=new_id)
    noor: str = ""
    bob: str = ""
    push: bool = False  # a push reaches Noor
    help_request: str = field(default_factory=new_id)
    offer: str = field(default_factory=new_id)
    bobs_offer: str = ""
    history: History = field(default_factory=History)
    at: str = "0-0"
    at_reached: str = "0-0"  # the last Event of the way here
    truth: Truth | None = None

    async def look(self) -> Truth:
        """What is true now; the Events since the last look are folded."""
        truth = await read_truth(self.live.redis, self.clock())
        events = await self.live.read_events(self.at, 10_000)
        for event in events:
            self.history.fold(event, self.truth or truth)
            self.at = event.id
        self.truth = truth
        return truth

    async def asks(self) -> None:
        assert (await self.live.ask(self.help_request, self.alice, ["en"])).is_ == "ok"

    async def rings(self, *volunteers: str) -> None:
        """One Wave to these, who have just opened their page."""
        for volunteer in volunteers:
            assert await self.live.available(volunteer) == "ok"
        await self.wave(*volunteers)

    async def wave(self, *volunteers: str) -> None:
        """One Wave to these, who are available."""
        found = await self.live.standing(self.help_request)
        assert found is not None
        assert await self.live.offer(self.help_request, found.wave, list(volunteers)) == "ok"
        self.offer = await self.offer_of(self.noor) or self.offer
        self.bobs_offer = await self.offer_of(self.bob) or self.bobs_offer

    async def offer_of(self, volunteer: str) -> str:
        """The id of this Volunteer's pending Offer, or ""."""
        found = (await self.live.volunteer_snapshot(volunteer)).offer
        return found.id if found else ""

    async def leg_up(self, person: str) -> str:
        """This person's Leg comes up."""
        number = await self.seat(person)
        return await self.live.leg(self.help_request, person, number, "up", RELAY)

    async def seat(self, person: str) -> int:
        """A fresh number for this person's Leg; 1 where there is none to have."""
        await self.live.relay_announce(RELAY, "127.0.0.1", 1, 0.1, 0)
        return (await self.live.seat(self.help_request, person)).number or 1

    async def enlists(self, entry: Entry) -> None:
        """SQL's word about Noor; a push reaches her as before."""
        entry = entry._replace(languages=list(NOORS), push=self.push)
        await self.live.enlist(self.noor, entry)

    async def snoozes(self, until_ms: int) -> None:
        """Noor wants no calls until then; 0 ends it."""
        await self.enlists(Entry([], snooze_ms=until_ms))

    async def parks(self) -> None:
        deadline_ms = self.clock() + 600_000
        assert await self.live.park(self.help_request, self.alice, deadline_ms) == "ok"


async def away(s: Situation) -> None:
    """Nobody asks, nobody takes calls."""


async def available(s: Situation) -> None:
    await s.live.available(s.noor)


async def snoozing(s: Situation) -> None:
    """Noor takes calls, only not now; in half an hour again."""
    await s.snoozes(s.clock() + 1_800_000)
    assert await s.live.available(s.noor) == "ok"


async def lapsed(s: Situation) -> None:
    """Noor's page is gone."""
    await available(s)
    s.clock.forward(26)
    assert await s.live.lapse("volunteer", s.noor) == "ok"


async def waiting(s: Situation) -> None:
    await s.asks()


async def waiting_available(s: Situation) -> None:
    await s.asks()
    await s.live.available(s.noor)


async def ringing(s: Situation) -> None:
    await s.asks()
    await s.rings(s.noor, s.bob)


async def ringing_alone(s: Situation) -> None:
    await s.asks()
    await s.rings(s.noor)


async def declined(s: Situation) -> None:
    await ringing(s)
    assert await s.live.decline(s.offer, s.noor) == "ok"


async def missed(s: Situation) -> None:
    await ringing(s)
    s.clock.forward(25)
    await s.live.beat([("requester", s.alice, False), ("volunteer", s.noor, False)])
    assert await s.live.miss(s.offer) == "ok"


async def quicker(s: Situation) -> None:
    await ringing(s)
    assert (await s.live.accept(s.bobs_offer, s.bob)).is_ == "ok"


async def connecting(s: Situation) -> None:
    await ringing(s)
    assert (await s.live.accept(s.offer, s.noor)).is_ == "ok"


async def half_connected(s: Situation) -> None:
    await connecting(s)
    assert await s.leg_up(s.noor) == "ok"


async def in_call(s: Situation) -> None:
    await half_connected(s)
    assert await s.leg_up(s.alice) == "ok"


async def last_call(s: Situation) -> None:
    await in_call(s)
    assert await s.live.away(s.noor) == "ok"


async def put_back(s: Situation) -> None:
    await connecting(s)
    assert await s.live.end(s.help_request, s.noor) == "ok"


async def handed_over(s: Situation) -> None:
    await in_call(s)
    assert await s.live.hand_over(s.help_request, s.noor, topic="reading") == "ok"


async def parked(s: Situation) -> None:
    await s.asks()
    await s.parks()


async def parked_available(s: Situation) -> None:
    await parked(s)
    await s.live.available(s.noor)


async def parked_ringing(s: Situation) -> None:
    await parked(s)
    await s.rings(s.noor, s.bob)


async def confirming(s: Situation) -> None:
    await parked_ringing(s)
    assert (await s.live.accept(s.offer, s.noor)).is_ == "ok"


async def cancelled(s: Situation) -> None:
    await ringing(s)
    assert await s.live.cancel(s.help_request, s.alice) == "ok"


async def wrapping_up(s: Situation) -> None:
    await in_call(s)
    assert await s.live.end(s.help_request, s.alice) == "ok"


async def gone_home(s: Situation) -> None:
    await wrapping_up(s)
    assert await s.live.away(s.noor) == "ok"


async def practice_ringing(s: Situation) -> None:
    """Noor has never taken calls, and practises; Alice is played by her own page."""
    await s.live.relay_announce(RELAY, "127.0.0.1", 1, 0.1, 0)
    assert (await s.live.practise(s.help_request, s.alice, s.noor, ["en"])).is_ == "ok"
    s.offer = await s.offer_of(s.noor)


async def practice_ringing_available(s: Situation) -> None:
    await s.live.available(s.noor)
    await practice_ringing(s)


async def practice_connecting(s: Situation) -> None:
    await practice_ringing(s)
    assert (await s.live.accept(s.offer, s.noor)).is_ == "ok"


async def practice_in_call(s: Situation) -> None:
    await practice_ringing_available(s)
    assert (await s.live.accept(s.offer, s.noor)).is_ == "ok"
    assert await s.leg_up(s.noor) == "ok"
    assert await s.leg_up(s.alice) == "ok"


async def practised(s: Situation) -> None:
    await practice_connecting(s)
    assert await s.live.end(s.help_request, s.noor) == "ok"


async def subscribed(s: Situation) -> None:
    """Noor's page is open, and a push would reach her too."""
    s.push = True
    await s.enlists(Entry([]))
    assert await s.live.available(s.noor) == "ok"


async def subscribed_ringing(s: Situation) -> None:
    """It is her page that rings."""
    await subscribed(s)
    await s.asks()
    await s.wave(s.noor)


async def by_push(s: Situation) -> None:
    """Her page is gone, and she takes calls all the same."""
    await subscribed(s)
    s.clock.forward(26)
    assert await s.live.lapse("volunteer", s.noor) == "ok"


async def snoozing_by_push(s: Situation) -> None:
    await by_push(s)
    await s.snoozes(s.clock() + 1_800_000)


async def waiting_by_push(s: Situation) -> None:
    await by_push(s)
    await s.asks()


async def ringing_by_push(s: Situation) -> None:
    await waiting_by_push(s)
    assert await s.live.available(s.bob) == "ok"
    await s.wave(s.noor, s.bob)


async def shown_by_push(s: Situation) -> None:
    """The notification is on a screen of hers."""
    await ringing_by_push(s)
    assert await s.live.shown(s.offer, s.noor) == "ok"


async def missed_by_push(s: Situation) -> None:
    await waiting_by_push(s)
    await s.wave(s.noor)
    s.clock.forward(60)
    await s.live.beat([("requester", s.alice, False)])
    assert await s.live.miss(s.offer) == "ok"


async def quicker_than_push(s: Situation) -> None:
    await ringing_by_push(s)
    assert (await s.live.accept(s.bobs_offer, s.bob)).is_ == "ok"


async def connecting_by_push(s: Situation) -> None:
    """She accepted from the notification, and her page is yet to open."""
    await shown_by_push(s)
    assert f"volunteer:{s.noor}" not in (await s.look()).due
    assert (await s.live.accept(s.offer, s.noor)).is_ == "ok"


async def in_call_by_push(s: Situation) -> None:
    await connecting_by_push(s)
    assert await s.leg_up(s.noor) == "ok"
    assert await s.leg_up(s.alice) == "ok"


async def last_call_by_push(s: Situation) -> None:
    await in_call_by_push(s)
    assert await s.live.away(s.noor) == "ok"


async def wrapping_up_by_push(s: Situation) -> None:
    await in_call_by_push(s)
    assert await s.live.end(s.help_request, s.alice) == "ok"


async def parked_ringing_by_push(s: Situation) -> None:
    await parked(s)
    await by_push(s)
    await s.wave(s.noor)


async def confirming_by_push(s: Situation) -> None:
    await parked_ringing_by_push(s)
    assert (await s.live.accept(s.offer, s.noor)).is_ == "ok"


SITUATIONS: tuple[Callable[[Situation], Awaitable[None]], ...] = (
    *(
        away,
        available,
        snoozing,
        lapsed,
        waiting,
        waiting_available,
        ringing,
        ringing_alone,
        declined,
        missed,
    ),
    *(quicker, connecting, half_connected, in_call, last_call, put_back, parked),
    *(parked_available, parked_ringing, confirming, cancelled, wrapping_up, gone_home),
    *(practice_ringing, practice_ringing_available, practice_connecting, practice_in_call),
    *(
        practised,
        subscribed,
        subscribed_ringing,
        by_push,
        snoozing_by_push,
        waiting_by_push,
        ringing_by_push,
    ),
    *(shown_by_push, missed_by_push, quicker_than_push, connecting_by_push, in_call_by_push),
    *(last_call_by_push, wrapping_up_by_push, parked_ringing_by_push, confirming_by_push),
    handed_over,
)


async def reach(how: Callable[[Situation], Awaitable[None]], live: Live, clock: Clock) -> Situation:
    """The situation, with everything up to it folded."""
    situation = Situation(live, clock)
    situation.noor = await enlisted(live, *NOORS)
    situation.bob = await enlisted(live, "en")
    await how(situation)
    await situation.look()
    situation.at_reached = situation.at
    return situation
