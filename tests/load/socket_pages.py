"""How do pages behave that have a real socket each? As the page's own JavaScript does.

They beat, show a ring, notice a missing number and ask for a Snapshot, open a Leg. Only the media
is missing: a stand-in answers for the relay. What is measured is what `tests.load.pages` measures,
at the moment when the message is read from the person's own socket.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from typing import Any

import msgspec
from redis.asyncio import Redis
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from assist.live import Live
from assist.protocol.messages import SUBPROTOCOL
from assist.relay.wire import LegAnswered, LegOpened, OpenLeg, encode, inbox, read_request
from tests.load.pages import BEAT_SECONDS, PATIENCE_SECONDS, RELAY, Message, Pages, Wish
from tests.load.people import Person, language
from tests.processes import Processes

OPENED_AT_ONCE = 16
PATIENCE_TO_OPEN_S = 300
READY_SECONDS = 5.0  # from a call's end until its Volunteer wants the next, on average
DESCRIPTION = "v=0\r\n" + "a=fmtp:96 level-asymmetry-allowed=1\r\n" * 80  # 3 KB, as a real one
Cookies = Mapping[str, Mapping[str, str]]  # role -> person -> header


class Page:
    """One open socket, lean: it keeps a number, and nothing that it heard."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._seq = socket, 0
        self.leaving = False

    @classmethod
    async def open(cls, house: Processes, role: str, cookie: str, address: str) -> Page:
        """`address`: where this person seems to be."""
        socket = await connect(
            f"ws://127.0.0.1:{house.port}/ws/{role}/",
            origin=Origin(house.origin),
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            additional_headers={"Cookie": cookie},
            local_addr=(address, 0),
            compression=None,
            ping_interval=None,
            max_size=None,
            open_timeout=30,
        )
        return cls(socket)

    async def say(self, type_: str, **fields: Any) -> None:
        await self._socket.send(msgspec.json.encode({"type": type_, **fields}), text=True)

    async def hear(self) -> AsyncIterator[tuple[Message, float]]:
        """Each message, and when it was here; until the socket closes."""
        async for text in self._socket:
            yield msgspec.json.decode(text), time.time() * 1000

    def misses(self, message: Message) -> bool:
        """Did a fact get lost before this message? Then the truth is in a Snapshot."""
        number = message.get("seq", 0)
        if message["type"].startswith("snapshot."):
            self._seq = number
            return False
        newest, self._seq = self._seq, max(self._seq, number)
        return bool(number > newest + (message["type"] != "pulse"))

    async def close(self) -> None:
        self.leaving = True
        await self._socket.close()


class SocketPages(Pages):
    """The same people as in `tests.load.matching`, each at a page of their own."""

    def __init__(
        self,
        live: Live,
        people: Sequence[Person],
        seed: int,
        talk_s: float,
        house: Processes,
        cookies: Cookies,
    ) -> None:
        super().__init__(live, people, seed, talk_s)
        self._house, self._cookies = house, cookies
        self._askers = enumerate(cookies["requester"])
        self._open: dict[str, Page] = {}
        self._taking: set[str] = set()
        self._tapped: dict[str, float] = {}
        self.way_in: list[float] = []  # from a tap to the script's TIME, in milliseconds

    # --- coming and going ----------------------------------------------------------------------
    async def everybody(self) -> None:
        """Open the page of each Volunteer, and wait until all take calls."""
        turns = asyncio.Semaphore(OPENED_AT_ONCE)

        async def one(person: str) -> None:
            async with turns:
                await self._arrive("volunteer", person, "127.0.0.1")
                await self._say(person, "calls.start")

        began_s = time.monotonic()
        await asyncio.gather(*map(one, self._people))
        while len(self._taking) < len(self._people):
            if time.monotonic() > began_s + PATIENCE_TO_OPEN_S:
                raise SystemExit(f"{len(self._taking)} take calls: {dict(self.heard.counts)}")
            await asyncio.sleep(0.1)
        took_s = time.monotonic() - began_s
        print(f"{len(self._people)} pages open after {took_s:.1f} s", flush=True)

    async def _arrive(self, role: str, person: str, address: str) -> None:
        cookie = self._cookies[role][person]
        page = self._open[person] = await Page.open(self._house, role, cookie, address)
        self._begin(self._follow(person, page))

    async def _follow(self, person: str, page: Page) -> None:
        try:
            async for message, at_ms in page.hear():
                if page.misses(message):
                    self.heard.counts["gaps"] += 1
                    await page.say("snapshot.get")
                self._hear(person, message, at_ms)
        finally:
            self.heard.counts["closed_on_them"] += not page.leaving
            self._open.pop(person, None)

    async def _leave(self, person: str) -> None:
        if page := self._open.get(person):
            await page.close()

    async def all_leave(self) -> None:
        """Everybody closes their page."""
        await asyncio.gather(*map(self._leave, list(self._open)))

    # --- what they hear ------------------------------------------------------------------------
    def _hear(self, person: str, message: Message, at_ms: float) -> None:
        if message["type"] == "offer.made":  # it may be here before the asker's receipt is
            wanted = message["offer"]["help_request"]
            self._wishes.setdefault(wanted, Wish(wanted, ""))
        super()._hear(person, message, at_ms)
        match message["type"]:
            case "help.receipt":
                self._begin(self._stay(person, message["help_request"]))
            case "snapshot.requester" | "help.changed":
                self._reached(person, message["help_request"])
            case "call.changed":
                self._reached(person, message["call"])
                self._talk(person, message["help_request"])
            case "leg.description":
                leg = {"help_request": message["help_request"], "number": message["number"]}
                self._begin(self._say(person, "leg.answer", description=DESCRIPTION, **leg))
            case "help.ended":
                self._later(1.0, self._leave, person)
            case "call.ended":
                wait_s = self._chance.expovariate(1 / READY_SECONDS)
                self._later(wait_s, self._come_back, person)
            case "volunteer.changed" if message["taking"]:
                self._taking.add(person)
            case "refused" | "goodbye":
                self._tapped.pop(person, None)
                about = message.get("about") or "page"
                self.heard.counts[f"{message['type']}_{about}_{message['code']}"] += 1

    def _reached(self, person: str, truth: Message | None) -> None:
        """What they tapped has become true, at this time of the script's."""
        tapped_ms = self._tapped.pop(person, None) if truth else None
        if truth and tapped_ms and self.measuring:
            self.way_in.append(truth["since_ms"] - tapped_ms)

    def _talk(self, person: str, help_request: str) -> None:
        """The Volunteer, once, at the first news of their Call."""
        wish = self._wishes.get(help_request)
        if wish is None or wish.call or person not in self._people:
            return
        wish.call = person
        self._begin(self._say(person, "leg.open", help_request=wish.id))
        self._later(self._chance.expovariate(1 / self._talk_s) + 0.5, self._hang_up, wish.id)

    # --- what they do --------------------------------------------------------------------------
    async def _say(self, person: str, type_: str, **fields: Any) -> None:
        if page := self._open.get(person):
            await page.say(type_, **fields)

    async def ask(self) -> None:
        """Somebody opens the page and asks, each from a network of their own."""
        number, person = next(self._askers)
        high, low = divmod(number, 250)
        await self._arrive("requester", person, f"127.{high + 1}.{low}.1")
        self._tapped[person] = time.time() * 1000
        spoken = language(self._chance)
        await self._say(person, "help.ask", languages=[spoken], camera=True, microphone=True)

    async def _stay(self, person: str, wanted: str) -> None:
        """The receipt is here: wait for somebody, for as long as patience lasts."""
        self.heard.counts["asks_ok"] += 1
        wish = self._wishes.setdefault(wanted, Wish(wanted, ""))
        wish.requester = person
        self._requesters[person] = wanted
        self._later(PATIENCE_SECONDS, self._give_up, wanted)
        await self._say(person, "leg.open", help_request=wanted)

    async def _show(self, offer: str, person: str) -> None:
        await asyncio.sleep(0.05)
        await self._say(person, "offer.shown", offer=offer)

    async def _accept(self, offer: str, person: str) -> None:
        self._plans.pop(offer, None)
        self._tapped[person] = time.time() * 1000
        await self._say(person, "offer.accept", offer=offer)

    async def _decline(self, offer: str, person: str) -> None:
        self._plans.pop(offer, None)
        await self._say(person, "offer.decline", offer=offer)

    async def _hang_up(self, help_request: str) -> None:
        if wish := self._wishes.get(help_request):
            self.heard.counts["calls"] += 1
            await self._say(wish.requester, "call.end", help_request=help_request)

    async def _give_up(self, help_request: str) -> None:
        wish = self._wishes.get(help_request)
        if wish is not None and not wish.call:
            self.heard.counts["gave_up"] += 1
            await self._say(wish.requester, "help.cancel", help_request=help_request)

    async def _come_back(self, person: str) -> None:
        await self._say(person, "calls.start")

    async def _safely(self, act: Coroutine[Any, Any, None]) -> None:
        try:
            await super()._safely(act)
        except (ConnectionClosed, OSError) as error:
            self.heard.counts[f"errors_{type(error).__name__}"] += 1

    # --- what keeps them going -----------------------------------------------------------------
    async def beat(self) -> None:
        """Each page by itself, spread over the seconds between two beats; until cancelled."""
        while True:
            began_s, people = time.monotonic(), list(self._open)
            for number, person in enumerate(people):
                due_s = began_s + BEAT_SECONDS * number / len(people)
                await asyncio.sleep(max(0.0, due_s - time.monotonic()))
                await self._safely(self._say(person, "beat"))
            await asyncio.sleep(max(0.0, began_s + BEAT_SECONDS - time.monotonic()))

    async def listen(self, redis: Redis) -> None:
        """People hear by their sockets: here is only what is asked of the relay."""
        ears = redis.pubsub(ignore_subscribe_messages=True)
        await ears.subscribe(inbox(RELAY))
        async for said in ears.listen():
            self._begin(self._connect(redis, said["data"]))

    async def _connect(self, redis: Redis, data: bytes) -> None:
        """The relay's part of a Leg, without media."""
        request = read_request(data)
        if isinstance(request, OpenLeg):
            opened = LegOpened(request.id, request.number, DESCRIPTION)
            await redis.publish(request.reply_to, encode(opened))
            return
        await redis.publish(request.reply_to, encode(LegAnswered(request.id)))
        await self._live.leg(request.help_request, request.person, request.number, "up", RELAY)

    async def finish(self) -> None:
        """Everybody hangs up or gives up, now, and does nothing more but listen."""
        self._over = True
        wishes = [one for one in self._wishes.values() if one.requester]
        for wish in wishes:
            await self._say(wish.requester, "help.cancel", help_request=wish.id)
        for _ in range(100):
            if not any(one.id in self._wishes for one in wishes):
                return
            await asyncio.sleep(0.1)
