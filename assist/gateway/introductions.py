"""How does a Requester's name get to SQL before a phone rings? In a second, or not at all."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from channels.db import database_sync_to_async
from django.db import DatabaseError

from assist.accounts import introductions

log = logging.getLogger(__name__)

KEPT_S = 1.0
threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="introductions")


async def introduce(device: str, name: str | None) -> bool:
    """Keep this name, or none any more; whether Volunteers can be told one. Never raises."""
    keep = database_sync_to_async(introductions.introduce, thread_sensitive=False, executor=threads)
    try:
        async with asyncio.timeout(KEPT_S):
            return bool(await keep(device, name))
    except (TimeoutError, DatabaseError) as error:
        log.warning("a name is not kept: %s", type(error).__name__)
        return False
