"""What may a Volunteer call this Requester? The name that they chose, as long as they wish it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from assist.accounts.device import DEVICE_DAYS
from assist.accounts.models import BadName, Requester, tidy_name

FRESH = timedelta(days=1)


def introduce(requester: str, name: str | None) -> bool:
    """Keep this name, or none any more; whether there is one.

    What nobody can be called by is no name: somebody who needs help is not stopped by it.
    """
    tidy, now = _tidy(name), timezone.now()
    # Looked up first: an open page asks again after each outage, and whoever writes waits in line.
    known = Requester.objects.filter(pk=requester).first()
    if tidy and not _stands(known, tidy, now):
        kept = {"name": tidy, "asked_at": now}
        Requester.objects.update_or_create(pk=requester, defaults=kept)
    elif known and not tidy:
        known.delete()
    return bool(tidy)


def _stands(known: Requester | None, name: str, now: datetime) -> bool:
    """When they asked last is of use to the day."""
    return known is not None and known.name == name and now - known.asked_at < FRESH


def forget_old(now: datetime) -> int:
    """Delete the names of whom we have not heard for as long as a device is known."""
    return Requester.objects.filter(asked_at__lte=now - timedelta(days=DEVICE_DAYS)).delete()[0]


def _tidy(name: str | None) -> str:
    try:
        return tidy_name(name or "")
    except BadName:
        return ""
