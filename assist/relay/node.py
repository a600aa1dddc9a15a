"""What does the relay process do from its start to its end?

It binds its port, says in Redis that it lives, takes requests, and makes its Sessions what `live`
says. Redis may go away and come back: the media between two people never passes through it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, Protocol

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from assist.lib.ids import new_id
from assist.live import Event
from assist.protocol.states import LegState
from assist.relay import stock
from assist.relay.ice import Endpoint, addresses_to_bind, own_addresses
from assist.relay.leg import Whose
from assist.relay.sessions import MAX_LEGS, Sessions, Truth
from assist.relay.strain import Bounds, Strain
from assist.relay.wire import SharedClock, encode, inbox, read_request

TICK_SECONDS = 0.1
ANNOUNCE_SECONDS = 1.0
# Each Session that moves costs another relay two handshakes: not all of them at once.
MOVES_AT_ONCE = 10
LEAVING = -1.0
RECONCILE_SECONDS = 2.0
SUMMARY_SECONDS = 60.0
PASSED_ON = frozenset({"beats", "messages"})  # what a Leg counts without dropping it
_BACK_OFF_SECONDS = (0.1, 0.2, 0.5, 1.0, 2.0)

log = logging.getLogger(__name__)


class LiveTruth(Protocol):
    """What a relay needs of `assist.live.Live`."""

    async def relay_announce(
        self,
        relay: str,
        address: str,
        port: int,
        load: float,
        legs: int,
        takes_below: float,
        dropped: Mapping[str, int],
    ) -> int: ...

    async def relay_withdraw(self, relay: str) -> None: ...

    async def session_truth(self, help_requests: list[str]) -> dict[str, dict[str, Any] | None]: ...

    async def knows(self, help_request: str) -> str: ...

    async def leg(
        self, help_request: str, person: str, number: int, state: str, relay: str
    ) -> str: ...

    def follow(self, start: str = "$") -> AsyncIterator[Event]: ...


class Node:
    """One relay process."""

    def __init__(
        self,
        redis: Redis,
        live: LiveTruth,
        port: int,
        addresses: list[str] | None = None,
        say: Callable[[str], None] = print,
        bounds: Bounds | None = None,
    ) -> None:
        """`port` 0 takes any free one; `addresses` are announced, by default the machine's own."""
        self.relay = new_id()
        self._redis = redis
        self._live = live
        self._wanted_port = port
        self._addresses = addresses or own_addresses()
        self._say = say
        self._endpoint = Endpoint()
        self._clock = SharedClock()
        self._reports: dict[tuple[str, str], tuple[Whose, LegState]] = {}
        self._stale: set[str] = set()
        self._news = asyncio.Event()
        self._reported = asyncio.Event()
        self._listening = asyncio.Event()
        self._stop = asyncio.Event()
        self._leave_by_s: float | None = None
        self._strain = Strain(bounds or Bounds())
        self.sessions: Sessions
        self.port = 0

    async def run(self) -> None:
        """Work until `stop`; `StockChanged` or OSError if it cannot even begin."""
        await stock.self_test()
        self._bind()
        tasks = [
            asyncio.create_task(self._forever(work))
            for work in (
                self._tick,
                self._announce,
                self._take_requests,
                self._follow_events,
                self._reconcile,
                self._send_reports,
                self._sum_up,
            )
        ]
        await self._stop.wait()
        await _cancel(tasks)
        await self._leave()

    def stop(self) -> None:
        """End as soon as the peers were told."""
        self._stop.set()

    def drain(self, within_s: float) -> None:
        """Take nobody new, send people to another relay while there is one, and cut nobody.

        Ends when nobody is left, after `within_s` at the latest, and at once when told again.
        """
        if self._leave_by_s is not None:
            self.stop()
        else:
            self._leave_by_s = time.monotonic() + within_s

    def _bind(self) -> None:
        self._endpoint.open(addresses_to_bind(self._addresses), self._wanted_port)
        self.port = self._endpoint.ports[0].number
        candidates = [(address, self.port) for address in self._addresses]
        self.sessions = Sessions(self._endpoint, candidates, self._report)

    async def _leave(self) -> None:
        await self.sessions.stop()
        self._endpoint.close()
        try:
            async with asyncio.timeout(1):
                await self._live.relay_withdraw(self.relay)
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("relay: could not say goodbye: %s", type(error).__name__)

    async def _forever(self, work: Callable[[], Awaitable[None]]) -> None:
        """Begin `work` again whenever it fails; one line when it does, not one each try."""
        failures = 0
        while not self._stop.is_set():
            began_s = time.monotonic()
            try:
                await work()
            except (RedisError, OSError, TimeoutError) as error:
                if not failures:
                    log.warning("relay: %s: %s", work.__name__.strip("_"), type(error).__name__)
            except Exception:
                log.exception("relay: %s failed", work.__name__.strip("_"))
            failures = failures + 1 if time.monotonic() - began_s < 5 else 1
            await asyncio.sleep(_BACK_OFF_SECONDS[min(failures, len(_BACK_OFF_SECONDS)) - 1])

    # -- time -----------------------------------------------------------------

    async def _tick(self) -> None:
        while True:
            now_s = time.monotonic()
            self.sessions.tick(now_s)
            if self._endpoint.waited_s is not None:
                self._strain.note_delay(now_s, self._endpoint.waited_s)
                self._endpoint.waited_s = None
            if self._leave_by_s is not None and self._may_leave(self._leave_by_s, now_s):
                self.stop()
            await asyncio.sleep(TICK_SECONDS)

    def _may_leave(self, by_s: float, now_s: float) -> bool:
        return not self.sessions.sessions or now_s >= by_s

    async def _sum_up(self) -> None:
        """One line a minute for all that strangers sent, instead of one a packet."""
        said: Counter[str] = Counter()
        while True:
            await asyncio.sleep(SUMMARY_SECONDS)
            unsaid = self._endpoint.dropped - said
            if unsaid:
                log.info("relay: dropped in the last minute: %s", dict(unsaid))
                said.update(unsaid)

    def _dropped(self) -> dict[str, int]:
        """How many packets and messages were not passed on since we began, by the reason."""
        total = self._endpoint.dropped + self.sessions.counts()
        return {why: count for why, count in total.items() if why not in PASSED_ON}

    # -- our lease --------------------------------------------------------------

    async def _announce(self) -> None:
        """Renew the lease; the first time also say that work can come."""
        await self._clock.set_by(self._redis)
        await self._listening.wait()
        self._report_all()  # what Redis may have forgotten while it was away
        while True:
            await self._announce_once(time.monotonic())
            if self._say is not _silent:
                self._say(f"relay: ready on UDP {self.port}")
                self._say = _silent
            await asyncio.sleep(ANNOUNCE_SECONDS)

    async def _announce_once(self, now_s: float) -> None:
        self._strain.note_busy(now_s, time.process_time())
        legs = len(self.sessions.legs)
        others = await self._live.relay_announce(
            self.relay,
            self._addresses[0],
            self.port,
            self._strain.load,
            legs,
            self._takes_below(legs, now_s),
            self._dropped(),
        )
        if others and self._leave_by_s is not None:
            self.sessions.send_away(MOVES_AT_ONCE, now_s)

    def _takes_below(self, legs: int, now_s: float) -> float:
        if self._leave_by_s is not None:
            return LEAVING
        # A Session with room for its Requester has room for whoever helps them.
        return self._strain.takes_below(now_s) if legs + 2 <= MAX_LEGS else 0.0

    # -- requests ---------------------------------------------------------------

    async def _take_requests(self) -> None:
        async with self._redis.pubsub() as pubsub:
            await pubsub.subscribe(inbox(self.relay))
            while True:
                message = await pubsub.get_message(timeout=1.0)
                if message is not None and message["type"] == "subscribe":
                    self._listening.set()
                elif message is not None:
                    await self._take_request(message["data"])

    async def _take_request(self, data: Any) -> None:
        try:
            request = read_request(data)
        except msgspec.MsgspecError:
            log.warning("relay: an unreadable request")
            return
        if self._clock.now_ms() > request.deadline_ms:
            log.info("relay: dropped a request that came too late")
            return
        reply = self.sessions.reply_to(request)
        self._look_again(request.help_request)
        await self._redis.publish(request.reply_to, encode(reply))

    # -- truth --------------------------------------------------------------------

    def _look_again(self, help_request: str) -> None:
        self._stale.add(help_request)
        self._news.set()

    async def _follow_events(self) -> None:
        """An Event is only a hint to read the truth again, so that none need be understood."""
        async for event in self._live.follow("$"):
            help_request = event.fields.get("help_request", "")
            if help_request in self.sessions.sessions:
                self._look_again(help_request)

    async def _reconcile(self) -> None:
        looked_at_all_s = 0.0
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(RECONCILE_SECONDS):
                    await self._news.wait()
            self._news.clear()
            now_s = time.monotonic()
            if now_s - looked_at_all_s >= RECONCILE_SECONDS:  # also when news never cease
                self._stale.update(self.sessions.sessions)
                looked_at_all_s = now_s
            if self._stale:
                await self._read_truth()

    async def _read_truth(self) -> None:
        asked, self._stale = self._stale, set()
        try:
            truths = await self._live.session_truth(sorted(asked))
            for help_request, found in truths.items():
                await self._make_true(help_request, found)
        except BaseException:
            self._stale |= asked
            raise

    async def _make_true(self, help_request: str, found: dict[str, Any] | None) -> None:
        now_s = time.monotonic()
        if found is not None:
            truth = Truth(
                requester=found["requester"],
                volunteer=found["volunteer"],
                ringing=frozenset(found["ringing"]),
                here=found["relay"] == self.relay,
            )
            self.sessions.reconcile(help_request, truth, now_s)
        elif await self._live.knows(help_request) == "ended":
            self.sessions.close(help_request)
        else:
            self.sessions.unknown(help_request, now_s)

    # -- reports --------------------------------------------------------------------

    def _report(self, whose: Whose, state: LegState) -> None:
        """Only the newest state of a Leg matters, however long Redis is away."""
        self._reports[whose.help_request, whose.person] = (whose, state)
        self._reported.set()

    def _report_all(self) -> None:
        for leg in self.sessions.legs:
            if leg.state in (LegState.UP, LegState.LOST):
                self._report(leg.whose, leg.state)

    async def _send_reports(self) -> None:
        while True:
            await self._reported.wait()
            while self._reports:
                await self._send_report(*next(iter(self._reports.values())))
            self._reported.clear()

    async def _send_report(self, whose: Whose, state: LegState) -> None:
        person = (whose.help_request, whose.person)
        await self._live.leg(*person, whose.number, state.value, self.relay)
        if self._reports.get(person) == (whose, state):
            del self._reports[person]


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    """Cancel until all are done: Python 3.11's `wait_for` may swallow one that comes too close."""
    pending = set(tasks)
    for _ in range(20):
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=0.1)
        if not pending:
            return


def _silent(_: str) -> None:
    """What is said after the one line."""
