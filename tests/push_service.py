"""How do tests hear a push? By a push service of ours, whose browsers open what they are sent."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from assist.lib.ids import new_id
from assist.push.devices import Device
from assist.push.keys import encode
from assist.push.sender import Sender, Streams

HOST = "updates.push.services.mozilla.com"
PUBLIC = "34.107.243.93"


class Heard(NamedTuple):
    """One letter that came, opened."""

    browser: Browser
    told: dict[str, str]
    headers: dict[str, str]
    status: int


@dataclass
class Browser:
    """One that can be rung. `answers`: what its push service says in turn, then 201."""

    secret: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = field(default_factory=lambda: os.urandom(16))
    path: str = field(default_factory=lambda: f"/wpush/v2/{new_id()}")
    answers: list[str] = field(default_factory=list)

    @property
    def device(self) -> Device:
        """As the house knows it."""
        point = self.secret.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return Device(f"https://{HOST}{self.path}", encode(point), encode(self.auth))

    def open(self, body: bytes) -> dict[str, str]:
        """What only this browser can read."""
        plain = http_ece.decrypt(
            body, private_key=self.secret, auth_secret=self.auth, version="aes128gcm"
        )
        told: dict[str, str] = json.loads(plain)
        return told


class PushService:
    """Takes letters for its browsers."""

    def __init__(self) -> None:
        self.browsers: dict[str, Browser] = {}
        self.heard: list[Heard] = []
        self.port = 0

    def browser(self, *answers: str) -> Browser:
        """A new one, as "410 Gone" or "429 Slow\\r\\nRetry-After: 1"."""
        browser = Browser(answers=list(answers))
        self.browsers[browser.path] = browser
        return browser

    def told(self, browser: Browser) -> list[dict[str, str]]:
        """All that this browser's push service took for it."""
        return [each.told for each in self.heard if each.browser is browser and each.status == 201]

    def tries(self, browser: Browser) -> int:
        return sum(each.browser is browser for each in self.heard)

    def sender(self) -> Sender:
        """One that finds this service under the public one's name."""
        return Sender(self._resolve, self._connect)

    async def _resolve(self, host: str) -> Sequence[str]:
        assert host == HOST
        return [PUBLIC]

    async def _connect(self, address: str, host: str) -> Streams:
        assert (address, host) == (PUBLIC, HOST)
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
            headers = dict(line.split(": ", 1) for line in head[1:])
            browser = self.browsers[head[0].split(" ")[1]]
            told = browser.open(await reader.readexactly(int(headers["Content-Length"])))
            answer = browser.answers.pop(0) if browser.answers else "201 Created"
            self.heard.append(Heard(browser, told, headers, int(answer[:3])))
            writer.write(f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n".encode())
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def push_service() -> AsyncIterator[PushService]:
    """One that listens."""
    service = PushService()
    server = await asyncio.start_server(service.serve, "127.0.0.1", 0)
    service.port = server.sockets[0].getsockname()[1]
    try:
        yield service
    finally:
        server.close()
