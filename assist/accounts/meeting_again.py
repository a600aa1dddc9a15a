"""Who would like to meet whom again? A tie of two people, made when both have said so."""

from __future__ import annotations

from channels.db import database_sync_to_async

from assist.accounts.models import MetTie
from assist.live import Live


async def agree(live: Live, call: str, requester: str, volunteer: str, both: bool) -> None:
    """What the two said after this Call; it undoes only what they said after the same one."""
    holds = await database_sync_to_async(_keep)(call, requester, volunteer, both)
    await live.tie("met", requester, volunteer, holds=holds)


def _keep(call: str, requester: str, volunteer: str, both: bool) -> bool:
    """Whether the tie holds now."""
    pair = MetTie.objects.filter(requester=requester, person=volunteer)
    if both:
        tie = MetTie(requester=requester, person=volunteer, call=call)
        MetTie.objects.bulk_create([tie], ignore_conflicts=True)
    else:
        pair.filter(call=call).delete()
    return pair.exists()
