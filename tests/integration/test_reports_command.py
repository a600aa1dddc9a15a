"""Can whoever runs a house read what people report?"""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from assist.feedback.answers import report
from assist.feedback.models import Report
from assist.lib.ids import new_id
from assist.protocol.states import Role
from assist.records.models import Call, HelpRequest

pytestmark = [pytest.mark.django_db, pytest.mark.history]


def printed() -> str:
    said = StringIO()
    call_command("reports", stdout=said)
    return said.getvalue()


def test_each_report_stands_with_its_time_its_side_and_its_words() -> None:
    report(new_id(), Role.REQUESTER, "They laughed at me.\nTwice.")
    report(new_id(), Role.VOLUNTEER, "")
    Report.objects.update(created_at=timezone.now() - timedelta(days=1))
    day = f"{timezone.now() - timedelta(days=1):%Y-%m-%d}"
    lines = printed().splitlines()
    assert lines[0].startswith(day)
    assert lines[0].endswith("UTC, from the requester:")
    assert lines[1:3] == ["    They laughed at me.", "    Twice."]
    assert lines[3].endswith("UTC, from the volunteer:")
    assert lines[4:] == ["    (without words)"]


def test_the_volunteer_of_the_call_is_an_id_that_suspend_takes() -> None:
    call, volunteer, now = new_id(), new_id(), timezone.now()
    wish = HelpRequest.objects.create(id=new_id(), requester=new_id(), asked_at=now)
    Call.objects.create(id=call, help_request=wish, volunteer=volunteer, accepted_at=now)
    report(call, Role.REQUESTER, "They laughed.")
    said = printed()
    assert f"from the requester (volunteer of this call: {volunteer}):" in said
    assert str(wish.requester) not in said


def test_what_is_older_than_history_keeps_is_not_shown() -> None:
    report(new_id(), Role.REQUESTER, "long ago")
    Report.objects.update(created_at=timezone.now() - timedelta(days=91))
    assert printed() == "Nobody reported anything in the last 90 days.\n"


def test_words_cannot_steer_the_terminal() -> None:
    report(
        new_id(), Role.REQUESTER, "red \x1b[31m and \u202e backwards, but \u0645\u06cc\u200c\u062e"
    )
    said = printed()
    assert "red ?[31m and ? backwards" in said
    assert "\u06cc\u200c\u062e" in said
