"""How does a test play a page? A real WebSocket client with a cookie, an inbox and patience."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
from collections.abc import Sequence
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from redis import Redis
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from assist.protocol.messages import SUBPROTOCOL
from tests.processes import Processes
from tests.waiting import PATIENCE_S

Message = dict[str, Any]


class Browser:
    """Cookies and forms, over plain HTTP, without following redirects."""

    def __init__(self, house: Processes) -> None:
        self._house = house
        self.cookies: dict[str, str] = {}

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        return self._ask("GET", path, b"", headers)

    def post(self, path: str, fields: dict[str, str], **headers: str) -> tuple[int, str]:
        """As a form, with the CSRF token that the cookie knows."""
        body = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **fields}
        headers = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return self._ask("POST", path, urlencode(body).encode(), headers)

    def send(self, path: str, body: str, **headers: str) -> tuple[int, str]:
        """As a script does, with the CSRF token in a header."""
        headers = {"X-CSRFToken": self.cookies.get("csrftoken", ""), **headers}
        headers["Content-Type"] = "application/json"
        return self._ask("POST", path, body.encode(), headers)

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        line = http.client.HTTPConnection("localhost", self._house.port, timeout=PATIENCE_S)
        try:
            line.request(method, path, body, {"Cookie": self.cookie_header(), **headers})
            answer = line.getresponse()
            for value in answer.headers.get_all("Set-Cookie", []):
                for name, morsel in SimpleCookie(value).items():
                    self.cookies[name] = morsel.value
            return answer.status, answer.read().decode(errors="replace")
        finally:
            line.close()

    def cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    async def open(self, role: str, **options: Any) -> Page:
        """This person's socket."""
        return await Page.open(self._house, role, self.cookie_header(), **options)


def requester(house: Processes) -> Browser:
    """Somebody who opened `/` for the first time."""
    browser = Browser(house)
    assert browser.get("/")[0] == 200
    return browser


def invited(
    house: Processes, role: str, name: str, *languages: str, promises: bool = True
) -> Browser:
    """Somebody who was invited and has signed in; a Volunteer who has promised, too."""
    spoken = ["--languages", *languages] if languages else []
    said = house.manage("invite", "--role", role, "--name", name, *spoken)
    found = re.search(r"/invite/[^/\s]+/", said)
    assert found, said
    browser = Browser(house)
    assert browser.get(found[0])[0] == 200
    assert browser.post(found[0], {})[0] == 302
    if promises and role == "volunteer":
        assert browser.post("/volunteer/promise/", {})[0] == 302
    return browser


def forget_limits(house: Processes) -> None:
    """All tests come from one network: what one asked must not limit the next."""
    with Redis.from_url(house.redis.url) as redis:
        for key in redis.scan_iter("rate:*"):
            redis.delete(key)


class Page:
    """One open socket. Every message that came is kept, in order."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.heard: list[Message] = []
        self._news = asyncio.Condition()
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def open(
        cls,
        house: Processes,
        role: str,
        cookie: str,
        origin: str | None = "ours",
        subprotocols: Sequence[str] = (SUBPROTOCOL,),
    ) -> Page:
        came_from = house.origin if origin == "ours" else origin
        socket = await connect(
            f"ws://localhost:{house.port}/ws/{role}/",
            origin=None if came_from is None else Origin(came_from),
            subprotocols=[Subprotocol(one) for one in subprotocols],
            additional_headers={"Cookie": cookie},
            max_size=None,
            ping_interval=None,  # as in a browser
        )
        return cls(socket)

    async def _read(self) -> None:
        try:
            async for text in self.socket:
                async with self._news:
                    self.heard.append(json.loads(text))
                    self._news.notify_all()
        except ConnectionClosed:
            pass
        finally:
            async with self._news:
                self._news.notify_all()

    async def say(self, type_: str, **fields: Any) -> None:
        await self.socket.send(json.dumps({"type": type_, **fields}))

    async def hear(
        self, type_: str, after: int = 0, seconds: float = PATIENCE_S, **fields: Any
    ) -> Message:
        """The first message of this type (and with these fields) from place `after` on."""

        def found() -> Message | None:
            for message in self.heard[after:]:
                if message["type"] == type_ and fields.items() <= message.items():
                    return message
            return None

        async with self._news:
            try:
                async with asyncio.timeout(seconds):
                    await self._news.wait_for(lambda: found() or self._reader.done())
            except TimeoutError:
                pass
            message = found()
        assert message, f"no {type_} {fields} came, but {self.heard[after:]}"
        return message

    async def ask(self, *languages: str, **fields: Any) -> Message:
        """Ask for help; the receipt, or the refusal."""
        place = len(self.heard)
        spoken = list(languages) or ["en"]
        await self.say("help.ask", languages=spoken, camera=True, microphone=True, **fields)
        return await self.first_of("help.receipt", "refused", after=place)

    async def first_of(self, *types: str, after: int = 0) -> Message:
        async with self._news, asyncio.timeout(PATIENCE_S):
            await self._news.wait_for(
                lambda: any(one["type"] in types for one in self.heard[after:])
            )
        return next(one for one in self.heard[after:] if one["type"] in types)

    async def closed(self, seconds: float = PATIENCE_S) -> int:
        """The close code, once the server has closed."""
        async with asyncio.timeout(seconds):
            await self.socket.wait_closed()
        assert self.socket.close_code is not None
        return self.socket.close_code

    async def close(self) -> None:
        await self.socket.close()
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)

    async def is_open(self) -> bool:
        """By a round trip, not by what the client believes."""
        place = len(self.heard)
        try:
            await self.say("beat")
            await self.hear("pulse", after=place)
        except (ConnectionClosed, AssertionError):
            return False
        return True
