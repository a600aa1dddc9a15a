"""Has every sentence that a script may ask for been written?"""

from __future__ import annotations

import re
from enum import StrEnum

import pytest
from django.utils import translation

from assist.gateway.words import words
from assist.lib.env import ROOT
from assist.protocol.states import (
    EndReason,
    HelpState,
    LegState,
    Refusal,
    Topic,
    VolunteerState,
    WhyAway,
    WhyHanded,
)

JS = ROOT / "frontend" / "js"
HANDED = tuple(WhyHanded)  # the first is the one that nobody is asked about
CONTROLS = ("light", "zoom", "lens", "photo")
HINTS = ("covered", "dark", "close", "blurred", "leans_left", "leans_right")
DENIALS = ("refused", "unanswered", "never", "busy", "paused", "failed")
CAPTURED = ("stopped", "back", "gone")
KINDS = ("on", "off", "home_screen", "insecure", "cannot")  # what is denied has its browser's words
BROWSERS = ("iphone", "samsung", "firefox", "safari", "chrome")
CAME = ("here", "elsewhere", "taken", "failed", "none", "too_often", "house")
STANDINGS = (
    *("link", "suspended", "stopped", "missed", "gone", "pause", "closed", "full"),
    *("snoozed", "snoozed.until", "asleep", "asleep.until"),
    *("microphone.refused", "microphone.none"),
    *("page", "page.here", "page.other", "page.only", "push.here", "push.other"),
)
TRIES = ("speak", "light", "zoom", "freeze", "photo", "typed")
DEVICE_TROUBLES = ("refused", "none", "in_use", "insecure", "failed")
# `key: "..."`, `words("...")`, `saying("...")` and both arms of a choice.
ASKED = re.compile(r'(?:\bkey: |\bwords\(|\bsaying\()([^`;{}()]*?"[\w.]+"[^`;{}()]*?)[,)}\n]')
QUOTED = re.compile(r'"([a-z][\w]*(?:\.\w+)*)"')


def literal_keys() -> set[str]:
    found: set[str] = set()
    for module in JS.glob("*/*.js"):
        for asked in ASKED.findall(module.read_text(encoding="utf-8")):
            found |= set(QUOTED.findall(asked))
    return found


def members(kind: type[StrEnum], prefix: str) -> set[str]:
    return {f"{prefix}.{member.value}" for member in kind}


def computed_keys() -> set[str]:
    """Those that the scripts put together from what the server says."""
    calls_ends = {*EndReason, "unknown"}
    ends = calls_ends - {EndReason.HANDED_OVER}  # the Requester goes on
    return {
        *(f"ended.requester.{end}" for end in ends),
        *(f"ended.requester.{end}.named" for end in ends),
        *(f"ended.volunteer.{end}" for end in {*calls_ends, "put_back"}),
        *members(HelpState, "state"),
        *members(VolunteerState, "state"),
        "state.practising",  # no state of its own, and a word in the table
        *members(LegState, "line"),
        *(f"trouble.{code}" for code in set(Refusal) - {Refusal.QUICKER}),
        "trouble.circle_empty",
        *(
            f"trouble.{what}.{why}"
            for what in ("devices", "camera", "microphone", "mic")
            for why in DEVICE_TROUBLES
        ),
        *(f"act.{what}_{how}" for what in ("camera", "microphone") for how in CAPTURED),
        *members(Topic, "topic"),
        *(f"why.{why}" for why in set(WhyAway) - {WhyAway.CHOSEN}),
        *(f"push.{became}" for became in ("on", "off", "denied", "failed")),
        *(f"standing.{why}" for why in STANDINGS),
        *(f"push.is.{kind}" for kind in KINDS),
        *(f"push.blocked.{browser}" for browser in BROWSERS),
        *(f"push.test.{came}" for came in CAME),
        *(f"ring.{why}" for why in ("declined", "missed", "quicker", "gone")),
        *(
            f"goodbye.{code}"
            for code in ("signed_out", "suspended", "forgotten", "service_stopped", "restarting")
        ),
        *(
            f"{who}{named}"
            for who in (
                *("connected", "answered", "put_back"),
                *("connected.volunteer", "connected.volunteer.braille"),
            )
            for named in ("", ".named")
        ),
        *(
            f"leg.{whose}.{how}"
            for whose in ("mine", "theirs", "theirs.named")
            for how in ("lost", "back")
        ),
        *("typed.mine", "typed.theirs"),
        *(f"consent.{control}{named}" for control in CONTROLS for named in ("", ".named")),
        *(f"asked.{control}" for control in (*CONTROLS, "hand")),
        *(f"consent.hand.{what}{named}" for what in HANDED[1:] for named in ("", ".named")),
        *(f"handed.{why}{named}" for why in HANDED for named in ("", ".named")),
        *(f"about.{when}{named}" for when in ("last", "before") for named in ("", ".named")),
        *(f"denied.{why}" for why in DENIALS),
        *(f"picture.turned.{turns}" for turns in range(4)),
        *(f"what.{control}" for control in (*CONTROLS, "hand")),
        *(f"strain.{word}" for word in ("good", "mine", "theirs", "between")),
        *(f"hint.{hint}" for hint in HINTS),
        *(f"title.{view}" for view in ("waiting", "parked", "call", "after", "elsewhere")),
        *(f"title.volunteer.{view}" for view in ("call", "after", "elsewhere", "taking", "away")),
        *(f"try.{what}" for what in TRIES),
        *("title.volunteer.practice", "state.practising"),
    }


def test_the_scripts_are_read_at_all() -> None:
    some = {"keep_waiting", "act.muted", "act.unmuted", "link.none", "typed.unsent"}
    assert some <= literal_keys()


def test_no_script_asks_for_a_sentence_that_is_not_there() -> None:
    table = words()
    plain = {key for key in literal_keys() if f"{key}.other" not in table}
    assert plain - set(table) == set()
    assert computed_keys() - set(table) == set()


def test_no_sentence_is_written_for_nobody() -> None:
    spoken = "\n".join(module.read_text(encoding="utf-8") for module in JS.glob("*/*.js"))
    counted = {
        f"{key}.{form}"
        for key in (
            *("asked", "asked_more", "asked_so_far", "may_choose", "seconds", "waited"),
            *("away.minutes", "away.seconds", "free.others"),
        )
        for form in ("one", "few", "many", "other")
    }
    unused = set(words()) - computed_keys() - counted
    assert {key for key in unused if f'"{key}"' not in spoken} == set()


@pytest.mark.parametrize("language", ["en", "da", "fi", "nb", "pl"])
def test_every_language_keeps_the_places_to_fill(language: str) -> None:
    def places(table: dict[str, str]) -> dict[str, set[str]]:
        return {key: set(re.findall(r"\{(\w+)\}", sentence)) for key, sentence in table.items()}

    with translation.override("en"):
        source = places(words())
    with translation.override(language):
        translated = places(words())
    assert {key: found for key, found in translated.items() if found != source[key]} == {}


@pytest.mark.parametrize("key", ["ring.missed", "ring.declined"])
def test_nobody_is_told_that_others_are_asked_where_there_may_be_none(key: str) -> None:
    assert not re.search(r"\b(ask|others?|else)", words()[key])
