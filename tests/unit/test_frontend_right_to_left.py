"""Is nothing nailed to the left or to the right, and does a page know which way it is read?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from assist.gateway.words import words
from assist.lib.env import ROOT
from tests.right_to_left import LANGUAGES, TAG, make_catalogue, turned
from tests.unit.test_frontend_templates import Page, rendered

# `margin-inline-start`, never `margin-left`: the second is wrong for half of the world's scripts.
PHYSICAL = re.compile(r"\b(left|right|float|clear)\b")


@pytest.fixture
def right_to_left(settings: Any, tmp_path: Path) -> None:
    make_catalogue(tmp_path)
    settings.LANGUAGES = LANGUAGES
    settings.LOCALE_PATHS = [*settings.LOCALE_PATHS, tmp_path]


@pytest.mark.parametrize(
    "sheet", ["assist.css", "call.css", "forms.css", "monitor.css", "volunteer.css"]
)
def test_the_styles_name_sides_by_the_way_one_reads(sheet: str) -> None:
    text = (ROOT / "frontend" / "css" / sheet).read_text(encoding="utf-8")
    rules = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    assert PHYSICAL.findall(rules) == []


@pytest.mark.usefixtures("right_to_left")
def test_a_page_is_laid_out_as_its_language_is_read() -> None:
    with translation.override(TAG):
        html = rendered("requester")
        table = words()
    assert f'<html lang="{TAG}" dir="rtl">' in html
    assert turned("Call a volunteer") in Page(html).texts["button"]
    assert table["ring.declined"] == turned("All right, not now. Thank you for answering.")
    assert table["seconds.many"] == turned("{n} seconds")


def test_what_is_filled_in_is_not_turned() -> None:
    assert turned("{name}: %(time)s <b>") == "{name}: %(time)s <b>"
    assert turned("Yes") != "Yes"
