"""What has SQL kept of somebody's own choice, and how is it deleted?

A block that they said goes, too: it named two people, and one of them is nobody any more. Whoever
comes back begins as somebody new.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q

from assist.accounts import passkeys, questions
from assist.accounts.models import (
    Account,
    Block,
    CircleInvite,
    CircleTie,
    MetTie,
    Person,
    Question,
    Requester,
)

Facts = dict[str, Any]
# Numbers that mean nothing to anybody, and the name once more.
OURS = ("id", "password", "name_key")


def told_of(requester: str, help_requests: Iterable[str]) -> Facts:
    """All of it, as it can be written into a file."""
    own = Requester.objects.filter(pk=requester).first()
    ties = CircleTie.objects.filter(requester=requester).order_by("created_at")
    invites = CircleInvite.objects.filter(requester=requester).order_by("expires_at")
    left = Question.objects.filter(help_request__in=list(help_requests))
    return {
        "name": own.name if own else None,
        "account": Account.objects.filter(pk=requester).values("address", "chosen").first(),
        "passkeys": passkeys.told_of(requester),
        "circle": list(ties.values("name", "confirmed", "created_at")),
        "circle_invites": list(invites.values("expires_at", "spent_at")),
        "would_meet_again": MetTie.objects.filter(requester=requester).count(),
        "questions": list(left.values("text", "created_at")),
    }


def told_of_person(person: Person) -> Facts:
    """The same of a Volunteer or a Coordinator."""
    fields = (field.name for field in person._meta.concrete_fields)
    ties = CircleTie.objects.filter(person=person).order_by("created_at")
    return {
        **{name: getattr(person, name) for name in fields if name not in OURS},
        "passkeys": passkeys.told_of(person.id.hex),
        "invites": list(person.invites.values("role", "languages", "expires_at", "spent_at")),
        "in_circles": list(ties.values("name", "confirmed", "created_at")),
        "would_meet_again": MetTie.objects.filter(person=person.id.hex).count(),
    }


@transaction.atomic
def forget_person(person: Person) -> None:
    """Delete all of it: what hangs on the row itself, as ties and invites, goes with it."""
    who = person.id.hex
    # Held from here: a passkey that comes on another page comes before it, or not at all.
    Person.objects.select_for_update().filter(pk=person.pk).first()
    passkeys.forget(who)
    MetTie.objects.filter(person=who).delete()
    Block.objects.filter(Q(one=who) | Q(other=who)).delete()
    person.delete()


@transaction.atomic
def forget(requester: str, help_requests: Iterable[str]) -> None:
    """Delete all of it."""
    for own in (Requester, Account):
        own._default_manager.filter(pk=requester).delete()
    for table in (CircleTie, CircleInvite, MetTie):
        table._default_manager.filter(requester=requester).delete()
    passkeys.forget(requester)
    Block.objects.filter(Q(one=requester) | Q(other=requester)).delete()
    questions.forget(help_requests)
