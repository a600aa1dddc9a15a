"""How does somebody come to volunteer without an invitation, and who lets them in?

They choose their name themselves, so several may have one. Where a coordinator lets people in, they
wait: nobody rings them, and they cannot sign in.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from assist.accounts import passkeys
from assist.accounts.models import Person
from assist.accounts.promise import WORDING
from assist.accounts.returning import Taken
from assist.accounts.webauthn import Made

WAITS = timedelta(days=90)


def join(said: dict[str, Any], address: str | None, waits: bool, id_: str = "") -> Person:
    """A new person, who has given the promise. `said`: name, languages, topics, time_zone, hours,
    each as `models.tidy_name` and `wishes.tidy_help` leave it. Raises `Taken`: somebody comes back
    by this address already, or has this id."""
    now = timezone.now()
    newcomer = Person(**said, address=address, chose_name=True, volunteers=not waits)
    newcomer.promise, newcomer.promised_at = WORDING, now
    newcomer.waits_since = now if waits else None
    if id_:
        newcomer.id = UUID(id_)
    try:
        with transaction.atomic():
            newcomer.save(force_insert=True)
    except IntegrityError as error:
        raise Taken from error
    return newcomer


def waiting() -> list[Person]:
    """Who would like to be let in, the first first."""
    return list(Person.objects.filter(waits_since__isnull=False).order_by("waits_since", "pk"))


def how_many() -> int:
    """So many would like to be let in."""
    return Person.objects.filter(waits_since__isnull=False).count()


@transaction.atomic
def join_by_passkey(said: dict[str, Any], id_: str, made: Made, called: str) -> Person:
    """They come and have their way back, or neither. Raises `Taken`, `NoPasskey`."""
    newcomer = join(said, None, waits=False, id_=id_)
    passkeys.keep(id_, made, called)
    return newcomer


def find(person: str) -> Person | None:
    """Whoever waits under this id (32 hex digits)."""
    return _waits(person).first()


def let_in(person: str) -> Person | None:
    """From now on they volunteer; nobody where somebody else was quicker."""
    found = _waits(person)
    if found.update(waits_since=None, volunteers=True) != 1:
        return None
    return Person.objects.get(pk=UUID(person))


def forget(person: str) -> Person | None:
    """They are declined, or withdraw. Nothing is kept of them; who they were, or nobody where
    somebody else was quicker."""
    found = _waits(person)
    with transaction.atomic():
        known = found.select_for_update().first()
        return known if known and found.delete()[0] else None


def forget_old(now: datetime) -> int:
    """Delete who has waited for too long; how many there were."""
    with transaction.atomic():
        # Held until they are gone: whoever is let in at this very moment stays.
        old = Person.objects.select_for_update().filter(waits_since__lte=now - WAITS)
        return Person.objects.filter(pk__in=[one.pk for one in old]).delete()[0]


def _waits(person: str) -> QuerySet[Person]:
    return Person.objects.filter(pk=UUID(person), waits_since__isnull=False)
