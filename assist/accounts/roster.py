"""What must matching know of people? Copied into `live`, so that no ring ever waits for SQL."""

from __future__ import annotations

import asyncio
import logging

from channels.db import database_sync_to_async
from django.db import DatabaseError, InterfaceError
from redis.exceptions import RedisError

from assist.accounts.blocks import blocks_of
from assist.accounts.models import Block, Person
from assist.lib.clock import pause
from assist.live import Live

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0


async def copy(live: Live, volunteer: Person) -> None:
    """Make what is live agree with what SQL says of this Volunteer. Raises RedisError.

    It may end access but never gives it back: `volunteer` may have been read a moment too early.
    """
    person = volunteer.id.hex
    for one, other in await database_sync_to_async(blocks_of)(person):
        await live.block(one, other)
    await live.enlist(person, volunteer.languages)  # last: from here on they can be rung
    if not volunteer.is_active:
        await live.suspend(person)


async def rebuild(live: Live) -> int:
    """Copy everybody, at start or after a Redis that forgot; how many Volunteers there are.

    Blocks are only ever added: one that a Call made a moment ago may not have reached SQL yet.
    """
    for one, other in await database_sync_to_async(_blocks)():
        await live.block(one, other)
    volunteers = await database_sync_to_async(_volunteers)()
    for volunteer in volunteers:
        await live.enlist(volunteer.id.hex, volunteer.languages)
        if not volunteer.is_active:
            await live.suspend(volunteer.id.hex)
    return len(volunteers)


async def run_roster(live: Live, stop: asyncio.Event) -> None:
    """Rebuild now, and whenever Redis has forgotten, until `stop`. Any number of workers may."""
    rebuilt_for = ""
    while not stop.is_set():
        try:
            run = await live.run()
            if run != rebuilt_for:
                log.info("the roster has %d Volunteers", await rebuild(live))
                rebuilt_for = run
        except (RedisError, DatabaseError, InterfaceError) as trouble:
            log.warning("the roster waits: %s", type(trouble).__name__)
        await pause(LOOK_SECONDS, stop)


def _blocks() -> list[tuple[str, str]]:
    return list(Block.objects.values_list("one", "other"))


def _volunteers() -> list[Person]:
    return list(Person.objects.filter(volunteers=True))
