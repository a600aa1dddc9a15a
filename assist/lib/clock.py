"""How does a process wait? Live deadlines come from Redis' clock, never from here."""

import asyncio


async def pause(seconds: float, stop: asyncio.Event | None = None) -> bool:
    """Wait, but not past `stop`; True when it was time to stop.

    Not `asyncio.wait_for`: on Python 3.11 it loses a cancellation that comes together with `stop`.
    """
    if stop is None:
        await asyncio.sleep(seconds)
        return False
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return False
    return True
