"""What did a Requester leave to be asked later, in their own words?

It is kept here, with what else a person has chosen that the house may keep of them: below the pages
that take it down and show it, and below the history that says when it has been taken. It never
enters Redis, and no Event carries it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from assist.accounts.models import QUESTION_LENGTH, Question

KEPT = timedelta(days=7)


class BadQuestion(ValueError):
    """No question that can be kept; its text is one sentence."""


def leave(help_request: str, text: str) -> None:
    """Keep this question; a later one replaces it. Raises `BadQuestion`."""
    words = text.replace("\x00", "").strip()
    if not words or len(words) > QUESTION_LENGTH:
        raise BadQuestion(f"A question has 1 to {QUESTION_LENGTH} characters.")
    Question.objects.bulk_create(
        [Question(help_request=help_request, text=words)],
        update_conflicts=True,
        unique_fields=["help_request"],
        update_fields=["text"],
    )


def text_of(help_request: str) -> str | None:
    """The question, as long as it is kept."""
    found = Question.objects.filter(help_request=help_request)
    return found.values_list("text", flat=True).first()


def forget(help_requests: Iterable[str]) -> None:
    """They were taken, or are over."""
    Question.objects.filter(help_request__in=list(help_requests)).delete()


def forget_old(now: datetime) -> int:
    """Delete what nobody took within a week; how many there were."""
    return Question.objects.filter(created_at__lte=now - KEPT).delete()[0]
