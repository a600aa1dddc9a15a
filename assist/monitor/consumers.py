"""How does the Coordinator's page stay true? It gets the whole queue whenever it has moved."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from channels.db import database_sync_to_async
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from assist.accounts import handshake
from assist.accounts.models import Person
from assist.accounts.sessions import group_of, person_of
from assist.monitor import process, rows
from assist.monitor.joiners import sentence
from assist.protocol.codec import BadMessage, decode_client, encode_server, name_of
from assist.protocol.messages import (
    SUBPROTOCOL,
    Beat,
    Goodbye,
    Pulse,
    Refused,
    Server,
    SnapshotGet,
)
from assist.protocol.states import Refusal

log = logging.getLogger(__name__)

GROUP = "monitor"
MOST_EACH_S = 0.5
LEAST_EACH_S = 5.0
REVALIDATE_S = 60.0
POLICY, COME_BACK, SIGNED_OUT, SUSPENDED = 4008, 4013, 4401, 4403


class MonitorConsumer(AsyncWebsocketConsumer):
    """The page at `/monitor/`. It is only told; there is nothing that it may do to a Call."""

    def __init__(self) -> None:
        super().__init__()
        self._language = "en"
        self._moved = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        except (RedisError, OSError) as error:
            log.warning("monitor socket: no Redis (%s)", type(error).__name__)
            await send({"type": "websocket.close", "code": COME_BACK})
        finally:
            for task in self._tasks:
                task.cancel()

    async def dispatch(self, message: dict[str, Any]) -> None:
        arrivals: Mapping[str, Callable[[Any], Awaitable[None]]] = {
            "websocket.connect": self.on_connect,
            "websocket.receive": self.on_receive,
            "websocket.disconnect": self.on_disconnect,
            "queue.moved": self.on_moved,
            "person.goodbye": self.on_goodbye,
            "person.fact": self.on_fact,
        }
        with translation.override(self._language):
            await arrivals[message["type"]](message)

    async def on_connect(self, _message: dict[str, Any]) -> None:
        if SUBPROTOCOL not in self.scope["subprotocols"]:
            log.warning("monitor socket refused: no subprotocol")
            await self.close(POLICY)
            return
        self._language = handshake.language(self.scope["headers"])
        self._session_key = handshake.session_key(self.scope["headers"])
        await self.accept(SUBPROTOCOL)
        try:
            person = await coordinator_of(self._session_key)
        except DatabaseError as error:
            log.warning("monitor socket: no SQL (%s)", type(error).__name__)
            await self.close(COME_BACK)
            return
        if person is None:
            await self.goodbye("signed_out")
            return
        self.groups = [GROUP, f"person.{person.id.hex}", group_of(self._session_key)]
        for group in self.groups:
            await self.channel_layer.group_add(group, self.channel_name)
        self._tasks = [asyncio.create_task(self._show()), asyncio.create_task(self._revalidate())]

    async def on_disconnect(self, _message: dict[str, Any]) -> None:
        for group in self.groups:
            await self.channel_layer.group_discard(group, self.channel_name)
        raise StopConsumer

    async def on_moved(self, _event: dict[str, Any]) -> None:
        self._moved.set()

    async def on_fact(self, _event: dict[str, Any]) -> None:
        """For the same person's page as a Volunteer."""

    async def on_goodbye(self, event: dict[str, Any]) -> None:
        await self.goodbye(event["code"])

    async def on_receive(self, event: dict[str, Any]) -> None:
        if not self._tasks:
            return
        try:
            message = decode_client((event.get("text") or "").encode())
        except BadMessage as error:
            log.warning("monitor socket: %s (%s)", error.code, error)
            await self.close(POLICY)
            return
        if isinstance(message, Beat):
            with suppress(RedisError):
                await self.tell(Pulse(seq=0, now_ms=await process.live().now_ms()))
        elif isinstance(message, SnapshotGet):
            self._moved.set()
        else:
            text = _("That is not possible just now.")
            about = name_of(message)
            await self.tell(Refused(code=Refusal.OUT_OF_TURN, text=text, about=about))

    async def _show(self) -> None:
        """At once, after each change (twice a second at most), and each five seconds anyway."""
        while True:
            self._moved.clear()
            await self._show_once()
            await asyncio.sleep(MOST_EACH_S)
            with suppress(TimeoutError):
                async with asyncio.timeout(LEAST_EACH_S - MOST_EACH_S):
                    await self._moved.wait()

    async def _show_once(self) -> None:
        try:
            truth = await process.live().queue()
        except RedisError as error:
            log.warning("queue not read: %s", type(error).__name__)
            return
        await process.names().learn(rows.people_in(truth))
        people = await process.joiners().count()
        with translation.override(self._language):
            joining = sentence(people)
        await self.tell(rows.queue(truth, process.names().name_of, joining))

    async def _revalidate(self) -> None:
        while True:
            await asyncio.sleep(REVALIDATE_S)
            with suppress(DatabaseError):
                if await coordinator_of(self._session_key) is None:
                    await self.goodbye("signed_out")
                    return

    async def goodbye(self, code: Any) -> None:
        if code == "suspended":
            text = _("Your access has been ended by the people who run this service.")
        else:
            text = _("You are signed out. Please open your invitation again.")
        await self.tell(Goodbye(code=code, text=text))
        await self.close(SUSPENDED if code == "suspended" else SIGNED_OUT)

    async def tell(self, message: Server) -> None:
        await self.send(text_data=encode_server(message))


async def coordinator_of(session_key: str) -> Person | None:
    """The Coordinator who is signed in with this session, read afresh."""
    person: Any = await database_sync_to_async(person_of, thread_sensitive=False)(session_key)
    return person if person is not None and person.coordinates else None
