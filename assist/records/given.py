"""What did one Volunteer give, and what was asked of them? As far back as history knows people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, Sum

from assist.protocol.states import OfferState
from assist.records.models import Call, Offer


class Given(NamedTuple):
    """Counts, and nobody else's ids. `languages`: tag and calls, the most first.

    `offered` is the sum of what follows it, and of what still rings. `too_late`: somebody else was
    quicker; `no_longer`: the ring was taken back because nobody needed it any more.
    """

    calls: int
    together: timedelta
    languages: list[tuple[str, int]]
    offered: int
    answered: int
    too_late: int
    no_longer: int
    declined: int
    missed: int


def given_by(volunteer: str, speaks: Sequence[str]) -> Given:
    """Three questions to SQL. `speaks`: their languages; a call was in the first one that was asked
    for and that they speak."""
    calls = Call.objects.filter(volunteer=volunteer, connected_at__isnull=False)
    together = calls.filter(ended_at__isnull=False).aggregate(
        sum=Sum(F("ended_at") - F("connected_at"))
    )["sum"]
    asked_in = calls.values_list("help_request__languages", flat=True)
    spoken = [language for one in asked_in if (language := first_of(one, speaks))]
    return Given(
        calls=len(asked_in),
        together=together or timedelta(),
        languages=Counter(spoken).most_common(),
        **rings_of(volunteer),
    )


def rings_of(volunteer: str) -> dict[str, int]:
    """Every Offer by how it ended for them."""
    # What was taken back at the very moment in which somebody accepted: that one was quicker.
    answered = Call.objects.filter(
        help_request=OuterRef("help_request"), accepted_at=OuterRef("ended_at")
    )
    withdrawn = Q(outcome=OfferState.WITHDRAWN)
    found = Offer.objects.filter(volunteer=volunteer).annotate(beaten=Exists(answered))
    return found.aggregate(
        offered=Count("id"),
        answered=Count("id", filter=Q(outcome=OfferState.ACCEPTED)),
        too_late=Count("id", filter=withdrawn & Q(beaten=True)),
        no_longer=Count("id", filter=withdrawn & Q(beaten=False)),
        declined=Count("id", filter=Q(outcome=OfferState.DECLINED)),
        missed=Count("id", filter=Q(outcome=OfferState.MISSED)),
    )


def first_of(asked: Sequence[str], speaks: Sequence[str]) -> str:
    return next((language for language in asked if language in speaks), "")
