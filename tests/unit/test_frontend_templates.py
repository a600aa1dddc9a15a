"""Do the pages carry the names people have learnt by heart, and nothing that our policy forbids?"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from assist.gateway.words import words
from assist.lib.env import ROOT

CONTROLS = {
    "requester": {
        "Call a volunteer", "Cancel call", "End call", "End and block", "Mute microphone",
        "Pause camera", "Turn light on", "Switch camera", "Send", "Send answers",
        "Report a problem", "Keep waiting", "Call me back", "Leave a question", "Send question",
        "Start the call", "Allow", "Refuse", "Choose who is asked", "Send thank-you",
    },
    "volunteer": {
        "Start taking calls", "Accept", "Not now", "End call", "End and block", "Mute microphone",
        "Freeze picture", "Zoom in", "Zoom out", "Turn their light on",
        "Switch their camera", "Take sharp photo",
        "Picture tools", "Turn picture left", "Turn picture right", "Reset picture",
        "Show hints", "Show live picture", "Send", "Send answers", "Report a problem",
    },
}  # fmt: skip
# One name, one meaning, in more than one view: of these only one is ever shown.
AGAIN = {
    "Cancel call": 3, "Turn light on": 2, "Call me back": 2, "Leave a question": 2,
    "Send question": 2,
}  # fmt: skip
TICKS = {
    "requester": {
        "Remember this", "Ring me when this page is closed", "I would like to meet them again",
    },
    "volunteer": {"Ring me when this page is closed", "I would like to meet them again"},
}  # fmt: skip
GROUPS = {
    "requester": {
        "Who shall be asked?": [
            "Only my circle", "My circle, then anyone", "Anyone", "Remember this",
        ],
        "What is it about? (optional)": [
            "Anything", "Reading", "Technology", "Cooking", "Finding something",
            "Getting around indoors",
        ],
        "Quick replies": ["Yes", "No", "Again, please", "Slower, please"],
        "Did you get what you needed?": ["Yes", "Partly", "No"],
        "How did the call feel?": ["Good", "All right", "Bad"],
    },
    "volunteer": {
        "Not now": ["For an hour", "For 3 hours", "Until tomorrow 8:00", "For a week"],
        "Picture tools": [
            "Turn picture left", "Turn picture right", "Brightness", "Contrast", "Sharpness",
            "Black and white", "Invert colours", "With both ticked, print is white on black.",
            "Reset picture",
        ],
        "Why do you hand over?": [
            "I must go", "Another language would help", "Somebody else would know better",
        ],
        "Could you help?": ["Yes", "Partly", "No"],
        "How did the call feel?": ["Good", "All right", "Bad"],
    },
}  # fmt: skip
LANGUAGES = "Language of these pages English Dansk Suomi Norsk bokmål Polski"
TOGGLED = {
    "Unmute microphone", "Resume camera", "Turn light off", "Stop taking calls",
    "Unfreeze picture", "Turn their light off", "Show sharp photo", "Put hints away",
}  # fmt: skip
NONCE = "once"
PLAIN: dict[str, dict[str, Any]] = {
    "invite": {"name": "Noor"},
    "join": {"wrong": True},
    "message": {"title": "T", "sentence": "S", "next": {"url": "/", "label": "N"}},
    "about": {},
    "home_screen": {"phones": ["iphone", "chrome", "samsung", "firefox", "computer"]},
    "offline": {},
    "circle": {"invite": True, "link": "L", "code": "1 2 3", "newcomers": [], "left_ms": 1},
    "circle_join": {"needs_code": True, "wrong": {"field": "name", "sentence": "S"}},
    "circle_joined": {"state": "asked"},
    "mine_forget": {},
    "promise": {},
    "joining": {"wrong": {"field": "name", "sentence": "S"}, "by_passkey": True, "waits": True},
    "joining_asked": {"person": {"name": "Noor"}},
    "joining_forget": {},
    "joining_passkey": {"name": "Noor", "passkeys_work": True},
    "monitor_joining": {"people": [{"name": "Noor", "languages": ["en"]}]},
    "monitor_decline": {"one": {"name": "Noor", "called": "Noor", "languages": "English"}},
    "threshold": {"sends": True, "passkeys_work": True, "wrong": True, "said": "x"},
    "way_back": {"sends": True, "passkeys_work": True, "person": {"address": "a@example.org"}},
    "account": {"sends": True, "wrong": True, "said": "x"},
    "account_code": {"wrong": True},
    "mine_forgotten": {},
    "mine": {"languages": [("en", "English")], "sizes": [100], "may": [("light", "L")]},
    "settings": {"languages": [("en", [("en", "English")])], "ring_choices": [10], "wrong": "W"},
}


class Page(HTMLParser):
    """What stands in a page: the texts of its elements, and every attribute."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: dict[str, list[str]] = {}
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[tuple[str, list[str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag in {"button", "legend", "label", "caption", "h1", "h2", "fieldset"}:
            self._open.append((tag, []))

    def handle_data(self, data: str) -> None:
        for _, parts in self._open:
            parts.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            _, parts = self._open.pop()
            self.texts.setdefault(tag, []).append(" ".join("".join(parts).split()))


def rendered(page: str, **context: Any) -> str:
    request = RequestFactory().get("/")
    request.csp_nonce = NONCE  # type: ignore[attr-defined]
    boot = {"role": page, "languages": ["en"], "name": "Noor", "ask_needs_code": False}
    return render_to_string(f"{page}.html", {"boot": boot, "words": words(), **context}, request)


@pytest.mark.parametrize("role", ["requester", "volunteer"])
def test_the_controls_have_the_names_that_people_rely_on(role: str) -> None:
    buttons = Page(rendered(role)).texts["button"]
    assert CONTROLS[role] - set(buttons) == set()
    often = AGAIN if role == "requester" else {}
    assert {name: buttons.count(name) for name in CONTROLS[role]} == {
        name: often.get(name, 1) for name in CONTROLS[role]
    }


def test_the_button_that_asks_is_the_first_control_of_its_page() -> None:
    controls = [at for tag, at in Page(rendered("requester")).seen if tag in {"button", "input"}]
    assert controls[0]["id"] == "ask"


@pytest.mark.parametrize("role", ["requester", "volunteer"])
def test_what_can_be_ticked_says_so_in_its_label(role: str) -> None:
    assert TICKS[role] - set(Page(rendered(role)).texts["label"]) == set()


def test_the_pages_of_one_s_own_are_one_link_away() -> None:
    links = {role: {at.get("href") for _, at in Page(rendered(role)).seen} for role in CONTROLS}
    assert {"/circle/", "/mine/"} <= links["requester"]
    assert "/volunteer/settings/" in links["volunteer"]


def test_whom_to_ask_has_a_choice_before_anybody_chooses() -> None:
    page = Page(rendered("requester"))
    checked = [(at["name"], at["value"]) for _, at in page.seen if "checked" in at]
    assert checked == [("among", "circle_first"), ("topic", "")]


def test_a_call_back_is_a_dialog_with_a_name() -> None:
    page = Page(rendered("requester"))
    assert "A volunteer is ready for you" in page.texts["h2"]
    dialogs = [at["aria-labelledby"] for tag, at in page.seen if tag == "dialog"]
    assert dialogs == ["ready-title"]


def test_a_button_that_turns_has_its_other_name_ready() -> None:
    assert TOGGLED - set(words().values()) == set()


@pytest.mark.parametrize("role", ["requester", "volunteer"])
def test_the_questions_are_groups_with_a_legend_and_their_answers(role: str) -> None:
    groups = Page(rendered(role)).texts["fieldset"]
    expected = [" ".join([legend, *answers]) for legend, answers in GROUPS[role].items()]
    assert groups == [*expected, LANGUAGES]


def test_the_typed_words_have_a_labelled_box() -> None:
    for role in ("requester", "volunteer"):
        page = Page(rendered(role))
        assert "Message" in page.texts["label"]
        assert ("label", {"for": "message"}) in page.seen
        assert any(tag == "input" and at.get("id") == "message" for tag, at in page.seen)


def test_the_monitor_has_its_four_tables() -> None:
    assert Page(rendered("monitor")).texts["caption"] == [
        "Waiting",
        "Calls",
        "Volunteers",
        "Relays",
    ]


def test_who_would_like_to_volunteer_stands_above_the_tables() -> None:
    page = rendered("monitor", joining="1 person would like to volunteer")
    assert page.index("1 person would like to volunteer") < page.index("<table")


def test_an_invite_asks_by_name() -> None:
    assert "Sign in as Noor" in Page(rendered("invite", **PLAIN["invite"])).texts["button"]


@pytest.mark.parametrize("name", ["requester", "volunteer", "monitor"])
def test_the_announcer_is_there_when_the_page_loads(name: str) -> None:
    lives = [at["aria-live"] for _, at in Page(rendered(name)).seen if "aria-live" in at]
    assert sorted(map(str, lives)) == ["assertive", "polite", "polite"]


@pytest.mark.parametrize("name", ["requester", "volunteer", "monitor", *PLAIN])
def test_no_page_carries_script_or_style_in_itself(name: str) -> None:
    for tag, at in Page(rendered(name, **PLAIN.get(name, {}))).seen:
        assert "style" not in at, tag
        assert not [attribute for attribute in at if attribute.startswith("on")], tag
        # A sheet that our policy lets through by a word which only this one answer knows.
        assert tag != "style" or at.get("nonce") == NONCE
        if tag == "script":
            assert at.get("src") or at.get("type") == "application/json"


@pytest.mark.parametrize("name", ["requester", "volunteer", "monitor", *PLAIN])
def test_every_page_says_who_runs_it_what_is_kept_and_whom_it_is_not_for(
    name: str, settings: Any
) -> None:
    settings.ASSIST_OPERATOR = "The Association <of> Eyes"
    html = rendered(name, **PLAIN.get(name, {}))
    for words_of_honesty in (
        "Run by The Association &lt;of&gt; Eyes.", "Not for emergencies.", "For adults only.",
        "Nothing is recorded", "nothing that is typed in a call", 'href="/about/"',
    ):  # fmt: skip
        assert words_of_honesty in html


@pytest.mark.parametrize("name", ["requester", "volunteer", "monitor", *PLAIN])
def test_a_page_has_one_language_one_main_and_a_title(name: str) -> None:
    html = rendered(name, **PLAIN.get(name, {}))
    tags = [tag for tag, _ in Page(html).seen]
    assert tags.count("main") == 1
    assert re.search(r'<html lang="en" dir="ltr">', html)
    assert re.search(r"<title>[^<]+, Assist</title>", html)


def test_the_title_of_a_volunteer_is_true_before_anybody_knows_whether_they_take_calls() -> None:
    assert "<title>For volunteers, Assist</title>" in rendered("volunteer")


def test_no_text_for_people_escapes_translation() -> None:
    """Every letter between tags stands in a template tag, but the product's own name."""
    for path in (ROOT / "frontend" / "templates").glob("*.html"):
        text = path.read_text(encoding="utf-8")
        text = re.sub(
            r"\{#.*?#\}|\{%\s*blocktranslate.*?endblocktranslate\s*%\}", "", text, flags=re.S
        )
        text = re.sub(r"\{% block home %\}.*?\{% endblock %\}", "", text)
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", "", text, flags=re.S)
        left = re.sub(r"\bAssist\b|[,\s:0-9]", "", text)
        assert left == "", f"{path.name}: {left[:60]}"
