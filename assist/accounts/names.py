"""What is this Volunteer called? Remembered in memory, so that nothing live waits for SQL long."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from uuid import UUID

from channels.db import database_sync_to_async
from django.db import DatabaseError

from assist.accounts.models import Person

log = logging.getLogger(__name__)

ANSWER_S = 1.0
KEPT_S = 300.0
KEPT_PEOPLE = 10_000
# A name that could not be read is not asked for again at once: SQL that is down would otherwise
# cost every message a second.
UNKNOWN_KEPT_S = 5.0

# Own threads: Django's one thread for SQL may be busy with a page for seconds.
threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="names")


class Names:
    """One for each process."""

    def __init__(self, clock_s: Callable[[], float] = monotonic) -> None:
        self._clock_s = clock_s
        self._known: dict[str, tuple[str | None, float]] = {}

    def name_of(self, person: str) -> str | None:
        """The name as remembered; nothing if it is not known here. Never waits."""
        return self._known.get(person, (None, 0.0))[0]

    async def learn(self, people: Iterable[str]) -> None:
        """Read the names that are not remembered, for at most a second; never raises."""
        now_s = self._clock_s()
        missing = [who for who in people if self._known.get(who, (None, 0.0))[1] <= now_s]
        if not missing:
            return
        found: dict[str, str] = {}
        try:
            async with asyncio.timeout(ANSWER_S):
                found = await database_sync_to_async(
                    read_names, thread_sensitive=False, executor=threads
                )(missing)
        except (TimeoutError, DatabaseError) as error:
            log.warning("names not read: %s", type(error).__name__)
        self._remember(missing, found, now_s)

    def _remember(self, asked: list[str], found: dict[str, str], now_s: float) -> None:
        if len(self._known) > KEPT_PEOPLE:
            self._known.clear()
        for who in asked:
            if who in found:
                self._known[who] = (found[who], now_s + KEPT_S)
            else:
                self._known[who] = (self.name_of(who), now_s + UNKNOWN_KEPT_S)


def read_names(people: Iterable[str]) -> dict[str, str]:
    """Id (32 hex digits) -> name, of those whom SQL knows."""
    rows = Person.objects.filter(id__in=[UUID(who) for who in people])
    return {id_.hex: name for id_, name in rows.values_list("id", "name")}
