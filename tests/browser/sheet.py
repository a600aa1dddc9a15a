"""How do the two people's pages look? `python -m tests.browser.sheet` draws two contact sheets.

Twelve states of each at a phone's width, light and dark, and three of them on the narrowest phone
and on a desk. Who wants every state of every page in full size: `pytest tests/browser --pictures
FOLDER`.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path

import django
from playwright.async_api import Browser, async_playwright

from assist.lib.env import ROOT
from assist.management.tools import chromium
from tests.browser.house import House
from tests.browser.media import camera_file
from tests.browser.people import Requester, Volunteer, open_browser
from tests.browser.portraits import Portraits
from tests.browser.requester_stage import Stage
from tests.browser.requester_states import COMES

SHEETS = ROOT / "docs" / "img"
# What leads to each portrait of the Requester's page; "!" marks those that are drawn.
WAYS = (
    ("!start", "asked", "!looking", "!ringing", "!link lost"),
    ("asked", "nobody free", "!what to choose", "!somebody speaks another language"),
    ("asked", "!to be called back", "!a volunteer is ready"),
    ("asked", "connected", "!camera paused", "!their connection lost"),
    ("asked", "!they ended it"),
    ("!asked too often",),
)


async def requesters(house: House, browser: Browser) -> None:
    portraits = Portraits(also={"start", "camera paused", "they ended it"})
    for way in WAYS:
        requester = await Requester.enter(house, browser)
        await walk(requester, way, portraits)
        await requester.leave()
    portraits.save(SHEETS / "requester.webp")


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


async def volunteers(house: House, browser: Browser) -> None:
    portraits = Portraits(also={"away", "in the call", "picture tools"})
    requester = await Requester.enter(house, browser)
    volunteer = await Volunteer.enter(house, browser)
    await comes_in(volunteer, portraits)
    await is_rung(requester, volunteer, portraits)
    await looks(volunteer, portraits)
    await requester.press("End call")
    await volunteer.sees(volunteer.named("heading", "The call is over"))
    await portraits.draw(volunteer, "after it")
    for address in ("/volunteer/given/", "/volunteer/settings/"):
        await volunteer.visit(address)
        await portraits.draw(volunteer, address)
    for guest in (requester, volunteer):
        await guest.leave()
    portraits.save(SHEETS / "volunteer.webp")


async def comes_in(volunteer: Volunteer, portraits: Portraits) -> None:
    await volunteer.page.goto(await volunteer.house.invite("volunteer", "Noor", "en"))
    await volunteer.press("Sign in as Noor")
    await volunteer.sees(volunteer.button("I promise"))
    await portraits.draw(volunteer, "promise")
    await volunteer.promise()
    await portraits.draw(volunteer, "away")
    await volunteer.press("Try a practice call")
    await volunteer.sees(volunteer.named("heading", "Practice call"))
    await portraits.draw(volunteer, "before a practice")
    await volunteer.visit("/volunteer/")
    await volunteer.take_calls()
    await portraits.draw(volunteer, "available")


async def is_rung(requester: Requester, volunteer: Volunteer, portraits: Portraits) -> None:
    await requester.come()
    await requester.ask()
    await volunteer.sees(volunteer.ring)
    await portraits.draw(volunteer, "a ring")
    await volunteer.accept()
    await requester.is_in_call()
    await volunteer.page.wait_for_function("() => document.querySelector('#cover').hidden")


async def looks(volunteer: Volunteer, portraits: Portraits) -> None:
    await portraits.draw(volunteer, "in the call")
    await volunteer.press("Put hints away")
    await volunteer.press("Zoom in")
    await volunteer.press("Freeze picture")
    await portraits.draw(volunteer, "frozen")
    await volunteer.press("Picture tools")
    await volunteer.named("checkbox", "Invert colours").check()
    await portraits.draw(volunteer, "picture tools")
    await volunteer.named("checkbox", "Invert colours").uncheck()
    await volunteer.press("Picture tools")
    await volunteer.press("Unfreeze picture")
    await volunteer.press("Hand over")
    await portraits.draw(volunteer, "handing over")
    await volunteer.press("Stay in the call")


async def draw() -> None:
    with tempfile.TemporaryDirectory() as folder:
        house = await House(Path(folder)).start()
        camera = camera_file(Path(folder) / "camera.y4m", "Assist")
        try:
            async with async_playwright() as playwright:
                browser = await open_browser(playwright, chromium(print), camera, None)
                await requesters(house, browser)
                await volunteers(house, browser)
                await browser.close()
        finally:
            await house.close()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assist.settings")
    django.setup()
    asyncio.run(draw())
