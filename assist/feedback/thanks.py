"""What did somebody want to thank their Volunteer for? One short line, kept for a week.

It never enters Redis: its Volunteer's page is told that there is one, and reads it from here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from assist.accounts.blocks import blocks_of
from assist.accounts.questions import PRINTED, tidy_question
from assist.feedback.answers import BadAnswer
from assist.feedback.models import THANKS_LENGTH, Thanks

KEPT = timedelta(days=7)


def tidy(text: str) -> str:
    """One line of words that a stranger may be shown. Raises `BadAnswer`."""
    words = " ".join(tidy_question(text).split())
    if len(words) > THANKS_LENGTH or not any(unicodedata.category(x)[0] in PRINTED for x in words):
        raise BadAnswer(f"Please use 1 to {THANKS_LENGTH} characters.")
    return words


def give(call: str, requester: str, volunteer: str, words: str) -> bool:
    """Keep these tidy words.

    False: the two are parted, and it is dropped without a word, so that nobody learns of a block.
    """
    if any({requester, volunteer} == set(pair) for pair in blocks_of(volunteer)):
        return False
    kept = {"volunteer": volunteer, "text": words, "seen": False}
    Thanks.objects.update_or_create(call=call, defaults=kept)
    return True


def waiting_for(volunteer: str) -> list[tuple[str, str]]:
    """Call and words of each that this Volunteer has not read, the oldest first."""
    found = Thanks.objects.filter(volunteer=volunteer, seen=False).order_by("created_at")
    return list(found.values_list("call", "text"))


def kept_for(volunteer: str) -> list[str]:
    """The words of all that is kept for this Volunteer, read or not, the newest first."""
    found = Thanks.objects.filter(volunteer=volunteer).order_by("-created_at")
    return list(found.values_list("text", flat=True))


def seen(call: str, volunteer: str) -> None:
    """They have read it: it is not told to them again, and stands where they may look for it."""
    Thanks.objects.filter(call=call, volunteer=volunteer).update(seen=True)


def drop(call: str, volunteer: str) -> None:
    """They have complained of it: they need not meet it again."""
    Thanks.objects.filter(call=call, volunteer=volunteer).delete()


def told_of(calls: Iterable[str]) -> list[dict[str, Any]]:
    """What was written after these Calls and is still kept."""
    found = Thanks.objects.filter(call__in=list(calls)).order_by("created_at")
    return [{**one} for one in found.values("text", "created_at")]


def told_for(volunteer: str) -> list[dict[str, Any]]:
    """What is kept for this Volunteer, and whether they have read it."""
    found = Thanks.objects.filter(volunteer=volunteer).order_by("created_at")
    return [{**one} for one in found.values("text", "seen", "created_at")]


def forget_for(volunteer: str) -> None:
    """Nobody is left to read them."""
    Thanks.objects.filter(volunteer=volunteer).delete()


def forget(calls: Iterable[str]) -> None:
    """Who wrote it takes it back."""
    Thanks.objects.filter(call__in=list(calls)).delete()


def forget_old(now: datetime) -> int:
    """Delete what is older than a week; how many there were."""
    return Thanks.objects.filter(created_at__lte=now - KEPT).delete()[0]
