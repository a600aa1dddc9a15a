"""May a question be shown to a stranger as it was left?"""

import pytest

from assist.accounts.models import QUESTION_LENGTH
from assist.accounts.questions import BadQuestion, leave, text_of
from assist.lib.ids import new_id

PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"  # with a joiner between two letters
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("left", "kept"),
    [
        ("  Which one?\r\nThe red one? ", "Which one?\nThe red one?"),
        ("quoi\u00a0?", "quoi ?"),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("\U0001f469\u200d\U0001f373?", "\U0001f469\u200d\U0001f373?"),
        ("red\u202eder\u2066\x1b[2J\x07\x00?", "redder[2J?"),
        ("<b onclick=x>hi</b>", "<b onclick=x>hi</b>"),  # the page shows text, and text alone
    ],
)
def test_words_stay_and_what_steers_goes(left: str, kept: str) -> None:
    help_request = new_id()
    leave(help_request, left)
    assert text_of(help_request) == kept


@pytest.mark.parametrize(
    "left", ["", " \n ", "\u200b\u200d", "\x1b\x07", "\u202e", "x" * (QUESTION_LENGTH + 1)]
)
def test_what_nobody_could_read_is_no_question(left: str) -> None:
    help_request = new_id()
    with pytest.raises(BadQuestion):
        leave(help_request, left)
    assert text_of(help_request) is None
