"""What does each person concerned hear of an Event? Pure: an Event becomes one message a person.

Together with `views_of` this keeps one promise, which the replay tests hold for every transition:
a Snapshot and the messages that follow it give the later Snapshot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from msgspec.structs import replace

from assist.live import Event
from assist.live.snapshot import handed_in
from assist.protocol.messages import (
    CallChanged,
    CallEnded,
    HelpChanged,
    HelpEnded,
    OfferEnded,
    OfferMade,
    OfferTimed,
    ServerMessage,
    VolunteerChanged,
)
from assist.protocol.states import (
    Among,
    EndReason,
    HelpState,
    LegState,
    OfferState,
    Reach,
    Topic,
    VolunteerState,
    WhyAway,
)
from assist.protocol.views import CallView, HelpView, OfferView

Fields = Mapping[str, str]
Seqs = Mapping[str, int]
NameOf = Callable[[str], str | None]
Heard = Iterator[tuple[str, ServerMessage]]
Narrator = Callable[[Fields, Seqs, NameOf], Heard]


def narrate(event: Event, name_of: NameOf, question: str | None = None) -> dict[str, ServerMessage]:
    """Person -> message, for everybody whose number the Event counted up, and for nobody else.

    `question`: the words of the question for later that these rings are about, if they are known.
    """
    narrator = NARRATORS.get(event.type)
    if narrator is None:
        return {}
    seqs = event.seqs
    said = dict(narrator(event.fields, seqs, name_of))
    return {who: with_question(one, question) for who, one in said.items() if who in seqs}


def with_question(said: ServerMessage, question: str | None) -> ServerMessage:
    if question is None or not isinstance(said, OfferMade):
        return said
    return replace(said, offer=replace(said.offer, question=question))


def in_words_of(event: Event) -> str | None:
    """The HelpRequest whose question the rings of this Event should show, if it left one."""
    asks = event.type == "offers.made" and event.fields["question"] == "1"
    return event.fields["help_request"] if asks else None


def people_named(event: Event) -> set[str]:
    """Whose names the narration may ask for."""
    volunteer = event.fields.get("volunteer", "")
    people = {volunteer} if volunteer and event.fields.get("call") else set()
    return people | {event.fields["requester"]} if is_named(event.fields) else people


def is_named(f: Fields) -> bool:
    """Has the Requester of this Event a name, which SQL knows?"""
    return f.get("named") == "1"


def requesters_name(f: Fields, name_of: NameOf) -> str | None:
    return name_of(f["requester"]) if is_named(f) else None


# --- a HelpRequest outside a Call ----------------------------------------------------------------
def help_view(f: Fields, state: HelpState) -> HelpView:
    return HelpView(
        id=f["help_request"],
        state=state,
        since_ms=int(f["since_ms"]),
        asked=int(f["asked"]),
        reachable=int(f["reachable"]),
        among=Among(f["among"]),
        topic=Topic(f["topic"]) if f["topic"] else None,
        languages=f["languages"].split(),
        question=f["question"] == "1",
        first_until_ms=int(f["first_ms"]),
        handed=handed_in(f),
    )


def help_changed(f: Fields, seqs: Seqs, state: HelpState) -> Heard:
    requester = f["requester"]
    if requester in seqs:
        yield requester, HelpChanged(seq=seqs[requester], help_request=help_view(f, state))


def help_asked(f: Fields, seqs: Seqs, _name_of: NameOf) -> Heard:
    yield from help_changed(f, seqs, HelpState.WAITING)


def help_widened(f: Fields, seqs: Seqs, _name_of: NameOf) -> Heard:
    yield from help_changed(f, seqs, HelpState(f["state"]))


def help_parked(f: Fields, seqs: Seqs, _name_of: NameOf) -> Heard:
    yield from help_changed(f, seqs, HelpState.PARKED)
    yield from withdrawn(f, seqs)


def help_ended(f: Fields, seqs: Seqs, _name_of: NameOf) -> Heard:
    requester, volunteer = f["requester"], f.get("volunteer", "")
    reason = EndReason(f["reason"])
    if requester in seqs:
        yield (
            requester,
            HelpEnded(
                seq=seqs[requester],
                help_request=f["help_request"],
                call=f.get("call") or None,
                reason=reason,
            ),
        )
    if volunteer in seqs:
        yield volunteer, call_ended(f, seqs[volunteer], reason)
    yield from withdrawn(f, seqs)


# --- Offers --------------------------------------------------------------------------------------
def offers_made(f: Fields, seqs: Seqs, name_of: NameOf) -> Heard:
    yield from help_changed(f, seqs, HelpState(f["state"]))
    for made in f["offers"].split():
        offer, volunteer, deadline_ms, _reach = made.split(":")
        view = OfferView(
            id=offer,
            help_request=f["help_request"],
            name=requesters_name(f, name_of),
            braille=f["braille"] == "1",
            practice=f.get("practice") == "1",
            languages=f["languages"].split(),
            topic=Topic(f["topic"]) if f["topic"] else None,
            call_back=HelpState(f["state"]) == HelpState.PARKED,
            again=f["again"] == "1",
            handed=handed_in(f) is not None,
            question=None,
            since_ms=int(f["since_ms"]),
            deadline_ms=int(deadline_ms),
            shown=False,
        )
        yield volunteer, OfferMade(seq=seqs[volunteer], offer=view)


def offer_shown(f: Fields, seqs: Seqs, _name_of: NameOf) -> Heard:
    volunteer = f["volunteer"]
    timed = OfferTimed(seq=seqs[volunteer], offer=f["offer"], deadline_ms=int(f["deadline_ms"]))
    yield volunteer, timed


WHY_ENDED: Mapping[OfferState, Literal["declined", "missed", "gone"]] = {
    OfferState.DECLINED: "declined",
    OfferState.MISSED: "missed",
    OfferState.WITHDRAWN: "gone",  # of a block nobody is told
}


def offer_ended(f: Fields, seqs: Seqs, _name_of: NameOf) -> Heard:
    outcome, volunteer = OfferState(f["outcome"]), f["volunteer"]
    yield from help_changed(f, seqs, HelpState(f["state"]))
    yield (
        volunteer,
        OfferEnded(
            seq=seqs[volunteer],
            offer=f["offer"],
            outcome=outcome,
            why=WHY_ENDED[outcome],
            state=VolunteerState(f["volunteer_state"]),
            taking=f["taking"] == "1",
            away=why_away(f["away"]),
            next_ms=int(f["next_ms"]),
        ),
    )


def withdrawn(f: Fields, seqs: Seqs) -> Heard:
    """Everybody whose phone rang for nothing, with the reason that is kind to hear."""
    for told in f.get("withdrawn", "").split():
        offer, volunteer, state, taking, why, away, next_ms = told.split(":")
        yield (
            volunteer,
            OfferEnded(
                seq=seqs[volunteer],
                offer=offer,
                outcome=OfferState.WITHDRAWN,
                why="quicker" if why == "quicker" else "gone",
                state=VolunteerState(state),
                taking=taking == "1",
                away=why_away(away),
                next_ms=int(next_ms),
            ),
        )


# --- Calls ---------------------------------------------------------------------------------------
def call_changed(f: Fields, seqs: Seqs, state: HelpState, name_of: NameOf) -> Heard:
    """Each sees the Call from their own side. A Volunteer has a name; a Requester, if they like."""
    volunteer, requester = name_of(f["volunteer"]), requesters_name(f, name_of)
    sides = (
        (f["requester"], volunteer, f["requester_leg"], f["volunteer_leg"]),
        (f["volunteer"], requester, f["volunteer_leg"], f["requester_leg"]),
    )
    for person, peer, mine, theirs in sides:
        if person in seqs:
            call = CallView(
                id=f["call"],
                state=state,
                peer=peer,
                braille=f["braille"] == "1" and person == f["volunteer"],
                handed=f.get("handed") == "1",
                practice=f.get("practice") == "1",
                since_ms=int(f["accepted_ms"]),
                mine=LegState(mine),
                theirs=LegState(theirs),
            )
            changed = CallChanged(seq=seqs[person], help_request=f["help_request"], call=call)
            yield person, changed


def offer_accepted(f: Fields, seqs: Seqs, name_of: NameOf) -> Heard:
    yield from call_changed(f, seqs, HelpState(f["state"]), name_of)
    yield from withdrawn(f, seqs)


def help_confirmed(f: Fields, seqs: Seqs, name_of: NameOf) -> Heard:
    yield from call_changed(f, seqs, HelpState.CONNECTING, name_of)


def call_connected(f: Fields, seqs: Seqs, name_of: NameOf) -> Heard:
    yield from call_changed(f, seqs, HelpState.IN_CALL, name_of)


def leg_changed(f: Fields, seqs: Seqs, name_of: NameOf) -> Heard:
    if f["call"]:
        yield from call_changed(f, seqs, HelpState(f["call_state"]), name_of)


def call_put_back(f: Fields, seqs: Seqs, _name_of: NameOf) -> Heard:
    yield from help_changed(f, seqs, HelpState(f["state"]))
    volunteer = f["volunteer"]
    if volunteer in seqs:
        handed = f["reason"] == EndReason.HANDED_OVER
        yield volunteer, call_ended(f, seqs[volunteer], EndReason.HANDED_OVER if handed else None)


def call_ended(f: Fields, seq: int, reason: EndReason | None) -> CallEnded:
    return CallEnded(
        seq=seq,
        help_request=f["help_request"],
        call=f["call"],
        reason=reason,
        state=VolunteerState(f["volunteer_state"]),
        taking=f["taking"] == "1",
        away=why_away(f["away"]),
    )


# --- Volunteers ----------------------------------------------------------------------------------
def volunteer_changed(f: Fields, seqs: Seqs, _name_of: NameOf) -> Heard:
    volunteer = f["volunteer"]
    yield (
        volunteer,
        VolunteerChanged(
            seq=seqs[volunteer],
            state=VolunteerState(f["state"]),
            taking=f["taking"] == "1",
            reach=Reach(f["reach"]),
            why=why_away(f["why"]),
        ),
    )


def why_away(text: str) -> WhyAway | None:
    return WhyAway(text) if text else None


NARRATORS: Mapping[str, Narrator] = {
    "help.asked": help_asked,
    "help.widened": help_widened,
    "help.parked": help_parked,
    "help.confirmed": help_confirmed,
    "help.ended": help_ended,
    "offers.made": offers_made,
    "practice.begun": offers_made,
    "offer.shown": offer_shown,
    "offer.ended": offer_ended,
    "offer.accepted": offer_accepted,
    "call.connected": call_connected,
    "leg.changed": leg_changed,
    "call.put_back": call_put_back,
    "volunteer.changed": volunteer_changed,
}
