"""How are answers and reports taken down? Who may give them is checked by the pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q

from assist.feedback.models import TEXT_LENGTH, Feeling, Rating, Report, Solved
from assist.protocol.states import Role


class BadAnswer(ValueError):
    """No answer to these questions; its text is one sentence."""


def rate(
    call: str,
    role: Role,
    solved: str | None = None,
    feeling: str | None = None,
    again: bool | None = None,
) -> None:
    """Take down one side's answers. What is not given now stays as it was given before.

    `solved`: yes, partly, no; `feeling`: good, all_right, bad; `again`: they would like to meet
    again (then tell `again.settle`, too). Raises `BadAnswer`.
    """
    given: dict[str, Any] = _given(solved, feeling)
    if again is not None:
        given["again"] = again
    if not given:
        return
    # One statement: the button and the page that is being left may both send at once.
    Rating.objects.bulk_create(
        [Rating(call=call, role=role, **given)],
        update_conflicts=True,
        unique_fields=["call", "role"],
        update_fields=list(given),
    )


def _given(solved: str | None, feeling: str | None) -> dict[str, str]:
    given: dict[str, str] = {}
    try:
        if solved:
            given["solved"] = Solved(solved)
        if feeling:
            given["feeling"] = Feeling(feeling)
    except ValueError:
        raise BadAnswer("That is not an answer to this question.") from None
    return given


def report(call: str, role: Role, text: str) -> None:
    """Take down a problem in the person's words, which may be none. Raises `BadAnswer`."""
    words = text.replace("\x00", "").strip()
    if len(words) > TEXT_LENGTH:
        raise BadAnswer(f"Please use at most {TEXT_LENGTH} characters.")
    Report.objects.create(call=call, role=role, text=words)


def told_of(calls: Iterable[str], role: Role) -> dict[str, list[dict[str, Any]]]:
    """What this side of these Calls said of them."""
    said = Q(call__in=list(calls), role=role)
    answers = Rating.objects.filter(said).values("solved", "feeling", "again", "rated_at")
    reports = Report.objects.filter(said).values("text", "created_at")
    return {"answers": [{**one} for one in answers], "reports": [{**one} for one in reports]}


def forget_words_of(calls: Iterable[str], role: Role) -> None:
    """Their reports lose their words. The answers name nobody, and stay."""
    Report.objects.filter(call__in=list(calls), role=role).update(text="")


def forget_words(before: datetime) -> int:
    """Empty the reports that are older, as their words may name people; how many there were."""
    return Report.objects.filter(created_at__lt=before).exclude(text="").update(text="")
