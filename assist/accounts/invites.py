"""How does somebody come in? By an address that works once, for a day."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction
from django.utils import timezone

from assist.accounts.languages import tidy_languages
from assist.accounts.models import Invite, Person, name_key

INVITE_HOURS = 24
TOKEN_BYTES = 32

InviteRole = Literal["volunteer", "coordinator"]


class NotInvited(ValueError):
    """Nobody was invited; its text is one sentence that says why."""


def invite(role: InviteRole, name: str, languages: Sequence[str] = ()) -> str:
    """A fresh token for this person, who is made if nobody has the name yet.

    Somebody known keeps what they have: the role is added, languages are replaced if any are given.
    Raises `NotInvited`, `BadName` or `BadLanguage`, each with one sentence.
    """
    spoken = tidy_languages(languages)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        person = _person(name)
        if not person.is_active:
            raise NotInvited(f"{person.name} is suspended; undo that first.")
        _grant(person, role, spoken)
        Invite.objects.create(
            person=person,
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


def spend(token: str) -> Person | None:
    """The person whom this token signs in, once; nobody the second time."""
    now = timezone.now()
    # Compare-and-set on the row's own columns alone. With a join PostgreSQL would look for the row
    # in a subquery, and a second spender who waited for the first would not look again.
    unspent = Invite.objects.filter(digest=_digest(token), spent_at=None, expires_at__gt=now)
    if unspent.update(spent_at=now) != 1:
        return None
    return Person.objects.filter(invites__digest=_digest(token), is_active=True).first()


def forget_old(now: datetime) -> int:
    """Delete invites that can open nothing any more; how many there were."""
    return Invite.objects.filter(expires_at__lte=now).delete()[0]


def _person(name: str) -> Person:
    """The person of this name, made if need be; two who invite the same name get the same one."""
    key = name_key(name)
    return Person.objects.get_or_create(name_key=key, defaults={"name": name})[0]


def _grant(person: Person, role: InviteRole, languages: list[str]) -> None:
    if role == "volunteer":
        person.volunteers = True
    else:
        person.coordinates = True
    person.languages = languages or person.languages
    if person.volunteers and not person.languages:
        raise NotInvited(f"Say which languages {person.name} speaks, for instance: en da.")
    person.save()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
