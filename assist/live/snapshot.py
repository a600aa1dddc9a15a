"""What is true now, in ids? The gateway turns this into a page's Snapshot."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from assist.protocol.states import (
    Among,
    HelpState,
    LegState,
    Reach,
    Topic,
    VolunteerState,
    WhyAway,
    WhyHanded,
)
from assist.protocol.views import HandedView, LegQuality

_quality = msgspec.json.Decoder(LegQuality)


class CallTruth(NamedTuple):
    """The Call of a HelpRequest."""

    id: str
    volunteer: str
    accepted_ms: int


class HelpTruth(NamedTuple):
    """One open HelpRequest. `first_until_ms`: until then one Volunteer alone is asked.

    `named`: its Requester has a name, which SQL knows. `braille`: they read braille.
    `practice`: its Volunteer's own page plays the Requester.
    """

    id: str
    requester: str
    state: HelpState
    since_ms: int
    asked: int
    reachable: int
    languages: list[str]
    among: Among
    topic: Topic | None
    question: bool
    named: bool
    braille: bool
    practice: bool
    first_until_ms: int
    handed: HandedView | None
    call: CallTruth | None
    requester_leg: LegState
    volunteer_leg: LegState
    requester_quality: LegQuality | None = None
    volunteer_quality: LegQuality | None = None


class OfferTruth(NamedTuple):
    """One pending Offer. `languages`: as they were when it was made. `again`: they have met."""

    id: str
    deadline_ms: int
    shown: bool
    languages: list[str]
    again: bool


class RequesterTruth(NamedTuple):
    """All that is true for a Requester."""

    seq: int
    now_ms: int
    run: str
    help: HelpTruth | None


class VolunteerTruth(NamedTuple):
    """All that is true for a Volunteer: `help` is the one they are offered, or in a Call for."""

    seq: int
    now_ms: int
    run: str
    state: VolunteerState
    taking: bool
    reach: Reach
    why: WhyAway | None
    next_ms: int
    offer: OfferTruth | None
    help: HelpTruth | None


class VolunteerLine(NamedTuple):
    """One Volunteer who is not away. `practising`: what they are in is a practice."""

    id: str
    state: VolunteerState
    languages: list[str]
    since_ms: int
    practising: bool = False


class RelayLine(NamedTuple):
    """One relay that lives. `load` is the share of one core, `dropped` counts by the reason."""

    id: str
    address: str
    load: float
    legs: int
    dropped: dict[str, int]


class QueueTruth(NamedTuple):
    """All that a Coordinator may see. `ringing` counts each HelpRequest's pending Offers."""

    now_ms: int
    helps: list[HelpTruth]
    ringing: dict[str, int]
    volunteers: list[VolunteerLine]
    relays: list[RelayLine]


def help_truth(identity: str, found: dict[str, Any], legs: dict[str, Any]) -> HelpTruth:
    """One HelpRequest from its hash and the states of its two Legs."""
    call = None
    if found.get("call"):
        call = CallTruth(found["call"], found["volunteer"], int(found["accepted_ms"]))
    return HelpTruth(
        id=identity,
        requester=found["requester"],
        state=HelpState(found["state"]),
        since_ms=int(found["since_ms"]),
        asked=int(found["asked"]),
        reachable=int(found["reachable"]),
        languages=found["languages"].split(),
        among=Among(found["among"]),
        topic=Topic(found["topic"]) if found["topic"] else None,
        question=found["question"] == "1",
        named=found.get("named") == "1",
        braille=found.get("braille") == "1",
        practice=found.get("practice") == "1",
        first_until_ms=int(found.get("first_ms", 0)),
        handed=handed_in(found),
        call=call,
        requester_leg=LegState(legs["requester_leg"]),
        volunteer_leg=LegState(legs["volunteer_leg"]),
        requester_quality=_quality_in(legs, "requester_quality"),
        volunteer_quality=_quality_in(legs, "volunteer_quality"),
    )


def handed_in(found: Mapping[str, str]) -> HandedView | None:
    """The Call that was handed over, from a HelpRequest's hash or an Event about it."""
    call = found.get("handed_call")
    if not call:
        return None
    why, at_ms = WhyHanded(found["handed_why"]), int(found["handed_ms"])
    return HandedView(call=call, why=why, at_ms=at_ms)


def _quality_in(found: dict[str, Any], name: str) -> LegQuality | None:
    text = found.get(name)
    return _quality.decode(text) if text else None


def _help_in(found: dict[str, Any]) -> HelpTruth | None:
    if not found.get("help"):
        return None
    return help_truth(found["help_request"], found["help"], found)


def _offer_truth(identity: str, found: dict[str, Any]) -> OfferTruth:
    return OfferTruth(
        id=identity,
        deadline_ms=int(found["deadline_ms"]),
        shown="shown_ms" in found,
        languages=found["languages"].split(),
        again=found["again"] == "1",
    )


def requester_truth(found: dict[str, Any]) -> RequesterTruth:
    """From the answer of requester_snapshot.lua."""
    return RequesterTruth(found["seq"], found["now_ms"], found["run"], _help_in(found))


def volunteer_truth(found: dict[str, Any]) -> VolunteerTruth:
    """From the answer of volunteer_snapshot.lua."""
    offer = None
    if found.get("offer"):
        offer = _offer_truth(found["offer_id"], found["offer"])
    return VolunteerTruth(
        seq=found["seq"],
        now_ms=found["now_ms"],
        run=found["run"],
        state=VolunteerState(found["state"]),
        taking=found["taking"] == "1",
        reach=Reach(found["reach"]),
        why=WhyAway(found["why"]) if found["why"] else None,
        next_ms=found["next_ms"],
        offer=offer,
        help=_help_in(found),
    )


def queue_truth(found: dict[str, Any]) -> QueueTruth:
    """From the answer of queue.lua; there an empty list is an empty object."""
    return QueueTruth(
        now_ms=found["now_ms"],
        helps=[help_truth(one["id"], one, one) for one in found["helps"] or ()],
        ringing={one["id"]: int(one["ringing"]) for one in found["helps"] or ()},
        volunteers=[
            VolunteerLine(
                one["id"],
                VolunteerState(one["state"]),
                one["languages"].split(),
                int(one["since_ms"]),
                one["practising"],
            )
            for one in found["volunteers"] or ()
        ],
        relays=[
            RelayLine(
                one["id"],
                one["address"],
                float(one["load"]),
                int(one["legs"]),
                {why: int(count) for why, count in map(_pair, one["dropped"].split())},
            )
            for one in found["relays"] or ()
        ],
    )


def _pair(text: str) -> tuple[str, str]:
    why, _, count = text.partition(":")
    return why, count
