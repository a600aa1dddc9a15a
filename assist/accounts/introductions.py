"""What may a Volunteer call this Requester? The name that they chose, as long as they wish it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from assist.accounts.device import DEVICE_DAYS
from assist.accounts.models import BadName, Requester, tidy_name


def introduce(requester: str, name: str | None) -> bool:
    """Keep this name, or none any more; whether there is one.

    What nobody can be called by is no name: somebody who needs help is not stopped by it.
    """
    tidy = _tidy(name)
    mine = Requester.objects.filter(pk=requester)
    if tidy:
        kept = {"name": tidy, "asked_at": timezone.now()}
        Requester.objects.update_or_create(pk=requester, defaults=kept)
    elif mine.exists():  # looked up first: a deletion would wait for whoever writes just now
        mine.delete()
    return bool(tidy)


def forget_old(now: datetime) -> int:
    """Delete the names of whom we have not heard for as long as a device is known."""
    return Requester.objects.filter(asked_at__lte=now - timedelta(days=DEVICE_DAYS)).delete()[0]


def _tidy(name: str | None) -> str:
    try:
        return tidy_name(name or "")
    except BadName:
        return ""
