"""Who may no longer come in, who may again, and who has come within reach?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from assist.accounts.models import Person, heard_as

ID = re.compile(r"[0-9a-f]{32}")


class NotOne(ValueError):
    """Several have this name; its text is one sentence, and a line for each of them."""


def suspend(name: str) -> Person | None:
    """End this person's access: no session, no invite of theirs works from now on.

    Only SQL is told here: `live.suspend` ends what goes on. Nothing if nobody has the name.
    Raises `NotOne`.
    """
    with transaction.atomic():
        person = called(name)
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
    """Give access back; they sign in with a new invite. Nothing if nobody has the name.

    Raises `NotOne`.
    """
    person = called(name)
    if person is not None:
        person.is_active = True
        person.save()
    return person


def called(said: str) -> Person | None:
    """Who has this name, or these 32 hex digits for an id.

    Several may have one: who helps in a circle alone chose the name, and may stand in the circle
    under another one, such as "Noor (2)". Raises `NotOne`.
    """
    if ID.fullmatch(said):
        return Person.objects.filter(pk=UUID(said)).first()
    found = [person for person in [Person.objects.named(said), *of_own_names(said)] if person]
    if len(found) > 1:
        each = (f"{one.id.hex}  {one.name}, {place_of(one)}" for one in found)
        sentence = f"Several people are called {said}; say one of these instead of the name:"
        raise NotOne("\n  ".join([sentence, *each]))
    return found[0] if found else None


def of_own_names(said: str) -> list[Person]:
    """By the name that they gave themselves, or by the one under which a Requester knows them."""
    wanted = heard_as(" ".join(said.split()))
    own = Person.objects.filter(Q(public=False) | Q(chose_name=True))
    found = own.order_by("pk").prefetch_related("circles")
    return [one for one in found if wanted in map(heard_as, names_of(one))]


def names_of(person: Person) -> list[str]:
    return [person.name, *(tie.name for tie in person.circles.all())]


def place_of(person: Person) -> str:
    """Where somebody is known, in words for whoever types commands."""
    if person.public:
        return "joined without an invitation" if person.chose_name else "invited"
    _own, *others = names_of(person)
    names = ", ".join(sorted(others))
    return f"in a circle as {names}" if names else "in no circle any more"


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
