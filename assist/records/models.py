"""What does history keep? Ids and times; people's ids for 90 days, nothing that was said or seen.

Ids are those of the live house: 32 hex digits. The time that orders a table is never null: where a
row is met before the event that makes it, it is the time of the event that was met.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from assist.protocol.states import OfferState


def id_field() -> models.CharField[str, str]:
    """The id of the row, made where the thing began."""
    return models.CharField(max_length=32, primary_key=True)


def person_field() -> models.CharField[str | None, str | None]:
    """A person's id; null once the row is old, or where it was never known."""
    return models.CharField(max_length=32, null=True, db_index=True)


def reason_field() -> models.CharField[str | None, str | None]:
    """An EndReason; null while it goes on."""
    return models.CharField(max_length=24, null=True)


class HelpRequest(models.Model):
    """One wish for help, from the first ask to its one end."""

    id = id_field()
    requester = person_field()
    languages: models.JSONField[Any, list[str]] = models.JSONField(default=list)
    reachable = models.PositiveIntegerField(null=True)  # free Volunteers when it was asked
    asked_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True)
    reason = reason_field()

    def __str__(self) -> str:
        return self.id


class Offer(models.Model):
    """A HelpRequest shown to one Volunteer, and what came of it."""

    id = id_field()
    help_request = models.ForeignKey(HelpRequest, on_delete=models.CASCADE, related_name="offers")
    volunteer = person_field()
    wave = models.PositiveIntegerField(null=True)
    made_at = models.DateTimeField(db_index=True)
    shown_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=9, default=OfferState.PENDING.value)

    def __str__(self) -> str:
        return self.id


class Call(models.Model):
    """One HelpRequest with one Volunteer; who is put back may have another."""

    id = id_field()
    help_request = models.ForeignKey(HelpRequest, on_delete=models.CASCADE, related_name="calls")
    volunteer = person_field()
    accepted_at = models.DateTimeField(db_index=True)
    connected_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = reason_field()

    def __str__(self) -> str:
        return self.id


class LedgerPosition(models.Model):
    """Up to where history is written: the last event, and of which Redis. One row."""

    ONLY = 1
    id = models.PositiveSmallIntegerField(primary_key=True)
    run = models.CharField(max_length=64)
    last = models.CharField(max_length=41)

    def __str__(self) -> str:
        return self.last
