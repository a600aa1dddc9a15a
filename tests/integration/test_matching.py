"""Is everybody who waits rung without delay, and nobody more often than is kind?"""

import asyncio
from collections import Counter

import pytest

from assist.lib.ids import new_id
from assist.live import Entry, Live, Standing
from assist.live.keys import key
from assist.matching import matchmaker
from assist.matching.deadlines import sweep
from assist.matching.matchmaker import match_all, match_one, run_matchmaker
from assist.protocol.states import Among, HelpState, LegState, VolunteerState
from tests.conftest import Clock, enlisted
from tests.matching_steps import asks, available, help_state, keep_alive, offer_to, ringing
from tests.waiting import wait_for


async def test_a_few_are_rung_at_once_and_some_more_after_eight_seconds(
    turned: Live, clock: Clock, alice: str
) -> None:
    people = await available(turned, 9, "en")
    await asks(turned, alice, "en")
    assert await match_all(turned) == 1
    first = await ringing(turned, people)
    assert len(first) == 4, "1 - 0.6 ** 4 is the first over 0.8"
    clock.forward(7.9)
    await sweep(turned)
    assert await match_all(turned) == 0
    clock.forward(0.2)
    await sweep(turned)
    second = await ringing(turned, people)
    assert len(second) == 6, "those who ring still count"
    assert set(first) < set(second), "the next Wave adds, it withdraws nothing"


async def test_after_every_ring_was_declined_the_next_goes_out_at_once(
    turned: Live, alice: str
) -> None:
    people = await available(turned, 9, "en")
    await asks(turned, alice, "en")
    await match_all(turned)
    first = await ringing(turned, people)
    for one in first:
        assert await turned.decline(await offer_to(turned, one), one) == "ok"
    assert await help_state(turned, alice) == HelpState.WAITING
    assert await match_all(turned) == 1
    assert not set(first) & set(await ringing(turned, people)), "fresh people are asked first"


async def test_a_house_with_one_volunteer_still_answers_a_minute_after_a_miss(
    turned: Live, clock: Clock, alice: str, bob: str
) -> None:
    await turned.available(bob)
    await asks(turned, alice, "en")
    await match_all(turned)
    for _ in range(5):
        clock.forward(5)
        await keep_alive(turned, [alice], [bob])
    clock.forward(0.1)
    await sweep(turned)
    assert (await turned.volunteer_snapshot(bob)).state == VolunteerState.AVAILABLE
    for _ in range(5):
        clock.forward(10)
        await keep_alive(turned, [alice], [bob])
        assert await match_all(turned) == 0, "not before a minute has passed"
    clock.forward(10)
    assert await match_all(turned) == 1


async def test_who_said_not_now_is_asked_again_only_after_coming_back(
    turned: Live, clock: Clock, alice: str, bob: str
) -> None:
    await turned.available(bob)
    await asks(turned, alice, "en")
    await match_all(turned)
    await turned.decline(await offer_to(turned, bob), bob)
    for _ in range(9):
        clock.forward(10)
        await keep_alive(turned, [alice], [bob])
    assert await match_all(turned) == 0
    await turned.away(bob)
    await turned.available(bob)
    assert await match_all(turned) == 1


async def test_an_offer_lives_twenty_seconds_from_its_screen_and_25_at_most(
    turned: Live, clock: Clock, alice: str
) -> None:
    people = await available(turned, 2, "en")
    await asks(turned, alice, "en")
    await match_all(turned)
    clock.forward(2)
    seen, late = people
    await turned.shown(await offer_to(turned, seen), seen)
    clock.forward(5)
    await turned.shown(await offer_to(turned, late), late)
    deadlines = []
    for one in (seen, late):
        offer = (await turned.volunteer_snapshot(one)).offer
        assert offer is not None
        deadlines.append(offer.deadline_ms - clock.ms)
    assert deadlines == [15_000, 18_000]


async def test_only_those_who_share_a_language_are_rung(turned: Live, alice: str) -> None:
    english = await available(turned, 1, "en")
    danish = await available(turned, 1, "en", "da")
    await asks(turned, alice, "da", "fi")
    await match_all(turned)
    assert await ringing(turned, [*english, *danish]) == danish


async def test_the_longest_idle_is_asked_first(
    turned: Live, clock: Clock, alice: str, ravi: str
) -> None:
    people = await available(turned, 5, "en")
    await turned.relay_announce("r", "127.0.0.1", 1, 0.1, 0)
    help_request = await asks(turned, alice, "en")
    await match_all(turned)
    winner = (await ringing(turned, people))[0]
    await turned.accept(await offer_to(turned, winner), winner)
    for person in (alice, winner):
        seat = await turned.seat(help_request, person)
        await turned.leg(help_request, person, seat.number, "up", "r")
    assert await help_state(turned, alice) == HelpState.IN_CALL
    await turned.end(help_request, alice)
    await turned.available(winner)
    await asks(turned, ravi, "en")
    await match_all(turned)
    assert winner not in await ringing(turned, people)


async def test_who_is_put_back_goes_back_to_the_front(
    turned: Live, clock: Clock, alice: str, ravi: str
) -> None:
    first, second = await available(turned, 2, "en")
    await asks(turned, alice, "en")
    await turned.away(second)
    await match_all(turned)
    await turned.accept(await offer_to(turned, first), first)
    clock.forward(1)
    await asks(turned, ravi, "en")
    clock.forward(14.5)
    await keep_alive(turned, [alice, ravi], [first])
    await sweep(turned)
    assert await help_state(turned, alice) == HelpState.WAITING
    await turned.available(second)
    assert await match_all(turned) >= 1
    offered = (await turned.volunteer_snapshot(second)).help
    assert offered is not None
    assert offered.requester == alice


async def test_a_hidden_page_rings_nobody_after_twenty_seconds(
    turned: Live, clock: Clock, alice: str, bob: str
) -> None:
    await asks(turned, alice, "en")
    await turned.beat([("requester", alice, True)])
    clock.forward(21)
    await turned.available(bob)
    assert await match_all(turned) == 0
    await turned.beat([("requester", alice, False)])
    assert await match_all(turned) == 1


async def test_a_volunteer_whose_page_is_hidden_is_rung_no_more(
    turned: Live, clock: Clock, alice: str, bob: str
) -> None:
    await turned.available(bob)
    await turned.beat([("volunteer", bob, True)])
    clock.forward(21)
    await asks(turned, alice, "en")
    assert await match_all(turned) == 0


async def test_two_workers_at_once_make_one_wave(turned: Live, alice: str) -> None:
    people = await available(turned, 9, "en")
    help_request = await asks(turned, alice, "en")
    made = await asyncio.gather(*(match_one(turned, help_request) for _ in range(8)))
    assert sum(made) == 1
    assert len(await ringing(turned, people)) == 4


async def test_the_running_matchmaker_answers_a_fact_at_once(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matchmaker, "BEAT_SECONDS", 3600.0)
    stop = asyncio.Event()
    task = asyncio.create_task(run_matchmaker(live, stop))
    for _ in range(2):  # the first may have been found in its very first round
        [volunteer] = await available(live, 1, "en")
        await asks(live, new_id(), "en")
        await wait_for(lambda volunteer=volunteer: why_not_rung(live, volunteer))  # type: ignore[misc]
    stop.set()
    await asks(live, new_id(), "en")  # it looks up at every fact
    await task


async def why_not_rung(live: Live, volunteer: str) -> str:
    state = (await live.volunteer_snapshot(volunteer)).state
    return "" if state == VolunteerState.RINGING else f"the Volunteer is {state}"


async def test_a_relay_that_died_takes_its_word_about_the_legs_with_it(
    turned: Live, alice: str, bob: str
) -> None:
    await turned.available(bob)
    help_request = await asks(turned, alice, "en")
    await match_all(turned)
    await turned.accept(await offer_to(turned, bob), bob)
    await turned.relay_announce("one", "127.0.0.1", 1, 0.1, 0)
    for person in (alice, bob):
        seat = await turned.seat(help_request, person)
        await turned.leg(help_request, person, seat.number, "up", "one")
    await turned.relay_withdraw("one")
    await turned.relay_announce("two", "127.0.0.1", 2, 0.1, 0)
    seat = await turned.seat(help_request, bob)
    assert seat.relay == "two"
    truth = (await turned.requester_snapshot(alice)).help
    assert truth is not None
    assert truth.requester_leg == LegState.NEW


async def test_nobody_is_rung_while_all_lines_are_busy_and_the_place_is_kept(
    turned: Live, clock: Clock, alice: str, bob: str
) -> None:
    await turned.available(bob)
    await turned.relay_announce("one", "127.0.0.1", 1, 0.9, 40, takes_below=0.85)
    help_request = await asks(turned, alice, "en")
    assert (await turned.seat(help_request, alice)).is_ == "no_relay"
    assert await match_all(turned) == 0, "whoever accepted would only wait in vain"
    clock.forward(2)
    await turned.relay_announce("two", "127.0.0.1", 2, 0.84, 40, takes_below=0.85)
    assert (await turned.seat(help_request, alice)).relay == "two"
    assert await match_all(turned) == 1
    truth = (await turned.requester_snapshot(alice)).help
    assert truth is not None
    assert truth.id == help_request


async def test_many_who_ask_at_once_do_not_all_find_the_same_relay_idle(turned: Live) -> None:
    await turned.relay_announce("one", "127.0.0.1", 1, 0.815, 0, takes_below=0.85)
    await turned.relay_announce("two", "127.0.0.1", 2, 0.825, 0, takes_below=0.85)
    seats = []
    for _ in range(8):
        requester = new_id()
        seats.append(await turned.seat(await asks(turned, requester, "en"), requester))
    assert Counter(seat.relay for seat in seats) == {"one": 4, "two": 3, None: 1}


async def test_a_call_whose_relay_died_is_taken_in_by_a_full_one_but_not_by_one_that_leaves(
    turned: Live, alice: str, bob: str
) -> None:
    await turned.available(bob)
    await turned.relay_announce("one", "127.0.0.1", 1, 0.1, 0)
    help_request = await asks(turned, alice, "en")
    await match_all(turned)
    await turned.accept(await offer_to(turned, bob), bob)
    for person in (alice, bob):
        seat = await turned.seat(help_request, person)
        await turned.leg(help_request, person, seat.number, "up", "one")
    await turned.relay_withdraw("one")
    await turned.relay_announce("leaving", "127.0.0.1", 2, 0.1, 9, takes_below=-1)
    assert (await turned.seat(help_request, bob)).is_ == "no_relay"
    await turned.relay_announce("full", "127.0.0.1", 2, 0.9, 9, takes_below=0)
    assert (await turned.seat(help_request, bob)).relay == "full"


async def test_a_relay_that_leaves_is_left_for_another_and_carries_on_while_there_is_none(
    turned: Live, alice: str
) -> None:
    assert await turned.relay_announce("one", "127.0.0.1", 1, 0.1, 0) == 0
    help_request = await asks(turned, alice, "en")
    assert (await turned.seat(help_request, alice)).relay == "one"
    assert await turned.relay_announce("one", "127.0.0.1", 1, 0.1, 1, takes_below=-1) == 0
    assert (await turned.seat(help_request, alice)).relay == "one"
    assert await turned.relay_announce("two", "127.0.0.1", 2, 0.9, 9) == 0
    assert await turned.relay_announce("one", "127.0.0.1", 1, 0.1, 1, takes_below=-1) == 1
    assert (await turned.seat(help_request, alice)).relay == "two"


async def test_who_comes_after_a_wave_is_rung_although_a_phone_still_rings(
    turned: Live, clock: Clock, alice: str, bob: str, noor: str
) -> None:
    await turned.available(bob)
    await asks(turned, alice, "en")
    assert await match_all(turned) == 1
    clock.forward(8.1)
    await sweep(turned)
    assert await ringing(turned, [bob]) == [bob], "a Wave that is over withdraws nothing"
    await turned.available(noor)
    assert await match_all(turned) == 1
    assert await ringing(turned, [bob, noor]) == [bob, noor]


async def test_two_workers_that_choose_the_same_people_both_make_a_wave(
    turned: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing, both = turned.standing, asyncio.Barrier(2)
    looked: set[str] = set()

    async def look_together(help_request: str, limit: int) -> Standing | None:
        found = await standing(help_request, limit)
        if help_request not in looked:
            looked.add(help_request)
            await both.wait()
        return found

    monkeypatch.setattr(turned, "standing", look_together)
    people = [await enlisted(turned, "en") for _ in range(30)]
    for hours, one in enumerate(people):  # so far apart that both would ask the same ones first
        await turned.redis.hset(key("roster", one), "turn_ms", hours * 3_600_000)
        assert await turned.available(one) == "ok"
    helps = [await asks(turned, new_id(), "en") for _ in range(2)]
    assert await asyncio.gather(*(match_one(turned, one) for one in helps)) == [True, True]
    assert len(await ringing(turned, people)) == 8


async def test_those_matched_together_ask_different_people(turned: Live) -> None:
    people = await available(turned, 30, "en")
    for _ in range(5):
        await asks(turned, new_id(), "en")
    assert await match_all(turned) == 5
    assert len(await ringing(turned, people)) == 20, "each Wave is as large as it wanted to be"


async def test_nobody_who_came_later_takes_whom_an_older_wish_comes_to_next(
    turned: Live, clock: Clock, alice: str, ravi: str, noor: str, bob: str
) -> None:
    """Noor is the nearest of the second, and the only one of the first."""
    await turned.enlist(noor, ["fi", "en"])
    await turned.tie("circle", ravi, noor)
    for one in (noor, bob):
        await turned.available(one)
    await asks(turned, alice, "fi")
    clock.forward(1)
    await turned.ask(new_id(), ravi, ["en"], among=Among.CIRCLE_FIRST)
    clock.forward(1)
    await asks(turned, new_id(), "en")
    assert await match_all(turned) == 2
    assert await help_state(turned, alice) == HelpState.RINGING
    assert await help_state(turned, ravi) == HelpState.RINGING


async def test_a_ring_that_was_withdrawn_early_counts_in_part(
    turned: Live, clock: Clock, alice: str, bob: str, noor: str
) -> None:
    for one in (bob, noor):
        await turned.available(one)
    help_request = await asks(turned, alice, "en")
    await match_all(turned)
    clock.forward(2)
    await turned.accept(await offer_to(turned, bob), bob)
    found = await turned.standing(await asks(turned, new_id(), "en"))
    assert found is not None
    taken, made = found.odds["page"]
    # Noor's two seconds of eight come second and leave a little less of Bob's.
    part = (2 / 8) ** 2
    assert taken == pytest.approx(0.99**part)
    assert made == pytest.approx(0.99**part + part)
    assert await turned.cancel(help_request, alice) == "ok"


async def test_a_wave_by_push_looks_as_far_as_it_must(turned: Live) -> None:
    people = [new_id() for _ in range(40)]
    for one in people:
        await turned.enlist(one, Entry(["en"], push=True))
        assert await turned.available(one) == "ok"
        await turned.redis.zrem(key("deadlines"), f"volunteer:{one}")  # no page beats
    for _ in range(2):
        await asks(turned, new_id(), "en")
    assert await match_all(turned) == 2
    assert len(await ringing(turned, people)) == 32, "1 - 0.9 ** 16 is the first over 0.8"
