"""Which Requester is at the other end of a socket, from where, and may they come in?"""

from __future__ import annotations

from typing import Any

from assist.accounts.device import DEVICE_COOKIE, read_device
from assist.accounts.handshake import cookies
from assist.gateway.door import CODE_COOKIE, opens

Scope = dict[str, Any]


def device_of(scope: Scope) -> str | None:
    """The Requester's id, if the cookie is one that we signed."""
    return read_device(cookies(scope["headers"]).get(DEVICE_COOKIE, ""))


def may_come_in(scope: Scope) -> bool:
    """A house with ASSIST_ASK=code lets in whoever has said the code."""
    return opens(cookies(scope["headers"]).get(CODE_COOKIE, ""))


def address_of(scope: Scope) -> str:
    """The peer's address, for a limit only; it is never kept. Empty for a unix socket."""
    client = scope.get("client") or [""]
    return str(client[0])
