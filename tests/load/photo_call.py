"""Who sends and receives the photograph that is measured? Two pages that speak and show nothing.

They do with it what the real pages do (`frontend/js/call/photo.js`): pieces of nearly 16 KiB at a
pace, some ahead of the acknowledgements, and every second one acknowledged.
"""

from __future__ import annotations

import asyncio
import time

from tests.load.relay_peers import Peer

PIECE_BYTES = 16_240
PIECES_AHEAD = 16
EACH_PIECES = 2
WORDS_EACH_S = 0.2
MOST_SAVED_S = 0.05
BURST_EACH_S = 0.016
BEAT_EACH_S = 0.25
ARRIVE_SECONDS = 60

Message = str | bytes


class Page(Peer):
    """Somebody whose page has an open data channel. As a browser does, it sends in bursts."""

    def __init__(self, host: str, shows: bool) -> None:
        super().__init__(host, shows)
        self._held: list[bytes] = []
        self._beats: asyncio.Task[None] | None = None

    def say(self, message: Message) -> None:
        self.channel.send(message)

    def lives(self) -> None:
        """From now on the relay hears that this page is there."""
        self._beats = asyncio.create_task(self._beat())

    async def _beat(self) -> None:
        while True:
            self.say("b")
            await asyncio.sleep(BEAT_EACH_S)

    async def _send(self, data: bytes) -> None:
        """aiortc lets four packets leave at once, a browser a whole piece: they are gathered."""
        if self.channel is None or self.channel.readyState != "open":
            await super()._send(data)
            return
        if not self._held:
            self._loop.call_later(BURST_EACH_S, self._flush)
        self._held.append(data)

    def _flush(self) -> None:
        held, self._held = self._held, []
        for data in held:
            self.socket.sendto(data, self._to)

    async def close(self) -> None:
        if self._beats is not None:
            self._beats.cancel()
        self._held.clear()
        await super().close()


class PhotoCall:
    """One call in which a photograph is sent, and words are typed meanwhile."""

    def __init__(self, requester: Page, volunteer: Page, bits_s: float) -> None:
        """`bits_s`: the pace."""
        self.words_ms: list[float] = []
        self._requester, self._volunteer, self._bits_s = requester, volunteer, bits_s
        self._pieces: list[bytes] = []
        self._got = 0
        self._news = asyncio.Event()
        requester.channel.on("message", self._acknowledged)
        volunteer.channel.on("message", self._arrived)
        requester.lives()
        volunteer.lives()

    def _acknowledged(self, message: Message) -> None:
        if isinstance(message, str) and message.startswith("got "):
            self._got = int(message.removeprefix("got "))
            self._news.set()

    def _arrived(self, message: Message) -> None:
        if isinstance(message, bytes):
            self._pieces.append(message)
            if len(self._pieces) % EACH_PIECES == 0 or len(message) < PIECE_BYTES:
                self._volunteer.say(f"got {len(self._pieces)}")
        elif message.startswith("word "):
            sent_ns = int(message.removeprefix("word "))
            self.words_ms.append((time.monotonic_ns() - sent_ns) / 1e6)

    async def send(self, photograph: bytes) -> float:
        """Seconds until its last piece was acknowledged. TimeoutError; ValueError if it changed.

        The last piece must be a short one, by which its end is known.
        """
        self._pieces.clear()
        self._got = 0
        began_s = time.monotonic()
        words = asyncio.create_task(self._type())
        try:
            async with asyncio.timeout(ARRIVE_SECONDS):
                await self._send_pieces(photograph)
        finally:
            words.cancel()
        if b"".join(self._pieces) != photograph:
            raise ValueError("the photograph came changed")
        return time.monotonic() - began_s

    async def _send_pieces(self, photograph: bytes) -> None:
        starts = range(0, len(photograph), PIECE_BYTES)
        due_s = time.monotonic()
        for number, at in enumerate(starts):
            await self._until(number - PIECES_AHEAD + 1)
            await asyncio.sleep(max(0.0, due_s - time.monotonic()))
            self._requester.say(photograph[at : at + PIECE_BYTES])
            due_s = max(due_s, time.monotonic() - MOST_SAVED_S) + PIECE_BYTES * 8 / self._bits_s
        await self._until(len(starts))

    async def _until(self, got: int) -> None:
        while self._got < got:
            self._news.clear()
            await self._news.wait()

    async def _type(self) -> None:
        while True:
            await asyncio.sleep(WORDS_EACH_S)
            self._requester.say(f"word {time.monotonic_ns()}")
