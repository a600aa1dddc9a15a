"""What does a page know that saw a Snapshot and every message since? The reducers, once more.

`Pages` holds one page a person, tells each what the gateway would, and compares it with the
Snapshot of that moment. What it told is kept as tapes, so that the pages' own reducers can be held
to the same.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from assist.gateway import views_of
from assist.gateway.narrate import narrate
from assist.live import Event, Live
from assist.protocol.messages import (
    CallChanged,
    CallEnded,
    HelpChanged,
    HelpEnded,
    OfferEnded,
    OfferMade,
    OfferTimed,
    RequesterSnapshot,
    ServerMessage,
    VolunteerChanged,
    VolunteerSnapshot,
)
from assist.protocol.states import Reach, VolunteerState
from assist.protocol.views import HelpView

Snapshot = RequesterSnapshot | VolunteerSnapshot
change = msgspec.structs.replace


def name_of(person: str) -> str:
    """A name that can be told from every other."""
    return f"Volunteer {person[-4:]}"


# One message applied to a Snapshot, by the message's type


def _help_changed(page: Any, said: HelpChanged) -> Any:
    return change(page, help_request=said.help_request)


def _help_ended(page: Any, said: HelpEnded) -> Any:
    assert page.help_request.id == said.help_request
    return change(page, help_request=None)


def _call_changed(page: Any, said: CallChanged) -> Any:
    if isinstance(page, VolunteerSnapshot):
        state = VolunteerState.IN_CALL
        return change(page, state=state, offer=None, help_request=said.help_request, call=said.call)
    help: HelpView = page.help_request
    assert help.id == said.help_request
    return change(page, help_request=change(help, state=said.call.state, call=said.call))


def _volunteer_changed(page: Any, said: VolunteerChanged) -> Any:
    return change(page, state=said.state, taking=said.taking, reach=said.reach, why=said.why)


def _offer_made(page: Any, said: OfferMade) -> Any:
    ringing = change(page, state=VolunteerState.RINGING, why=None, offer=said.offer)
    if said.offer.practice:  # from whatever they were, and whoever was first in line still is
        return change(ringing, reach=Reach.PAGE)
    return change(ringing, next_ms=0)


def _offer_timed(page: Any, said: OfferTimed) -> Any:
    assert page.offer.id == said.offer
    return change(page, offer=change(page.offer, deadline_ms=said.deadline_ms, shown=True))


def _offer_ended(page: Any, said: OfferEnded) -> Any:
    assert page.offer.id == said.offer
    return change(
        page,
        state=said.state,
        taking=said.taking,
        why=said.away,
        next_ms=said.next_ms or page.next_ms,
        offer=None,
    )


def _call_ended(page: Any, said: CallEnded) -> Any:
    assert (page.help_request, page.call.id) == (said.help_request, said.call)
    return change(
        page,
        state=said.state,
        taking=said.taking,
        why=said.away,
        help_request=None,
        call=None,
    )


REDUCERS: dict[type[Any], Callable[[Any, Any], Any]] = {
    HelpChanged: _help_changed,
    HelpEnded: _help_ended,
    CallChanged: _call_changed,
    VolunteerChanged: _volunteer_changed,
    OfferMade: _offer_made,
    OfferTimed: _offer_timed,
    OfferEnded: _offer_ended,
    CallEnded: _call_ended,
}


@dataclass
class Tape:
    """What one page heard from its first Snapshot on, and the Snapshot it must end with."""

    first: Snapshot
    heard: list[ServerMessage] = field(default_factory=list)
    last: Snapshot | None = None


class Pages:
    """One page a person; a watcher of a `tests.world.World`."""

    def __init__(self) -> None:
        """Nobody has a page yet."""
        self.pages: dict[str, Snapshot] = {}
        self.tapes: dict[str, Tape] = {}

    def forget(self) -> None:
        """Redis forgot: every page starts again from a Snapshot."""
        self.pages.clear()
        self.tapes.clear()

    async def watch(self, live: Live, events: list[Event]) -> list[str]:
        """Tell everybody what happened; what they know that is not so."""
        wrong: list[str] = []
        told: set[str] = set()
        for event in events:
            said = narrate(event, name_of)
            if set(said) != set(event.seqs):
                wrong.append(f"{event.type} counts {event.seqs} and tells {set(said)}")
            for person, message in said.items():
                told.add(person)
                wrong += self._hear(person, event, message)
        for person in told:
            wrong += await self._compare(live, person)
        return wrong

    def _hear(self, person: str, event: Event, message: Any) -> list[str]:
        is_requester = person == event.fields.get("requester")
        page = self.pages.setdefault(person, _empty(is_requester))
        tape = self.tapes.setdefault(person, Tape(page))
        tape.heard.append(message)
        if message.seq != page.seq + 1:
            return [f"{event.type}: number {message.seq} after {page.seq}"]
        changed = REDUCERS[type(message)](page, message)
        self.pages[person] = change(changed, seq=message.seq)
        return []

    async def _compare(self, live: Live, person: str) -> list[str]:
        page = self.pages[person]
        now = await snapshot(live, person, isinstance(page, RequesterSnapshot))
        self.tapes[person].last = now
        # What the pages measure is no transition: it comes with the next Snapshot.
        known = change(page, now_ms=now.now_ms, run=now.run, quality=now.quality)
        if isinstance(known, VolunteerSnapshot) and isinstance(now, VolunteerSnapshot):
            # How a ring would come is the lease's matter; a minute of grace ends unsaid.
            ahead_ms = known.next_ms if known.next_ms > now.now_ms else 0
            known = change(known, reach=now.reach, next_ms=ahead_ms)
        return [] if known == now else [f"a page knows {known}, true is {now}"]


def _empty(is_requester: bool) -> Snapshot:
    if is_requester:
        return RequesterSnapshot(seq=0, now_ms=0, run="", help_request=None, quality=None)
    away = VolunteerState.AWAY
    return VolunteerSnapshot(
        seq=0,
        now_ms=0,
        run="",
        state=away,
        taking=False,
        reach=Reach.PAGE,
        why=None,
        next_ms=0,
        offer=None,
        help_request=None,
        call=None,
        quality=None,
    )


async def snapshot(live: Live, person: str, is_requester: bool) -> Snapshot:
    """The Snapshot that a page would get now."""
    if is_requester:
        return views_of.requester_snapshot(await live.requester_snapshot(person), name_of)
    return views_of.volunteer_snapshot(await live.volunteer_snapshot(person), name_of)
