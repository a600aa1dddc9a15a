"""How does one of our people come back on a device that does not know them? By mail or passkey.

Requesters do it otherwise (`way_back`): they are ids, and these here have names. Whoever is
suspended comes back by no means.
"""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from assist.accounts import passkeys
from assist.accounts.models import Person
from assist.accounts.webauthn import Made, NoPasskey


class Taken(ValueError):
    """Somebody else here comes back by this address."""


def at(address: str) -> Person | None:
    """Whoever reads the mail of this address (as `letters.tidy_address` has it)."""
    return Person.objects.filter(address=address, is_active=True).first()


def of_passkey(owner: str) -> Person | None:
    """Whose passkey this is (32 hex digits); nobody where it leads to a Requester."""
    return Person.objects.filter(pk=UUID(owner), is_active=True).first()


def has_a_way(person: Person) -> bool:
    """Or do they need a new invitation when this device signs them out?"""
    return bool(person.address or passkeys.of(person.id.hex))


@transaction.atomic
def keep_passkey(person: Person, made: Made, name: str) -> None:
    """One more way back. Raises `NoPasskey`: it is somebody's already, or they have just been
    deleted on another page of theirs, and it would be nobody's for good."""
    if not Person.objects.select_for_update().filter(pk=person.pk).exists():
        raise NoPasskey("nobody is left whose it would be")
    passkeys.keep(person.id.hex, made, name)


def keep_address(person: Person, address: str | None) -> str | None:
    """From now on this one and no other, or none at all; the one before. Raises `Taken`."""
    before = Person.objects.filter(pk=person.pk).values_list("address", flat=True).first()
    try:
        with transaction.atomic():
            Person.objects.filter(pk=person.pk).update(address=address)
    except IntegrityError as error:
        raise Taken from error
    person.address = address
    return before
