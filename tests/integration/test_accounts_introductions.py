"""Is a name written down when it is new, and left alone while it stands?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assist.accounts.introductions import FRESH, introduce
from assist.accounts.models import Requester
from assist.lib.ids import new_id

pytestmark = pytest.mark.django_db


def written(requester: str, name: str | None) -> list[str]:
    """What SQL was asked to change."""
    with CaptureQueriesContext(connection) as asked:
        introduce(requester, name)
    return [one["sql"] for one in asked if not one["sql"].startswith("SELECT")]


def name_of(requester: str) -> str | None:
    return Requester.objects.filter(pk=requester).values_list("name", flat=True).first()


def test_only_what_changed_is_written() -> None:
    maria = new_id()
    assert written(maria, None) == []
    assert written(maria, "Maria") != []
    assert written(maria, " Maria ") == []
    assert written(maria, "Mia") != []
    assert name_of(maria) == "Mia"
    assert written(maria, "") != []
    assert name_of(maria) is None


def test_whoever_goes_on_asking_is_not_forgotten() -> None:
    maria = new_id()
    introduce(maria, "Maria")
    before = timezone.now() - FRESH
    Requester.objects.update(asked_at=before - timedelta(seconds=1))
    assert written(maria, "Maria") != []
    assert Requester.objects.get(pk=maria).asked_at > before
