"""What does one Event change in history?

Each fold states what the Event says and nothing else, so that folding again changes nothing, and an
Event whose forerunners are missing makes the rows that it names. Nothing is written here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from assist.live import Event
from assist.protocol.states import EndReason, OfferState
from assist.records.draft import Draft
from assist.records.models import Call, HelpRequest, Offer

log = logging.getLogger(__name__)

Fields = Mapping[str, str]
BLOCKED = (EndReason.REQUESTER_BLOCKED, EndReason.VOLUNTEER_BLOCKED)
# What is true for a while only, or is SQL's own news: no part of history. Whether a Volunteer takes
# calls is read from any Event that says it, for the roster.
PASSING = {
    "leg.changed",
    "volunteer.changed",
    "relay.assigned",
    "ring.tried",
    "person.suspended",
    "person.reinstated",
}


def fold(event: Event, draft: Draft) -> None:
    """Add what one Event says. Raises KeyError or ValueError where it is not as documented."""
    if event.fields.get("volunteer") and event.fields.get("taking"):
        draft.takes_calls(event.fields["volunteer"], event.fields["taking"] == "1")
    # What somebody practises has not happened.
    if event.type in PASSING or event.fields.get("practice") == "1":
        return
    state = FOLDS.get(event.type)
    if state is None:
        log.warning("event %s has the unknown type %s", event.id, event.type)
        return
    state(draft, event.fields, moment(event.id.partition("-")[0]))


def moment(milliseconds: str) -> datetime:
    """Milliseconds since 1970, as the stream writes them."""
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)


def pairs(text: str) -> Iterator[tuple[str, str]]:
    """Offer and Volunteer of each `offer:volunteer:...`."""
    for line in text.split():
        offer, volunteer, *_more = line.split(":")
        yield offer, volunteer


def _asked(draft: Draft, fields: Fields, met_at: datetime) -> None:
    _put_help_request(draft, fields, met_at, reachable=int(fields["reachable"]))


def _offers_made(draft: Draft, fields: Fields, met_at: datetime) -> None:
    _put_help_request(draft, fields, met_at)
    made = {"wave": int(fields["wave"]), "made_at": moment(fields["made_ms"])}
    for offer, volunteer in pairs(fields["offers"]):
        _put_offer(draft, fields, met_at, offer, volunteer, **made)


def _offer_shown(draft: Draft, fields: Fields, met_at: datetime) -> None:
    _put_help_request(draft, fields, met_at)
    shown_at = moment(fields["shown_ms"])
    _put_offer(draft, fields, met_at, fields["offer"], fields["volunteer"], shown_at=shown_at)


def _offer_ended(draft: Draft, fields: Fields, met_at: datetime) -> None:
    _put_help_request(draft, fields, met_at)
    end = {"outcome": OfferState(fields["outcome"]).value, "ended_at": moment(fields["ended_ms"])}
    _put_offer(draft, fields, met_at, fields["offer"], fields["volunteer"], **end)
    if fields.get("parted_call"):  # by a block of a Call before: it came while this rang
        block = {"call": fields["parted_call"], "reason": fields["parted_reason"]}
        _parted(draft, {**fields, **block}, met_at)


def _offer_accepted(draft: Draft, fields: Fields, met_at: datetime) -> None:
    _put_help_request(draft, fields, met_at)
    accepted_at = moment(fields["accepted_ms"])
    end = {"outcome": OfferState.ACCEPTED.value, "ended_at": accepted_at}
    _put_offer(draft, fields, met_at, fields["offer"], fields["volunteer"], **end)
    _withdraw(draft, fields, met_at, accepted_at)
    _put_call(draft, fields, met_at, accepted_at=accepted_at)


def _widened(draft: Draft, fields: Fields, met_at: datetime) -> None:
    _put_help_request(draft, fields, met_at)


def _parked(draft: Draft, fields: Fields, met_at: datetime) -> None:
    _put_help_request(draft, fields, met_at)
    _withdraw(draft, fields, met_at, met_at)


def _confirmed(draft: Draft, fields: Fields, met_at: datetime) -> None:
    """The Requester is there: whoever accepted has read the question, and nobody else will."""
    _put_help_request(draft, fields, met_at)
    draft.take_question(fields["help_request"])


def _call_connected(draft: Draft, fields: Fields, met_at: datetime) -> None:
    _put_help_request(draft, fields, met_at)
    _put_call(
        draft,
        fields,
        met_at,
        accepted_at=moment(fields["accepted_ms"]),
        connected_at=moment(fields["connected_ms"]),
    )


def _call_put_back(draft: Draft, fields: Fields, met_at: datetime) -> None:
    _put_help_request(draft, fields, met_at)
    _put_call(draft, fields, met_at, **_end_of(fields))
    _part(draft, fields)


def _help_ended(draft: Draft, fields: Fields, met_at: datetime) -> None:
    end = _end_of(fields)
    _put_help_request(draft, fields, met_at, **end)
    _withdraw(draft, fields, met_at, end["ended_at"])
    if fields["call"]:
        _put_call(draft, fields, met_at, **end)
    draft.take_question(fields["help_request"])
    _part(draft, fields)
    if fields.get("parted"):  # an earlier Call's, which was over a moment before the block came
        blocked = {**fields, "call": fields["parted_call"], "volunteer": fields["parted"]}
        _put_call(draft, blocked, met_at, reason=EndReason.REQUESTER_BLOCKED.value)
        draft.part(fields["requester"], fields["parted"])


def _end_of(fields: Fields) -> dict[str, Any]:
    return {
        "reason": EndReason[fields["reason"].upper()].value,
        "ended_at": moment(fields["ended_ms"]),
    }


def _part(draft: Draft, fields: Fields) -> None:
    """A Call that ended in a block parts its two people for good."""
    if fields["reason"] in BLOCKED and fields["volunteer"]:
        draft.part(fields["requester"], fields["volunteer"])


def _parted(draft: Draft, fields: Fields, met_at: datetime) -> None:
    """A block that came after the end of its Call, and is found among its person's own by it."""
    if fields["call"] and "reason" in fields:
        of = {name: fields[name] for name in ("requester", "volunteer", "call")}
        of["help_request"] = fields["parted"]
        _put_help_request(draft, of, met_at)
        _put_call(draft, of, met_at, reason=EndReason[fields["reason"].upper()].value)
    draft.part(fields["requester"], fields["volunteer"])


def _withdraw(draft: Draft, fields: Fields, met_at: datetime, ended_at: datetime) -> None:
    """The rings that stopped because of this Event."""
    end = {"outcome": OfferState.WITHDRAWN.value, "ended_at": ended_at}
    for offer, volunteer in pairs(fields["withdrawn"]):
        _put_offer(draft, fields, met_at, offer, volunteer, **end)


def _put_help_request(draft: Draft, fields: Fields, met_at: datetime, **facts: Any) -> None:
    """Whatever of the ask itself an Event repeats is taken from it."""
    if "requester" in fields:
        facts["requester"] = fields["requester"]
    if "languages" in fields:
        facts["languages"] = fields["languages"].split()
    if "since_ms" in fields:
        facts["asked_at"] = moment(fields["since_ms"])
    draft.put(HelpRequest, fields["help_request"], {"asked_at": met_at}, facts)


def _put_offer(
    draft: Draft, fields: Fields, met_at: datetime, offer: str, volunteer: str, **facts: Any
) -> None:
    met = {"help_request_id": fields["help_request"], "made_at": met_at}
    draft.put(Offer, offer, met, {"volunteer": volunteer, **facts})


def _put_call(draft: Draft, fields: Fields, met_at: datetime, **facts: Any) -> None:
    met = {"help_request_id": fields["help_request"], "accepted_at": met_at}
    draft.put(Call, fields["call"], met, {"volunteer": fields["volunteer"], **facts})


FOLDS: dict[str, Callable[[Draft, Fields, datetime], None]] = {
    "help.asked": _asked,
    "offers.made": _offers_made,
    "offer.shown": _offer_shown,
    "offer.ended": _offer_ended,
    "offer.accepted": _offer_accepted,
    "help.widened": _widened,
    "help.parked": _parked,
    "help.confirmed": _confirmed,
    "call.connected": _call_connected,
    "call.put_back": _call_put_back,
    "help.ended": _help_ended,
    "people.parted": _parted,
}
