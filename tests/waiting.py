"""How do tests wait? For a condition, with the reason why it did not come."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable

Predicate = Callable[[], str | Awaitable[str]]


async def wait_for(why_not: Predicate, seconds: float = 10.0) -> None:
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
