"""How is a Requester forgotten? Afterwards nothing in this Redis, and in its file, names them."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any, NamedTuple

from redis.asyncio import Redis
from redis.exceptions import NoPermissionError, ResponseError

from assist.lib.clock import pause
from assist.live.events import BEGINNING, in_order
from assist.live.keys import key
from assist.live.live import Live

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.1
HISTORY_LOOKS = 100
REWRITE_LOOKS = 300
BATCH = 500


class Behind(Exception):
    """History has not caught up: what it writes later would name them again."""


async def settle(live: Live, requester: str) -> None:
    """End what they asked for, and wait until history knows of it. Raises `Behind`, RedisError."""
    truth = (await live.requester_snapshot(requester)).help
    if truth:
        await live.end(truth.id, requester)
    await wait_for_history(live)


async def wait_for_history(live: Live) -> None:
    """Until it has read all that has happened by now. Raises `Behind`, RedisError."""
    last = in_order(await live.stream.last_id())
    for _ in range(HISTORY_LOOKS):
        if in_order(await live.place_of("ledger")) >= last:
            return
        await pause(LOOK_SECONDS)
    raise Behind


async def erase(
    live: Live, requester: str, help_requests: Iterable[str], calls: Iterable[str]
) -> None:
    """Delete all that names them; the ids are those that history knows as theirs."""
    redis = live.redis
    parted: Any = await redis.smembers(key("blocks", requester))
    for other in parted:
        await redis.srem(key("blocks", other), requester)
    named = [found async for found in redis.scan_iter(f"*{requester}*", count=1_000)]
    families = ("help", "asked", "offers", "legs", "quality")
    asked = [key(family, one) for one in help_requests for family in families]
    for gone in (*named, *asked, *(key("call", one) for one in calls)):
        await redis.delete(gone)
    await redis.zrem(key("deadlines"), f"requester:{requester}")
    await erase_events(live, requester)


async def erase_events(live: Live, person: str) -> None:
    """History has read them all; a page that has not notices the gap and asks what is true."""
    at = BEGINNING
    while events := await live.read_events(at, BATCH):
        theirs = [one.id for one in events if any(person in x for x in one.fields.values())]
        if theirs:
            await live.redis.xdel(key("events"), *theirs)
        at = events[-1].id


class _Rewrites(NamedTuple):
    """What Redis says of them: how many have begun, does one run, and how did the last one end?"""

    begun: int
    run: bool
    is_ok: bool


async def rewrite(redis: Redis) -> bool:
    """Write the file anew, from what is true now; whether that is done. Raises RedisError.

    Those who ask together share one: it must have begun after each of them asked.
    """
    try:
        done = await _one_begun_from_now_on(redis)
    except NoPermissionError:
        log.warning("Redis lets us not rewrite its file: it forgets when it does so by itself")
        return False
    if not done:
        log.warning("Redis has not rewritten its file yet: it forgets when it does so by itself")
    return done


async def _one_begun_from_now_on(redis: Redis) -> bool:
    """Whether one has ended well. The first to see that none runs begins it for all who wait."""
    before = (await _rewrites(redis)).begun
    for _ in range(REWRITE_LOOKS):
        now = await _rewrites(redis)
        before = min(before, now.begun)  # a server that was started again counts anew
        if now.begun - now.run > before:
            return now.is_ok
        if not now.run:
            await _begin(redis)
        await pause(LOOK_SECONDS)
    return False


async def _begin(redis: Redis) -> None:
    try:
        await redis.bgrewriteaof()
    except NoPermissionError:
        raise
    except ResponseError:  # somebody else's began in this moment
        pass


async def _rewrites(redis: Redis) -> _Rewrites:
    state = await redis.info("persistence")
    return _Rewrites(
        begun=state["aof_rewrites"],
        run=bool(state["aof_rewrite_in_progress"] or state["aof_rewrite_scheduled"]),
        is_ok=state["aof_last_bgrewrite_status"] == "ok",
    )
