"""How does a page whose network blocks UDP reach the relay? Through a TURN server, for a while.

The credentials have coturn's form: the user name says when they end and which Leg they are for, the
password is its HMAC under a secret that only the TURN server and this house know.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from base64 import b64encode
from collections.abc import Callable, Sequence

from assist.protocol.views import IceServer

LIFETIME_S = 600
ASKED_IN_A_LIFETIME = 3  # so that two messages may be lost


class Turn:
    """The TURN servers of this house. Without any, no page hears of one."""

    def __init__(
        self, urls: Sequence[str], secret: str, now_s: Callable[[], float] = time.time
    ) -> None:
        self._urls, self._secret = list(urls), secret.encode()
        self._now_s = now_s

    @property
    def renew_ms(self) -> int:
        """How often a page asks for fresh credentials; 0 where there are none."""
        return LIFETIME_S * 1000 // ASKED_IN_A_LIFETIME if self._urls else 0

    def servers(self, help_request: str, person: str) -> list[IceServer]:
        """What this person's browser needs for their Leg, from now on for `LIFETIME_S`."""
        if not self._urls:
            return []
        username = f"{int(self._now_s()) + LIFETIME_S}:{self._leg(help_request, person)}"
        password = hmac.digest(self._secret, username.encode(), hashlib.sha1)
        credential = b64encode(password).decode()
        return [IceServer(urls=self._urls, username=username, credential=credential)]

    def _leg(self, help_request: str, person: str) -> str:
        """The same through all of a Leg's life, so that the server can count what it takes; but
        whoever reads the server's log learns neither who it was nor that two people were in one
        call."""
        text = f"leg:{help_request}:{person}".encode()
        return hmac.digest(self._secret, text, hashlib.sha256).hex()[:32]
