"""Who may no longer come in, who may again, and who has come within reach?"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from assist.accounts.models import Person


def suspend(name: str) -> Person | None:
    """End this person's access: no session, no invite of theirs works from now on.

    Only SQL is told here: `live.suspend` ends what goes on. Nothing if nobody has the name.
    """
    with transaction.atomic():
        person = Person.objects.named(name)
        if person is None:
            return None
        person.is_active = False
        # Every session is signed with this: a new one ends them all, also the one that an invite
        # spent in this very moment is about to open, and none comes back when access does.
        person.set_unusable_password()
        person.save()
        person.invites.all().delete()
    return person


def reinstate(name: str) -> Person | None:
    """Give access back; they sign in with a new invite. Nothing if nobody has the name."""
    person = Person.objects.named(name)
    if person is not None:
        person.is_active = True
        person.save()
    return person


def set_push(person: str, push: bool) -> None:
    """Whether a push reaches this person (32 hex digits); nothing for one whom SQL does not know.

    The roster is told by `roster.copy`.
    """
    Person.objects.filter(pk=UUID(person)).exclude(push=push).update(push=push)


def set_takes_calls(people: Iterable[str], takes_calls: bool) -> None:
    """Whether these people (32 hex digits) want calls, for a Redis that forgot."""
    ids = [UUID(person) for person in people]
    if ids:
        found = Person.objects.filter(pk__in=ids).exclude(takes_calls=takes_calls)
        found.update(takes_calls=takes_calls)
