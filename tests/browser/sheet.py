"""How does the Requester's page look? `python -m tests.browser.sheet [FILE]` draws a contact sheet.

Twelve states at a phone's width, light and dark, and three of them on the narrowest phone and on a
desk. Who wants every state of every page in full size: `pytest tests/browser --pictures FOLDER`.
"""

from __future__ import annotations

import asyncio
import io
import os
import sys
import tempfile
from pathlib import Path
from typing import Literal

import django
from PIL import Image
from playwright.async_api import async_playwright

from assist.lib.env import ROOT
from assist.management.tools import chromium
from tests.browser.house import House
from tests.browser.people import PHONE, Requester, open_browser
from tests.browser.requester_stage import Stage
from tests.browser.requester_states import COMES

SHEET = ROOT / "docs" / "img" / "requester.webp"
# What leads to each portrait; "!" marks those that are drawn.
WAYS = (
    ("!start", "asked", "!looking", "!ringing", "!link lost"),
    ("asked", "nobody free", "!what to choose", "!somebody speaks another language"),
    ("asked", "!to be called back", "!a volunteer is ready"),
    ("asked", "connected", "!camera paused", "!their connection lost"),
    ("asked", "!they ended it"),
    ("!asked too often",),
)
ALSO = {"start", "camera paused", "they ended it"}
SIZES = ({"width": 320, "height": 640}, {"width": 1280, "height": 900})
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
CELL_PX, GAP_PX = 234, 12


class Portraits:
    """What has been drawn: the pictures of each row, in the order of the ways."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Image.Image]] = {scheme: [] for scheme in (*SCHEMES, "also")}

    async def draw(self, requester: Requester, name: str) -> None:
        for scheme in SCHEMES:
            self.rows[scheme].append(await picture(requester, PHONE, scheme))
        if name in ALSO:
            for size, scheme in zip(SIZES, SCHEMES, strict=True):
                self.rows["also"].append(await picture(requester, size, scheme))

    def sheet(self) -> Image.Image:
        """All of them, small."""
        rows = [[small(each) for each in row] for row in self.rows.values()]
        width = max(sum(each.width + GAP_PX for each in row) for row in rows) + GAP_PX
        height = sum(max(each.height for each in row) + GAP_PX for row in rows) + GAP_PX
        sheet = Image.new("RGB", (width, height), "#7d8590")
        y = GAP_PX
        for row in rows:
            x = GAP_PX
            for each in row:
                sheet.paste(each, (x, y))
                x += each.width + GAP_PX
            y += max(each.height for each in row) + GAP_PX
        return sheet


async def picture(
    requester: Requester, size: dict[str, int], scheme: Literal["light", "dark"]
) -> Image.Image:
    await requester.page.set_viewport_size(size)  # type: ignore[arg-type]
    await requester.page.emulate_media(color_scheme=scheme)
    await requester.page.evaluate("() => scrollTo(0, 0)")
    drawn = Image.open(io.BytesIO(await requester.page.screenshot()))
    await requester.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    return drawn


def small(drawn: Image.Image) -> Image.Image:
    """As wide as its share of a phone's width."""
    width = round(drawn.width * CELL_PX / PHONE["width"] / (2 if drawn.width > 1000 else 1))
    return drawn.resize(
        (width, round(drawn.height * width / drawn.width)), Image.Resampling.LANCZOS
    )


async def walk(requester: Requester, way: tuple[str, ...], portraits: Portraits) -> None:
    stage = await Stage.open(requester, "en")
    for step in way:
        name = step.removeprefix("!")
        if name != "start":
            stage.before = len(await stage.said())
            await COMES[name](stage)
            await stage.announces()
        if step != name:
            await portraits.draw(requester, name)


async def draw(path: Path) -> None:
    portraits = Portraits()
    with tempfile.TemporaryDirectory() as folder:
        house = await House(Path(folder)).start()
        try:
            async with async_playwright() as playwright:
                browser = await open_browser(playwright, chromium(print), None, None)
                for way in WAYS:
                    requester = await Requester.enter(house, browser)
                    await walk(requester, way, portraits)
                    await requester.leave()
                await browser.close()
        finally:
            await house.close()
    portraits.sheet().save(path, quality=60, method=6)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assist.settings")
    django.setup()
    asyncio.run(draw(Path(sys.argv[1]) if len(sys.argv) > 1 else SHEET))
