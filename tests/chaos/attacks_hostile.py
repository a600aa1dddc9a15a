"""What can a signed-in page do that means harm? `python -m tests.chaos.attacks_hostile`.

Some pages with real keys, in a process of their own. Each line of standard input is a request in
JSON and gets one line back: "answer" (to descriptions), "connect", and the attacks, which are sent
at a rate that the relay's allowances let in, so that they reach what they are meant for.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import Callable
from typing import Any

import pylibsrtp

from assist.lib import parent
from tests.chaos.attacks_fuzz import Fuzz
from tests.chaos.attacks_page import AUDIO_TYPE, VIDEO_TYPE, Page

STREAMS_EACH = 500  # then fresh keys' tables: libsrtp would look through all of them
_STEP_S = 0.005


class Gang:
    """All the hostile pages, and what they have sent."""

    def __init__(self, host: str) -> None:
        self._host = host
        self.pages: list[Page] = []
        self._fuzz = Fuzz(0)
        self._sealed = 0  # what could be sealed and was sent
        self._ssrc = 0

    def answer(self, descriptions: list[str]) -> list[str]:
        """One page for each."""
        for description in descriptions:
            page = Page(self._host, shows=True)
            page.read(description)
            self.pages.append(page)
        return [page.answer() for page in self.pages[-len(descriptions) :]]

    async def connect(self) -> int:
        """How many are up and now speak a little, as everybody does."""
        await asyncio.gather(*(page.connect() for page in self.pages))
        for page in self.pages:
            for _ in range(5):
                page.speak(AUDIO_TYPE)
                page.speak(VIDEO_TYPE)
        return len(self.pages)

    async def attack(self, kind: str, count: int, rate: float, seed: int) -> dict[str, float]:
        """Send `count` packets, `rate` a second, everyone in turn."""
        self._fuzz, self._sealed, sent = Fuzz(seed), 0, 0
        send: Callable[[Page], Any] = getattr(self, f"_{kind}")
        began_s = time.monotonic()
        while sent < count:
            due = min(count, int((time.monotonic() - began_s) * rate))
            for _ in range(min(due - sent, 100)):
                await send(self.pages[sent % len(self.pages)])
                sent += 1
            await asyncio.sleep(_STEP_S if due <= sent else 0)
        took_s = time.monotonic() - began_s
        return {"sent": self._sealed, "made": sent, "rate": self._sealed / took_s}

    def _seal(self, page: Page, packet: bytes, how: str) -> None:
        """Also what cannot be sealed is sent, as it is."""
        with contextlib.suppress(pylibsrtp.Error, ValueError):
            packet = getattr(page.keys, how)(packet)
        page.send(packet)
        self._sealed += 1

    async def _rtp(self, page: Page) -> None:
        self._seal(page, self._fuzz.rtp(page.picture), "protect")

    async def _rtcp(self, page: Page) -> None:
        about = page.heard_ssrc(self._sealed)
        self._seal(page, self._fuzz.rtcp(page.picture, about), "protect_rtcp")

    async def _streams(self, page: Page) -> None:
        """Each packet of another stream, sealed."""
        self._ssrc += 1
        if self._ssrc % STREAMS_EACH == 0:
            for each in self.pages:
                each.dtls._setup_srtp()
        head = b"\x80\x60" + (self._ssrc & 0xFFFF).to_bytes(2, "big") + bytes(4)
        ssrc = (0x10000000 + self._ssrc).to_bytes(4, "big")
        self._seal(page, head + ssrc + bytes(40), "protect")

    async def _sctp(self, page: Page) -> None:
        sctp = page.sctp
        numbers = (sctp._remote_verification_tag, sctp._local_tsn, sctp._last_received_tsn or 0)
        await self._data(page, self._fuzz.sctp(*numbers))

    async def _dtls(self, page: Page) -> None:
        """Records that authenticate and hold no SCTP, and broken copies of good ones."""
        if self._sealed % 2:
            await self._data(page, self._fuzz.junk() or b"\0")
        else:
            page.send(self._fuzz.record())
            self._sealed += 1

    async def _messages(self, page: Page) -> None:
        """Tiny ones, as many as SCTP takes."""
        if page.channel is not None and page.channel.readyState == "open":
            page.channel.send("x" if self._sealed % 3 else "")
        self._sealed += 1

    async def _data(self, page: Page, data: bytes) -> None:
        with contextlib.suppress(Exception):  # a relay that has enough may have said goodbye
            await page.dtls._send_data(data)
        self._sealed += 1


async def main(host: str) -> None:
    """Until standard input ends."""
    gang, reader, loop = Gang(host), asyncio.StreamReader(), asyncio.get_running_loop()
    # Some of what these pages do to their own libraries is not for anybody's eyes.
    loop.set_exception_handler(lambda loop, context: None)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader, loop=loop), sys.stdin)
    while line := await reader.readline():
        asked = json.loads(line)
        what = asked.pop("do")
        found = getattr(gang, what)(**asked)
        print(json.dumps(await found if asyncio.iscoroutine(found) else found), flush=True)


if __name__ == "__main__":
    parent.watch()
    asyncio.run(main(*sys.argv[1:]))
