"""Is everybody who joins let in once, declined once, or forgotten in the end?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from assist.accounts import circle, joining, passkeys, promise, returning
from assist.accounts.models import Passkey, Person
from assist.lib.ids import new_id

SAID: dict[str, Any] = {
    "name": "Ida", "languages": ["da"], "topics": [], "time_zone": "", "hours": None,
}  # fmt: skip


def waits(address: str) -> Person:
    return joining.join(SAID, address, waits=True)


@pytest.mark.django_db
def test_a_newcomer_has_promised_and_borrows_nobody_s_name() -> None:
    known = Person(name="Ida", languages=["en"], volunteers=True)
    known.save()
    newcomer = joining.join(SAID, "ida@example.org", waits=False)
    assert (newcomer.volunteers, promise.is_given_by(newcomer)) == (True, True)
    assert Person.objects.named("Ida") == known
    newcomer.refresh_from_db()
    newcomer.save()  # whatever else is kept of them later
    assert Person.objects.named("Ida") == known
    with pytest.raises(returning.Taken):
        joining.join(SAID, "ida@example.org", waits=False)
    with pytest.raises(returning.Taken):
        joining.join(SAID, None, waits=False, id_=newcomer.id.hex)
    assert joining.join(SAID, None, waits=False, id_=new_id()).address is None


@pytest.mark.django_db
def test_whoever_decides_second_changes_nothing() -> None:
    ida, ole = waits("ida@example.org"), waits("ole@example.org")
    assert [one.pk for one in joining.waiting()] == [ida.pk, ole.pk]
    assert joining.let_in(ida.id.hex) == ida
    assert joining.forget(ole.id.hex) == ole
    for person in (ida, ole):
        assert joining.let_in(person.id.hex) is None
        assert joining.forget(person.id.hex) is None
    assert [one.volunteers for one in Person.objects.all()] == [True]
    assert joining.waiting() == []


@pytest.mark.django_db
def test_who_is_not_answered_for_90_days_is_forgotten() -> None:
    waits("ida@example.org")
    member = joining.join(SAID, "ole@example.org", waits=False)
    now = timezone.now()
    assert joining.forget_old(now + timedelta(days=89)) == 0
    assert joining.forget_old(now + timedelta(days=91)) == 1
    assert list(Person.objects.all()) == [member]


@pytest.mark.django_db
def test_who_came_for_a_circle_and_is_of_none_leaves_no_passkey() -> None:
    alone = Person(name="Mum", languages=["en"], volunteers=True, public=False)
    alone.save()
    kept = Person(name="Noor", languages=["en"], volunteers=True)
    kept.save()
    for person in (alone, kept):
        Passkey.objects.create(
            owner=person.id.hex, handle=new_id(), credential=new_id(), key=b"k", name="Chrome"
        )
    circle.forget_old(timezone.now() + timedelta(days=2))
    assert passkeys.of(alone.id.hex) == []
    assert len(passkeys.of(kept.id.hex)) == 1
