"""Is a newcomer in or gone, and once, when two decide at the same moment or a process dies?

As `test_accounts_at_once` for accounts: on SQLite and on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from pytest_django import Settings

from assist.accounts import joining, passkeys
from assist.accounts.letters import Letter
from assist.accounts.models import Passkey, Person
from assist.accounts.webauthn import Made
from assist.gateway import joining_views, waiting_views
from assist.gateway.errands import Errand
from assist.lib.ids import new_id
from tests.at_once import at_once, on_its_own
from tests.waiting import PATIENCE_S

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.history]

ADDRESS = "ida@example.org"
SAID: dict[str, Any] = {
    "name": "Ida", "languages": ["da"], "topics": [], "time_zone": "", "hours": None,
}  # fmt: skip
# What two coordinators may do, or one of them and the newcomer, who withdraws.
DECISIONS = [
    (joining.let_in, joining.let_in),
    (joining.let_in, joining.forget),
    (joining.forget, joining.let_in),
    (joining.forget, joining.forget),
]
Decide = Callable[[str], Person | None]


def waits() -> str:
    return joining.join(SAID, ADDRESS, waits=True).id.hex


def volunteers() -> list[bool]:
    """Of everybody who is left."""
    return [one.volunteers for one in Person.objects.all()]


@pytest.mark.parametrize(("first", "second"), DECISIONS)
def test_of_two_who_decide_the_first_one_has_decided(first: Decide, second: Decide) -> None:
    ida = waits()
    with at_once(second, ida) as late:
        assert first(ida) is not None
    assert late.result() is None
    assert volunteers() == ([True] if first is joining.let_in else [])


def test_who_is_let_in_on_the_last_day_stays() -> None:
    ida = waits()
    with at_once(joining.forget_old, timezone.now() + timedelta(days=91)) as forgotten:
        assert joining.let_in(ida) is not None
    assert (forgotten.result(), volunteers()) == (0, [True])


def test_one_address_that_joins_on_two_pages_is_one_person_on_both(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ASSIST_JOIN = "approval"
    came: list[str] = []

    def begin(person: Person) -> HttpResponse:
        came.append(person.id.hex)
        return HttpResponse()

    monkeypatch.setattr(waiting_views, "begin", begin)
    monkeypatch.setattr(joining_views, "may_come", Mock())
    letters = [Letter(ADDRESS, "", new_id()) for _page in range(2)]
    errand = Errand("join", "a ticket", SAID)
    with at_once(joining_views.mail_is_read, HttpRequest(), errand, letters[1]):
        joining_views.mail_is_read(HttpRequest(), errand, letters[0])
    [ida] = Person.objects.all()
    assert came == [ida.id.hex, ida.id.hex]


def test_who_dies_between_the_person_and_their_passkey_leaves_neither(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    id_, made = new_id(), Made(new_id(), new_id(), b"k", 0)
    with monkeypatch.context() as patch, ThreadPoolExecutor(1) as pool:
        patch.setattr(passkeys, "keep", dies)
        died = pool.submit(on_its_own, joining.join_by_passkey, SAID, id_, made, "Phone")
        assert isinstance(died.exception(PATIENCE_S), DatabaseError)
    assert (volunteers(), Passkey.objects.count()) == ([], 0)
    joining.join_by_passkey(SAID, id_, made, "Phone")
    assert (volunteers(), Passkey.objects.count()) == ([True], 1)


def dies(*_said: object) -> None:
    """As a process that is killed: its line to the database breaks, and nobody rolls back."""
    assert connection.connection is not None
    connection.connection.close()
