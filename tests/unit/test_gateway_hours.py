"""In which words is it said when the house opens again, and is an open house silent?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from assist.gateway import hours
from assist.lib import opening

SUNDAY_NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Su 18:30-20:00; UTC", "today at 6:30 p.m."),
        ("Mo 08:00-20:00; UTC", "tomorrow at 8 a.m."),
        ("Sa 09:00-10:00; UTC", "Saturday at 9 a.m."),
        ("Su 09:00-10:00; UTC", "Sunday 29 November at 9 a.m."),
        # In Auckland it is one in the morning on Monday.
        ("Mo 08:00-20:00; Pacific/Auckland", "today at 8 a.m."),
        ("Su 08:00-20:00; UTC", ""),
        ("", ""),
    ],
)
def test_when_help_is_there_again(settings: Any, written: str, said: str) -> None:
    settings.ASSIST_HOURS = opening.parse(written)
    with translation.override("en"):
        assert hours.opens_at_text(SUNDAY_NOON) == said
    assert hours.is_open(SUNDAY_NOON) == (said == "")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("da", "søndag den 29. november kl. 09:00"),
        ("fi", "sunnuntai 29. marraskuuta klo 9.00"),
        ("nb", "søndag 29. november kl. 09:00"),
        ("pl", "niedziela, 29 listopada o 09:00"),
    ],
)
def test_the_words_and_the_date_are_the_pages_language(
    settings: Any, language: str, said: str
) -> None:
    settings.ASSIST_HOURS = opening.parse("Su 09:00-10:00; UTC")
    with translation.override(language):
        assert hours.opens_at_text(SUNDAY_NOON) == said


def test_the_time_until_it_opens_is_nothing_for_an_open_house(settings: Any) -> None:
    settings.ASSIST_HOURS = opening.parse("Mo 08:00-20:00; UTC")
    assert hours.opens_in(SUNDAY_NOON) == timedelta(hours=20)
    settings.ASSIST_HOURS = None
    assert hours.opens_in(SUNDAY_NOON) == timedelta(0)
