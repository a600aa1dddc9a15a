"""Would both like to meet again? Then each is asked first for the other, after the Circle."""

from __future__ import annotations

from channels.db import database_sync_to_async

from assist.accounts.meeting_again import agree
from assist.feedback.models import Rating
from assist.live import Live
from assist.protocol.states import Role


async def settle(live: Live, call: str, requester: str, volunteer: str) -> None:
    """After an answer to "again": tie the two people of this Call, or untie them.

    Raises RedisError and database errors; saying it again does it again.
    """
    both = await database_sync_to_async(_both_said_yes)(call)
    await agree(live, call, requester, volunteer, both)


def _both_said_yes(call: str) -> bool:
    said = Rating.objects.filter(call=call, again=True).values_list("role", flat=True)
    return set(said) == {Role.REQUESTER, Role.VOLUNTEER}
