"""What did a Requester leave to be asked later, in their own words?

It is kept here, with what else a person has chosen that the house may keep of them: below the pages
that take it down and show it, and below the history that says when it has been taken. It never
enters Redis, and no Event carries it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from assist.accounts.models import QUESTION_LENGTH, Question

KEPT = timedelta(days=7)
PRINTED = "LNPS"  # letters, numbers, punctuation, symbols, as Unicode names its categories
# Ends a line; joins letters and emoji; says which way a letter between two scripts belongs.
KEPT_UNSEEN = "\n\u200c\u200d\u200e\u200f"


class BadQuestion(ValueError):
    """No question that can be kept; its text is one sentence."""


def leave(help_request: str, text: str) -> None:
    """Keep this question; a later one replaces it. Raises `BadQuestion`."""
    words = tidy_question(text)
    if (
        not any(unicodedata.category(x)[0] in PRINTED for x in words)
        or len(words) > QUESTION_LENGTH
    ):
        raise BadQuestion(_("A question has 1 to %(most)s characters.") % {"most": QUESTION_LENGTH})
    Question.objects.bulk_create(
        [Question(help_request=help_request, text=words)],
        update_conflicts=True,
        unique_fields=["help_request"],
        update_fields=["text"],
    )


def tidy_question(text: str) -> str:
    """Its words as a stranger may be shown them: lines and blanks, and nothing that steers.

    A letter that is not printed may turn the rest of the page round, or ring a terminal's bell.
    """
    blank = "".join(" " if x.isspace() and x != "\n" else x for x in text.replace("\r\n", "\n"))
    return "".join(x for x in blank if x in KEPT_UNSEEN or not steers(x)).strip()


def steers(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs")


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
