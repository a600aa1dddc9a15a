"""Is a Requester told what they asked for, at a price that does not grow with every Call?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from assist.lib.ids import new_id
from assist.records.history import told_of
from assist.records.models import Call, HelpRequest

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.django_db
def test_a_long_history_is_read_with_two_questions(django_assert_num_queries: Any) -> None:
    alice, ravi = new_id(), new_id()
    for day, who in enumerate((alice, ravi, alice, alice)):
        asked_at = NOON + timedelta(days=day)
        asked = HelpRequest.objects.create(
            id=new_id(), requester=who, asked_at=asked_at, languages=["en"]
        )
        Call.objects.create(
            id=new_id(), help_request=asked, volunteer=new_id(), accepted_at=asked_at
        )
    with django_assert_num_queries(2):
        told = told_of(alice)
    assert [one["asked_at"].day for one in told] == [1, 3, 4]
    assert told[0] == {
        **{"asked_at": NOON, "ended_at": None, "reason": None, "languages": ["en"]},
        "calls": [{"accepted_at": NOON, "connected_at": None, "ended_at": None, "reason": None}],
    }
