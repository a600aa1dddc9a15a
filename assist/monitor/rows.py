"""How does the queue look to a Coordinator? Queues, not people: no Requester's id."""

from __future__ import annotations

from collections.abc import Callable

from assist.live.snapshot import HelpTruth, QueueTruth
from assist.protocol.messages import (
    Queue,
)
from assist.protocol.states import HelpState
from assist.protocol.views import CallRow, RelayRow, VolunteerRow, WaitingRow

NameOf = Callable[[str], str | None]
# SQL may be down while people are in a call: the line stays, the name comes back with it.
NAMELESS = "?"


def people_in(truth: QueueTruth) -> set[str]:
    """Whose names the tables need."""
    callers = {one.call.volunteer for one in truth.helps if one.call}
    return callers | {line.id for line in truth.volunteers}


def queue(truth: QueueTruth, name_of: NameOf, joining: str = "") -> Queue:
    """The four tables, and the sentence about who would like to be let in."""
    return Queue(
        now_ms=truth.now_ms,
        joining=joining,
        waiting=[waiting_row(truth, one) for one in in_line(truth.helps)],
        calls=[row for one in truth.helps for row in call_rows(one, name_of)],
        volunteers=[
            VolunteerRow(
                name=name_of(line.id) or NAMELESS,
                state=line.state,
                practising=line.practising,
                languages=line.languages,
                since_ms=line.since_ms,
            )
            for line in truth.volunteers
        ],
        relays=[
            RelayRow(relay=line.id, address=line.address, load=line.load, legs=line.legs)
            for line in truth.relays
        ],
    )


def in_line(helps: list[HelpTruth]) -> list[HelpTruth]:
    """Who is not in a Call: first whoever stands there, after them who wants to be called back."""
    waiting = [one for one in helps if one.call is None]
    return sorted(waiting, key=lambda one: one.state == HelpState.PARKED)


def waiting_row(truth: QueueTruth, one: HelpTruth) -> WaitingRow:
    return WaitingRow(
        help_request=one.id,
        state=one.state,
        languages=one.languages,
        since_ms=one.since_ms,
        asked=one.asked,
        ringing=truth.ringing.get(one.id, 0),
    )


def call_rows(one: HelpTruth, name_of: NameOf) -> list[CallRow]:
    if one.call is None:
        return []
    row = CallRow(
        call=one.call.id,
        state=one.state,
        volunteer=name_of(one.call.volunteer) or NAMELESS,
        since_ms=one.call.accepted_ms,
        requester_leg=one.requester_leg,
        volunteer_leg=one.volunteer_leg,
        requester_quality=one.requester_quality,
        volunteer_quality=one.volunteer_quality,
    )
    return [row]
