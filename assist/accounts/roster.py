"""What must matching know of people? Copied into `live`, so that no ring ever waits for SQL."""

from __future__ import annotations

from channels.db import database_sync_to_async

from assist.accounts.blocks import blocks_of
from assist.accounts.models import Block, Person
from assist.live import Live


async def copy(live: Live, volunteer: Person) -> None:
    """Make what is live agree with what SQL says of this Volunteer. Raises RedisError.

    It may end access but never gives it back: `volunteer` may have been read a moment too early.
    """
    person = volunteer.id.hex
    await live.enlist(person, volunteer.languages)
    for one, other in await database_sync_to_async(blocks_of)(person):
        await live.block(one, other)
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


def _blocks() -> list[tuple[str, str]]:
    return list(Block.objects.values_list("one", "other"))


def _volunteers() -> list[Person]:
    return list(Person.objects.filter(volunteers=True))
