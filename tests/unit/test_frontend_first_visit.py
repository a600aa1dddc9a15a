"""Is the first visit light: no module, sentence or answer that the button does not need?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from assist.gateway.words import words
from assist.lib.bundle import modules_of
from assist.lib.env import ROOT
from assist.responses import sheet
from tests.unit.test_frontend_words import ASKED, QUOTED

JS = ROOT / "frontend" / "js"
# What the button needs, by room. Everything else comes when somebody has asked for help.
FIRST = """
call/asking call/camera call/capture call/consent call/devices call/gate call/leaving call/leg
call/lens call/meeting call/peer call/photo call/photo_sender call/quality call/remote
call/requester_side call/silence call/sound call/tilt call/typed_line call/wake call/words_between
net/backoff net/glance net/holder net/hours net/later net/link net/receipt net/socket
net/trusted net/whose
pages/requester
push/subscribe push/worker
state/mine state/missing state/order state/requester state/requester_says state/says state/store
ui/after ui/again ui/announce ui/choices ui/closed_page ui/consent ui/dialog ui/dom ui/earcons
ui/home_screen ui/lines ui/log ui/lookout ui/missed ui/phone ui/photo_progress ui/questions
ui/queue ui/ready ui/requester_buttons ui/requester_view ui/talk ui/time ui/tones ui/typing
ui/views ui/voice ui/waiting ui/wishes ui/words
"""
OTHERS_VIEWS = {"title.ring"}  # both pages say `title.${view}`, and only one has this view


def text_of(module: str) -> str:
    return (JS / module).read_text(encoding="utf-8")


# What would tell a Requester of their phone tells nobody in a practice: its Requester is played.
SILENT = {"volunteer": {"call/remote.js"}}


def text_of_page(role: str) -> str:
    names = {
        name
        for page in JS.glob(f"pages/{role}*.js")
        for name in modules_of(f"pages/{page.name}", text_of)
    }
    return "\n".join(text_of(name) for name in sorted(names - SILENT.get(role, set())))


def test_no_module_stands_before_the_button_that_could_come_after_it() -> None:
    found = {name.removesuffix(".js") for name in modules_of("pages/requester.js", text_of)}
    new = sorted(found - set(FIRST.split()))
    assert not new, (
        f"everybody on a slow line would wait for {new} before their button: let it come with "
        "pages/requester_late.js, or, if the button cannot do without it, name it in FIRST"
    )
    assert set(FIRST.split()) - found == set()


@pytest.mark.parametrize("role", ["requester", "volunteer"])
def test_a_page_is_given_each_sentence_that_it_says(role: str) -> None:
    said, text = words(role), text_of_page(role)
    keys = {key for asked in ASKED.findall(text) for key in QUOTED.findall(asked)}
    assert {key for key in keys if key not in said and f"{key}.other" not in said} == set()
    # Those that a script puts together, as `ended.requester.${reason}`, by how they begin.
    missing = set(words()) - set(said) - OTHERS_VIEWS
    assert {key for key in missing if f"`{start_of(key)}.${{" in text} == set()


def start_of(key: str) -> str:
    return key.removesuffix(".named").rpartition(".")[0]


def test_a_page_is_not_given_what_only_others_say() -> None:
    others = ("ended.volunteer.", "ring.", "free.", "presence.", "monitor.", "line.")
    assert {key for key in words("requester") if key.startswith(others)} == set()


def test_the_page_that_asks_for_help_brings_its_style_sheet_and_may_use_it(
    settings: Any, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path  # whitenoise warns of a folder that is not there
    answer = Client(headers={"accept-encoding": "gzip"}).get("/", secure=True)
    policy = answer.headers["Content-Security-Policy"]
    (nonce,) = re.findall(r"style-src 'self' 'nonce-([^']+)'", policy)
    assert "script-src 'self'" in policy.split("; ")  # in whatever order
    assert answer.headers["Content-Encoding"] == "gzip"
    plain = Client().get("/", secure=True).content.decode()
    assert nonce not in plain
    assert re.search(r'<style nonce="[^"]{10,}">\s*:root \{', plain)
    assert "stylesheet" not in plain
    assert ' data-late="/static/js/pages/requester_late' in plain


def test_the_style_sheet_needs_nothing_else_and_ends_where_it_ends() -> None:
    text = sheet()
    assert "url(" not in text
    assert "@import" not in text
    assert "</" not in text
