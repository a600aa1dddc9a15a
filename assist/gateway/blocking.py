"""Whom does somebody block in a Call that Redis does not know any more? History says who was in it.

What is live has ended by then, and nobody has waited for that. Of a Call that history does not know
either nobody can prove who was in it: the block is refused like that of a stranger.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from channels.db import database_sync_to_async
from django.db import DatabaseError

from assist.live import Live
from assist.protocol.messages import CallBlock
from assist.records.history import Meeting, meeting_of

log = logging.getLogger(__name__)

HISTORY_S = 2.0
# Of their own: whoever tries out ids makes nobody wait who asks again with a receipt.
threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="blocking")


class NotTold(Exception):
    """SQL does not answer: whether they were in it cannot be known just now."""


async def end_and_block(live: Live, person: str, message: CallBlock) -> str:
    """By what is live: "ok", or "gone" and "not_yours". Raises RedisError."""
    return await live.end(message.help_request, person, True, message.call or "")


async def is_unknown(live: Live, message: CallBlock) -> bool:
    """Was it pressed in a Call of which Redis cannot say whose it was? Raises RedisError."""
    return bool(message.call) and await live.people_of(message.call or "") is None


async def block_by_history(live: Live, person: str, message: CallBlock) -> str:
    """As `end_and_block`, for whoever history knows in that Call; nothing changes for others.

    Raises `NotTold`, RedisError.
    """
    call = message.call or ""
    met = await meeting(call)
    if met is None or person not in (met.requester, met.volunteer):
        return "gone"
    await live.recall(call, *met)
    return await end_and_block(live, person, message)


async def meeting(call: str) -> Meeting | None:
    read = database_sync_to_async(meeting_of, thread_sensitive=False, executor=threads)
    try:
        async with asyncio.timeout(HISTORY_S):
            found: Meeting | None = await read(call)
            return found
    except (TimeoutError, DatabaseError) as error:
        log.warning("whose call it was: no SQL (%s)", type(error).__name__)
        raise NotTold from None
