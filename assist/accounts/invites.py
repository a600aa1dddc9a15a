"""How does somebody come in? By an address that works once, for a day."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction
from django.utils import timezone

from assist.accounts.languages import typed_languages
from assist.accounts.models import Invite, Person, name_key

INVITE_HOURS = 24
TOKEN_BYTES = 32

InviteRole = Literal["volunteer", "coordinator"]


class NotInvited(ValueError):
    """Nobody was invited; its text is one sentence that says why."""


def invite(role: InviteRole, name: str, languages: Sequence[str] = ()) -> str:
    """A fresh token for this person, who is made if nobody has the name yet.

    What it says of them is so once it is spent: the role is added to what somebody known has, and
    languages are replaced if any are given.
    Raises `NotInvited`, `BadName` or `BadLanguage`, each with one sentence.
    """
    spoken = typed_languages(languages)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        person = _person(name)
        if not person.is_active:
            raise NotInvited(f"{person.name} is suspended; undo that first.")
        if role == "volunteer" and not (spoken or person.languages):
            raise NotInvited(f"Say which languages {person.name} speaks, for instance: en da.")
        Invite.objects.create(
            person=person,
            role=role,
            languages=spoken,
            digest=_digest(token),
            expires_at=timezone.now() + timedelta(hours=INVITE_HOURS),
        )
    return token


def find_invite(token: str) -> Invite | None:
    """The invite that this token would spend now; nothing for a forged, spent or old one."""
    return (
        Invite.objects.select_related("person")
        .filter(digest=_digest(token), spent_at=None, expires_at__gt=timezone.now())
        .filter(person__is_active=True)
        .first()
    )


@transaction.atomic
def spend(token: str) -> Person | None:
    """The person whom this token signs in, once, with what it gives them; nobody the second time.

    The person is locked before the invite, in the order in which `access.suspend` takes them.
    """
    now = timezone.now()
    of_token = Invite.objects.filter(digest=_digest(token)).values("person")
    person = Person.objects.select_for_update().filter(pk__in=of_token, is_active=True).first()
    # Compare-and-set on the row's own columns alone. With a join PostgreSQL would look for the row
    # in a subquery, and a second spender who waited for the first would not look again.
    unspent = Invite.objects.filter(digest=_digest(token), spent_at=None, expires_at__gt=now)
    if person is None or unspent.update(spent_at=now) != 1:
        return None
    _grant(person, Invite.objects.get(digest=_digest(token)))
    return person


def forget_old(now: datetime) -> int:
    """Delete invites that can open nothing any more; how many there were."""
    return Invite.objects.filter(expires_at__lte=now).delete()[0]


def _person(name: str) -> Person:
    """The person of this name, made if need be; two who invite the same name get the same one."""
    key = name_key(name)
    return Person.objects.get_or_create(name_key=key, defaults={"name": name})[0]


def _grant(person: Person, spent: Invite) -> None:
    """An invite from before invites carried a role gives none: its person has it already."""
    person.volunteers = person.volunteers or spent.role == "volunteer"
    person.coordinates = person.coordinates or spent.role == "coordinator"
    person.languages = spent.languages or person.languages
    person.save(update_fields=["volunteers", "coordinates", "languages"])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
