"""How is a Requester forgotten? Afterwards nothing in this Redis, and in its file, names them."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

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
    await _erase_events(live, requester)


async def _erase_events(live: Live, requester: str) -> None:
    """History has read them all; a page that has not notices the gap and asks what is true."""
    at = BEGINNING
    while events := await live.read_events(at, BATCH):
        theirs = [one.id for one in events if any(requester in x for x in one.fields.values())]
        if theirs:
            await live.redis.xdel(key("events"), *theirs)
        at = events[-1].id


async def rewrite(redis: Redis) -> bool:
    """Write the file anew, from what is true now; whether that is done. Raises RedisError."""
    try:
        if await _begin(redis):
            for _ in range(REWRITE_LOOKS):
                if not await _is_rewriting(redis):
                    return True
                await pause(LOOK_SECONDS)
    except NoPermissionError:
        log.warning("Redis lets us not rewrite its file: it forgets when it does so by itself")
        return False
    log.warning("Redis has not rewritten its file yet: it forgets when it does so by itself")
    return False


async def _begin(redis: Redis) -> bool:
    """One that is under way began before the deletion: it is waited for, and does not count."""
    for _ in range(REWRITE_LOOKS):
        if not await _is_rewriting(redis):
            try:
                await redis.bgrewriteaof()
                return True
            except NoPermissionError:
                raise
            except ResponseError:  # somebody else's began in this moment
                pass
        await pause(LOOK_SECONDS)
    return False


async def _is_rewriting(redis: Redis) -> bool:
    state = await redis.info("persistence")
    return bool(state["aof_rewrite_in_progress"] or state["aof_rewrite_scheduled"])
