"""What do all our sockets have in common? Snapshot first, numbered facts after, kind refusals.

Truth is read from `live`; the channel layer only carries facts that may get lost on the way. A
socket joins its person's group before it reads the Snapshot, so that nothing falls between the
two, and drops the facts that the Snapshot already knows.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, ClassVar

from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from assist.accounts import handshake
from assist.gateway import process
from assist.gateway.limits import Bucket
from assist.gateway.process import sockets
from assist.gateway.refusals import refused
from assist.protocol.codec import BadMessage, decode_client, encode_server, name_of
from assist.protocol.messages import (
    SUBPROTOCOL,
    Beat,
    CallBlock,
    CallEnd,
    Client,
    Goodbye,
    HelpCancel,
    Pulse,
    RequesterSnapshot,
    Server,
    SnapshotGet,
    ThanksHere,
    VolunteerSnapshot,
)
from assist.protocol.states import Refusal, Role

log = logging.getLogger(__name__)

NEVER_LIMITED = (CallEnd, CallBlock, HelpCancel)
MALFORMED_IN_A_ROW = 20
TASKS = 4
# So long may a fact be on its way. A page that hears of its number first would ask for a Snapshot,
# and a Snapshot does not say why a Call has ended.
GRACE_S = 0.3

# Close codes. An application may only use 4xxx: what the protocol itself names 1008, 1009 and 1013
# is 4008, 4009 and 4013 here.
POLICY, TOO_LARGE, COME_BACK, SIGNED_OUT, SUSPENDED = 4008, 4009, 4013, 4401, 4403
CLOSE_CODES = {
    "signed_out": SIGNED_OUT,
    "suspended": SUSPENDED,
    "forgotten": SIGNED_OUT,
    "service_stopped": COME_BACK,
    "restarting": COME_BACK,
}

Handler = Callable[[Any, Any], Awaitable[None]]
Snapshot = RequesterSnapshot | VolunteerSnapshot


class PageSocket(AsyncWebsocketConsumer):
    """One page's socket. Subclasses say who it is, read its Snapshot and add their handlers."""

    role: ClassVar[Role]
    handlers: ClassVar[Mapping[type[Client], Handler]] = {}

    def __init__(self) -> None:
        super().__init__()
        self.groups: list[str] = []
        self.person = ""
        self.seq = 0
        self.language = "en"
        self._bucket = Bucket()
        self._malformed = 0
        self._over = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._watch: asyncio.Task[None] | None = None
        # What carries a number leaves in the order of the numbers, whoever sends it.
        self._in_order = asyncio.Lock()

    # --- what a subclass answers ---------------------------------------------------------------
    async def identify(self) -> str | None:
        """The person's id, or nothing: then the socket says goodbye."""
        raise NotImplementedError

    async def read_snapshot(self) -> Snapshot:
        """All that is true for this person now."""
        raise NotImplementedError

    async def welcome(self) -> None:
        """Called once, after the groups are joined and before the first Snapshot."""

    # --- the life of the socket ----------------------------------------------------------------
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Redis may be away when a page connects: it is told to come back, in one log line."""
        try:
            await super().__call__(scope, receive, send)
        except (RedisError, OSError) as error:
            log.warning("%s socket: no Redis (%s)", self.role, type(error).__name__)
            await send({"type": "websocket.close", "code": COME_BACK})
        finally:
            for task in [*self._tasks, *([self._watch] if self._watch else [])]:
                task.cancel()

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Channels would look at SQL connections at each message; nothing here may wait for SQL."""
        arrivals: Mapping[str, Callable[[Any], Awaitable[None]]] = {
            "websocket.connect": self.on_connect,
            "websocket.receive": self.on_receive,
            "websocket.disconnect": self.on_disconnect,
            "person.fact": self.on_fact,
            "person.goodbye": self.on_goodbye,
            "person.thanks": self.on_thanks,
        }
        with translation.override(self.language):
            await arrivals[message["type"]](message)

    async def on_connect(self, _message: dict[str, Any]) -> None:
        if SUBPROTOCOL not in self.scope["subprotocols"]:
            log.warning("%s socket refused: no subprotocol", self.role)
            await self.close(POLICY)
            return
        self.language = handshake.language(self.scope["headers"])
        translation.activate(self.language)
        await self.accept(SUBPROTOCOL)
        try:
            await self._begin()
        except (RedisError, DatabaseError) as error:
            log.warning("%s socket: no Snapshot (%s)", self.role, type(error).__name__)
            await self.goodbye("restarting")

    async def _begin(self) -> None:
        """Who is it, what concerns them from now on, and then all that is true for them."""
        person = await self.identify()
        if person is None:
            await self.goodbye("signed_out")
            return
        self.person = person
        sockets.labels(role=self.role).inc()
        await self.join(f"person.{person}")
        await self.welcome()
        await process.live().beat([(self.role, person, False)])
        await self.send_snapshot()

    async def join(self, group: str) -> None:
        """Hear what is sent to this group, until the socket closes."""
        self.groups.append(group)
        await self.channel_layer.group_add(group, self.channel_name)

    async def on_disconnect(self, _message: dict[str, Any]) -> None:
        """Only this process is tidied up: of the rest leases tell the truth, also when it dies."""
        if self.person:
            sockets.labels(role=self.role).dec()
        for group in self.groups:
            await self.channel_layer.group_discard(group, self.channel_name)
        raise StopConsumer

    # --- what the page says --------------------------------------------------------------------
    async def on_receive(self, event: dict[str, Any]) -> None:
        if not self.person or self._over:
            return
        try:
            message = decode_client((event.get("text") or "").encode())
        except BadMessage as error:
            await self._not_understood(error)
            return
        self._malformed = 0
        if not isinstance(message, NEVER_LIMITED) and not self._bucket.take():
            await self.refuse(Refusal.TOO_OFTEN, message)
            return
        await self._handle(message)

    async def _not_understood(self, error: BadMessage) -> None:
        self._malformed += 1
        log.warning("%s socket: %s (%s)", self.role, error.code, error)
        await self.tell(refused(error.code, None))
        if error.code == Refusal.TOO_LARGE:
            await self.hang_up(TOO_LARGE)
        elif self._malformed >= MALFORMED_IN_A_ROW or not self._bucket.take():
            await self.hang_up(POLICY)

    async def _handle(self, message: Client) -> None:
        handler = SHARED.get(type(message)) or self.handlers.get(type(message))
        if handler is None:
            await self.refuse(Refusal.OUT_OF_TURN, message)
            return
        try:
            await handler(self, message)
        except RedisError as error:
            log.warning("%s: no Redis (%s)", name_of(message), type(error).__name__)
            await self.refuse(Refusal.TRY_AGAIN, message)

    async def on_beat(self, beat: Beat) -> None:
        """The lease is renewed with everybody's in this process; the socket does not wait."""
        self.begin(self._pulse(beat), beat)

    async def _pulse(self, beat: Beat) -> None:
        seq, now_ms = await process.beats().beat(self.role, self.person, beat.hidden)
        if seq > self.seq:  # a fact is on its way, or lost: a moment tells which
            await asyncio.sleep(GRACE_S)
        if seq < self.seq:  # this Redis may have forgotten: then numbers start anew
            await self.send_snapshot()
        await self.tell(Pulse(seq=seq, now_ms=now_ms))

    async def on_snapshot_get(self, _message: SnapshotGet) -> None:
        await self.send_snapshot()

    # --- what the socket says ------------------------------------------------------------------
    async def tell(self, message: Server) -> None:
        await self.send(text_data=encode_server(message))

    async def refuse(self, code: Refusal, message: Client, text: str = "") -> None:
        log.info("%s refused: %s", name_of(message), code)
        await self.tell(refused(code, name_of(message), text))

    async def send_snapshot(self) -> None:
        async with self._in_order:
            snapshot = await self.read_snapshot()
            self.seq = snapshot.seq
            await self.tell(snapshot)

    async def goodbye(self, code: Any) -> None:
        await self.tell(Goodbye(code=code, text=farewell(code, self.role)))
        await self.hang_up(CLOSE_CODES[code])

    async def hang_up(self, code: int) -> None:
        """Close, and do nothing more for a page that goes on speaking."""
        self._over = True
        await self.close(code)

    # --- what the layer brings -----------------------------------------------------------------
    async def on_fact(self, event: dict[str, Any]) -> None:
        """A fact for this person, encoded once for all their sockets."""
        async with self._in_order:
            if event["seq"] > self.seq and not self._over:
                self.seq = event["seq"]
                await self.send(text_data=event["text"])

    async def on_goodbye(self, event: dict[str, Any]) -> None:
        await self.goodbye(event["code"])

    async def on_thanks(self, _event: dict[str, Any]) -> None:
        await self.tell(ThanksHere())

    # --- work beside the socket ----------------------------------------------------------------
    def watch(self, work: Coroutine[Any, Any, None]) -> None:
        """Something that goes on for as long as the socket does."""
        self._watch = asyncio.create_task(work)

    def begin(self, work: Coroutine[Any, Any, None], message: Client) -> None:
        """Do this while the socket goes on listening; a few at once, the rest is refused."""
        if len(self._tasks) >= TASKS:
            work.close()
            work = self.refuse(Refusal.TOO_OFTEN, message)
        task = asyncio.create_task(self._finish(work, message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _finish(self, work: Coroutine[Any, Any, None], message: Client) -> None:
        try:
            await work
        except RedisError as error:
            log.warning("%s: no Redis (%s)", name_of(message), type(error).__name__)
            await self.refuse(Refusal.TRY_AGAIN, message)


SHARED: Mapping[type[Client], Handler] = {
    Beat: PageSocket.on_beat,
    SnapshotGet: PageSocket.on_snapshot_get,
}


def farewell(code: str, role: Role) -> str:
    """Why the connection is closed, in the person's language."""
    if code == "signed_out" and role == Role.REQUESTER:  # there is nothing to sign in to
        return _("Your browser keeps no cookie for this page. Please allow it and reload the page.")
    return {
        "signed_out": _("You are signed out. Please open your invitation again."),
        "suspended": _("Your access has been ended by the people who run this service."),
        "forgotten": _("Everything was deleted. Reload this page to begin anew."),
        "service_stopped": _("The service is stopping. Thank you for being here."),
        "restarting": _("One moment, please: we are connecting you again."),
    }[code]
