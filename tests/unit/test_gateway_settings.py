"""Does the form of a Volunteer's wishes stay as it is while somebody corrects it?"""

from __future__ import annotations

import pytest

from assist.gateway.settings_views import language_choices


@pytest.mark.parametrize(
    ("spoken", "places"),
    [
        ([], 4),
        (["en", "da", "fi"], 4),
        (["en", "da", "fi", "sv"], 5),
        (["en", "", "", ""], 4),
        (["en", "da", "fi", "sv", ""], 5),
    ],
)
def test_a_refused_form_brings_no_more_places_for_languages(spoken: list[str], places: int) -> None:
    shown = [chosen for chosen, _choices in language_choices(spoken)]
    assert len(shown) == places
    assert shown[: len(spoken)] == spoken
