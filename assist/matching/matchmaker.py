"""When is somebody asked? At once after a fact that matters, and again on a steady beat."""

import asyncio
import logging

from redis.exceptions import RedisError

from assist.lib.clock import pause
from assist.live import Live
from assist.matching.policy import Standing, propose
from assist.protocol.states import HelpState

BEAT_SECONDS = 1.0
# What may make a ring possible: somebody asks, a ring ends, somebody is free again.
STIRRING = frozenset(
    {"help.asked", "offer.ended", "offer.accepted", "call.put_back", "help.ended", "help.parked",
     "volunteer.changed", "person.reinstated"}
)  # fmt: skip
log = logging.getLogger("assist.matching")


async def match_one(live: Live, help_request: str) -> bool:
    """Make the next Wave of one HelpRequest if it is time; True when somebody rings."""
    found = await live.candidates(help_request)
    if found is None:
        return False
    # When no Offer is pending there is nothing to wait for, whatever the last Wave's time says.
    wave_ms = 0 if found.state == HelpState.WAITING else found.wave_ms
    standing = Standing(found.wave, wave_ms, found.now_ms, found.held, found.volunteers)
    chosen = propose(standing)
    return bool(chosen) and await live.offer(help_request, found.wave, chosen) == "ok"


async def match_all(live: Live) -> int:
    """One round over everyone who waits, the longest waiting first; how many Waves were made."""
    waves = 0
    for help_request in await live.waiting():
        waves += await match_one(live, help_request)
    return waves


async def _stir(live: Live, stirred: asyncio.Event) -> None:
    async for event in live.follow():
        if event.type in STIRRING:
            stirred.set()


async def run_matchmaker(live: Live, stop: asyncio.Event) -> None:
    """Match until told to stop. Any number may run: the scripts let only one of them win."""
    stirred = asyncio.Event()
    listener = asyncio.create_task(_stir(live, stirred))
    try:
        while not stop.is_set():
            stirred.clear()
            try:
                await match_all(live)
            except RedisError as error:
                log.warning("matching waits for Redis: %s", type(error).__name__)
                await pause(0.5, stop)
            await pause(BEAT_SECONDS, stirred)
    finally:
        listener.cancel()
