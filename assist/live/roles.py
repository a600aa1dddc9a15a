"""Which worker does what only one may do? The one that holds the role's lease.

The lease keeps two from doing the same work; correctness does not hang on it: the ledger's
position is fenced in SQL, and a page drops a fact that it has seen.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from redis.exceptions import RedisError

from assist.lib.clock import pause
from assist.lib.ids import new_id
from assist.live.live import Live

RENEW_SECONDS = 2.0
Work = Callable[[asyncio.Event], Awaitable[None]]
log = logging.getLogger("assist.roles")


async def _holds(live: Live, name: str, holder: str) -> bool:
    try:
        answer = await live.runner.run("hold", name=name, holder=holder)
    except RedisError as error:
        log.warning("role %s waits for Redis: %s", name, type(error).__name__)
        return False
    return str(answer["is"]) == "ok"


async def _work_while_held(
    live: Live, name: str, holder: str, work: Work, stop: asyncio.Event
) -> None:
    over = asyncio.Event()
    task = asyncio.ensure_future(work(over))
    # An outage of Redis shows as "not held"; the work itself waits outages out, so it is let go
    # on until someone else answers for the role.
    try:
        while not task.done() and not await pause(RENEW_SECONDS, stop):
            if not await _holds(live, name, holder):
                break
        over.set()
        await asyncio.wait([task], timeout=RENEW_SECONDS)
    finally:
        over.set()
        await _let_go(task)


async def _let_go(task: "asyncio.Future[None]") -> None:
    """End the work. A cancellation can get lost inside a client library, so it is repeated."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=0.5)
    if not task.cancelled():
        task.result()  # a failure of the work is the worker's failure


async def hold_role(live: Live, name: str, work: Work, stop: asyncio.Event) -> None:
    """Do `work` whenever this process holds the role, until told to stop."""
    holder = new_id()
    while not stop.is_set():
        if await _holds(live, name, holder):
            log.info("role %s: taken", name)
            await _work_while_held(live, name, holder, work, stop)
        await pause(RENEW_SECONDS / 2, stop)
    with suppress(RedisError):
        await live.runner.run("leave", name=name, holder=holder)
