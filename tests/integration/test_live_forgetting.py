"""Is a Requester who is forgotten nowhere in Redis: in no key, no value, and no Event?"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from redis.asyncio import Redis

from assist.lib.ids import new_id
from assist.lib.redis import connect
from assist.live import Live, forgetting
from assist.live.forgetting import Behind, erase, rewrite, settle
from tests.conftest import Clock
from tests.redis_server import RedisServer


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


class Told(Redis):
    """Says of its rewrites what it is told to, one look after the other; the last for good."""

    begins = 0

    def say(self, *states: tuple[int, int, str]) -> Told:
        """How many have begun, whether one runs, how the last one ended."""
        self.states = list(states)
        return self

    async def info(self, section: str | None = None, *_more: str, **_options: Any) -> Any:
        begun, run, ended = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        return {
            "aof_rewrites": begun,
            "aof_rewrite_in_progress": run,
            "aof_rewrite_scheduled": 0,
            "aof_last_bgrewrite_status": ended,
        }

    async def bgrewriteaof(self, **_options: Any) -> Any:
        self.begins += 1


@pytest.mark.parametrize(
    ("states", "done", "begins"),
    [
        # Somebody else's runs for ever: it began before.
        ([(7, 1, "ok")], False, 0),
        # It ends, ours begins and ends.
        ([(7, 1, "ok"), (7, 1, "ok"), (7, 0, "ok"), (8, 1, "ok"), (8, 0, "ok")], True, 1),
        # Somebody else was quicker to begin the next one, and a third one runs already.
        ([(7, 1, "ok"), (8, 1, "ok"), (9, 1, "ok")], True, 0),
        # The server was started again meanwhile.
        ([(7, 1, "ok"), (0, 0, "ok"), (1, 1, "ok"), (1, 0, "ok")], True, 1),
        # The disk was full.
        ([(7, 0, "ok"), (7, 0, "ok"), (8, 0, "err")], False, 1),
    ],
    ids=["others'", "own", "shared", "restart", "failed"],
)
async def test_a_rewrite_counts_when_it_began_after_the_deletion_and_ended_well(
    states: list[tuple[int, int, str]],
    done: bool,
    begins: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(forgetting, "REWRITE_LOOKS", 6)
    monkeypatch.setattr(forgetting, "LOOK_SECONDS", 0.001)
    redis = Told().say(*states)
    assert (await rewrite(redis), redis.begins) == (done, begins)


async def test_ten_who_are_forgotten_together_share_rewrites_and_none_is_left_in_the_file() -> None:
    server = RedisServer(persistent=True).start()
    redis = connect(server.url)

    async def forget(name: str) -> bool:
        await redis.set(name, name)
        await redis.delete(name)
        await rewrite(redis)
        written = (path.read_bytes() for path in server.folder.rglob("*") if path.is_file())
        return name.encode() not in b"".join(written)

    try:
        found = await asyncio.gather(*(forget(f"somebody-{n}-somewhere") for n in range(10)))
        assert found == [True] * 10
        assert (await redis.info("persistence"))["aof_rewrites"] <= 5
    finally:
        await redis.aclose()
        await redis.connection_pool.disconnect()
        server.close()
