"""Does each state of the Requester's page say what docs/states.md says, once, and keep its order?

In each language: one announcement, the same words in the log, the focus where it belongs, and axe
finds nothing.
"""

from __future__ import annotations

import asyncio
import re
from functools import cache
from itertools import groupby

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from assist.gateway.words import words
from tests.browser.conftest import Cast
from tests.browser.requester_stage import Stage
from tests.browser.requester_states import COMES, State, documented
from tests.browser.senses import PATIENCE_S
from tests.waiting import wait_for

LANGUAGES = [tag for tag, _ in settings.LANGUAGES]
WAYS = {way: list(states) for way, states in groupby(documented(), lambda state: state.way)}
NO_DEVICES = "Without camera and microphone"
PLACES = ("stays", "heading", "dialog")
LOG = "() => [...document.querySelectorAll('#log li')].map((each) => each.textContent)"
# All that is true of where the focus is: unchanged, on the heading of what is shown, or on that of
# an open dialog, or on an element with this text.
FOCUS = """() => {
  const now = document.activeElement;
  const open = document.querySelector("dialog[open]");
  const shown = open ?? document.querySelector("[data-view]:not([hidden])");
  return [
    now === window.focused && now.isConnected ? "stays" : "",
    now === shown.querySelector("h1, h2") ? (open ? "dialog" : "heading") : "",
    now.textContent.trim(),
  ];
}"""


@cache
def sentences(language: str) -> dict[str, re.Pattern[str]]:
    """What a sentence of each key looks like in this language, whatever is filled in."""
    with translation.override(language):
        table = words()
    return {
        key: re.compile(r"\w.*".join(map(re.escape, re.split(r"\{\w+\}", text))), re.DOTALL)
        for key, text in table.items()
    }


def keys(text: str, language: str) -> set[str]:
    """Of the sentences that this may be one of; without its plural form."""
    found = (key for key, like in sentences(language).items() if like.fullmatch(text))
    return {re.sub(r"\.(one|few|many|other)$", "", key) for key in found}


def test_the_document_has_every_state_that_can_be_shown() -> None:
    listed = [state.name for state in documented()]
    assert set(listed) == set(COMES)
    assert len(set(listed)) >= 25


@pytest.mark.parametrize("way", WAYS)
async def test_each_state_is_said_once_and_open_to_all(cast: Cast, way: str) -> None:
    await asyncio.gather(*(walk(cast, way, language) for language in LANGUAGES))


async def walk(cast: Cast, way: str, language: str) -> None:
    """Through all states of this way, in this language."""
    allowed = () if way == NO_DEVICES else ("camera", "microphone")
    requester = await cast.newcomer(locale=language, allowed=allowed)
    stage = await Stage.open(requester, language)
    for state in WAYS[way]:
        await look(stage, state)
    said = await stage.said()
    assert len(said) == stage.before, f"{language}: more was said than the document has: {said}"
    log = await requester.page.evaluate(LOG)
    assert said[-len(log) :] == log, f"{language}: the log differs"


async def look(stage: Stage, state: State) -> None:
    """Come there, and see that it is as the document says."""
    where = f"{stage.language}, {state.way}, {state.name}"
    page = stage.requester.page
    await stage.remember_focus()
    await stage.is_heard()
    await COMES[state.name](stage)
    said = await stage.announces()
    stage.before += 1
    if stage.language == "en":
        assert said == state.heard, where
    assert keys(said, stage.language) & keys(state.heard, "en"), f"{where}: {said}"
    assert said in await page.evaluate(LOG), where

    with translation.override(stage.language):
        expected = state.focus if state.focus in PLACES else gettext(state.focus)

    async def why_not() -> str:
        focus = await page.evaluate(FOCUS)
        return "" if expected in focus else f"{where}: the focus is {focus}, not {expected}"

    await wait_for(why_not, PATIENCE_S)
    await stage.requester.finds_no_barrier()
