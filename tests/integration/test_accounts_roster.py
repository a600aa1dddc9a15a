"""Does what is live know what SQL knows of people?"""

import asyncio

import pytest
from channels.db import database_sync_to_async as in_sql

from assist.accounts.access import suspend
from assist.accounts.blocks import block, blocks_of
from assist.accounts.invites import invite, spend
from assist.accounts.models import Block, Person
from assist.accounts.roster import copy, rebuild, run_roster
from assist.lib.ids import new_id
from assist.live import Live
from assist.records.ledger import run_ledger
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def volunteer(name: str, *languages: str) -> Person:
    person = spend(invite("volunteer", name, languages))
    assert person is not None
    return person


async def rung(live: Live, requester: str, *languages: str) -> list[str]:
    """Who could be asked for a new HelpRequest of this person."""
    help_request = new_id()
    await live.ask(help_request, requester, list(languages))
    found = await live.standing(help_request)
    assert found is not None
    return [one.id for one in found.candidates]


async def test_a_copied_volunteer_is_rung_in_their_languages(live: Live, alice: str) -> None:
    noor = await in_sql(volunteer)("Noor", "en", "da")
    assert await live.available(noor.id.hex) == "unknown"
    await copy(live, noor)
    assert await live.available(noor.id.hex) == "ok"
    assert await rung(live, alice, "da") == [noor.id.hex]


async def test_a_block_in_sql_holds_after_redis_forgot(live: Live, alice: str, ravi: str) -> None:
    noor = await in_sql(volunteer)("Noor", "en")
    await in_sql(block)(alice, noor.id.hex)
    await copy(live, noor)
    await live.available(noor.id.hex)
    assert await rung(live, alice, "en") == []
    assert await rung(live, ravi, "en") == [noor.id.hex]


async def test_a_ring_across_a_block_that_sql_knows_ends_with_the_next_copy(
    live: Live, alice: str
) -> None:
    noor = await in_sql(volunteer)("Noor", "en")
    await copy(live, noor)
    await live.available(noor.id.hex)
    help_request = new_id()
    await live.ask(help_request, alice, ["en"])
    assert await live.offer(help_request, 0, [noor.id.hex]) == "ok"
    await in_sql(block)(alice, noor.id.hex)  # by another device of hers, which is one account now
    await rebuild(live)
    truth = await live.volunteer_snapshot(noor.id.hex)
    assert (truth.state, truth.offer) == ("available", None)
    assert await live.knows(help_request) == "open"


async def test_a_block_is_known_before_anybody_can_be_rung(
    live: Live, alice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    noor = await in_sql(volunteer)("Noor", "en")
    await in_sql(block)(alice, noor.id.hex)
    block_live = live.block

    async def slowly(one: str, other: str) -> None:
        assert await live.available(noor.id.hex) == "unknown"
        await block_live(one, other)

    monkeypatch.setattr(live, "block", slowly)
    await copy(live, noor)
    assert await live.available(noor.id.hex) == "ok"


async def test_who_was_deleted_before_their_copy_came_is_named_nowhere(live: Live) -> None:
    noor = await in_sql(volunteer)("Noor", "en")
    who, read = noor.id.hex, await in_sql(Person.objects.get)(pk=noor.pk)
    read.push = read.takes_calls = True  # a Redis that knows nothing of her lets her take calls
    await in_sql(noor.delete)()
    stop = asyncio.Event()
    ledger = asyncio.create_task(run_ledger(live, stop))
    await copy(live, read)
    stop.set()
    await ledger
    named = [key async for key in live.redis.scan_iter() if who in key]
    assert named == []
    assert await live.redis.zrange("present", 0, -1) == []


async def test_the_whole_roster_is_rebuilt(live: Live, alice: str) -> None:
    noor = await in_sql(volunteer)("Noor", "en")
    bob = await in_sql(volunteer)("Bob", "en")
    await in_sql(spend)(await in_sql(invite)("coordinator", "Clara"))
    await in_sql(suspend)("Bob")
    await in_sql(block)(noor.id.hex, alice)
    assert await rebuild(live) == 2
    assert await live.available(noor.id.hex) == "ok"
    assert await live.available(bob.id.hex) == "suspended"
    assert await rung(live, alice, "en") == []


async def test_the_roster_comes_back_by_itself_when_redis_forgot(live: Live) -> None:
    noor = await in_sql(volunteer)("Noor", "en")
    stop = asyncio.Event()
    running = asyncio.create_task(run_roster(live, stop))

    async def known() -> str:
        return "" if await live.available(noor.id.hex) == "ok" else "not in the roster"

    try:
        await wait_for(known)
        await live.redis.flushall()
        await wait_for(known)
    finally:
        stop.set()
        await running


async def test_a_pair_is_one_block_whoever_made_it(live: Live, alice: str, ravi: str) -> None:
    await in_sql(block)(alice, ravi)
    await in_sql(block)(ravi, alice)
    assert await in_sql(Block.objects.count)() == 1
    assert await in_sql(blocks_of)(alice) == await in_sql(blocks_of)(ravi) != []
