"""Which words go with a ring, and how do they come in? In SQL they are, and nowhere else.

No ring waits long for them: a Volunteer whose ring shows no words still hears from the person.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from channels.db import database_sync_to_async
from django.db import DatabaseError

from assist.accounts import questions

log = logging.getLogger(__name__)

READ_S = 1.0
WRITE_S = 2.0
threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="questions")
Found = TypeVar("Found")


class NotKept(Exception):
    """SQL did not take the words down in time: the page may try again."""


async def words_of(help_request: str | None) -> str | None:
    """The question that was left, for at most a second; None also without SQL. Never raises."""
    if help_request is None:
        return None
    try:
        return await _in_time(READ_S, lambda: questions.text_of(help_request))
    except (TimeoutError, DatabaseError) as error:
        log.warning("question not read: %s", type(error).__name__)
        return None


async def leave(help_request: str, text: str) -> None:
    """Take the words down. Raises `NotKept`, and `questions.BadQuestion` for no words at all."""
    try:
        await _in_time(WRITE_S, lambda: questions.leave(help_request, text))
    except (TimeoutError, DatabaseError) as error:
        log.warning("question not kept: %s", type(error).__name__)
        raise NotKept from None


async def forget(help_request: str) -> None:
    """Nobody needs these words. What cannot be deleted now goes with the sweep."""
    try:
        await _in_time(WRITE_S, lambda: questions.forget([help_request]))
    except (TimeoutError, DatabaseError) as error:
        log.warning("question not forgotten yet: %s", type(error).__name__)


async def _in_time(seconds: float, act: Callable[[], Found]) -> Found:
    in_thread: Callable[[], Awaitable[Found]] = database_sync_to_async(
        act, thread_sensitive=False, executor=threads
    )
    async with asyncio.timeout(seconds):
        return await in_thread()
