"""How do tests wait? For a condition, with the reason why it did not come."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable

Predicate = Callable[[], str | Awaitable[str]]
# When a test gives up: no promise, but far beyond what a slow machine that stalls needs.
PATIENCE_S = 30.0


async def wait_for(why_not: Predicate, seconds: float = PATIENCE_S) -> None:
    """Return when `why_not()` answers "", fail with its last answer when time is up."""
    deadline = time.monotonic() + seconds
    while True:
        reason = why_not()
        if inspect.isawaitable(reason):
            reason = await reason
        if not reason:
            return
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {reason}")
        await asyncio.sleep(0.02)
