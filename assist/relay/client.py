"""How does another process ask a relay for a Leg?"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from assist.lib.ids import new_id
from assist.protocol.states import Role
from assist.relay.wire import (
    AnswerLeg,
    LegOpened,
    OpenLeg,
    RefusalCode,
    Refused,
    Reply,
    Request,
    SharedClock,
    encode,
    inbox,
    read_reply,
)

_AGAIN_SECONDS = 1.0
_POLL_SECONDS = 1.0
_BACK_OFF_SECONDS = 0.2
# A relay that lives listens again sooner than this, also after Redis was away.
_UNHEARD_SECONDS = 0.6

log = logging.getLogger(__name__)


class RelayRefused(Exception):
    """The relay said no; `code` says why."""

    def __init__(self, code: RefusalCode) -> None:
        super().__init__(code.value)
        self.code = code


class RelayTimeout(Exception):
    """No reply in time, also after asking again by the same id."""


class RelayUnheard(RelayTimeout):
    """Nobody listens to this relay's inbox: its process has ended, whatever its lease says."""


class RelayClient:
    """Asks relays, and matches their replies by id. One for each process and event loop."""

    def __init__(self, redis: Redis, reply_channel: str = "") -> None:
        """`reply_channel` belongs to this object alone; without one it makes its own."""
        self._redis = redis
        self._channel = reply_channel or f"relay:reply:{new_id()}"
        self._clock = SharedClock()
        self._waiting: dict[str, asyncio.Future[Reply]] = {}
        self._reader: asyncio.Task[None] | None = None
        self._listening = asyncio.Event()

    async def open_leg(
        self,
        relay: str,
        help_request: str,
        person: str,
        role: Role,
        number: int,
        timeout_s: float = 3.0,
    ) -> str:
        """A new Leg in place of this person's older ones; the description for their browser."""
        request = OpenLeg(
            id=new_id(),
            deadline_ms=0,
            reply_to=self._channel,
            help_request=help_request,
            person=person,
            number=number,
            role=role,
        )
        reply = await self._ask(relay, request, timeout_s)
        if not isinstance(reply, LegOpened):
            raise RelayTimeout
        return reply.description

    async def answer_leg(
        self,
        relay: str,
        help_request: str,
        person: str,
        number: int,
        description: str,
        timeout_s: float = 3.0,
    ) -> None:
        """Hand in the browser's answer to the description of Leg `number`."""
        request = AnswerLeg(
            id=new_id(),
            deadline_ms=0,
            reply_to=self._channel,
            help_request=help_request,
            person=person,
            number=number,
            description=description,
        )
        await self._ask(relay, request, timeout_s)

    async def close(self) -> None:
        """Stop listening; whoever still waits runs into their time-out."""
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
            self._reader = None

    async def _ask(self, relay: str, request: Request, timeout_s: float) -> Reply:
        """Publish, wait, and publish again by the same id: either message may be lost."""
        reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting[request.id] = reply
        try:
            async with asyncio.timeout(timeout_s):
                await self._listen()
                found = await self._insist(relay, request, reply, timeout_s)
        except (TimeoutError, RedisError, OSError) as error:
            raise RelayTimeout from error
        finally:
            del self._waiting[request.id]
        if isinstance(found, Refused):
            raise RelayRefused(found.code)
        return found

    async def _insist(
        self, relay: str, request: Request, reply: asyncio.Future[Reply], timeout_s: float
    ) -> Reply:
        """The caller bounds it in time."""
        unheard_since_s = None
        while not reply.done():
            now_s = asyncio.get_running_loop().time()
            if await self._publish(relay, request, timeout_s):
                unheard_since_s = None
                await asyncio.wait([reply], timeout=_AGAIN_SECONDS)
                continue
            unheard_since_s = unheard_since_s or now_s
            if now_s - unheard_since_s >= _UNHEARD_SECONDS:
                raise RelayUnheard
            await asyncio.wait([reply], timeout=_BACK_OFF_SECONDS)
        return reply.result()

    async def _publish(self, relay: str, request: Request, timeout_s: float) -> int:
        """How many relays heard it: one, or none while it reconnects."""
        deadline_ms = self._clock.now_ms() + int(timeout_s * 1000)
        timely = msgspec.structs.replace(request, deadline_ms=deadline_ms)
        return int(await self._redis.publish(inbox(relay), encode(timely)))

    async def _listen(self) -> None:
        """Make sure that replies are heard before anything is asked."""
        if self._reader is None or self._reader.done():
            self._reader = asyncio.get_running_loop().create_task(self._read())
        await self._listening.wait()

    async def _read(self) -> None:
        while True:
            try:
                await self._read_once()
            except (RedisError, OSError) as error:
                log.warning("relay client: lost Redis: %s", type(error).__name__)
            self._listening.clear()
            await asyncio.sleep(_BACK_OFF_SECONDS)

    async def _read_once(self) -> None:
        await self._clock.set_by(self._redis)
        async with self._redis.pubsub() as pubsub:
            await pubsub.subscribe(self._channel)
            while True:
                message = await pubsub.get_message(timeout=_POLL_SECONDS)
                if message is not None and message["type"] == "subscribe":
                    self._listening.set()
                elif message is not None:
                    self._take(message["data"])

    def _take(self, data: Any) -> None:
        try:
            reply = read_reply(data)
        except msgspec.MsgspecError:
            log.warning("relay client: an unreadable reply")
            return
        waiting = self._waiting.get(reply.id)
        if waiting is not None and not waiting.done():
            waiting.set_result(reply)
