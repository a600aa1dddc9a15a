"""How does a letter reach a push service, and nothing else on the way?

The name is looked up, each of its addresses is checked, and the connection goes to a checked
address: looking it up a second time is how a name that was public a moment ago becomes 127.0.0.1.
What looks up and what connects are given by whoever makes the Sender; no setting changes them.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from assist.push.places import Place, is_public, place_of

PORT = 443
WHOLE_SECONDS = 5.0
HEAD_BYTES = 16_384
RETRY_MOST_SECONDS = 3600.0
AT_ONCE = 64
END = b"\r\n\r\n"

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Resolve = Callable[[str], Awaitable[Sequence[str]]]
Connect = Callable[[str, str], Awaitable[Streams]]


class Letter(NamedTuple):
    """What one device is told, closed for everybody else."""

    endpoint: str
    headers: Mapping[str, str]
    body: bytes


class Outcome(StrEnum):
    """What became of a letter."""

    TAKEN = "taken"  # the push service has it
    GONE = "gone"  # this subscription is no more
    LATER = "later"  # too many, or not there: try again
    REFUSED = "refused"  # never so: the place, or what the service says of the letter


class Answer(NamedTuple):
    """`retry_after_s`: what the service asked for, 0 when it did not."""

    outcome: Outcome
    retry_after_s: float = 0.0


class NotThere(Exception):
    """The name leads to an address that no push service has."""


async def resolve(host: str) -> list[str]:
    """The addresses of a host, as numbers."""
    found = await asyncio.get_running_loop().getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


async def connect(address: str, host: str) -> Streams:
    """TLS to this address, for this name."""
    return await asyncio.open_connection(
        address, PORT, ssl=_trust(), server_hostname=host, limit=HEAD_BYTES
    )


class Sender:
    """Sends letters, a bounded number at once."""

    def __init__(self, resolve: Resolve = resolve, connect: Connect = connect) -> None:
        """`connect` is given a checked address and the name that its certificate must carry."""
        self._resolve, self._connect = resolve, connect
        self._room = asyncio.Semaphore(AT_ONCE)

    async def send(self, letter: Letter) -> Answer:
        """Never raises; takes WHOLE_SECONDS at most, once it is its turn."""
        place = place_of(letter.endpoint)
        if place is None:
            return Answer(Outcome.REFUSED)
        async with self._room:
            try:
                async with asyncio.timeout(WHOLE_SECONDS):
                    return await self._exchange(place, letter)
            except NotThere:
                return Answer(Outcome.REFUSED)
            except (OSError, EOFError, ValueError):
                return Answer(Outcome.LATER)

    async def _exchange(self, place: Place, letter: Letter) -> Answer:
        reader, writer = await self._open(place.host)
        try:
            writer.write(_head(place, letter) + letter.body)
            await writer.drain()
            return _answer(await _read_head(reader))
        finally:
            # What else they may want to say is nobody's business: not read, not waited for.
            writer.transport.abort()

    async def _open(self, host: str) -> Streams:
        addresses = list(dict.fromkeys(await self._resolve(host)))
        if not addresses or not all(is_public(address) for address in addresses):
            raise NotThere
        *others, last = addresses
        for address in others:
            with suppress(OSError):
                return await self._connect(address, host)
        return await self._connect(last, host)


def _head(place: Place, letter: Letter) -> bytes:
    lines = [
        f"POST {place.path} HTTP/1.1",
        f"Host: {place.host}",
        *(f"{name}: {value}" for name, value in letter.headers.items()),
        f"Content-Length: {len(letter.body)}",
        "Connection: close",
    ]
    return "\r\n".join(lines).encode("ascii") + END


async def _read_head(reader: asyncio.StreamReader) -> bytes:
    """Status and headers, without what follows. Raises ValueError when they do not end."""
    head = b""
    while END not in head:
        more = await reader.read(4096)
        if not more:
            raise EOFError
        head += more
        if len(head) > HEAD_BYTES:
            raise ValueError("too long")
    return head.partition(END)[0]


def _answer(head: bytes) -> Answer:
    """What the first line says; of the rest only Retry-After. Raises ValueError."""
    first, *lines = head.decode("latin-1").split("\r\n")
    version, status, *_ = [*first.split(" "), ""]
    if not version.startswith("HTTP/1."):
        raise ValueError("not HTTP")
    code = int(status)
    if 200 <= code < 300:
        return Answer(Outcome.TAKEN)
    if code in (404, 410):
        return Answer(Outcome.GONE)
    if code == 429 or code >= 500:
        return Answer(Outcome.LATER, _retry_after_s(lines))
    return Answer(Outcome.REFUSED)  # also a redirect: nobody is followed


def _retry_after_s(lines: list[str]) -> float:
    """Seconds or a date, as the header may have it; 0 without one that makes sense."""
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)
    }
    text = headers.get("retry-after", "")
    try:
        wait_s = float(text) if text.isdigit() else _until_s(text)
    except (ValueError, TypeError):
        return 0.0
    return min(max(wait_s, 0.0), RETRY_MOST_SECONDS)


def _until_s(date: str) -> float:
    at = parsedate_to_datetime(date)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - datetime.now(UTC).timestamp()
