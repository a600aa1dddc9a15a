"""Did this socket's page come from us? Scheme, host and port must all be ours."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any

from autobahn.exception import Disconnected
from django.conf import settings

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class OriginGate:
    """Refuses the handshake (403) of any page that is not one of settings.ASSIST_ORIGINS.

    Channels' own validator looks at the host alone: a page that some other program serves on
    another port of this machine would come through with our cookies.
    """

    def __init__(self, inner: Application) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if comes_from_us(scope):
            await self._inner(scope, receive, unheard(send))
            return
        log.warning("socket refused: foreign or missing Origin")
        await receive()
        await send({"type": "websocket.close", "code": 4008})


def unheard(send: Send) -> Send:
    """What is said to somebody who has just gone is lost; that is no error of ours.

    Daphne raises on it, and its report of each such moment is a traceback in the log.
    """

    async def say(message: Message) -> None:
        with suppress(Disconnected):
            await send(message)

    return say


async def nowhere(_scope: Scope, receive: Receive, send: Send) -> None:
    """A socket to an address that does not exist: refused, with one line instead of a traceback."""
    log.warning("socket refused: no such address")
    await receive()
    await send({"type": "websocket.close", "code": 4008})


def comes_from_us(scope: Scope) -> bool:
    """Exactly one Origin header, and it is one of ours."""
    found = [value for name, value in scope["headers"] if name == b"origin"]
    return len(found) == 1 and found[0].decode("latin1") in settings.ASSIST_ORIGINS
