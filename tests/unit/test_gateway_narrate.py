"""Does everybody whom an Event concerns hear of it, once, in their own words, and nobody else?"""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from assist.gateway.narrate import NARRATORS, in_words_of, narrate, people_named
from assist.live import Event
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
    WhyHanded,
)
from assist.protocol.views import CallView, HandedView, HelpView, OfferView

ALICE, NOOR, BO = "a" * 32, "b" * 32, "c" * 32
HELP, CALL, OFFER, OTHER = "1" * 32, "2" * 32, "3" * 32, "4" * 32
NAMES = {NOOR: "Noor"}

HELD = {
    "help_request": HELP,
    "requester": ALICE,
    "since_ms": "1000",
    "asked": "2",
    "reachable": "5",
    "languages": "en da",
    "among": "circle_first",
    "topic": "",
    "question": "0",
    "first_ms": "0",
    "again": "0",
    "named": "0",
    "braille": "0",
}
LEGS = {
    "help_request": HELP,
    "requester": ALICE,
    "volunteer": NOOR,
    "call": CALL,
    "accepted_ms": "3000",
    "requester_leg": "up",
    "volunteer_leg": "connecting",
    "named": "0",
    "braille": "0",
    "handed": "0",
}


def heard(type_: str, fields: dict[str, str], *people: str) -> dict[str, ServerMessage]:
    """What each of these people, whose number is now 7, hears."""
    seqs = json.dumps(dict.fromkeys(people, 7))
    return narrate(Event("1-1", type_, {**fields, "type": type_, "seqs": seqs}), NAMES.get)


def help_view(state: str) -> HelpView:
    return HelpView(
        id=HELP,
        state=HelpState(state),
        since_ms=1000,
        asked=2,
        reachable=5,
        among=Among.CIRCLE_FIRST,
        topic=None,
        languages=["en", "da"],
        question=False,
        first_until_ms=0,
        handed=None,
    )


def call_view(state: str, peer: str | None, mine: str, theirs: str) -> CallView:
    return CallView(
        id=CALL,
        state=HelpState(state),
        peer=peer,
        braille=False,
        handed=False,
        practice=False,
        since_ms=3000,
        mine=LegState(mine),
        theirs=LegState(theirs),
    )


def call_changed(state: str, peer: str | None, mine: str, theirs: str) -> CallChanged:
    return CallChanged(seq=7, help_request=HELP, call=call_view(state, peer, mine, theirs))


def test_an_ask_is_told_to_the_requester() -> None:
    assert heard("help.asked", HELD, ALICE) == {
        ALICE: HelpChanged(seq=7, help_request=help_view("waiting"))
    }


def test_what_was_wished_is_told_with_it() -> None:
    fields = {**HELD, "among": "circle", "topic": "cooking", "question": "1"}
    view = replace(help_view("waiting"), among=Among.CIRCLE, topic=Topic.COOKING, question=True)
    assert heard("help.asked", fields, ALICE) == {ALICE: HelpChanged(seq=7, help_request=view)}


def test_who_is_wanted_again_is_rung_with_that_word() -> None:
    offers = f"{OFFER}:{NOOR}:9000:page"
    fields = {**HELD, "state": "ringing", "offers": offers, "first_ms": "21000", "again": "1"}
    told = heard("offers.made", fields, ALICE, NOOR)
    view = replace(help_view("ringing"), first_until_ms=21_000)
    assert told[ALICE] == HelpChanged(seq=7, help_request=view)
    assert told[NOOR] == OfferMade(seq=7, offer=replace(ring(OFFER), again=True))


def test_one_more_language_is_told_to_who_asked_for_it() -> None:
    told = heard("help.widened", {**HELD, "state": "ringing", "languages": "en da pl"}, ALICE)
    view = replace(help_view("ringing"), languages=["en", "da", "pl"])
    assert told == {ALICE: HelpChanged(seq=7, help_request=view)}


def test_a_wave_is_told_to_the_requester_and_rings_at_each_volunteer() -> None:
    offers = f"{OFFER}:{NOOR}:9000:page {OTHER}:{BO}:9000:push"
    fields = {**HELD, "state": "ringing", "offers": offers}
    told = heard("offers.made", fields, ALICE, NOOR, BO)
    assert told[ALICE] == HelpChanged(seq=7, help_request=help_view("ringing"))
    for person, offer in ((NOOR, OFFER), (BO, OTHER)):
        assert told[person] == OfferMade(seq=7, offer=ring(offer))


def test_who_has_a_name_and_reads_braille_is_rung_and_met_so() -> None:
    introduced = {"named": "1", "braille": "1"}
    names = {**NAMES, ALICE: "Maria"}
    offers = {**HELD, **introduced, "state": "ringing", "offers": f"{OFFER}:{NOOR}:9000:page"}
    seqs = json.dumps({NOOR: 7})
    made = Event("1-1", "offers.made", {**offers, "type": "offers.made", "seqs": seqs})
    rung = narrate(made, names.get)[NOOR]
    assert rung == OfferMade(seq=7, offer=replace(ring(OFFER), name="Maria", braille=True))
    seqs = json.dumps({NOOR: 7, ALICE: 8})
    call = Event("1-2", "call.connected", {**LEGS, **introduced, "seqs": seqs})
    told = narrate(call, names.get)
    assert isinstance(mine := told[NOOR], CallChanged)
    assert (mine.call.peer, mine.call.braille) == ("Maria", True)
    assert isinstance(theirs := told[ALICE], CallChanged)
    assert (theirs.call.peer, theirs.call.braille) == ("Noor", False)
    assert people_named(made) == {ALICE}
    assert people_named(call) == {ALICE, NOOR}


def test_a_practice_rings_as_one() -> None:
    made = {**HELD, "practice": "1", "state": "ringing", "offers": f"{OFFER}:{NOOR}:9000:page"}
    told = heard("practice.begun", made, ALICE, NOOR)
    assert told[NOOR] == OfferMade(seq=7, offer=replace(ring(OFFER), practice=True))
    assert isinstance(told[ALICE], HelpChanged)


def ring(offer: str) -> OfferView:
    return OfferView(
        id=offer,
        help_request=HELP,
        name=None,
        braille=False,
        practice=False,
        languages=["en", "da"],
        topic=None,
        call_back=False,
        again=False,
        handed=False,
        question=None,
        since_ms=1000,
        deadline_ms=9000,
        shown=False,
    )


def test_a_question_for_later_rings_as_a_call_back_with_its_topic_and_words() -> None:
    made = {"state": "parked", "offers": f"{OFFER}:{NOOR}:9000:page"}
    fields = {**HELD, **made, "topic": "reading", "question": "1"}
    seqs = json.dumps({ALICE: 7, NOOR: 7})
    event = Event("1-1", "offers.made", {**fields, "type": "offers.made", "seqs": seqs})
    assert in_words_of(event) == HELP
    told = narrate(event, NAMES.get, "What does this label say?")
    view = replace(ring(OFFER), topic=Topic.READING, call_back=True)
    words = "What does this label say?"
    assert told[NOOR] == OfferMade(seq=7, offer=replace(view, question=words))
    assert told[ALICE] == HelpChanged(
        seq=7, help_request=replace(help_view("parked"), topic=Topic.READING, question=True)
    )
    assert narrate(event, NAMES.get)[NOOR] == OfferMade(seq=7, offer=view)


@pytest.mark.parametrize(("question", "type_"), [("0", "offers.made"), ("1", "help.parked")])
def test_words_are_looked_up_for_the_rings_of_a_question_alone(question: str, type_: str) -> None:
    assert in_words_of(Event("1-1", type_, {**HELD, "question": question})) is None


def test_a_ring_on_a_screen_is_timed_for_its_volunteer_alone() -> None:
    fields = {"help_request": HELP, "offer": OFFER, "volunteer": NOOR, "deadline_ms": "8000"}
    assert heard("offer.shown", fields, NOOR) == {
        NOOR: OfferTimed(seq=7, offer=OFFER, deadline_ms=8000)
    }


@pytest.mark.parametrize("outcome", ["declined", "missed"])
def test_a_ring_without_an_answer_is_told_to_both(outcome: str) -> None:
    more = {"offer": OFFER, "volunteer": NOOR, "outcome": outcome, "state": "waiting"}
    fields = {**HELD, **more, "volunteer_state": "away", "taking": "0"}
    fields |= {"away": "missed", "next_ms": "0"}
    told = heard("offer.ended", fields, ALICE, NOOR)
    assert told[ALICE] == HelpChanged(seq=7, help_request=help_view("waiting"))
    assert told[NOOR] == OfferEnded(
        seq=7,
        offer=OFFER,
        outcome=OfferState(outcome),
        why=outcome,  # type: ignore[arg-type]
        state=VolunteerState.AWAY,
        taking=False,
        away=WhyAway.MISSED,
        next_ms=0,
    )


def test_an_accept_is_told_to_the_two_by_name_and_to_whom_it_rang_in_vain() -> None:
    withdrawn = f"{OTHER}:{BO}:available:1:quicker::63000"
    fields = {**LEGS, "offer": OFFER, "state": "connecting", "withdrawn": withdrawn}
    told = heard("offer.accepted", fields, ALICE, NOOR, BO)
    assert told == {
        ALICE: call_changed("connecting", "Noor", "up", "connecting"),
        NOOR: call_changed("connecting", None, "connecting", "up"),
        BO: OfferEnded(
            seq=7,
            offer=OTHER,
            outcome=OfferState.WITHDRAWN,
            why="quicker",
            state=VolunteerState.AVAILABLE,
            taking=True,
            away=None,
            next_ms=63_000,
        ),
    }


def test_connected_and_lost_legs_are_seen_from_each_side() -> None:
    connected = heard("call.connected", {**LEGS, "connected_ms": "4000"}, ALICE, NOOR)
    assert connected[ALICE] == call_changed("in_call", "Noor", "up", "connecting")
    lost = {**LEGS, "volunteer_leg": "lost", "call_state": "in_call", "person": NOOR}
    told = heard("leg.changed", lost, ALICE, NOOR)
    assert told[ALICE] == call_changed("in_call", "Noor", "up", "lost")
    assert told[NOOR] == call_changed("in_call", None, "lost", "up")


def test_a_leg_before_the_call_is_nobodys_news() -> None:
    fields = {**LEGS, "call": "", "volunteer": "", "accepted_ms": "", "call_state": "waiting"}
    assert heard("leg.changed", fields) == {}


def test_who_is_put_back_waits_again_and_the_volunteer_hears_that_it_is_over() -> None:
    more = {"volunteer": NOOR, "call": CALL, "reason": "could_not_connect", "state": "waiting"}
    fields = {**HELD, **more, "volunteer_state": "available", "taking": "1", "away": ""}
    told = heard("call.put_back", fields, ALICE, NOOR)
    assert told[ALICE] == HelpChanged(seq=7, help_request=help_view("waiting"))
    assert told[NOOR] == CallEnded(
        seq=7,
        help_request=HELP,
        call=CALL,
        reason=None,
        state=VolunteerState.AVAILABLE,
        taking=True,
        away=None,
    )


def test_who_is_handed_over_is_in_front_and_the_next_one_knows_it() -> None:
    handed = {"handed_call": CALL, "handed_why": "topic", "handed_ms": "8000"}
    more = {"volunteer": NOOR, "call": CALL, "reason": "handed_over", "state": "waiting"}
    fields = {**HELD, **handed, "volunteer_state": "wrapping_up", "taking": "1", "away": ""}
    told = heard("call.put_back", {**fields, **more}, ALICE, NOOR)
    over = HandedView(call=CALL, why=WhyHanded.TOPIC, at_ms=8000)
    view = replace(help_view("waiting"), handed=over)
    assert told[ALICE] == HelpChanged(seq=7, help_request=view)
    left = told[NOOR]
    assert isinstance(left, CallEnded)
    assert (left.reason, left.state) == (EndReason.HANDED_OVER, VolunteerState.WRAPPING_UP)
    made = {"state": "ringing", "offers": f"{OFFER}:{NOOR}:9000:page", "again": "0"}
    told = heard("offers.made", {**HELD, **handed, **made}, ALICE, NOOR)
    assert told[ALICE] == HelpChanged(seq=7, help_request=replace(view, state=HelpState.RINGING))
    assert told[NOOR] == OfferMade(seq=7, offer=replace(ring(OFFER), handed=True))
    met = heard("call.connected", {**LEGS, "handed": "1"}, NOOR)[NOOR]
    assert isinstance(met, CallChanged)
    assert met.call.handed


@pytest.mark.parametrize("reason", list(EndReason))
def test_an_end_is_told_to_both_with_its_reason(reason: EndReason) -> None:
    more = {"volunteer": NOOR, "call": CALL, "reason": reason.value, "withdrawn": ""}
    fields = {**HELD, **more, "volunteer_state": "away", "taking": "1", "away": "asleep"}
    told = heard("help.ended", fields, ALICE, NOOR)
    assert told[ALICE] == HelpEnded(seq=7, help_request=HELP, call=CALL, reason=reason)
    assert told[NOOR] == CallEnded(
        seq=7,
        help_request=HELP,
        call=CALL,
        reason=reason,
        state=VolunteerState.AWAY,
        taking=True,
        away=WhyAway.ASLEEP,
    )


def test_an_end_while_it_rings_closes_every_dialog_and_says_why() -> None:
    withdrawn = f"{OFFER}:{NOOR}:available:1:gone::0 {OTHER}:{BO}:available:1:gone::0"
    more = {"volunteer": "", "call": "", "reason": "cancelled", "withdrawn": withdrawn}
    told = heard("help.ended", {**HELD, **more}, ALICE, NOOR, BO)
    assert told[ALICE] == HelpEnded(seq=7, help_request=HELP, call=None, reason=EndReason.CANCELLED)
    for person, offer in ((NOOR, OFFER), (BO, OTHER)):
        ended = told[person]
        assert isinstance(ended, OfferEnded)
        assert (ended.offer, ended.why, ended.state) == (offer, "gone", VolunteerState.AVAILABLE)


def test_a_volunteers_own_state_is_told_to_them() -> None:
    fields = {"volunteer": NOOR, "state": "available", "taking": "1", "at_ms": "1"}
    told = heard("volunteer.changed", {**fields, "reach": "push", "why": ""}, NOOR)
    free = VolunteerChanged(
        seq=7, state=VolunteerState.AVAILABLE, taking=True, reach=Reach.PUSH, why=None
    )
    assert told == {NOOR: free}
    fields |= {"state": "away", "reach": "page", "why": "snoozed"}
    told = heard("volunteer.changed", fields, NOOR)
    away = replace(free, state=VolunteerState.AWAY, reach=Reach.PAGE, why=WhyAway.SNOOZED)
    assert told == {NOOR: away}


def test_parked_and_confirmed_are_told_too() -> None:
    withdrawn = f"{OFFER}:{NOOR}:away:0:gone:chosen:0"
    parked = heard("help.parked", {**HELD, "withdrawn": withdrawn}, ALICE, NOOR)
    assert parked[ALICE] == HelpChanged(seq=7, help_request=help_view("parked"))
    assert isinstance(parked[NOOR], OfferEnded)
    confirmed = heard("help.confirmed", LEGS, ALICE, NOOR)
    assert confirmed[ALICE] == call_changed("connecting", "Noor", "up", "connecting")


def test_an_unknown_event_is_nobodys_news() -> None:
    assert heard("relay.assigned", {"help_request": HELP}, ALICE) == {}


def test_a_requesters_name_is_never_asked_for() -> None:
    accepted = Event("1-1", "offer.accepted", {**LEGS, "state": "connecting"})
    assert people_named(accepted) == {NOOR}
    assert people_named(Event("1-1", "help.asked", HELD)) == set()


def test_every_narrator_is_in_use() -> None:
    assert len(NARRATORS) == 14
