"""How does history end what Redis forgot, and nobody asked for again?

An open page asks again within seconds of an outage, with its receipt. Where no page was left, no
Event will ever tell the end, and the row would wait for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from channels.db import database_sync_to_async
from django.db import transaction

from assist.live import Live
from assist.protocol.states import EndReason, OfferState
from assist.records.models import Call, HelpRequest, Offer

# Far longer than any lease, far shorter than live remembers an end that history may still be told.
LOST_AFTER = timedelta(hours=1)
AT_ONCE = 500


async def end_forgotten(live: Live, now: datetime) -> int:
    """End what has been open for an hour and live does not know; how many there were.

    Should an Event come after all, its fold overwrites what is said here. Raises RedisError.
    """
    old = await database_sync_to_async(open_before)(now - LOST_AFTER)
    lost = [name for name in old if await live.knows(name) == "unknown"]
    await database_sync_to_async(end_as_lost)(lost, now)
    return len(lost)


def open_before(before: datetime) -> list[str]:
    """HelpRequests asked earlier, whose end is not known; the oldest first."""
    still_open = HelpRequest.objects.filter(ended_at=None, asked_at__lt=before)
    return list(still_open.order_by("asked_at").values_list("id", flat=True)[:AT_ONCE])


def end_as_lost(names: Sequence[str], now: datetime) -> None:
    """The Requester's page is gone, and with it all that went on for them."""
    end = {"reason": EndReason.REQUESTER_LOST.value, "ended_at": now}
    withdrawn = {"outcome": OfferState.WITHDRAWN.value, "ended_at": now}
    with transaction.atomic():
        HelpRequest.objects.filter(id__in=names, ended_at=None).update(**end)
        calls = Call.objects.filter(help_request__in=names, ended_at=None)
        calls.filter(reason=None).update(**end)
        calls.update(ended_at=now)  # blocked after Redis forgot it: that is how it ended
        Offer.objects.filter(help_request__in=names, ended_at=None).update(**withdrawn)
