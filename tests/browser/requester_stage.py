"""How does the Requester's page come into a state? By the house's own messages, sent by a test.

The page and its scripts are real, and so are camera and microphone. Only the far end of its socket
is played, so that states of which a real house has few (it is full, it stops, it suspends somebody)
come when they are called. The messages are built from `assist.protocol`, so their shapes cannot be
others.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import msgspec
from django.utils import translation
from django.utils.translation import gettext
from playwright.async_api import WebSocketRoute

from assist.protocol.messages import (
    HelpChanged,
    HelpEnded,
    HelpOthers,
    HelpReceipt,
    Pulse,
    Refused,
    RequesterSnapshot,
)
from assist.protocol.states import Among, EndReason, HelpState, LegState, Refusal, WhyHanded
from assist.protocol.views import CallView, HandedView, HelpView
from tests.browser.people import Requester
from tests.browser.senses import PATIENCE_S, REMEMBER_SAID
from tests.waiting import wait_for

HELP, CALL = "a" * 32, "b" * 32
PEER = "Noor"


# Longer than HEARD_MS of ui/announce.js.
HEARD = "() => performance.now() - window.said_ms > 500"
# What the camera sees is not what is looked at here.
WITHOUT_HINTS = "localStorage.setItem('assist.mine', JSON.stringify({hints: false}));"


class Stage:
    """One Requester's page, and the house as it sees it."""

    def __init__(self, requester: Requester, language: str) -> None:
        self.requester, self.language = requester, language
        self.before = 0  # announcements that belong to what came before the state
        self.help: HelpView | None = None
        self.heard: list[dict[str, Any]] = []  # what the page has sent
        self._seq = 0
        # The house's clock stands still: nobody waits so long that the page says how long it was.
        self._now_ms = time.time_ns() // 1_000_000
        self._socket: WebSocketRoute | None = None
        self._up = True

    @classmethod
    async def open(cls, requester: Requester, language: str) -> Stage:
        """The start page, with its link. Everything that it announces is remembered."""
        stage = cls(requester, language)
        await requester.context.add_init_script(REMEMBER_SAID + WITHOUT_HINTS)
        await requester.page.route_web_socket("**/ws/requester/", stage._connected)
        await requester.visit("/")
        await wait_for(lambda: "" if stage._socket else "the page has no socket", PATIENCE_S)
        return stage

    # --- The person at the page ------------------------------------------------------------------

    async def press(self, name: str) -> None:
        """The button that has this name in English."""
        with translation.override(self.language):
            here = gettext(name)
        await self.requester.press(here)

    async def said(self) -> list[str]:
        """What the page has announced, from the beginning."""
        said: list[str] = await self.requester.page.evaluate("() => window.said")
        return said

    async def announces(self) -> str:
        """What comes after `before`, as soon as it has come."""

        async def why_not() -> str:
            return "" if len(await self.said()) > self.before else "nothing new was announced"

        await wait_for(why_not, PATIENCE_S)
        return (await self.said())[self.before]

    async def is_heard(self) -> None:
        """A dialog that opens or closes says again what nobody can have heard by then."""
        await self.requester.page.wait_for_function(HEARD)

    async def is_prepared(self) -> None:
        """What was announced so far led to the state; what comes now is its own."""
        await self.announces()
        self.before = len(await self.said())
        await self.remember_focus()

    async def remember_focus(self) -> None:
        """Where it is now, to see whether it stays."""
        await self.requester.page.evaluate("() => { window.focused = document.activeElement; }")

    # --- The house's side of the socket ----------------------------------------------------------

    def _connected(self, socket: WebSocketRoute) -> None:
        if not self._up:
            self._closing = asyncio.create_task(socket.close())
            return
        self._socket = socket
        socket.on_message(lambda data: self._heard(msgspec.json.decode(data)))
        self._send(self._snapshot())

    def _snapshot(self) -> RequesterSnapshot:
        return RequesterSnapshot(
            seq=self._seq, now_ms=self._now_ms, run="stage", help_request=self.help, quality=None
        )

    def _heard(self, message: dict[str, Any]) -> None:
        self.heard.append(message)
        if message["type"] == "beat":
            self._send(Pulse(seq=self._seq, now_ms=self._now_ms))
        if message["type"] == "snapshot.get":
            self._send(self._snapshot())

    def _send(self, message: msgspec.Struct) -> None:
        assert self._socket is not None
        self._socket.send(msgspec.json.encode(message).decode())

    async def hears(self, kind: str) -> None:
        """The page sends this, now or a moment ago; it counts once."""

        def why_not() -> str:
            kinds = [message["type"] for message in self.heard]
            return "" if kind in kinds else f"the page sent {kinds}, not {kind}"

        await wait_for(why_not, PATIENCE_S)
        self.heard.clear()

    # --- What the house may say ------------------------------------------------------------------

    def _next(self) -> int:
        self._seq += 1
        return self._seq

    def moves(self, state: HelpState, call: CallView | None = None, **more: Any) -> None:
        """The HelpRequest is there now."""
        usual: dict[str, Any] = {
            "id": HELP,
            "asked": 0,
            "reachable": 2,
            "among": Among.CIRCLE_FIRST,
            "topic": None,
            "languages": ["en"],
            "question": False,
            "first_until_ms": 0,
            "handed": None,
        }
        self.help = HelpView(state=state, since_ms=self._now_ms, call=call, **{**usual, **more})
        self._send(HelpChanged(seq=self._next(), help_request=self.help))

    def receives(self) -> None:
        """The receipt of an ask."""
        self._send(HelpReceipt(help_request=HELP, receipt="signed"))

    def meets(self, state: HelpState, theirs: LegState = LegState.UP) -> None:
        """In a Call with PEER."""
        call = CallView(
            id=CALL,
            state=state,
            peer=PEER,
            braille=False,
            handed=False,
            practice=False,
            since_ms=self._now_ms,
            mine=LegState.UP,
            theirs=theirs,
        )
        self.moves(state, call, asked=1)

    def is_handed_over(self) -> None:
        """PEER must go."""
        over = HandedView(call=CALL, why=WhyHanded.MUST_GO, at_ms=self._now_ms)
        self.moves(HelpState.WAITING, asked=1, handed=over)

    def offers_languages(self, *languages: str) -> None:
        self._send(HelpOthers(help_request=HELP, languages=list(languages)))

    def ends(self, reason: EndReason) -> None:
        call = self.help.call if self.help else None
        self.help = None
        ended = HelpEnded(
            seq=self._next(), help_request=HELP, call=call.id if call else None, reason=reason
        )
        self._send(ended)

    def refuses(self, code: Refusal, about: str) -> None:
        self._send(Refused(code=code, text="No.", about=about))

    async def breaks(self) -> None:
        """No socket stands, and none can be opened."""
        self._up = False
        assert self._socket is not None
        await self._socket.close()

    def mends(self) -> None:
        self._up = True
