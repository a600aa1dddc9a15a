"""Does a device become somebody else's as a whole or not at all, and does `live` hear of it?"""

from __future__ import annotations

from typing import Any

import pytest
from channels.db import database_sync_to_async as in_sql
from django.db import DatabaseError
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisConnectionError

from assist.accounts import roster, way_back
from assist.accounts.models import Account, CircleTie, Person
from assist.gateway import coming_back
from assist.lib.ids import new_id
from assist.live import Live
from assist.live.keys import key
from assist.push import devices
from assist.records.models import HelpRequest

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "maria@example.org"


def two_devices() -> tuple[str, str, Person]:
    """A phone with an account; a tablet with a circle and a history; who is in that circle."""
    phone, tablet = new_id(), new_id()
    way_back.settle_in(phone, ADDRESS)
    noor = Person(name="Noor", languages=["en"], volunteers=True)
    noor.save()
    CircleTie.objects.create(requester=tablet, person=noor, name="Noor", confirmed=True)
    HelpRequest.objects.create(id=new_id(), requester=tablet, asked_at=timezone.now())
    return phone, tablet, noor


def of(requester: str) -> tuple[int, int]:
    ties = CircleTie.objects.filter(requester=requester)
    return ties.count(), HelpRequest.objects.filter(requester=requester).count()


def test_a_failure_on_the_way_leaves_everything_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    phone, tablet, _noor = two_devices()

    def fails(*_all: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(devices, "bring", fails)
    with pytest.raises(DatabaseError):
        coming_back.bring(tablet, lambda own: way_back.settle_in(own, ADDRESS))
    assert (of(tablet), of(phone)) == ((1, 1), (0, 0))
    monkeypatch.undo()
    coming_back.bring(tablet, lambda own: way_back.settle_in(own, ADDRESS))
    assert (of(tablet), of(phone)) == ((0, 0), (1, 1))
    assert Account.objects.count() == 1


async def test_what_live_was_not_told_at_once_it_is_told_by_the_roster(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_all: Any) -> None:
        raise RedisConnectionError

    monkeypatch.setattr(coming_back, "tell_live", fails)
    phone, tablet, noor = await in_sql(two_devices)()

    def come() -> None:
        before, who = coming_back.bring(tablet, lambda own: way_back.settle_in(own, ADDRESS))
        assert (before, who) == ([("circle", noor.id.hex)], phone)
        coming_back.tell(tablet, phone, before)

    await in_sql(come)()
    assert await live.redis.smembers(key("circle", phone)) == set()
    await roster.refresh(live)
    assert await live.redis.smembers(key("circle", phone)) == {noor.id.hex}
