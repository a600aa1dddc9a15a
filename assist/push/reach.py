"""Does matching know that this person can be rung by push? Told when the first device comes or the
last one goes."""

from __future__ import annotations

from uuid import UUID

from channels.db import database_sync_to_async

from assist.accounts.access import set_push
from assist.accounts.models import Person
from assist.accounts.roster import copy
from assist.live import Live
from assist.push.models import Subscription


async def tell_roster(live: Live, person: str) -> None:
    """Make the roster agree with this person's devices. Raises RedisError and database errors.

    Nothing for a Requester, whom no roster knows.
    """
    volunteer = await database_sync_to_async(_agree)(person)
    if volunteer is not None:
        await copy(live, volunteer)


def _agree(person: str) -> Person | None:
    """What SQL says of this Volunteer, with `push` as their devices have it."""
    set_push(person, Subscription.objects.filter(person=person).exists())
    return Person.objects.filter(pk=UUID(person), volunteers=True).first()
