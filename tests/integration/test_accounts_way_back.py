"""Does a second device bring what it had, and does nothing of the account get lost by it?"""

from __future__ import annotations

import pytest

from assist.accounts.blocks import block, blocks_of
from assist.accounts.introductions import introduce
from assist.accounts.models import Account, CircleTie, MetTie, Person, Requester
from assist.accounts.way_back import SignedIn, become, passkey_came, settle_in, ties_of
from assist.lib.ids import new_id

ADDRESS = "maria@example.org"


def volunteer(name: str) -> Person:
    person = Person(name=name, languages=["en"], volunteers=True)
    person.save()
    return person


@pytest.mark.django_db
def test_circle_meetings_and_blocks_come_along_once() -> None:
    noor, bob, eve = volunteer("Noor"), volunteer("Bob"), volunteer("Eve")
    phone, tablet = new_id(), new_id()
    assert settle_in(phone, ADDRESS) == phone
    CircleTie.objects.create(requester=phone, person=noor, name="Noor", confirmed=True)
    CircleTie.objects.create(requester=tablet, person=noor, name="Noor N", confirmed=True)
    CircleTie.objects.create(requester=tablet, person=bob, name="Noor", confirmed=True)
    MetTie.objects.create(requester=tablet, person=bob.id.hex, call=new_id())
    block(tablet, eve.id.hex)
    introduce(tablet, "Maria")

    assert settle_in(tablet, ADDRESS) == phone
    names = dict(CircleTie.objects.values_list("person__name", "name"))
    assert names == {"Noor": "Noor", "Bob": "Noor (2)"}
    assert set(ties_of(phone)) == {
        ("circle", noor.id.hex),
        ("circle", bob.id.hex),
        ("met", bob.id.hex),
    }
    assert {frozenset(pair) for pair in blocks_of(phone)} == {frozenset((phone, eve.id.hex))}
    assert (ties_of(tablet), blocks_of(tablet)) == ([], [])
    assert not Requester.objects.filter(pk=tablet).exists()


@pytest.mark.django_db
def test_who_has_an_account_here_leaves_it_before_another_one_opens() -> None:
    one, other, by_passkey = new_id(), new_id(), new_id()
    assert settle_in(one, ADDRESS) == one
    assert settle_in(one, ADDRESS) == one
    with pytest.raises(SignedIn):
        settle_in(one, "new@example.org")
    assert settle_in(other, "new@example.org") == other
    with pytest.raises(SignedIn):
        settle_in(one, "new@example.org")
    with pytest.raises(SignedIn):
        become(one, other)
    passkey_came(by_passkey)
    with pytest.raises(SignedIn):
        settle_in(by_passkey, ADDRESS)
    assert settle_in(by_passkey, "own@example.org") == by_passkey  # it had none yet
    found = dict(Account.objects.values_list("pk", "address"))
    assert found == {one: ADDRESS, other: "new@example.org", by_passkey: "own@example.org"}
