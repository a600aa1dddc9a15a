"""Are answers taken down as they were given, also when they come twice?"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from assist.feedback.answers import BadAnswer, forget_words, rate, report
from assist.feedback.models import TEXT_LENGTH, Rating, Report
from assist.lib.ids import new_id
from assist.protocol.states import Role

pytestmark = [pytest.mark.django_db, pytest.mark.history]


def answers(call: str) -> list[tuple[str, str | None, str | None]]:
    rows = Rating.objects.filter(call=call).order_by("role")
    return [(row.role, row.solved, row.feeling) for row in rows]


def test_each_side_answers_for_itself() -> None:
    call = new_id()
    rate(call, Role.REQUESTER, solved="yes", feeling="good")
    rate(call, Role.VOLUNTEER, solved="partly")
    assert answers(call) == [("requester", "yes", "good"), ("volunteer", "partly", None)]


def test_a_later_answer_replaces_only_what_it_answers() -> None:
    call = new_id()
    rate(call, Role.REQUESTER, solved="no")
    rate(call, Role.REQUESTER, feeling="all_right")
    assert answers(call) == [("requester", "no", "all_right")]
    rate(call, Role.REQUESTER, solved="partly")
    assert answers(call) == [("requester", "partly", "all_right")]


def test_nothing_answered_is_nothing_kept() -> None:
    rate(new_id(), Role.REQUESTER)
    rate(new_id(), Role.REQUESTER, solved="", feeling="")
    assert not Rating.objects.exists()


@pytest.mark.parametrize("given", [{"solved": "good"}, {"feeling": "yes"}, {"solved": "YES"}])
def test_what_is_no_answer_is_refused_and_changes_nothing(given: dict[str, Any]) -> None:
    call = new_id()
    rate(call, Role.VOLUNTEER, solved="yes", feeling="bad")
    with pytest.raises(BadAnswer):
        rate(call, Role.VOLUNTEER, **given)
    assert answers(call) == [("volunteer", "yes", "bad")]


def test_the_database_itself_knows_the_answers() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.create(call=new_id(), role=Role.REQUESTER, solved="never")
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.create(call=new_id(), role="helper", solved="yes")


def test_a_report_is_kept_in_the_persons_words() -> None:
    call = new_id()
    report(call, Role.REQUESTER, "  He asked\x00 for my card.\n")
    kept = Report.objects.get()
    assert (kept.call, kept.role, kept.text) == (call, "requester", "He asked for my card.")


def test_a_report_may_be_without_words_but_not_without_measure() -> None:
    report(new_id(), Role.VOLUNTEER, "")
    with pytest.raises(BadAnswer, match="1000"):
        report(new_id(), Role.VOLUNTEER, "a" * (TEXT_LENGTH + 1))
    assert Report.objects.count() == 1


def test_old_reports_lose_their_words() -> None:
    report(new_id(), Role.REQUESTER, "Noor was rude.")
    assert forget_words(timezone.now() - timedelta(days=90)) == 0
    assert forget_words(timezone.now() + timedelta(seconds=1)) == 1
    assert Report.objects.get().text == ""
