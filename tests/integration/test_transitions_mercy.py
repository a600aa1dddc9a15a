"""Do late, repeated and unlucky acts leave nobody without their place, their end or their block?"""

import asyncio

import pytest

from assist.lib.ids import new_id
from assist.live import Live
from assist.live.keys import key
from assist.matching.deadlines import run_deadlines, sweep
from assist.matching.matchmaker import match_all
from tests.conftest import Clock
from tests.invariants import broken, overdue
from tests.situations import (
    connecting,
    half_connected,
    in_call,
    parked,
    parked_ringing,
    reach,
    ringing,
    waiting,
    wrapping_up,
)
from tests.waiting import wait_for


async def test_a_volunteer_lost_while_connecting_costs_nobody_their_place(
    turned: Live, clock: Clock
) -> None:
    s = await reach(connecting, turned, clock)
    clock.forward(14)
    await turned.beat([("requester", s.alice, False)])
    clock.forward(12)
    assert await turned.lapse("volunteer", s.noor) == "ok"
    truth = await s.look()
    assert truth.state("help", s.help_request, "") == "waiting"
    assert truth.state("volunteer", s.noor, "") == "away"
    assert broken(truth, s.history) == []


async def test_who_accepts_is_there_although_their_page_beat_long_ago(
    turned: Live, clock: Clock
) -> None:
    s = await reach(ringing, turned, clock)
    clock.forward(24.9)
    assert (await turned.accept(s.offer, s.noor)).is_ == "ok"
    clock.forward(0.2)
    await turned.beat([("requester", s.alice, False)])
    await sweep(turned)
    assert (await s.look()).state("volunteer", s.noor, "") == "in_call"


async def test_who_has_just_met_is_not_lost_while_web_is_away(turned: Live, clock: Clock) -> None:
    s = await reach(half_connected, turned, clock)
    clock.forward(10)
    assert await s.leg_up(s.alice) == "ok"
    clock.forward(119)  # no page of theirs has beaten since they met
    await sweep(turned)
    truth = await s.look()
    assert truth.state("help", s.help_request, "") == "in_call"
    assert truth.state("volunteer", s.noor, "") == "in_call"
    assert broken(truth, s.history) == []


async def test_who_asks_again_keeps_their_request_although_their_page_beat_long_ago(
    turned: Live, clock: Clock
) -> None:
    s = await reach(waiting, turned, clock)
    clock.forward(25.1)
    asked = await turned.ask(s.help_request, s.alice, ["en"])
    assert asked.is_ == "known"
    await sweep(turned)
    assert await turned.knows(s.help_request) == "open"


async def test_the_winners_accept_again_after_the_end_opens_nothing(
    turned: Live, clock: Clock
) -> None:
    s = await reach(connecting, turned, clock)
    assert (await turned.accept(s.offer, s.noor)).is_ == "ok", "the first answer may be lost"
    await turned.cancel(s.help_request, s.alice)
    assert (await turned.accept(s.offer, s.noor)).is_ == "gone"


@pytest.mark.parametrize("who", ["alice", "noor"])
async def test_a_block_that_comes_after_the_end_holds_all_the_same(
    turned: Live, clock: Clock, who: str
) -> None:
    s = await reach(wrapping_up, turned, clock)
    assert await turned.end(s.help_request, getattr(s, who), block=True) == "ok"
    truth = await s.look()
    assert s.noor in truth.of("blocks")[s.alice]
    assert s.alice in truth.of("blocks")[s.noor]
    newest = (await turned.read_events("0-0", 1_000))[-1]
    assert (newest.type, newest.fields["volunteer"]) == ("people.parted", s.noor)
    assert await turned.end(s.help_request, s.alice, block=True) == "gone"
    assert broken(await s.look(), s.history) == []


async def test_a_block_holds_even_for_a_ring_that_nobody_took_back(
    turned: Live, clock: Clock
) -> None:
    """Each script that parts two people ends their ring; should one forget it, they never meet."""
    s = await reach(ringing, turned, clock)
    await turned.redis.sadd(key("blocks", s.alice), s.noor)
    assert (await turned.accept(s.offer, s.noor)).is_ == "gone"
    assert (await turned.accept(s.bobs_offer, s.bob)).is_ == "ok"


async def test_a_hidden_page_does_not_hold_up_a_parked_request(turned: Live, clock: Clock) -> None:
    s = await reach(parked, turned, clock)
    await turned.beat([("requester", s.alice, True)])
    clock.forward(60)
    await turned.available(s.noor)
    assert await match_all(turned) == 1


async def test_a_parked_request_rings_the_next_only_after_eight_seconds(
    turned: Live, clock: Clock
) -> None:
    s = await reach(parked_ringing, turned, clock)
    another = new_id()
    await turned.enlist(another, ["en"])
    await turned.available(another)
    assert await match_all(turned) == 0
    clock.forward(8)
    await turned.beat([("volunteer", another, False)])
    await sweep(turned)
    assert (await s.look()).state("volunteer", another, "") == "ringing"
    assert broken(await s.look(), s.history) == []


async def test_call_backs_that_nobody_answers_are_no_failed_connections(
    turned: Live, clock: Clock
) -> None:
    s = await reach(parked_ringing, turned, clock)
    for _ in range(4):
        assert (await turned.accept(s.offer, s.noor)).is_ == "ok"
        clock.forward(46)
        await turned.beat([("volunteer", s.noor, False)])
        assert await turned.unconnected(s.help_request) == "ok"
        await s.rings(s.noor)
    assert (await turned.accept(s.offer, s.noor)).is_ == "ok"
    assert await turned.confirm(s.help_request, s.alice) == "ok"
    clock.forward(16)
    assert await turned.unconnected(s.help_request) == "ok"
    assert (await s.look()).state("help", s.help_request, "") == "waiting"


async def test_a_suspended_volunteer_is_out_of_everything_at_once(
    turned: Live, clock: Clock
) -> None:
    s = await reach(in_call, turned, clock)
    run = await turned.run()
    await turned.suspend(s.noor)
    assert await turned.knows(s.help_request) == "ended"
    assert await turned.available(s.noor) == "suspended"
    assert (await s.look()).state("volunteer", s.noor, "") == "away"
    assert await turned.run() == run


async def test_a_suspension_names_the_memory_it_finds_unnamed(live: Live, mallory: str) -> None:
    await live.suspend(mallory)
    assert await live.run() != ""


async def test_an_outage_longer_than_a_lease_loses_nobody(
    turned: Live, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    s = await reach(waiting, turned, clock)
    await turned.available(s.noor)
    swept: list[int] = []

    async def now_ms() -> int:
        swept.append(clock())
        return clock()

    def is_swept() -> str:
        return "" if swept[-1:] == [clock()] else f"swept at {swept[-1:]}, it is {clock()}"

    monkeypatch.setattr(turned, "now_ms", now_ms)
    clock.forward(90)
    stop = asyncio.Event()
    task = asyncio.create_task(run_deadlines(turned, stop))

    async def spared() -> str:
        due = (await s.look()).due
        late = [one for one, at in due.items() if at <= clock()]
        return f"{late} still stand" if late else ""

    await wait_for(spared)
    assert (await s.look()).state("help", s.help_request, "") == "waiting"
    for _ in range(5):  # this time the worker is there, and the pages are not
        clock.forward(5.1)
        await wait_for(is_swept)

    async def lost() -> str:
        state = (await s.look()).state("help", s.help_request, "")
        return "" if state == "ended" else f"the request is {state}"

    await wait_for(lost)
    stop.set()
    await task
    assert (await s.look()).state("volunteer", s.noor, "") == "away"


async def test_one_deadline_that_fails_does_not_hold_up_the_others(
    turned: Live, clock: Clock
) -> None:
    s = await reach(ringing, turned, clock)
    await turned.redis.zadd("deadlines", {"requester:broken": 1})
    await turned.redis.hset("requester:broken", "not", "a string")
    clock.forward(200)
    await sweep(turned)
    truth = await s.look()
    assert truth.state("help", s.help_request, "") == "ended"
    assert overdue(truth) == []
