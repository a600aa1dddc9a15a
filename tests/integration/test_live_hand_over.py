"""Does who is handed over keep place and Leg, whatever else happens in that moment?"""

import asyncio

import pytest

from assist.lib.ids import new_id
from assist.live import Live
from assist.live.keys import key
from assist.live.roster import Entry
from assist.live.snapshot import HelpTruth
from assist.live.transitions import Accepted
from assist.matching.deadlines import sweep
from assist.matching.matchmaker import match_all
from assist.protocol.states import HelpState, LegState, VolunteerState, WhyHanded
from tests.conftest import Clock
from tests.invariants import broken, unkind, unserved
from tests.situations import RELAY, Situation, handed_over, in_call, last_call, reach

RACES = 10


@pytest.fixture
async def talking(turned: Live, clock: Clock) -> Situation:
    """Alice and Noor are in a Call since a minute; Bob takes calls."""
    s = await reach(in_call, turned, clock)
    await turned.beat([("requester", s.alice, False), ("volunteer", s.noor, False)])
    clock.forward(60)
    return s


async def help_of(s: Situation) -> HelpTruth:
    found = (await s.live.requester_snapshot(s.alice)).help
    assert found is not None
    return found


async def bob_meets_alice(s: Situation) -> str:
    """The next one accepts and is there; their Call."""
    await s.rings(s.bob)
    accepted = await s.live.accept(s.bobs_offer, s.bob)
    assert accepted.call is not None
    await s.leg_up(s.bob)
    return accepted.call


async def relay_opens_its_gate(s: Situation) -> None:
    """The Requester's Leg has been up all the time: the relay says so once more."""
    number = int((await s.look()).of("legs")[s.help_request][s.alice].partition(":")[2])
    assert await s.live.leg(s.help_request, s.alice, number, "up", RELAY) == "ok"


async def test_they_keep_place_and_leg_and_meet_the_next_one_on_it(talking: Situation) -> None:
    s = talking
    before = await help_of(s)
    leg = (await s.look()).of("legs")[s.help_request][s.alice]
    assert before.call is not None
    assert await s.live.hand_over(s.help_request, s.noor) == "ok"
    handed = await help_of(s)
    assert (handed.state, handed.since_ms) == (HelpState.WAITING, before.since_ms)
    assert (handed.call, handed.requester_leg) == (None, LegState.UP)
    assert handed.handed is not None
    assert (handed.handed.call, handed.handed.why) == (before.call.id, WhyHanded.MUST_GO)
    noor = await s.live.volunteer_snapshot(s.noor)
    assert (noor.state, noor.help) == (VolunteerState.WRAPPING_UP, None)
    second = await bob_meets_alice(s)
    assert (await s.look()).of("legs")[s.help_request][s.alice] == leg
    await relay_opens_its_gate(s)
    met = await help_of(s)
    assert met.call is not None
    assert (met.state, met.call.id, met.call.volunteer) == (HelpState.IN_CALL, second, s.bob)
    assert broken(await s.look(), s.history) == []


async def test_each_side_may_still_say_how_the_call_was(talking: Situation) -> None:
    call = (await help_of(talking)).call
    assert call is not None
    await talking.live.hand_over(talking.help_request, talking.noor)
    people = (talking.alice, talking.noor, talking.help_request)
    assert await talking.live.people_of(call.id) == people


async def test_what_is_named_is_asked_for_from_here_on(talking: Situation) -> None:
    s = talking
    await s.live.hand_over(s.help_request, s.noor, topic="cooking")
    first = await help_of(s)
    assert (first.languages, first.topic) == (["en"], "cooking")
    await bob_meets_alice(s)
    await relay_opens_its_gate(s)
    assert await s.live.hand_over(s.help_request, s.bob, language="fi") == "ok"
    second = await help_of(s)
    assert (second.languages, second.topic, second.reachable) == (["fi"], "cooking", 0)
    assert second.handed is not None
    assert second.handed.why == WhyHanded.LANGUAGE
    assert second.since_ms == first.since_ms


async def test_who_was_handed_over_in_vain_can_ask_in_their_own_language_again(
    talking: Situation,
) -> None:
    """Nobody speaks Finnish here, and whoever speaks English is busy just now."""
    s = talking
    assert await s.live.away(s.bob) == "ok"
    await s.live.hand_over(s.help_request, s.noor, language="fi")
    assert await s.live.others(s.help_request, s.alice) == {"en": 0}
    assert await s.live.widen(s.help_request, s.alice, "en") == "ok"
    assert await s.live.others(s.help_request, s.alice) == {}
    assert await s.live.available(s.bob) == "ok"
    await bob_meets_alice(s)
    await relay_opens_its_gate(s)
    await s.live.hand_over(s.help_request, s.bob, language="da")
    assert await s.live.others(s.help_request, s.alice) == {"en": 0, "fi": 0}


async def test_those_who_know_of_it_are_asked_first_and_then_the_others(
    talking: Situation, clock: Clock
) -> None:
    """It was a Volunteer who named the topic: the person is not to be left alone for it."""
    s = talking
    cook, reader = new_id(), new_id()
    assert await s.live.away(s.bob) == "ok"
    await s.live.enlist(cook, Entry(["en"], topics=("cooking",)))
    await s.live.enlist(reader, Entry(["en"], topics=("reading",)))
    for one in (cook, reader):
        assert await s.live.available(one) == "ok"
    assert await s.live.hand_over(s.help_request, s.noor, topic="reading") == "ok"
    assert (await help_of(s)).reachable == 2
    before = await s.look()
    assert await match_all(s.live) == 1
    assert {one["volunteer"] for one in (await s.look()).pending.values()} == {reader}
    assert unkind(before, await s.look()) == unserved(before, await s.look()) == []
    clock.forward(9)
    before = await s.look()
    assert await sweep(s.live) > 0
    truth = await s.look()
    assert unkind(before, truth) == unserved(before, truth) == []
    assert {one["volunteer"] for one in truth.pending.values()} == {reader, cook}
    assert broken(truth, s.history) == []


async def test_a_topic_of_somebody_else_keeps_nobody_waiting(talking: Situation) -> None:
    s = talking
    await s.live.enlist(s.bob, Entry(["en"], topics=("cooking",)))
    assert await s.live.available(s.bob) == "ok"
    await s.live.hand_over(s.help_request, s.noor, topic="reading")
    assert await match_all(s.live) == 1
    offer = await s.offer_of(s.bob)
    assert (await s.live.accept(offer, s.bob)).is_ == "ok"


async def test_a_topic_that_the_person_chose_themselves_stays_a_condition(
    turned: Live, clock: Clock
) -> None:
    """Who is handed over by somebody who must go has named it themselves, and can leave it."""
    s = await reach(in_call, turned, clock)
    await turned.redis.hset(key("help", s.help_request), "topic", "reading")  # as if asked with it
    await turned.enlist(s.bob, Entry(["en"], topics=("cooking",)))
    assert await turned.available(s.bob) == "ok"
    assert await turned.hand_over(s.help_request, s.noor) == "ok"
    assert await match_all(turned) == 0


async def test_nobody_who_handed_over_is_asked_again(talking: Situation, clock: Clock) -> None:
    s = talking
    await s.live.hand_over(s.help_request, s.noor)
    await bob_meets_alice(s)
    await relay_opens_its_gate(s)
    await s.live.hand_over(s.help_request, s.bob)
    for _ in range(3):
        clock.forward(70)
        await s.live.beat([("requester", s.alice, False)])
        for volunteer in (s.noor, s.bob):
            assert await s.live.available(volunteer) == "ok"
        assert await match_all(s.live) == 0
    found = await s.live.standing(s.help_request)
    assert found is not None
    assert found.candidates == []


async def test_who_wanted_no_more_after_this_one_is_away(turned: Live, clock: Clock) -> None:
    s = await reach(last_call, turned, clock)
    assert await turned.hand_over(s.help_request, s.noor) == "ok"
    noor = await turned.volunteer_snapshot(s.noor)
    assert (noor.state, noor.taking) == (VolunteerState.AWAY, False)


async def test_it_needs_no_leg_of_either_side(talking: Situation) -> None:
    s = talking
    number = int((await s.look()).of("legs")[s.help_request][s.alice].partition(":")[2])
    await s.live.leg(s.help_request, s.alice, number, "lost", RELAY)
    assert await s.live.hand_over(s.help_request, s.noor) == "ok"
    handed = await help_of(s)
    assert (handed.state, handed.requester_leg) == (HelpState.WAITING, LegState.LOST)


async def test_twice_is_once_and_a_page_of_before_ends_no_other_call(talking: Situation) -> None:
    s = talking
    assert await s.live.hand_over(s.help_request, s.noor, "da") == "ok"
    once = await s.look()
    assert await s.live.hand_over(s.help_request, s.noor, "fi") == "ok"
    assert (await s.look()).same() == once.same()
    await s.live.widen(s.help_request, s.alice, "en")
    await bob_meets_alice(s)
    meeting = await s.look()
    await s.live.hand_over(s.help_request, s.noor)
    assert await s.live.end(s.help_request, s.noor) == "not_yours"
    assert (await s.look()).same() == meeting.same()


async def test_a_suspended_volunteer_has_nobody_to_hand_over(talking: Situation) -> None:
    await talking.live.suspend(talking.noor)
    assert await talking.live.hand_over(talking.help_request, talking.noor) == "gone"


async def test_a_call_back_later_forgets_who_handed_over(turned: Live, clock: Clock) -> None:
    s = await reach(handed_over, turned, clock)
    await s.parks()
    assert (await help_of(s)).handed is None
    assert not [name for name in (await s.look()).helps[s.help_request] if "handed" in name]


async def test_the_wait_after_it_ends_as_every_other(turned: Live, clock: Clock) -> None:
    s = await reach(handed_over, turned, clock)
    clock.forward(130)
    assert await turned.lapse("requester", s.alice) == "ok"
    ended = (await s.look()).helps[s.help_request]
    assert (ended["state"], ended["reason"]) == ("ended", "requester_lost")
    assert broken(await s.look(), s.history) == []


@pytest.mark.parametrize("block", [False, True], ids=["ends", "blocks"])
async def test_who_ends_or_blocks_in_the_same_moment_gets_their_will(
    turned: Live, clock: Clock, block: bool
) -> None:
    """Both orders come about; whichever it was, it is over, and a block holds."""
    firsts = set()
    for turn in range(RACES):
        await turned.redis.flushall()
        s = await reach(in_call, turned, clock)
        acts = [
            turned.end(s.help_request, s.alice, block=block),
            turned.hand_over(s.help_request, s.noor),
        ]
        answers = await asyncio.gather(*(acts if turn % 2 else reversed(acts)))
        end, over = answers if turn % 2 else reversed(answers)
        firsts.add(over)
        assert (end, over) in (("ok", "ok"), ("ok", "gone"))
        truth = await s.look()
        assert truth.state("help", s.help_request, "") == "ended"
        assert (s.noor in truth.of("blocks").get(s.alice, ())) == block
        assert broken(truth, s.history) == []
    assert firsts == {"ok", "gone"}, "one of them was always first"


async def test_a_second_volunteer_who_accepts_is_not_handed_on_by_the_first(
    turned: Live, clock: Clock
) -> None:
    """Noor's page repeats itself while Bob accepts: his Call stands."""
    for _ in range(RACES):
        await turned.redis.flushall()
        s = await reach(handed_over, turned, clock)
        await s.live.widen(s.help_request, s.alice, "en")
        await s.rings(s.bob)
        over, accepted, again = await asyncio.gather(
            turned.hand_over(s.help_request, s.noor),
            turned.accept(s.bobs_offer, s.bob),
            turned.hand_over(s.help_request, s.noor),
        )
        assert (over, accepted.is_, again) == ("ok", "ok", "ok")
        assert (await s.look()).helps[s.help_request]["volunteer"] == s.bob
        assert broken(await s.look(), s.history) == []


async def test_a_block_in_the_moment_of_the_next_accept_parts_from_the_first_alone(
    turned: Live, clock: Clock
) -> None:
    """Noor has handed over, and Alice presses "End and block" on her while Bob accepts."""
    firsts = set()
    for turn in range(RACES):
        await turned.redis.flushall()
        s = await reach(in_call, turned, clock)
        call = (await help_of(s)).call
        assert call is not None
        await turned.hand_over(s.help_request, s.noor)
        await s.rings(s.bob)
        offer = s.bobs_offer
        acts = [
            turned.end(s.help_request, s.alice, True, call.id),
            turned.accept(offer, s.bob),
        ]
        answers: list[object] = await asyncio.gather(*(acts if turn % 2 else reversed(acts)))
        end, accepted = answers if turn % 2 else reversed(answers)
        assert (end, isinstance(accepted, Accepted)) == ("ok", True)
        firsts.add(accepted[0] if isinstance(accepted, Accepted) else None)
        truth = await s.look()
        assert truth.state("help", s.help_request, "") == "ended"
        assert truth.of("blocks")[s.alice] == {s.noor}
        assert broken(truth, s.history) == []
    assert firsts == {"ok", "gone"}, "one of them was always first"


async def test_a_call_of_somebody_else_is_ended_and_blocked_by_nobody(talking: Situation) -> None:
    s = talking
    before = await s.look()
    assert await s.live.end(s.help_request, s.noor, True, new_id()) == "gone"
    call = (await help_of(s)).call
    assert call is not None
    assert await s.live.end(s.help_request, s.bob, True, call.id) == "not_yours"
    assert (await s.look()).same() == before.same()


async def test_an_end_in_a_call_that_nobody_knows_of_any_more_ends_the_wish_and_blocks_nobody(
    talking: Situation,
) -> None:
    """The first Volunteer is forgotten by now, and the Requester's page has gone silent already."""
    s = talking
    assert await s.live.end(s.help_request, s.alice, True, new_id()) == "ok"
    truth = await s.look()
    assert truth.state("help", s.help_request, "") == "ended"
    assert truth.helps[s.help_request]["reason"] == "requester_ended"
    assert truth.of("blocks") == {}
    assert broken(truth, s.history) == []


async def test_a_block_after_cancelling_is_of_the_call_that_was_handed_over(
    talking: Situation,
) -> None:
    """A page that does not know of Calls: its last one is meant."""
    s = talking
    call = (await help_of(s)).call
    assert call is not None
    await s.live.hand_over(s.help_request, s.noor)
    assert await s.live.cancel(s.help_request, s.alice) == "ok"
    assert await s.live.end(s.help_request, s.alice, True) == "ok"
    event = (await s.live.read_events("0-0"))[-1]
    assert (event.type, event.fields["volunteer"], event.fields["call"]) == (
        "people.parted",
        s.noor,
        call.id,
    )
    assert (await s.look()).of("blocks")[s.alice] == {s.noor}


async def test_a_volunteer_who_handed_over_may_still_block(talking: Situation) -> None:
    """Of the Call that was theirs; the next one goes on."""
    s = talking
    call = (await help_of(s)).call
    assert call is not None
    await s.live.hand_over(s.help_request, s.noor)
    await bob_meets_alice(s)
    assert await s.live.end(s.help_request, s.noor, False, call.id) == "gone"
    assert await s.live.end(s.help_request, s.noor, True, call.id) == "ok"
    truth = await s.look()
    assert truth.of("blocks")[s.alice] == {s.noor}
    assert truth.helps[s.help_request]["volunteer"] == s.bob
    assert broken(truth, s.history) == []
