"""Does history say what the Events say, in whatever order and how often they come?"""

import logging
import random
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from channels.db import database_sync_to_async as in_sql

from assist.accounts.blocks import blocks_of
from assist.accounts.models import Block, Person
from assist.accounts.questions import leave, text_of
from assist.lib.ids import new_id
from assist.live import Event, Live
from assist.protocol.states import Role
from assist.records.draft import Draft
from assist.records.fold import PASSING, fold
from assist.records.history import blocked_by, blocked_by_volunteer, ended, people_in
from assist.records.models import Call, HelpRequest, Offer
from tests import handings, stories
from tests.conftest import START_MS, Clock
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.history]

START = datetime.fromtimestamp(START_MS / 1000, UTC)


def fold_all(events: Iterable[Event]) -> None:
    draft = Draft()
    for event in events:
        fold(event, draft)
    draft.write()


def fold_each(events: Iterable[Event]) -> None:
    for event in events:
        fold_all([event])


def rows() -> dict[str, list[dict[str, Any]]]:
    """All of history."""
    found: dict[str, list[Any]] = {
        model.__name__: list(model._default_manager.order_by("id").values())
        for model in (HelpRequest, Offer, Call)
    }
    found["Block"] = list(Block.objects.order_by("one", "other").values("one", "other"))
    return found


def forget() -> None:
    HelpRequest.objects.all().delete()
    Block.objects.all().delete()


async def offer_of(live: Live, volunteer: str) -> str:
    """The Offer that rings at this Volunteer's."""
    offer = (await live.volunteer_snapshot(volunteer)).offer
    assert offer is not None
    return offer.id


async def ring(live: Live, requester: str, *volunteers: str) -> str:
    """A HelpRequest that rings at all of these."""
    help_request = new_id()
    await live.ask(help_request, requester, ["en"])
    for volunteer in volunteers:
        await live.available(volunteer)
    assert await live.offer(help_request, 0, list(volunteers)) == "ok"
    return help_request


async def connect(live: Live, help_request: str, *people: str) -> None:
    """Both Legs come up."""
    await live.relay_announce("relay", "127.0.0.1", 8444, 0.0, 0)
    for person in people:
        seat = await live.seat(help_request, person)
        await live.leg(help_request, person, seat.number, "up", "relay")


async def a_whole_life(live: Live, clock: Clock, alice: str, noor: str, bob: str) -> str:
    """Ring two, one declines; the other's first try is put back, the second ends in a block."""
    help_request = await ring(live, alice, noor, bob)
    clock.forward(1)
    await live.shown(await offer_of(live, noor), noor)
    await live.decline(await offer_of(live, bob), bob)
    accepted = await live.accept(await offer_of(live, noor), noor)
    assert accepted.is_ == "ok"
    clock.forward(1)
    await live.end(help_request, noor)
    clock.forward(61)
    await live.away(bob)
    await live.beat([("requester", alice, False)])
    await live.available(bob)
    wave = (await live.standing(help_request)) or pytest.fail("nobody is wanted")
    assert await live.offer(help_request, wave.wave, [bob]) == "ok"
    await live.accept(await offer_of(live, bob), bob)
    await connect(live, help_request, alice, bob)
    clock.forward(30)
    assert await live.end(help_request, alice, block=True) == "ok"
    return help_request


async def test_a_whole_life_is_told(
    turned: Live, clock: Clock, alice: str, noor: str, bob: str
) -> None:
    help_request = await a_whole_life(turned, clock, alice, noor, bob)
    await in_sql(fold_all)(await turned.read_events("0-0"))
    told = await in_sql(rows)()
    [wish] = told["HelpRequest"]
    assert wish == {
        "id": help_request,
        "requester": alice,
        "languages": ["en"],
        "reachable": 0,
        "asked_at": START,
        "ended_at": datetime.fromtimestamp(clock.ms / 1000, UTC),
        "reason": "requester_blocked",
    }
    assert {
        (one["volunteer"], one["wave"], one["outcome"], one["shown_at"] is not None)
        for one in told["Offer"]
    } == {
        (noor, 1, "accepted", True),
        (bob, 1, "declined", False),
        (bob, 2, "accepted", False),
    }
    put_back, met = told["Call"]
    assert (put_back["volunteer"], put_back["reason"]) == (noor, "volunteer_ended")
    assert put_back["connected_at"] is None
    assert (met["volunteer"], met["reason"]) == (bob, "requester_blocked")
    assert (met["ended_at"] - met["connected_at"]).total_seconds() == 30
    assert told["Block"] == [dict(zip(("one", "other"), sorted((alice, bob)), strict=True))]


async def test_a_hand_over_ends_its_call_alone_and_a_late_block_is_known_of_it(
    turned: Live, clock: Clock, alice: str, noor: str
) -> None:
    help_request = await ring(turned, alice, noor)
    await turned.accept(await offer_of(turned, noor), noor)
    await connect(turned, help_request, alice, noor)
    clock.forward(30)
    assert await turned.hand_over(help_request, noor) == "ok"
    await in_sql(fold_all)(await turned.read_events("0-0"))
    told = await in_sql(rows)()
    handed_at = datetime.fromtimestamp(clock.ms / 1000, UTC)
    assert [(one["reason"], one["ended_at"]) for one in told["HelpRequest"]] == [(None, None)]
    assert [(one["reason"], one["ended_at"]) for one in told["Call"]] == [
        ("handed_over", handed_at)
    ]
    clock.forward(1)
    assert await turned.end(help_request, alice, block=True) == "ok"
    await in_sql(fold_each)(await turned.read_events("0-0"))
    told = await in_sql(rows)()
    assert [one["reason"] for one in told["HelpRequest"]] == ["requester_blocked"]
    assert [(one["reason"], one["ended_at"]) for one in told["Call"]] == [
        ("requester_blocked", handed_at)
    ]
    assert told["Block"] == [dict(zip(("one", "other"), sorted((alice, noor)), strict=True))]


async def test_the_order_and_the_number_of_times_change_nothing(
    turned: Live, clock: Clock, alice: str, noor: str, bob: str
) -> None:
    await a_whole_life(turned, clock, alice, noor, bob)
    events = await turned.read_events("0-0")
    await in_sql(fold_all)(events)
    told, chance = await in_sql(rows)(), random.Random(7)
    for _round in range(20):
        await in_sql(forget)()
        shuffled = chance.sample(events, len(events)) + chance.choices(events, k=5)
        await in_sql(chance.choice((fold_all, fold_each)))(shuffled)
        assert await in_sql(rows)() == told


async def test_an_event_whose_forerunners_are_missing_makes_the_rows_it_names(
    turned: Live, clock: Clock, alice: str, noor: str, bob: str
) -> None:
    await a_whole_life(turned, clock, alice, noor, bob)
    events = await turned.read_events("0-0")
    for event in events:
        await in_sql(forget)()
        await in_sql(fold_all)([event])
        known = await in_sql(HelpRequest.objects.count)()
        assert known == (0 if event.type in PASSING else 1), event.type


async def test_who_is_not_asked_any_more_has_a_withdrawn_offer(
    turned: Live, clock: Clock, alice: str, noor: str, bob: str
) -> None:
    help_request = await ring(turned, alice, noor, bob)
    clock.forward(3)
    assert await turned.cancel(help_request, alice) == "ok"
    await in_sql(fold_all)(await turned.read_events("0-0"))
    told = await in_sql(rows)()
    assert [one["outcome"] for one in told["Offer"]] == ["withdrawn", "withdrawn"]
    assert {one["ended_at"] for one in told["Offer"]} == {told["HelpRequest"][0]["ended_at"]}
    assert told["HelpRequest"][0]["reason"] == "cancelled"
    assert told["Call"] == []


async def test_a_volunteer_who_blocks_before_they_met_is_parted_too(
    turned: Live, alice: str, noor: str
) -> None:
    help_request = await ring(turned, alice, noor)
    await turned.accept(await offer_of(turned, noor), noor)
    assert await turned.end(help_request, noor, block=True) == "ok"
    await in_sql(fold_all)(await turned.read_events("0-0"))
    assert await in_sql(blocks_of)(noor) == [tuple(sorted((alice, noor)))]
    assert not await in_sql(ended)(help_request)


async def test_a_block_that_comes_after_the_end_parts_them_too(
    turned: Live, alice: str, noor: str
) -> None:
    help_request = await ring(turned, alice, noor)
    await turned.accept(await offer_of(turned, noor), noor)
    await connect(turned, help_request, alice, noor)
    assert await turned.end(help_request, noor) == "ok"
    assert await turned.end(help_request, alice, block=True) == "ok"
    await in_sql(fold_all)(await turned.read_events("0-0"))
    assert await in_sql(blocks_of)(alice) == [tuple(sorted((alice, noor)))]
    assert [who for who, _ in await in_sql(blocked_by)(alice)] == [noor]
    assert (await in_sql(HelpRequest.objects.get)()).reason == "volunteer_ended"


async def test_a_block_of_a_call_before_parts_them_while_it_rings_once_more(
    turned: Live, alice: str, noor: str
) -> None:
    first = await ring(turned, alice, noor)
    call = (await turned.accept(await offer_of(turned, noor), noor)).call
    await connect(turned, first, alice, noor)
    assert await turned.end(first, alice) == "ok"
    again = await ring(turned, alice, noor)
    offer = await offer_of(turned, noor)
    assert await turned.end(first, noor, True, call or "") == "ok"
    assert (await turned.volunteer_snapshot(noor)).offer is None
    await in_sql(fold_all)(await turned.read_events("0-0"))
    assert await in_sql(blocks_of)(noor) == [tuple(sorted((alice, noor)))]
    assert not await in_sql(ended)(again)
    outcomes = {one["id"]: one["outcome"] for one in (await in_sql(rows)())["Offer"]}
    assert outcomes[offer] == "declined"
    assert len(await in_sql(blocked_by_volunteer)(noor)) == 1
    assert await in_sql(blocked_by)(alice) == []


async def test_a_block_that_came_as_the_next_one_accepted_is_of_the_first(
    turned: Live, alice: str, noor: str, bob: str
) -> None:
    help_request = await ring(turned, alice, noor)
    call = (await turned.accept(await offer_of(turned, noor), noor)).call
    await connect(turned, help_request, alice, noor)
    assert await turned.hand_over(help_request, noor) == "ok"
    await turned.available(bob)
    wave = (await turned.standing(help_request)) or pytest.fail("nobody is wanted")
    assert await turned.offer(help_request, wave.wave, [bob]) == "ok"
    await turned.accept(await offer_of(turned, bob), bob)
    assert await turned.end(help_request, alice, True, call or "") == "ok"
    await in_sql(fold_all)(await turned.read_events("0-0"))
    assert await in_sql(blocks_of)(alice) == [tuple(sorted((alice, noor)))]
    reasons = {one["volunteer"]: one["reason"] for one in (await in_sql(rows)())["Call"]}
    assert reasons == {noor: "requester_blocked", bob: "requester_ended"}


async def test_history_knows_an_end_and_who_took_part(
    turned: Live, alice: str, noor: str, mallory: str
) -> None:
    help_request = await ring(turned, alice, noor)
    call = (await turned.accept(await offer_of(turned, noor), noor)).call
    assert call is not None
    await in_sql(fold_all)(await turned.read_events("0-0"))
    assert not await in_sql(ended)(help_request)
    await turned.end(help_request, alice)
    await in_sql(fold_all)(await turned.read_events("0-0"))
    assert await in_sql(ended)(help_request)
    assert not await in_sql(ended)(new_id())
    assert await in_sql(people_in)(call) == {Role.REQUESTER: alice, Role.VOLUNTEER: noor}
    assert set((await in_sql(people_in)(mallory)).values()) == {None}


async def test_an_unknown_event_is_named_in_the_log_and_left_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        await in_sql(fold_all)([Event("1-1", "moon.rose", {"type": "moon.rose"})])
    assert "1-1 has the unknown type moon.rose" in caplog.text
    assert await in_sql(HelpRequest.objects.count)() == 0


async def volunteers(*people: str) -> None:
    """SQL knows these, too."""
    for number, person in enumerate(people):
        name = f"Volunteer {number}"
        await in_sql(Person.objects.create)(
            id=UUID(person), name=name, volunteers=True, languages=["en"]
        )


async def takers() -> set[str]:
    rows = await in_sql(lambda: list(Person.objects.filter(takes_calls=True)))()
    return {row.id.hex for row in rows}


async def test_who_takes_calls_is_known_for_a_redis_that_forgot(
    turned: Live, alice: str, noor: str, bob: str
) -> None:
    await volunteers(noor, bob)
    await turned.available(noor)
    await turned.available(bob)
    await in_sql(fold_all)(await turned.read_events("0-0"))
    assert await takers() == {noor, bob}
    await turned.away(noor)
    await in_sql(fold_all)(await turned.read_events("0-0"))
    assert await takers() == {bob}


async def test_who_is_set_away_after_three_misses_takes_no_calls_in_sql_either(
    turned: Live, clock: Clock, alice: str, bob: str
) -> None:
    await volunteers(bob)
    await turned.available(bob)
    for _miss in range(3):
        help_request = new_id()
        await turned.ask(help_request, alice, ["en"])
        assert await turned.offer(help_request, 0, [bob]) == "ok"
        clock.forward(20)
        await turned.beat([("volunteer", bob, False)])
        clock.forward(6)
        assert await turned.miss(await offer_of(turned, bob)) == "ok"
        await turned.cancel(help_request, alice)
    await in_sql(fold_all)(await turned.read_events("0-0"))
    assert await takers() == set()


async def parked_question(live: Live, requester: str) -> str:
    help_request = new_id()
    await live.ask(help_request, requester, ["en"])
    await in_sql(leave)(help_request, "Is the blue one the milk?")
    assert await live.park(help_request, requester, await live.now_ms() + 1000, True) == "ok"
    return help_request


async def test_a_question_is_kept_until_the_one_who_read_it_is_there(
    turned: Live, alice: str, noor: str
) -> None:
    help_request = await parked_question(turned, alice)
    await turned.available(noor)
    assert await turned.offer(help_request, 0, [noor]) == "ok"
    await turned.accept(await offer_of(turned, noor), noor)
    await in_sql(fold_all)(await turned.read_events("0-0"))
    assert await in_sql(text_of)(help_request) == "Is the blue one the milk?"
    assert await turned.confirm(help_request, alice) == "ok"
    await in_sql(fold_all)(await turned.read_events("0-0"))
    assert await in_sql(text_of)(help_request) is None


async def test_a_question_goes_with_its_help_request(turned: Live, alice: str) -> None:
    help_request = await parked_question(turned, alice)
    assert await turned.cancel(help_request, alice) == "ok"
    await in_sql(fold_all)(await turned.read_events("0-0"))
    assert await in_sql(text_of)(help_request) is None


@pytest.mark.parametrize(
    "story",
    [
        stories.blocked_in_a_call,
        handings.handed_over_and_blocked,
        handings.blocked_as_the_next_one_came,
        handings.blocked_as_the_same_phone_rang_again,
    ],
    ids=lambda story: story.__name__,
)
def test_the_invariants_know_each_block_that_sql_knows(
    redis_url: str, story: Callable[[World], None]
) -> None:
    """They hold the pending Offers against it, where no SQL is at hand."""
    world = World(redis_url)
    try:
        story(world)
        fold_all(world.run(world.live.read_events("0-0", 10_000)))
        in_sql = set(Block.objects.values_list("one", "other"))
        assert in_sql == {tuple(sorted(pair)) for pair in world.history.parted} != set()
    finally:
        world.run(world.redis.flushall())
        world.close()
