"""What does one Event change in history?

Each fold states what the Event says and nothing else, as insert-or-update of just those columns:
folding again changes nothing, and an Event whose forerunners are missing makes the rows it names.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from django.db.models import Model

from assist.accounts.blocks import block
from assist.protocol.states import EndReason, OfferState
from assist.records.models import Call, HelpRequest, Offer

log = logging.getLogger(__name__)

Fields = Mapping[str, str]
BLOCKED = (EndReason.REQUESTER_BLOCKED, EndReason.VOLUNTEER_BLOCKED)
# What is true for a while only, or is SQL's own news: no part of history.
PASSING = {
    "leg.changed",
    "volunteer.changed",
    "relay.assigned",
    "help.parked",
    "help.confirmed",
    "person.suspended",
    "person.reinstated",
}


class Event(Protocol):
    """One line of the stream: its id begins with Redis' milliseconds."""

    @property
    def id(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def fields(self) -> Mapping[str, str]: ...


def fold(event: Event) -> None:
    """Write one Event into history. Raises KeyError or ValueError where it is not as documented."""
    if event.type in PASSING:
        return
    write = FOLDS.get(event.type)
    if write is None:
        log.warning("event %s has the unknown type %s", event.id, event.type)
        return
    write(event.fields, moment(event.id.partition("-")[0]))


def moment(milliseconds: str) -> datetime:
    """Milliseconds since 1970, as the stream writes them."""
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)


def reason_of(fields: Fields) -> EndReason:
    """Why it ended; KeyError for a reason that there is not."""
    return EndReason[fields["reason"].upper()]


def _asked(fields: Fields, met_at: datetime) -> None:
    _put_help_request(
        fields,
        met_at,
        requester=fields["requester"],
        languages=fields["languages"].split(),
        reachable=int(fields["reachable"]),
        asked_at=moment(fields["since_ms"]),
    )


def _offers_made(fields: Fields, met_at: datetime) -> None:
    _put_help_request(fields, met_at)
    for offer in fields["offers"].split():
        name, volunteer, _deadline_ms = offer.split(":")
        _put_offer(
            name,
            fields,
            met_at,
            volunteer=volunteer,
            wave=int(fields["wave"]),
            made_at=moment(fields["made_ms"]),
        )


def _offer_shown(fields: Fields, met_at: datetime) -> None:
    _put_help_request(fields, met_at)
    _put_offer(
        fields["offer"],
        fields,
        met_at,
        volunteer=fields["volunteer"],
        shown_at=moment(fields["shown_ms"]),
    )


def _offer_ended(fields: Fields, met_at: datetime) -> None:
    _put_help_request(fields, met_at)
    _put_offer(
        fields["offer"],
        fields,
        met_at,
        volunteer=fields["volunteer"],
        outcome=OfferState(fields["outcome"]).value,
        ended_at=moment(fields["ended_ms"]),
    )


def _offer_accepted(fields: Fields, met_at: datetime) -> None:
    _put_help_request(fields, met_at, requester=fields["requester"])
    accepted_at = moment(fields["accepted_ms"])
    _put_offer(
        fields["offer"],
        fields,
        met_at,
        volunteer=fields["volunteer"],
        outcome=OfferState.ACCEPTED.value,
        ended_at=accepted_at,
    )
    _withdraw(fields, met_at, accepted_at)
    if fields["call"]:
        _put_call(fields, met_at, accepted_at=accepted_at)


def _call_connected(fields: Fields, met_at: datetime) -> None:
    _put_help_request(fields, met_at, requester=fields["requester"])
    _put_call(
        fields,
        met_at,
        accepted_at=moment(fields["accepted_ms"]),
        connected_at=moment(fields["connected_ms"]),
    )


def _call_put_back(fields: Fields, met_at: datetime) -> None:
    _put_help_request(fields, met_at, requester=fields["requester"])
    _put_call(
        fields,
        met_at,
        ended_at=moment(fields["ended_ms"]),
        reason=reason_of(fields).value,
    )


def _help_ended(fields: Fields, met_at: datetime) -> None:
    reason, ended_at = reason_of(fields), moment(fields["ended_ms"])
    end = {"reason": reason.value, "ended_at": ended_at}
    _put_help_request(fields, met_at, requester=fields["requester"], **end)
    _withdraw(fields, met_at, ended_at)
    if fields["call"]:
        _put_call(fields, met_at, **end)
    if reason in BLOCKED:
        block(fields["requester"], fields["volunteer"])


def _withdraw(fields: Fields, met_at: datetime, ended_at: datetime) -> None:
    """The rings that stopped because of this Event: `offer:volunteer:state:taking` each."""
    for withdrawn in fields["withdrawn"].split():
        name, volunteer, _state, _taking = withdrawn.split(":")
        _put_offer(
            name,
            fields,
            met_at,
            volunteer=volunteer,
            outcome=OfferState.WITHDRAWN.value,
            ended_at=ended_at,
        )


def _put_help_request(fields: Fields, met_at: datetime, **facts: Any) -> None:
    _put(HelpRequest, fields["help_request"], {"asked_at": met_at}, facts)


def _put_offer(name: str, fields: Fields, met_at: datetime, **facts: Any) -> None:
    met = {"help_request_id": fields["help_request"], "made_at": met_at}
    _put(Offer, name, met, facts)


def _put_call(fields: Fields, met_at: datetime, **facts: Any) -> None:
    met = {"help_request_id": fields["help_request"], "accepted_at": met_at}
    _put(Call, fields["call"], met, {"volunteer": fields["volunteer"], **facts})


def _put(model: type[Model], name: str, met: dict[str, Any], facts: dict[str, Any]) -> None:
    """One statement: insert the row, or set `facts` alone in the row that is there.

    `met` fills what a new row cannot be without until the Event comes that knows better.
    """
    row = model(id=name, **{**met, **facts})
    if facts:
        model._default_manager.bulk_create(
            [row], update_conflicts=True, unique_fields=["id"], update_fields=list(facts)
        )
    else:
        model._default_manager.bulk_create([row], ignore_conflicts=True)


FOLDS: dict[str, Callable[[Fields, datetime], None]] = {
    "help.asked": _asked,
    "offers.made": _offers_made,
    "offer.shown": _offer_shown,
    "offer.ended": _offer_ended,
    "offer.accepted": _offer_accepted,
    "call.connected": _call_connected,
    "call.put_back": _call_put_back,
    "help.ended": _help_ended,
}
