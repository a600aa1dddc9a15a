"""Which rings are under way, on which devices, and how does each of them fall silent again?"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from channels.db import database_sync_to_async
from django.db import DatabaseError, InterfaceError, connections
from redis.exceptions import RedisError

from assist.live import Live
from assist.push.delivery import Delivery
from assist.push.devices import Device, devices_of, forget, mark_of
from assist.push.reach import tell_roster
from assist.push.sender import Outcome

# A device that was off while it rang need not hear, much later, that it did.
WITHDRAWAL_SECONDS = 30.0
# Whoever tries it stands there and waits.
TRIAL_SECONDS = 20.0
PASSING = (DatabaseError, InterfaceError, RedisError)
P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger("assist.push")


@dataclass(slots=True)
class Ring:
    """`kind`: "offer", or "call_back" for a Requester; `id`: the Offer's or the HelpRequest's."""

    kind: str
    id: str
    person: str
    deadline_ms: int
    reached: list[Device] = field(default_factory=list)
    task: asyncio.Task[None] | None = None


class Rings:
    """Nothing here waits for a push service: what is begun goes on by itself."""

    def __init__(self, live: Live, delivery: Delivery) -> None:
        self._live, self._delivery = live, delivery
        self._rung: dict[str, Ring] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        # A thread of its own: a locked SQLite makes nobody wait but the pushes.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="push")

    def begin(self, ring: Ring) -> None:
        """Ring all devices of this person, until the deadline."""
        if ring.id not in self._rung:
            self._rung[ring.id] = ring
            ring.task = self._go(self._ring(ring))

    def over(self, identity: str) -> None:
        """This ring has ended: whoever may have heard it hears that. Others hear nothing."""
        ring = self._rung.pop(identity, None)
        if ring is None:
            return
        if ring.task is not None:
            ring.task.cancel()
        self._go(self._withdraw(ring))

    def over_unseen(self, identity: str, person: str) -> None:
        """The same for a ring that another worker made: nobody knows which devices have it."""
        if identity in self._rung:
            return self.over(identity)
        self._go(self._withdraw_everywhere(identity, person))

    def try_out(self, test: str, person: str) -> None:
        """Ring all devices of this person once, by the way of every ring, and write down how far
        it came on each."""
        self._go(self._try_out(test, person))

    async def in_thread(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Ask SQL, without making anybody else wait."""
        asked = database_sync_to_async(act, thread_sensitive=False, executor=self._thread)
        answer: T = await asked(*args, **kwargs)
        return answer

    async def close(self) -> None:
        """Drop what is under way: it rings again, or has ended, when the next worker looks."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.wrap_future(self._thread.submit(connections.close_all))
        self._thread.shutdown(wait=False)

    def _go(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(self._carefully(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _carefully(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except PASSING as trouble:
            log.warning("a push is lost: %s", type(trouble).__name__)

    async def _ring(self, ring: Ring) -> None:
        devices = await self.in_thread(devices_of, ring.person)
        left_s = (ring.deadline_ms - await self._live.now_ms()) / 1000
        until_s = asyncio.get_running_loop().time() + left_s
        if left_s > 0:
            ring.reached.extend(devices)
        await self._tell_all(ring, ring.kind, until_s)

    async def _withdraw(self, ring: Ring) -> None:
        until_s = asyncio.get_running_loop().time() + WITHDRAWAL_SECONDS
        await self._tell_all(ring, "withdrawn", until_s)

    async def _withdraw_everywhere(self, identity: str, person: str) -> None:
        devices = await self.in_thread(devices_of, person)
        await self._withdraw(Ring("offer", identity, person, 0, devices))

    async def _tell_all(self, ring: Ring, key: str, until_s: float) -> None:
        letters = (self._tell(ring, device, key, until_s) for device in list(ring.reached))
        await asyncio.gather(*letters)

    async def _tell(self, ring: Ring, device: Device, key: str, until_s: float) -> None:
        outcome = await self._delivery.tell(device, {key: ring.id}, ring.id, until_s)
        if outcome == Outcome.GONE:
            ring.reached.remove(device)
            # Not part of the ring: it goes on when the ring is over.
            self._go(self._forget(device, ring.person))
        elif outcome != Outcome.TAKEN:
            log.warning("push (%s): %s", key, outcome)

    async def _try_out(self, test: str, person: str) -> None:
        devices = await self.in_thread(devices_of, person)
        until_s = asyncio.get_running_loop().time() + TRIAL_SECONDS
        await asyncio.gather(*(self._try_one(test, person, each, until_s) for each in devices))

    async def _try_one(self, test: str, person: str, device: Device, until_s: float) -> None:
        mark = mark_of(device.endpoint)
        await self._live.tried(test, person, mark, "sent")
        outcome = await self._delivery.tell(device, {"test": test}, test, until_s)
        await self._live.tried(test, person, mark, outcome)
        if outcome == Outcome.GONE:
            await self._forget(device, person)

    async def _forget(self, device: Device, person: str) -> None:
        if await self.in_thread(forget, device.endpoint, person):
            log.info("a device is gone")
        await tell_roster(self._live, person)
