"""What happens when time is up? Each deadline that passed becomes one transition."""

import asyncio
import logging

from redis.exceptions import RedisError, ResponseError

from assist.lib.clock import pause
from assist.live import Live
from assist.matching.matchmaker import match_one

SWEEP_SECONDS = 0.25
log = logging.getLogger("assist.deadlines")


async def settle(live: Live, kind: str, identity: str) -> None:
    """One deadline. The script checks the time again: of two workers, one finds nothing to do."""
    match kind:
        case "offer":
            await live.miss(identity)
        case "wave":
            await live.wave_over(identity)
            await match_one(live, identity)
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
        case _:
            log.error("no such deadline: %s", kind)


async def sweep(live: Live) -> int:
    """Settle all that is due; how many that were. One that fails does not hold up the others."""
    due = await live.due()
    for kind, identity in due:
        try:
            await settle(live, kind, identity)
        except ResponseError as error:
            log.error("deadline %s of %s: %s", kind, identity, error)
    return len(due)


async def run_deadlines(live: Live, stop: asyncio.Event) -> None:
    """Sweep until told to stop. Leases that ran out while nobody could renew them are spared."""
    outage = True  # whatever was before this worker, it did not see it
    while not stop.is_set():
        try:
            if outage:
                await live.grace()
                outage = False
            await sweep(live)
        except RedisError as error:
            outage = True
            log.warning("deadlines wait for Redis: %s", type(error).__name__)
        await pause(SWEEP_SECONDS, stop)
