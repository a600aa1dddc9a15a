"""Who is asked? Circles, hours, snooze, push, topics, turns, and those who are called back."""

from assist.lib.ids import new_id
from assist.live import Entry, Live
from assist.live.keys import key
from assist.live.limits import LIMITS_MS
from assist.matching.deadlines import sweep
from assist.matching.matchmaker import match_all
from assist.protocol.states import HelpState, Reach, VolunteerState, WhyAway
from tests.conftest import Clock, enlisted
from tests.matching_steps import asks, available, help_state, keep_alive, offer_to, ringing


async def test_a_blocked_volunteer_does_not_count_as_reachable(
    turned: Live, alice: str, bob: str
) -> None:
    await turned.available(bob)
    await turned.block(alice, bob)
    await asks(turned, alice, "en")
    truth = (await turned.requester_snapshot(alice)).help
    assert truth is not None
    assert truth.reachable == 0


async def test_the_circle_is_asked_before_anybody_else(turned: Live, alice: str) -> None:
    people = await available(turned, 5, "en")
    await turned.tie("circle", alice, people[3])
    await asks(turned, alice, "en")
    await match_all(turned)
    assert await ringing(turned, people) == [people[3]]
    await turned.decline(await offer_to(turned, people[3]), people[3])
    await match_all(turned)
    assert len(await ringing(turned, people)) == 4


async def test_only_my_circle_rings_nobody_else(turned: Live, alice: str) -> None:
    people = await available(turned, 2, "en")
    await turned.ask(new_id(), alice, ["en"], among="circle")
    assert await match_all(turned) == 0
    truth = (await turned.requester_snapshot(alice)).help
    assert truth is not None
    assert truth.reachable == 0
    await turned.tie("circle", alice, people[0])
    assert await match_all(turned) == 1
    assert await ringing(turned, people) == [people[0]]


async def test_who_helps_only_a_circle_is_asked_by_nobody_else(
    turned: Live, alice: str, ravi: str
) -> None:
    aunt = new_id()
    await turned.enlist(aunt, Entry(["en"], public=False))
    await turned.available(aunt)
    await turned.tie("circle", alice, aunt)
    await asks(turned, ravi, "en")
    assert await match_all(turned) == 0
    await asks(turned, alice, "en")
    assert await match_all(turned) == 1


async def test_who_helps_only_a_circle_holds_up_nobody_whom_they_once_met(
    turned: Live, alice: str
) -> None:
    aunt = new_id()
    await turned.enlist(aunt, Entry(["en"], public=False))
    await turned.available(aunt)
    await turned.tie("met", alice, aunt)
    [noor] = await available(turned, 1, "en")
    await asks(turned, alice, "en")
    assert await match_all(turned) == 1
    assert await ringing(turned, [aunt, noor]) == [noor]


async def test_outside_their_own_hours_nobody_is_rung_and_inside_they_are(
    turned: Live, clock: Clock, alice: str
) -> None:
    noor = new_id()
    begins, ends = clock.ms + 60_000, clock.ms + 120_000
    await turned.enlist(noor, Entry(["en"], awake=((begins, ends),)))
    await turned.available(noor)
    truth = await turned.volunteer_snapshot(noor)
    assert (truth.state, truth.why) == (VolunteerState.AWAY, WhyAway.ASLEEP)
    await asks(turned, alice, "en")
    assert await match_all(turned) == 0
    for _ in range(3):
        clock.forward(20)
        await keep_alive(turned, [alice], [noor])
    await sweep(turned)
    assert await match_all(turned) == 1


async def test_a_snooze_ends_by_itself(turned: Live, clock: Clock, alice: str) -> None:
    noor = await enlisted(turned, "en")
    await turned.available(noor)
    await turned.enlist(noor, Entry(["en"], snooze_ms=clock.ms + 10_000))
    assert (await turned.volunteer_snapshot(noor)).why == WhyAway.SNOOZED
    clock.forward(11)
    await keep_alive(turned, [], [noor])
    await sweep(turned)
    assert (await turned.volunteer_snapshot(noor)).state == VolunteerState.AVAILABLE


async def test_whom_a_push_reaches_goes_on_taking_calls_without_a_page(
    turned: Live, clock: Clock, alice: str
) -> None:
    noor = new_id()
    await turned.enlist(noor, Entry(["en"], push=True))
    await turned.available(noor)
    clock.forward(26)
    await sweep(turned)
    truth = await turned.volunteer_snapshot(noor)
    assert (truth.state, truth.reach) == (VolunteerState.AVAILABLE, Reach.PUSH)
    await asks(turned, alice, "en")
    assert await match_all(turned) == 1
    truth = await turned.volunteer_snapshot(noor)
    assert truth.offer is not None
    assert truth.offer.deadline_ms == clock.ms + 60_000
    clock.forward(50)
    await turned.accept(truth.offer.id, noor)
    assert await help_state(turned, alice) == HelpState.CONNECTING


async def test_three_misses_in_a_row_set_an_open_page_away_and_say_why(
    turned: Live, clock: Clock, alice: str, bob: str
) -> None:
    await turned.available(bob)
    for _ in range(3):
        await asks(turned, alice, "en")
        assert await match_all(turned) == 1
        for _ in range(6):
            clock.forward(5)
            await keep_alive(turned, [alice], [bob])
        await sweep(turned)
        truth = (await turned.requester_snapshot(alice)).help
        assert truth is not None
        await turned.cancel(truth.id, alice)
    after = await turned.volunteer_snapshot(bob)
    assert (after.state, after.taking, after.why) == (VolunteerState.AWAY, False, WhyAway.MISSED)


async def test_who_was_too_late_is_first_in_the_next_wave(
    turned: Live, clock: Clock, alice: str, ravi: str
) -> None:
    early = await available(turned, 2, "en")
    await asks(turned, alice, "en")
    await match_all(turned)
    quick, late = early
    await turned.accept(await offer_to(turned, quick), quick)
    assert (await turned.volunteer_snapshot(late)).next_ms == clock.ms + 60_000
    crowd = await available(turned, 9, "en")
    clock.forward(1)
    await asks(turned, ravi, "en")
    await match_all(turned)
    assert late in await ringing(turned, [late, *crowd])


async def test_a_topic_is_asked_of_those_who_like_it(turned: Live, alice: str) -> None:
    cook, reader, anyone = new_id(), new_id(), new_id()
    await turned.enlist(cook, Entry(["en"], topics=("cooking",)))
    await turned.enlist(reader, Entry(["en"], topics=("reading",)))
    await turned.enlist(anyone, Entry(["en"]))
    for one in (cook, reader, anyone):
        await turned.available(one)
    await turned.ask(new_id(), alice, ["en"], topic="reading")
    await match_all(turned)
    assert set(await ringing(turned, [cook, reader, anyone])) == {reader, anyone}


async def test_the_parked_come_after_everybody_with_a_phone_in_the_hand(
    turned: Live, clock: Clock, alice: str, ravi: str
) -> None:
    parked = await asks(turned, alice, "en")
    assert await turned.park(parked, alice, clock.ms + 3_600_000) == "ok"
    clock.forward(1)
    await asks(turned, ravi, "en")
    [noor] = await available(turned, 1, "en")
    await match_all(turned)
    offered = (await turned.volunteer_snapshot(noor)).help
    assert offered is not None
    assert offered.requester == ravi


async def test_a_parked_requester_is_rung_and_confirms_before_anything_opens(
    turned: Live, clock: Clock, alice: str, bob: str
) -> None:
    parked = await asks(turned, alice, "en")
    await turned.park(parked, alice, clock.ms + 3_600_000)
    clock.forward(600)
    await turned.available(bob)
    assert await match_all(turned, lambda: False) == 0, "the house is closed"
    assert await match_all(turned) == 1
    await turned.accept(await offer_to(turned, bob), bob)
    assert await help_state(turned, alice) == HelpState.CONFIRMING
    assert await turned.confirm(parked, alice) == "ok"
    assert await help_state(turned, alice) == HelpState.CONNECTING


async def test_whose_circle_was_taken_in_the_same_round_is_not_kept_waiting(
    turned: Live, clock: Clock, alice: str, ravi: str
) -> None:
    [aunt] = await available(turned, 1, "en")
    [noor] = await available(turned, 1, "da")
    await turned.tie("circle", ravi, aunt)
    await asks(turned, alice, "en")
    clock.forward(1)
    await asks(turned, ravi, "en", "da")
    assert await match_all(turned) == 2
    assert await ringing(turned, [aunt, noor]) == [aunt, noor]


async def test_a_page_that_nobody_sits_at_does_not_stand_first_for_ever(
    turned: Live, clock: Clock
) -> None:
    [nobody, noor] = await available(turned, 2, "en")
    for _ in range(3):
        requester = new_id()
        help_request = await asks(turned, requester, "en")
        assert await match_all(turned) == 1
        assert await ringing(turned, [nobody, noor]) == [nobody, noor]
        clock.forward(9)
        await keep_alive(turned, [requester], [nobody, noor])
        assert (await turned.accept(await offer_to(turned, noor), noor)).is_ == "ok"
        assert await turned.cancel(help_request, requester) == "ok"
    first = int(await turned.redis.hget(key("roster", nobody), "turn_ms") or 0)
    found = await turned.volunteer_snapshot(nobody)
    assert (found.state, found.next_ms) == (VolunteerState.AVAILABLE, 0), "no longer next in line"
    assert first > clock.ms - LIMITS_MS["HEADSTART"] // 2 - 60_000, "and half of the turn is gone"
