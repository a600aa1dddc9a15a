"""What happens when time is up? Each deadline that passed becomes one transition."""

import asyncio
import logging

from redis.exceptions import RedisError, ResponseError

from assist.lib.clock import pause
from assist.live import Live
from assist.matching.matchmaker import IsOpen, always, match_one
from assist.protocol.states import EndReason

SWEEP_SECONDS = 0.25
GAP_MS = 10_000  # a lease outlives a shorter one
log = logging.getLogger("assist.deadlines")


async def settle(live: Live, kind: str, identity: str, is_open: IsOpen = always) -> None:
    """One deadline. The script checks the time again: of two workers, one finds nothing to do."""
    match kind:
        case "offer":
            await live.miss(identity)
        case "wave":
            await live.wave_over(identity)
            await match_one(live, identity, is_open)
        case "setup" | "confirm":
            await live.unconnected(identity)
        case "wrap":
            await live.wrapped(identity)
        case "requester" | "volunteer":
            await live.lapse(kind, identity)
        case "rouse":
            await live.rouse(identity)
        case "next":
            await live.unfavour(identity)
        case "parked":
            await live.expire(identity)
        case "practice":
            await live.finish(identity, EndReason.REQUESTER_ENDED)
        case _:
            log.error("no such deadline: %s", kind)


async def sweep(live: Live, now_ms: int | None = None, is_open: IsOpen = always) -> int:
    """Settle all that is due; how many that were. One that fails does not hold up the others."""
    due = await live.due(now_ms)
    for kind, identity in due:
        try:
            await settle(live, kind, identity, is_open)
        except ResponseError as error:
            log.error("deadline %s of %s: %s", kind, identity, error)
    return len(due)


async def run_deadlines(live: Live, stop: asyncio.Event, is_open: IsOpen = always) -> None:
    """Sweep until told to stop.

    After a gap (this worker has just begun, Redis was away, the machine slept) nobody knows
    whether pages could beat meanwhile: their leases are spared once.
    """
    seen_ms = 0
    while not stop.is_set():
        try:
            now_ms = await live.now_ms()
            if now_ms - seen_ms > GAP_MS:
                await live.grace()
            await sweep(live, now_ms, is_open)
            seen_ms = now_ms
        except RedisError as error:
            log.warning("deadlines wait for Redis: %s", type(error).__name__)
        await pause(SWEEP_SECONDS, stop)
