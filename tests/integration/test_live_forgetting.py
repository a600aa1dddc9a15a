"""Is a Requester who is forgotten nowhere in Redis: in no key, no value, and no Event?"""

from __future__ import annotations

from typing import Any

import pytest
from redis.asyncio import Redis

from assist.lib.ids import new_id
from assist.live import Live, forgetting
from assist.live.forgetting import Behind, erase, rewrite, settle
from tests.conftest import Clock


async def everything(redis: Redis) -> str:
    """All keys with all that they hold."""
    found = []
    async for name in redis.scan_iter("*"):
        found.append(f"{name}: {await value(redis, name)}")
    return "\n".join(found)


async def value(redis: Redis, name: str) -> Any:
    kind = await redis.type(name)
    if kind == "hash":
        return await redis.hgetall(name)
    if kind == "set":
        return await redis.smembers(name)
    if kind == "zset":
        return await redis.zrange(name, 0, -1)
    if kind == "stream":
        return await redis.xrange(name)
    return await redis.get(name)


async def lives(live: Live, alice: str, noor: str) -> tuple[str, str]:
    """A Call that ended with a block, a circle, a limit: the HelpRequest's id and the Call's."""
    await live.tie("circle", alice, noor)
    await live.tie("met", alice, noor)
    await live.allow(f"ask:device:{alice}", 5, 600)
    help_request = new_id()
    await live.ask(help_request, alice, ["en"])
    await live.available(noor)
    await live.offer(help_request, 0, [noor])
    offer = (await live.volunteer_snapshot(noor)).offer
    assert offer is not None
    accepted = await live.accept(offer.id, noor)
    await live.end(help_request, alice, block=True)
    assert accepted.call is not None
    return help_request, accepted.call


async def test_nothing_is_left_of_them_and_everything_of_others(
    turned: Live, alice: str, ravi: str, noor: str
) -> None:
    help_request, call = await lives(turned, alice, noor)
    await turned.ask(new_id(), ravi, ["da"])
    before = await everything(turned.redis)
    assert before.count(alice) > 10
    await turned.heeded("ledger", await turned.stream.last_id())
    await settle(turned, alice)
    await erase(turned, alice, [help_request], [call])
    left = await everything(turned.redis)
    assert alice not in left
    assert left.count(ravi) == before.count(ravi)
    assert (await turned.requester_snapshot(ravi)).help is not None


async def test_what_goes_on_is_ended_first_and_history_is_waited_for(
    turned: Live, alice: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "HISTORY_LOOKS", 2)
    help_request = new_id()
    await turned.ask(help_request, alice, ["en"])
    with pytest.raises(Behind):
        await settle(turned, alice)
    assert await turned.knows(help_request) == "ended"
    await turned.heeded("ledger", await turned.stream.last_id())
    await settle(turned, alice)


class BusyRedis(Redis):
    """Others' rewrites are under way, for as long as anybody waits for a beginning."""

    looks = 0

    async def info(self, section: str | None = None, *_more: str, **_options: Any) -> Any:
        self.looks += 1
        return {"aof_rewrite_in_progress": int(self.looks <= 3), "aof_rewrite_scheduled": 0}


async def test_a_rewrite_of_others_is_not_taken_for_ones_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(forgetting, "REWRITE_LOOKS", 3)
    assert not await rewrite(BusyRedis())
