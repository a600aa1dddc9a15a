"""Which states has the Requester's page, and what brings it there? As docs/states.md lists them."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from assist.lib.env import ROOT
from assist.protocol.states import EndReason, HelpState, LegState, Refusal
from tests.browser.requester_stage import Stage

DOCUMENT = ROOT / "docs" / "states.md"
Come = Callable[[Stage], Awaitable[None]]


class State(NamedTuple):
    """One line of the document. `heard`, in English; `focus`: `stays`, or where it goes."""

    way: str
    name: str
    heard: str
    focus: str


def documented() -> list[State]:
    """A way is the heading above the table; each begins at the start page."""
    way, found = "", []
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        heading = re.match(r"### (.*)", line)
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if heading:
            way = heading.group(1)
        elif way and line.startswith("|") and cells[0] != "State" and not cells[0].startswith("-"):
            found.append(State(way, cells[0], cells[2], cells[3]))
    return found


def says(*all: Callable[[Stage], object]) -> Come:
    """The house says one thing after the other."""

    async def come(stage: Stage) -> None:
        for each in all:
            each(stage)

    return come


def moves(state: HelpState, **more: Any) -> Come:
    return says(lambda stage: stage.moves(state, None, **more))


def meets(state: HelpState, theirs: LegState = LegState.UP) -> Come:
    return says(lambda stage: stage.meets(state, theirs))


def presses(name: str) -> Come:
    async def come(stage: Stage) -> None:
        await stage.press(name)

    return come


async def asks(stage: Stage) -> None:
    await stage.press("Call a volunteer")


async def passes(_stage: Stage) -> None:
    """Comes by itself after what was before."""


async def is_asked(stage: Stage) -> None:
    """The house has taken the ask."""
    await stage.press("Call a volunteer")
    await stage.hears("help.ask")
    stage.receives()


async def cancels(stage: Stage) -> None:
    await stage.press("Cancel call")
    await stage.hears("help.cancel")
    stage.ends(EndReason.CANCELLED)


async def mends(stage: Stage) -> None:
    stage.mends()


def is_refused(code: Refusal) -> Come:
    """Whoever asks hears this answer."""

    async def come(stage: Stage) -> None:
        await stage.press("Call a volunteer")
        await stage.hears("help.ask")
        await stage.is_prepared()
        stage.refuses(code, "help.ask")

    return come


def ends(reason: EndReason) -> Come:
    """A call that goes on, and then this."""

    async def come(stage: Stage) -> None:
        stage.meets(IN_CALL)
        await stage.is_prepared()
        stage.ends(reason)

    return come


WAITING, RINGING, PARKED = HelpState.WAITING, HelpState.RINGING, HelpState.PARKED
CONNECTING, IN_CALL = HelpState.CONNECTING, HelpState.IN_CALL

COMES: dict[str, Come] = {
    "asked": is_asked,
    "looking": moves(WAITING),
    "ringing": moves(RINGING, asked=3),
    "more are rung": moves(RINGING, asked=5),
    "nobody answered yet": moves(WAITING, asked=5),
    "all lines in use": says(lambda stage: stage.refuses(Refusal.NO_RELAY, "leg.open")),
    "link lost": Stage.breaks,
    "link back": mends,
    "answered": meets(CONNECTING),
    "connected": meets(IN_CALL),
    "their connection lost": meets(IN_CALL, LegState.LOST),
    "their connection back": meets(IN_CALL),
    "muted": presses("Mute microphone"),
    "unmuted": presses("Unmute microphone"),
    "camera paused": presses("Pause camera"),
    "camera on again": presses("Resume camera"),
    "handed over": says(Stage.is_handed_over),
    "put back": moves(WAITING, asked=1),
    "cancelled": cancels,
    "nobody free": moves(WAITING, reachable=0),
    "what to choose": passes,
    "somebody speaks another language": says(lambda stage: stage.offers_languages("da")),
    "asked in one more language": moves(WAITING, reachable=0, languages=["en", "da"]),
    "nobody came": says(lambda stage: stage.ends(EndReason.EXPIRED)),
    "to be called back": moves(PARKED),
    "question kept": moves(PARKED, question=True),
    "a volunteer is ready": meets(HelpState.CONFIRMING),
    "not started": moves(PARKED),
    "you ended it": ends(EndReason.REQUESTER_ENDED),
    "they ended it": ends(EndReason.VOLUNTEER_ENDED),
    "you blocked them": ends(EndReason.REQUESTER_BLOCKED),
    "they blocked you": ends(EndReason.VOLUNTEER_BLOCKED),
    "you were away too long": ends(EndReason.REQUESTER_LOST),
    "they did not come back": ends(EndReason.VOLUNTEER_LOST),
    "not connected": ends(EndReason.COULD_NOT_CONNECT),
    "ended by the house": ends(EndReason.SUSPENDED),
    "the house stops": ends(EndReason.SERVICE_STOPPED),
    "asked too often": is_refused(Refusal.TOO_OFTEN),
    "a code is needed": is_refused(Refusal.CODE_NEEDED),
    "the house is full": is_refused(Refusal.BUSY),
    "asked for devices": asks,
    "devices refused": passes,
}
