"""How do pages without a browser behave? They hear what is published for them, and act like people.

One subscription by pattern stands for all sockets: it gets every message that the fan-out
publishes for a person, at the moment when a web process would get it.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from assist.lib.ids import new_id
from assist.live import Live
from tests.load.people import RARE, Person, language

GROUP = "asgi__group__person."
RELAY = "0" * 32
BEAT_SECONDS = 5.0
PATIENCE_SECONDS = 90.0
RARE_SHARE = 0.05
Message = dict[str, Any]


@dataclass
class Heard:
    """What was measured, in milliseconds from the script's time to the message heard here."""

    first_offer: list[float] = field(default_factory=list)
    both_told: list[float] = field(default_factory=list)
    losers_told: list[float] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


@dataclass
class Wish:
    """One HelpRequest of the run."""

    id: str
    requester: str
    since_ms: int = 0
    rung: bool = False
    call: str = ""
    told: dict[str, float] = field(default_factory=dict)
    lost: list[float] = field(default_factory=list)
    counted: bool = False
    accepted_ms: int = 0


class Pages:
    """All pages of a run: they beat, show rings, accept or not, talk for a moment, hang up."""

    def __init__(self, live: Live, people: Iterable[Person], seed: int, talk_s: float) -> None:
        self._live, self._talk_s = live, talk_s
        self._people = {person.id: person for person in people}
        self._chance = random.Random(seed)
        self._wishes: dict[str, Wish] = {}
        self._requesters: dict[str, str] = {}
        self._offers: dict[str, str] = {}
        self._plans: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_call: set[str] = set()
        self.heard = Heard()
        self.measuring = self._over = False

    # --- what they hear ------------------------------------------------------------------------
    async def listen(self, redis: Redis) -> None:
        """Hear every message published for a person, until cancelled."""
        ears = redis.pubsub(ignore_subscribe_messages=True)
        await ears.psubscribe(f"{GROUP}*")
        async for said in ears.listen():
            at_ms = time.time() * 1000
            channel = said["channel"].decode()
            fact = msgspec.msgpack.decode(said["data"])
            if fact["type"] == "person.fact":
                message = msgspec.json.decode(fact["text"])
                self._hear(channel.removeprefix(GROUP), message, at_ms)

    def _hear(self, person: str, message: Message, at_ms: float) -> None:
        match message["type"]:
            case "offer.made":
                self._rings(person, message["offer"], at_ms)
            case "offer.ended":
                self._stops_ringing(message, at_ms)
            case "call.changed":
                self._call_moves(person, message, at_ms)
            case "help.ended":
                self._wishes.pop(message["help_request"], None)
                self._requesters.pop(person, None)
            case "call.ended":
                self._in_call.discard(person)
            case "volunteer.changed" if not message["taking"]:
                # Set away after three rings that passed: they come back a moment later.
                self.heard.counts["set_away"] += 1
                self._later(2.0, self._come_back, person)

    def _rings(self, person: str, offer: Message, at_ms: float) -> None:
        wish = self._wishes.get(offer["help_request"])
        if wish is None:
            return
        self._offers[offer["id"]] = wish.id
        self.heard.counts["rings"] += 1
        if not wish.rung:
            wish.rung = True
            if self.measuring:
                self.heard.first_offer.append(at_ms - offer["since_ms"])
        self._begin(self._show(offer["id"], person))
        answer = self._people[person].answers(self._chance)
        if answer.outcome != "nothing":
            act = self._accept if answer.outcome == "accept" else self._decline
            self._plans[offer["id"]] = asyncio.get_running_loop().call_later(
                answer.after_s, lambda: self._begin(act(offer["id"], person))
            )

    def _stops_ringing(self, message: Message, at_ms: float) -> None:
        plan = self._plans.pop(message["offer"], None)
        if plan is not None:
            plan.cancel()
        wish = self._wishes.get(self._offers.pop(message["offer"], ""))
        self.heard.counts[f"offers_{message['why']}"] += 1
        if wish is not None and message["why"] == "quicker":
            wish.lost.append(at_ms)
            self._count_losers(wish)

    def _call_moves(self, person: str, message: Message, at_ms: float) -> None:
        wish = self._wishes.get(message["help_request"])
        if wish is None or message["call"]["state"] != "connecting":
            return
        wish.told.setdefault(person, at_ms)
        wish.accepted_ms = message["call"]["since_ms"]
        self._count_losers(wish)
        if len(wish.told) == 2 and not wish.counted:
            wish.counted = True
            if self.measuring:
                self.heard.both_told.append(max(wish.told.values()) - wish.accepted_ms)

    def _count_losers(self, wish: Wish) -> None:
        if wish.accepted_ms and self.measuring:
            self.heard.losers_told += [at_ms - wish.accepted_ms for at_ms in wish.lost]
            wish.lost.clear()

    # --- what they do --------------------------------------------------------------------------
    async def ask(self) -> None:
        """Somebody wants help; if nobody comes they lose patience."""
        spoken = RARE if self._chance.random() < RARE_SHARE else language(self._chance)
        wish = Wish(new_id(), new_id())
        self._wishes[wish.id] = wish
        self._requesters[wish.requester] = wish.id
        asked = await self._live.ask(wish.id, wish.requester, [spoken])
        self.heard.counts[f"asks_{asked.is_}"] += 1
        await self._leg(wish.id, wish.requester)
        self._later(PATIENCE_SECONDS, self._give_up, wish.id)

    async def _show(self, offer: str, person: str) -> None:
        await asyncio.sleep(0.05)
        await self._live.shown(offer, person)

    async def _accept(self, offer: str, person: str) -> None:
        self._plans.pop(offer, None)
        accepted = await self._live.accept(offer, person)
        self.heard.counts[f"accepts_{accepted.is_}"] += 1
        if accepted.is_ == "ok" and accepted.help_request:
            self._in_call.add(person)
            wish = self._wishes[accepted.help_request]
            wish.call = person
            await self._leg(wish.id, person)
            self._later(self._chance.expovariate(1 / self._talk_s) + 0.5, self._hang_up, wish.id)

    async def _decline(self, offer: str, person: str) -> None:
        self._plans.pop(offer, None)
        await self._live.decline(offer, person)
        # "Not now" holds until they say anew that they take calls.

    async def _leg(self, help_request: str, person: str) -> None:
        """The relay's part of a Leg, without media."""
        seat = await self._live.seat(help_request, person)
        if seat.is_ == "ok":
            await self._live.leg(help_request, person, seat.number, "up", RELAY)

    async def _hang_up(self, help_request: str) -> None:
        wish = self._wishes.get(help_request)
        if wish is not None:
            self.heard.counts["calls"] += 1
            await self._live.end(help_request, wish.requester)

    async def _give_up(self, help_request: str) -> None:
        wish = self._wishes.get(help_request)
        if wish is not None and not wish.call:
            self.heard.counts["gave_up"] += 1
            await self._live.cancel(help_request, wish.requester)

    async def _come_back(self, person: str) -> None:
        await self._live.available(person)

    # --- what keeps them going -----------------------------------------------------------------
    async def beat(self) -> None:
        """Renew all leases each few seconds, in bundles, as web processes do; until cancelled."""
        pages = [one.id for one in self._people.values() if one.reach == "page"]
        bundle = 250
        while True:
            began = time.monotonic()
            for start in range(0, len(pages), bundle):
                await self._live.beat(
                    [("volunteer", one, False) for one in pages[start : start + bundle]]
                )
                due = began + BEAT_SECONDS * (start + bundle) / len(pages)
                await asyncio.sleep(max(0.0, due - time.monotonic()))
            others = [("requester", one, False) for one in self._requesters]
            others += [("volunteer", one, False) for one in self._in_call]
            await self._live.beat(others)
            await asyncio.sleep(max(0.0, began + BEAT_SECONDS - time.monotonic()))

    async def relay(self) -> None:
        """One relay lives, for the sake of the seats; until cancelled."""
        while True:
            await self._live.relay_announce(RELAY, "127.0.0.1", 9, 0.1, 0)
            await asyncio.sleep(1.0)

    @property
    def open(self) -> int:
        """How many HelpRequests have not ended."""
        return len(self._wishes)

    async def finish(self) -> None:
        """Everybody hangs up or gives up, now, and nobody does anything any more."""
        self._over = True
        for wish in list(self._wishes.values()):
            await self._live.cancel(wish.id, wish.requester)

    def _later(self, seconds: float, act: Any, who: str) -> None:
        asyncio.get_running_loop().call_later(seconds, lambda: self._begin(act(who)))

    def _begin(self, act: Coroutine[Any, Any, None]) -> None:
        if self._over:
            act.close()
            return
        task = asyncio.create_task(self._safely(act))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _safely(self, act: Coroutine[Any, Any, None]) -> None:
        try:
            await act
        except RedisError as error:
            self.heard.counts[f"errors_{type(error).__name__}"] += 1
