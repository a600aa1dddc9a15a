"""How many would like to be let in? SQL is asked now and then, and nobody's queue waits for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from channels.db import database_sync_to_async
from django.db import DatabaseError
from django.utils.translation import ngettext

from assist.accounts import joining

log = logging.getLogger(__name__)

ANSWER_S = 1.0
# Less than the time after which a queue that stands still is shown anew.
KEPT_S = 4.0
threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="joiners")


class Joiners:
    """One for each process: however many Coordinators look, SQL is asked every few seconds."""

    def __init__(self, clock_s: Callable[[], float] = monotonic) -> None:
        self._clock_s, self._known, self._until_s = clock_s, 0, 0.0

    async def count(self) -> int:
        """As it was a few seconds ago at most; never raises."""
        if self._clock_s() >= self._until_s:
            self._until_s = self._clock_s() + KEPT_S
            await self._read()
        return self._known

    async def _read(self) -> None:
        ask = database_sync_to_async(joining.how_many, thread_sensitive=False, executor=threads)
        try:
            async with asyncio.timeout(ANSWER_S):
                self._known = await ask()
        except (TimeoutError, DatabaseError) as error:
            log.warning("who waits to be let in is not read: %s", type(error).__name__)


def sentence(people: int) -> str:
    """In the language that is active now; nothing where nobody waits."""
    if not people:
        return ""
    said = ngettext(
        "%(people)s person would like to volunteer",
        "%(people)s people would like to volunteer",
        people,
    )
    return said % {"people": people}
