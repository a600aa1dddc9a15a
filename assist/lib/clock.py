"""How does a process wait? Live deadlines come from Redis' clock, never from here."""

import asyncio


async def pause(seconds: float, stop: asyncio.Event | None = None) -> bool:
    """Wait, but not past `stop`; True when it was time to stop."""
    if stop is None:
        await asyncio.sleep(seconds)
        return False
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return False
    return True
