"""When is somebody asked? At once after a fact that matters, and again on a steady beat."""

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import nullcontext

from redis.exceptions import RedisError

from assist.lib.clock import pause
from assist.live import Event, Live
from assist.matching.policy import MOST, propose
from assist.protocol.states import HelpState

BEAT_SECONDS = 1.0
FEW = 8  # more than most Waves need; to look at one more costs Redis a twentieth of a millisecond
TRIES = 5  # another worker may have rung all whom a Wave was for: so often it is made anew
# A HelpRequest wants somebody: it alone is looked at.
WANTING = frozenset({"help.asked", "call.put_back", "help.parked"})
# Somebody may be free again: all for whom more may be asked are looked at, the oldest first.
FREEING = frozenset(
    {"offer.ended", "offer.accepted", "help.ended", "volunteer.changed", "person.reinstated"}
)
IsOpen = Callable[[], bool]
log = logging.getLogger("assist.matching")


def always() -> bool:
    """A house without opening hours."""
    return True


async def _next_wave(live: Live, help_request: str, is_open: IsOpen) -> tuple[int, list[str]]:
    """How many Waves this HelpRequest has had, and whom the next asks: nobody if it is not time.

    While the house is closed the parked wait; who asked in time is still helped.
    """
    wave, chosen = 0, []
    for most in (FEW, MOST):
        found = await live.standing(help_request, most)
        if found is None or found.held or (found.state == HelpState.PARKED and not is_open()):
            return wave, []
        # When nobody's phone rings there is nothing to wait for, whatever the last Wave's time is.
        if found.ringing and found.now_ms < found.wave_ms:
            return wave, []
        wave = found.wave
        chosen = propose(found.candidates, found.ringing, found.odds, random.random)
        if len(chosen) < most:
            break
    return wave, chosen


async def match_one(live: Live, help_request: str, is_open: IsOpen = always) -> bool:
    """Make the next Wave of one HelpRequest if it is time; True when somebody rings."""
    for _ in range(TRIES):
        wave, chosen = await _next_wave(live, help_request, is_open)
        if not chosen:
            return False
        is_ = await live.offer(help_request, wave, chosen)
        if is_ != "nobody":
            return is_ == "ok"
    return False


async def match_all(live: Live, is_open: IsOpen = always, turn: asyncio.Lock | None = None) -> int:
    """One round over all for whom more may be asked; how many Waves were made.

    In order, so that the oldest gets whoever is scarce. Whoever holds `turn` matches meanwhile.
    """
    waves = 0
    for help_request in await live.hungry():
        async with turn or nullcontext():
            waves += await match_one(live, help_request, is_open)
    return waves


class Matchmaker:
    """Follows the facts and matches. Any number may run: the scripts let only one of them win."""

    def __init__(self, live: Live, is_open: IsOpen = always) -> None:
        self._live, self._is_open = live, is_open
        self._freed = asyncio.Event()
        # One after the other: side by side they would choose the same people, and all but one of
        # them come too late.
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop."""
        listener = asyncio.create_task(self._listen())
        try:
            while not stop.is_set():
                self._freed.clear()
                await self._round(stop)
                await pause(BEAT_SECONDS, self._freed)
        finally:
            for task in (listener, *self._tasks):
                task.cancel()

    async def _round(self, stop: asyncio.Event) -> None:
        try:
            await match_all(self._live, self._is_open, self._turn)
        except RedisError as error:
            log.warning("matching waits for Redis: %s", type(error).__name__)
            await pause(0.5, stop)

    async def _listen(self) -> None:
        async for event in self._live.follow():
            if event.type in WANTING:
                self._begin(event)
            elif event.type in FREEING:
                self._freed.set()

    def _begin(self, event: Event) -> None:
        """Match this one next, whatever round is under way."""
        task = asyncio.create_task(self._match(event.fields["help_request"]))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _match(self, help_request: str) -> None:
        async with self._turn:
            try:
                await match_one(self._live, help_request, self._is_open)
            except RedisError:
                self._freed.set()  # the next round looks again


async def run_matchmaker(live: Live, stop: asyncio.Event, is_open: IsOpen = always) -> None:
    """Match until told to stop."""
    await Matchmaker(live, is_open).run(stop)
