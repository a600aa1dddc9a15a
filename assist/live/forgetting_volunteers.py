"""How is a Volunteer forgotten? Afterwards nothing in this Redis, and in its file, names them.

They stand in what belongs to others, too: circles, Waves, the index that matching reads.
"""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis

from assist.live.forgetting import erase_events, wait_for_history
from assist.live.keys import key
from assist.live.live import Live

# Of these nothing is left to know once one of the two people is nobody.
WHOLE = ("offer:", "call:")
COUNT = 1_000


async def settle(live: Live, volunteer: str) -> None:
    """End what they are in, and wait until history knows of it. Raises `Behind`, RedisError."""
    await _let_go(live, volunteer)
    await wait_for_history(live)


async def _let_go(live: Live, volunteer: str) -> None:
    await live.away(volunteer)
    truth = await live.volunteer_snapshot(volunteer)
    if truth.help:
        await live.end(truth.help.id, volunteer)


async def erase(live: Live, volunteer: str) -> None:
    """Delete all that names them, the Events once history has read them.

    Raises `Behind`, RedisError.
    """
    redis = live.redis
    # A page of theirs that was still open may have taken calls again, and be rung: whoever asks
    # could never end what rings without an Offer. Without a roster they take no more.
    await redis.delete(key("roster", volunteer))
    await _let_go(live, volunteer)
    async for name in redis.scan_iter(count=COUNT):
        if volunteer in name:
            await redis.delete(name)
        else:
            await _take_out(redis, name, volunteer)
    # Of what was let go just now others have a part, which history shall not miss.
    await wait_for_history(live)
    await erase_events(live, volunteer)


async def _take_out(redis: Redis, name: str, volunteer: str) -> None:
    """Out of a key that is about others, or about many."""
    kind: Any = await redis.type(name)
    if kind == "set":
        await redis.srem(name, volunteer)
    elif kind == "zset":
        async for member, _score in redis.zscan_iter(name, f"*{volunteer}*", COUNT):
            await redis.zrem(name, member)
    elif kind == "string" and volunteer in (await redis.get(name) or ""):
        await redis.delete(name)
    elif kind == "hash":
        await _take_out_of_hash(redis, name, volunteer)


async def _take_out_of_hash(redis: Redis, name: str, volunteer: str) -> None:
    """A value becomes empty, as where there was nobody yet: scripts read it as that."""
    found: Any = await redis.hgetall(name)
    values = [field for field, value in found.items() if volunteer in value]
    if values and name.startswith(WHOLE):
        await redis.delete(name)
        return
    for field in values:
        rest = " ".join(word for word in found[field].split() if volunteer not in word)
        await redis.hset(name, field, rest)
    for field in (field for field in found if volunteer in field):
        await redis.hdel(name, field)
