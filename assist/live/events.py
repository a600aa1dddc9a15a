"""What has just happened? The one stream of Events, read in order by all who follow."""

from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from assist.lib.clock import pause
from assist.live.keys import key
from assist.live.scripts import Runner

STREAM_BYTES = 1 << 30  # past this, new asks are refused in words
BLOCK_MS = 1_000
GATHER_SECONDS = 0.005  # facts come in company: to read each alone costs more than all the matching
BEGINNING = "0-0"  # before the first Event


class Event(NamedTuple):
    """One fact. `id` orders all facts; fields are strings, lists are separated by spaces."""

    id: str
    type: str
    fields: dict[str, str]

    @property
    def seqs(self) -> dict[str, int]:
        """Each person whom this concerns, with their number after it."""
        return msgspec.json.decode(self.fields.get("seqs", "{}"), type=dict[str, int])


def in_order(identity: str) -> tuple[int, int]:
    """By what the ids of Events are sorted."""
    milliseconds, _, number = identity.partition("-")
    return int(milliseconds), int(number)


def _event(identity: str, flat: list[str]) -> Event:
    fields = dict(zip(flat[::2], flat[1::2], strict=True))
    return Event(identity, fields.get("type", ""), fields)


class Stream:
    """The Events of one Redis."""

    def __init__(self, redis: "Redis") -> None:
        """`redis` answers with text."""
        self._redis = redis
        self._runner = Runner(redis)

    async def read(self, after: str, count: int = 500, block_ms: int | None = None) -> list[Event]:
        """Up to `count` Events after this id; waits up to `block_ms` for the first one."""
        if block_ms is not None:
            # Scripts cannot wait: this wakes us, and the script reads all that has come by then.
            if not await self._redis.xread({key("events"): after}, count=1, block=block_ms):
                return []
            await pause(GATHER_SECONDS)
        return await self._read(after, count)

    async def _read(self, after: str, count: int) -> list[Event]:
        """As one text: to take a reply of thousands of parts apart costs Python a millisecond an
        Event, and that for each of the stream's readers."""
        found = await self._runner.run("read", after=after, limit=count)
        return [_event(identity, flat) for identity, flat in found["events"] or ()]

    async def last_id(self) -> str:
        """The id of the newest Event, so that a follower can start exactly here."""
        newest: Any = await self._redis.xrevrange(key("events"), count=1)
        return str(newest[0][0]) if newest else BEGINNING

    async def follow(self, start: str = "$") -> AsyncIterator[Event]:
        """Every Event after `start` ("$": from now on), for ever; an outage is waited out.

        A reader that must not miss any keeps its own position and starts from there.
        """
        at = start
        while True:
            try:
                if at == "$":
                    at = await self.last_id()
                events = await self.read(at, block_ms=BLOCK_MS)
            except RedisError:
                await pause(0.2)
                continue
            for event in events:
                at = event.id
                yield event

    async def trim(self, before: str) -> None:
        """Forget what comes before this Event, and nothing else."""
        await self._redis.xtrim(key("events"), minid=before, approximate=False)

    async def bytes(self) -> int:
        """The stream's size in Redis' memory."""
        return int(await self._redis.memory_usage(key("events"), samples=50) or 0)

    async def size_up(self) -> bool:
        """Past the bound, tell `ask` to refuse; True while it does."""
        full = await self.bytes() > STREAM_BYTES
        if full:
            await self._redis.set(key("full"), "1", ex=60)
        return full
