"""Do two pages that change one account at the same moment leave it whole?

On SQLite the second one waits before it begins; on PostgreSQL it sees nothing of what the first has
not committed yet, and may wait for it at a row.
"""

from __future__ import annotations

import pytest
from django.db import transaction

from assist.accounts import passkeys, returning
from assist.accounts.forgetting import forget_person
from assist.accounts.models import Account, Passkey, Person
from assist.accounts.way_back import passkey_came, passkey_went, settle_in
from assist.accounts.webauthn import Made, NoPasskey
from assist.lib.ids import new_id
from tests.at_once import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.history]

ADDRESS = "maria@example.org"


def add(owner: str) -> str:
    """As the view that keeps a passkey; its number."""
    with transaction.atomic():
        made = Passkey.objects.create(
            owner=owner, handle=new_id(), credential=new_id(), key=b"", uses=0, name="Phone"
        )
        passkey_came(owner)
    return str(made.pk)


def remove(owner: str, number: str) -> str:
    """As the view that removes one; its name."""
    with transaction.atomic():
        name = passkeys.remove(owner, number)
        passkey_went(owner)
    return name


def add_to(person: Person) -> str:
    """As a Volunteer's page does."""
    try:
        returning.keep_passkey(person, Made(new_id(), new_id(), b"", 0), "Phone")
    except NoPasskey:
        return "too late"
    return "kept"


def left_of(owner: str) -> tuple[bool, int]:
    """Is there an account, and how many passkeys lead to it?"""
    return Account.objects.filter(pk=owner).exists(), len(passkeys.of(owner))


def test_a_passkey_that_comes_while_the_last_one_goes_has_its_account() -> None:
    owner = new_id()
    last = add(owner)
    with at_once(remove, owner, last) as gone:
        new = add(owner)
    assert (gone.result(), left_of(owner)) == ("Phone", (True, 1))
    with at_once(add, owner):
        remove(owner, new)
    assert left_of(owner) == (True, 1)


def test_of_two_last_passkeys_that_go_the_second_takes_the_account_along() -> None:
    owner = new_id()
    one, other = add(owner), add(owner)
    with at_once(remove, owner, one) as gone:
        remove(owner, other)
    assert (gone.result(), left_of(owner)) == ("Phone", (False, 0))


def test_two_devices_with_one_new_address_are_one_person() -> None:
    phone, tablet = new_id(), new_id()
    with at_once(settle_in, tablet, ADDRESS) as who:
        assert settle_in(phone, ADDRESS) == phone
    assert who.result() == phone
    assert [one.pk for one in Account.objects.all()] == [phone]


def test_a_passkey_that_comes_while_its_volunteer_is_deleted_goes_with_them() -> None:
    noor, bob = (Person.objects.create(name=name, volunteers=True) for name in ("Noor", "Bob"))
    with at_once(add_to, Person.objects.get(pk=noor.pk)) as late:
        forget_person(noor)
    assert late.result() == "too late"
    with at_once(forget_person, Person.objects.get(pk=bob.pk)):
        assert add_to(bob) == "kept"
    assert (Person.objects.count(), Passkey.objects.count()) == (0, 0)
