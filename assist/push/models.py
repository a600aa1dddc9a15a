"""Which devices may we ring? A row is an address at a push service, and the keys of one browser."""

from __future__ import annotations

from django.db import models

ENDPOINT_LENGTH = 1000


class Subscription(models.Model):
    """One browser of a Volunteer, or of a Requester who wants to be called back."""

    person = models.CharField(max_length=32, db_index=True)
    endpoint = models.CharField(max_length=ENDPOINT_LENGTH, unique=True)
    p256dh = models.CharField(max_length=88)
    auth = models.CharField(max_length=24)
    # Of the Volunteer who subscribed, as `accounts.sessions.group_of` names it: it ends with it.
    session = models.CharField(max_length=48, blank=True, default="", db_index=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"a device since {self.created_at:%Y-%m-%d %H:%M}"
