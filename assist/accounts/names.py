"""What is this person called? Remembered in memory, so that nothing live waits for SQL long."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from uuid import UUID

from channels.db import database_sync_to_async
from django.db import DatabaseError

from assist.accounts.models import Person, Requester

log = logging.getLogger(__name__)

ANSWER_S = 1.0
KEPT_S = 300.0
# A Requester may choose another name between two calls.
OWN_KEPT_S = 5.0
KEPT_PEOPLE = 10_000
# A name that could not be read is not asked for again at once: SQL that is down would otherwise
# cost every message a second.
UNKNOWN_KEPT_S = 5.0

Kept = tuple[str | None, float]  # a name, or none, and for how many seconds it is remembered

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
        try:
            async with asyncio.timeout(ANSWER_S):
                found = await database_sync_to_async(
                    look_up, thread_sensitive=False, executor=threads
                )(missing)
        except (TimeoutError, DatabaseError) as error:
            log.warning("names not read: %s", type(error).__name__)
            found = {who: (self.name_of(who), UNKNOWN_KEPT_S) for who in missing}
        self._remember(found, now_s)

    def _remember(self, found: Mapping[str, Kept], now_s: float) -> None:
        if len(self._known) > KEPT_PEOPLE:
            self._known.clear()
        for who, (name, kept_s) in found.items():
            self._known[who] = (name, now_s + kept_s)


def look_up(people: Iterable[str]) -> dict[str, Kept]:
    """Each of them, with a name or without, and for how long that may be remembered."""
    found: dict[str, Kept] = dict.fromkeys(people, (None, UNKNOWN_KEPT_S))
    for who, name in read_names(found).items():
        found[who] = (name, KEPT_S)
    others = [who for who, (name, _) in found.items() if name is None]
    for who, name in read_own_names(others).items() if others else ():
        found[who] = (name, OWN_KEPT_S)
    return found


def read_own_names(requesters: Iterable[str]) -> dict[str, str]:
    """Id (32 hex digits) -> the name to be called by, of the Requesters who chose one."""
    rows = Requester.objects.filter(pk__in=list(requesters))
    return dict(rows.values_list("id", "name"))


def read_names(people: Iterable[str]) -> dict[str, str]:
    """Id (32 hex digits) -> name, of those whom SQL knows."""
    rows = Person.objects.filter(id__in=[UUID(who) for who in people])
    return {id_.hex: name for id_, name in rows.values_list("id", "name")}
