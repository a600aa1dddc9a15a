"""In which order do the parts of the house start and stop, and who is told?"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import redis.asyncio
from redis.exceptions import RedisError

from assist.live import Live
from assist.management.child import Child, Part
from assist.management.redis_server import RedisPlan

REDIS_START_S = 20.0
SLOW_START_S = 30.0
TELL_PEOPLE_S = 0.5
# All parts together; one that is slow eats into what the others have, less a little for each.
STOP_ALL_S = 3.0
STOP_LEAST_S = 0.3
DRAIN_LOOK_S = 1.0
LOOK_S = 0.05


@dataclass(slots=True)
class HousePlan:
    """All that is decided before anything is started. `web` is the web server's command."""

    redis: RedisPlan
    port: int
    web: list[str]
    drain_s: int = 0
    environ: dict[str, str] = field(default_factory=dict)


def parts(plan: HousePlan) -> list[Part]:
    """In the order in which they stop: who speaks to people first, who remembers last."""
    manage = [sys.executable, "manage.py"]
    return [
        Part("web", plan.web, signal.SIGTERM),
        Part("relay", [*manage, "relay"]),
        Part("worker", [*manage, "worker"]),
    ]


class Supervisor:
    """Starts, watches and stops one house. `say(line)` prints; every wait in it has a bound."""

    def __init__(self, plan: HousePlan, say: Callable[[str], None]) -> None:
        self.plan = plan
        self._say = say
        self._began = time.monotonic()
        self._environ = {**os.environ, "PYTHONUNBUFFERED": "1", **plan.environ}
        self._children: list[Child] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._stop = asyncio.Event()
        self._drain = asyncio.Event()
        self._serving = False

    async def run(self, when_ready: Callable[[], Awaitable[None]]) -> int:
        """Until a signal says stop. 2, with nothing left running, if a part refuses to start."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, self._stop_now)
        loop.add_signal_handler(signal.SIGTERM, self._asked_to_leave)
        try:
            return await self._run(when_ready)
        finally:
            await self._stop_all()

    async def _run(self, when_ready: Callable[[], Awaitable[None]]) -> int:
        if self.plan.redis.command:
            self._keep(Part("redis", self.plan.redis.command, signal.SIGTERM, ours=False))
            if not await self._wait_for("redis", self._redis_answers, REDIS_START_S):
                return 0 if self._stop.is_set() else 2
        for part in parts(self.plan):
            self._keep(part)
        if not await self._wait_for("web", self._web_is_ready, None):
            return 0 if self._stop.is_set() else 2
        await when_ready()
        self._serving = True
        await self._drain.wait()
        await self._let_calls_end()
        return 0

    def _stop_now(self) -> None:
        self._stop.set()
        self._drain.set()

    def _asked_to_leave(self) -> None:
        """The first SIGTERM waits for people, if there can be any; the second does not."""
        if self._drain.is_set() or not self._serving:
            self._stop.set()
        self._drain.set()

    async def _let_calls_end(self) -> None:
        """Until nobody waits or talks, we are told to stop now, or the time for it is over."""
        end = time.monotonic() + self.plan.drain_s
        said = ""
        while not self._stop.is_set() and time.monotonic() < end:
            open_now = await self._open_requests()
            if not open_now:
                return
            line = f"Waiting for {open_now} to end. Once more stops at once."
            if line != said:
                self._say(said := line)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), DRAIN_LOOK_S)

    async def _open_requests(self) -> int:
        with suppress(RedisError, OSError):
            async with self._redis() as client:
                return len((await Live(client).queue()).helps)
        return 0  # nobody can talk through a house that has lost its memory

    def restart(self, name: str) -> None:
        for child in self._children:
            if child.part.name == name:
                child.restart()

    def ready(self, name: str, detail: str = "") -> None:
        """Counted from the start of the house, or of the part, if this is not its first life."""
        again = next(
            (one for one in self._children if one.part.name == name and one.lives > 1), None
        )
        took_s = time.monotonic() - (again.began if again else self._began)
        word = "ready again" if again else "ready"
        self._say(f"{name:9} {word} after {took_s:4.1f} s{'  ' if detail else ''}{detail}")

    def _keep(self, part: Part) -> None:
        child = Child(part, self._environ, self._heard, self._look_again)
        self._children.append(child)
        self._tasks.append(asyncio.create_task(child.keep(), name=part.name))

    def _look_again(self, child: Child) -> None:
        """The others say themselves that they are ready; these two answer, or do not."""
        answers = {"redis": self._redis_answers, "web": self._web_is_ready}.get(child.part.name)
        if answers and self._serving:
            task = asyncio.create_task(self._say_when_back(child, answers))
            self._tasks.append(task)
            task.add_done_callback(self._tasks.remove)

    async def _say_when_back(self, child: Child, answers: Callable[[], Awaitable[bool]]) -> None:
        """Until it answers, or another life has begun, which is looked at by itself."""
        life = child.lives
        while child.lives == life:
            if await answers():
                self.ready(child.part.name)
                return
            await asyncio.sleep(LOOK_S)

    def _heard(self, name: str, line: str) -> None:
        if line.startswith(f"{name}: ready"):
            self.ready(name, line.partition("ready")[2].strip())
        else:
            self._say(f"{name:9} {line}")

    async def _wait_for(
        self, name: str, answers: Callable[[], Awaitable[bool]], within_s: float | None
    ) -> bool:
        """Whether it answered; not if we were told to stop, or a part refused its settings."""
        began, complained = time.monotonic(), False
        while not self._stop.is_set():
            if await answers():
                self.ready(name)
                return True
            if any(child.exit_code == 2 for child in self._children):
                return False
            waited_s = time.monotonic() - began
            if within_s is not None and waited_s > within_s:
                self._say(f"{name} did not answer within {within_s:g} s.")
                return False
            if waited_s > SLOW_START_S and not complained:
                complained = True
                self._say(f"{name} is not ready yet; what it lacks stands in the lines above.")
            await asyncio.sleep(LOOK_S)
        return False

    async def _redis_answers(self) -> bool:
        with suppress(RedisError, OSError):
            async with self._redis() as client:
                return bool(await client.ping())
        return False

    def _redis(self) -> redis.asyncio.Redis:
        return redis.asyncio.Redis.from_url(
            self.plan.redis.url,
            decode_responses=True,
            socket_timeout=1,
            socket_connect_timeout=1,
        )

    async def _web_is_ready(self) -> bool:
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(2):
                return await http_status("127.0.0.1", self.plan.port, "/readyz") == 200
        return False

    async def _stop_all(self) -> None:
        """People first: they are told before the part that tells them ends."""
        end = time.monotonic() + STOP_ALL_S
        if len(self._children) > 1:
            await self._tell_people()
        order = [*(part.name for part in parts(self.plan)), "redis"]
        left = sorted(self._children, key=lambda child: order.index(child.part.name))
        while left:
            child = left.pop(0)
            spare_s = end - time.monotonic() - len(left) * STOP_LEAST_S
            await child.stop(max(spare_s, STOP_LEAST_S))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _tell_people(self) -> None:
        with suppress(RedisError, OSError, TimeoutError):
            async with asyncio.timeout(TELL_PEOPLE_S), self._redis() as client:
                told = await Live(client).stop_service()
            self._say(f"Stopping. Calls and requests that end with it: {told}.")
            if told:
                await asyncio.sleep(TELL_PEOPLE_S)  # for the fan-out and the sockets to say it


async def http_status(host: str, port: int, path: str) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        )
        status = await reader.readline()
        return int(status.split()[1]) if len(status.split()) > 1 else 0
    finally:
        writer.close()
