"""What is true of every state of every page? Its names are there, axe is content, it has a face."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

from assist.lib.env import ROOT
from tests.browser.people import DESK, PHONE, Guest
from tests.waiting import wait_for

DOCUMENT = ROOT / "docs" / "accessible-names.md"
ANYWHERE = "On every page"
# What stands for the words in capitals; NAME is a person who is called so.
EXAMPLES = {
    "LANGUAGE": "English",
    "DEVICE": "Chrome on Mac" if sys.platform == "darwin" else "Chrome on Linux",
}
# A phone whose letters are four times as large as usual has no more room (WCAG 2.2, 1.4.10).
NARROW = {"width": 320, "height": 640}
# What sticks out, but for what has a frame of its own: tables scroll in it, a picture is enlarged.
STICKS_OUT = """() => [...document.querySelectorAll("body *")]
  .filter((each) => each.checkVisibility() && !each.closest(".table, .unseen, .picture"))
  .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
  .map((each) => `${each.tagName} ${each.textContent.trim().slice(0, 40)}`)"""
# Whoever set their browser to letters twice as large (WCAG 2.2, 1.4.4).
LETTERS_PX, LARGE_PX = 16, 32
# Words that their own box cuts off. What is written into a field is scrolled.
CUT_OFF = """() => {
  const cut = [], hides = /hidden|clip/, free = ".unseen, .picture, svg, input, textarea";
  for (const each of document.querySelectorAll("body *")) {
    if (!each.checkVisibility() || each.closest(free)) continue;
    const {overflowX, overflowY} = getComputedStyle(each);
    const button = each.matches("button, .button, .choice");
    const wide = each.scrollWidth > each.clientWidth + 1 && (button || hides.test(overflowX));
    const high = each.scrollHeight > each.clientHeight + 1 && (button || hides.test(overflowY));
    if (wide || high) cut.push(`${each.tagName} ${each.textContent.trim().slice(0, 40)}`);
  }
  return cut;
}"""
# With colours forced, grounds are gone: a control is known by its border.
NO_BORDER = """() => [...document.querySelectorAll(
    "button, .button, .choice, input[type=text], textarea, select, dialog[open], progress, meter")]
  .filter((each) => each.checkVisibility())
  .filter((each) => {
    const {borderTopWidth: wide, borderTopStyle: style} = getComputedStyle(each);
    const {borderTopColor: line, backgroundColor: ground} = getComputedStyle(each);
    const unseen = line === ground || /^rgba.* 0\\)$/.test(line);
    return style === "none" || parseFloat(wide) < 1 || unseen;
  })
  .map((each) => `${each.tagName} ${each.textContent.trim().slice(0, 40)}`)"""
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


class Name(NamedTuple):
    """One line of the document: at this page, in this state, this role has this name."""

    page: str
    state: str
    role: Any
    name: str


def documented() -> list[Name]:
    """Every name in docs/accessible-names.md. A page is the first word of its heading."""
    return list(_documented(DOCUMENT.read_text(encoding="utf-8")))


def _documented(text: str) -> Iterator[Name]:
    page = ""
    for line in text.splitlines():
        heading = re.match(r"## (?:At `([^`]+)`|(.*))", line)
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if heading:
            page = heading.group(1) or heading.group(2)
        elif line.startswith("|") and cells[0] != "State" and not cells[0].startswith("-"):
            yield Name(page, *cells)


def example(name: str, **chosen: str) -> str:
    """`chosen`: what stands for a word in capitals here, as NAME="Ada"."""
    for word, stands in {**EXAMPLES, **chosen}.items():
        name = name.replace(word, stands)
    return name


class Tour:
    """Goes from state to state. `pictures`: a folder for a picture of each, in four looks."""

    def __init__(self, pictures: Path | None) -> None:
        self.names = documented()
        self.seen: set[tuple[str, str]] = set()
        self._pictures = pictures

    async def stop(self, guest: Guest, page: str, state: str, **chosen: str) -> None:
        """Look at this state closely; `chosen` as in `example`."""
        self.seen.add((page, state))
        for name in self.names:
            if (name.page, name.state) == (page, state):
                await guest.sees(guest.named(name.role, example(name.name, **chosen)))
        await guest.finds_no_barrier()
        await self._narrows(guest)
        await self._keeps_its_borders(guest)
        if self._pictures:
            await self._portray(guest, f"{page.strip('/.') or 'requester'} {state}")

    async def anywhere(self, guest: Guest) -> None:
        """What is on every page is on this one."""
        for name in self.names:
            if name.page == ANYWHERE:
                await guest.sees(guest.named(name.role, name.name))
        self.seen.add((ANYWHERE, "anywhere"))

    async def _narrows(self, guest: Guest) -> None:
        """Nobody has to scroll sideways to read a line, nor misses a word, however large it is."""
        before = guest.page.viewport_size
        await guest.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        cdp = await guest.context.new_cdp_session(guest.page)
        try:
            for pixels in (LETTERS_PX, LARGE_PX):
                await cdp.send("Page.setFontSizes", {"fontSizes": {"standard": pixels}})
                await wait_for(lambda: why_not_all_there(guest))
        finally:
            await cdp.send("Page.setFontSizes", {"fontSizes": {"standard": LETTERS_PX}})
            await cdp.detach()
        if before:
            await guest.page.set_viewport_size(before)

    async def _keeps_its_borders(self, guest: Guest) -> None:
        """Also where the person's own colours are forced upon the page."""
        await guest.page.emulate_media(forced_colors="active")
        found = await guest.page.evaluate(NO_BORDER)
        assert not found, f"{guest.page.url}: {found} have no border with forced colours"
        await guest.page.emulate_media(forced_colors="none")

    async def _portray(self, guest: Guest, title: str) -> None:
        assert self._pictures is not None
        self._pictures.mkdir(parents=True, exist_ok=True)
        before = guest.page.viewport_size
        for size in (PHONE, DESK):
            await guest.page.set_viewport_size(size)  # type: ignore[arg-type]
            for scheme in SCHEMES:
                await guest.page.emulate_media(color_scheme=scheme)
                name = f"{title.replace(' ', '-').replace('/', '-')}-{size['width']}-{scheme}.png"
                await guest.page.screenshot(path=self._pictures / name, full_page=True)
        await guest.page.emulate_media(color_scheme=None)
        if before:
            await guest.page.set_viewport_size(before)


async def why_not_all_there(guest: Guest) -> str:
    """What this page, as narrow and large as it is now, would not show."""
    large = await guest.page.evaluate("() => parseFloat(getComputedStyle(document.body).fontSize)")
    for what, look in (("stick out", STICKS_OUT), ("are cut off", CUT_OFF)):
        if found := await guest.page.evaluate(look):
            return f"{guest.page.url}, 320 pixels wide, letters of {large}: {found} {what}"
    return ""
