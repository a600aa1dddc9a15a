"""Can Assist live on a home screen? It installs, calls from its shortcut, and has words offline."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, Playwright, expect

from tests.browser.conftest import Cast, Devices
from tests.browser.house import House
from tests.browser.people import PATIENCE_MS, PHONE, Guest
from tests.browser.senses import PATIENCE_S, devices_opened
from tests.waiting import wait_for

AT_WORK = "async () => Boolean((await navigator.serviceWorker.getRegistration())?.active)"
KEPT = """async () => {
  const shelves = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
  const requests = (await Promise.all(shelves.map((shelf) => shelf.keys()))).flat();
  return requests.map((each) => new URL(each.url).pathname);
}"""


@pytest.fixture
async def owner(
    stage: Playwright, chromium_path: str, house: House, devices: Devices, tmp_path: Path
) -> AsyncIterator[BrowserContext]:
    """Somebody's own browser: what is private installs nothing."""
    context = await stage.chromium.launch_persistent_context(
        str(tmp_path / "profile"),
        executable_path=chromium_path,
        args=[
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={devices.camera}",
        ],
        viewport=PHONE,  # type: ignore[arg-type]
        locale="en-GB",
    )
    await context.grant_permissions(["camera", "microphone"], origin=house.address)
    yield context
    await context.close()


async def test_assist_installs_and_says_what_to_do_where_there_is_no_network(
    house: House, owner: BrowserContext
) -> None:
    guest = Guest(house, house.address, owner, await owner.new_page())
    await guest.visit("/home-screen/")
    assert await installability_errors(guest.page) == []
    await wait_for(lambda: why_not_at_work(guest.page), PATIENCE_S)

    await owner.set_offline(True)
    await guest.page.goto(f"{house.address}/volunteer/?call=now")
    await guest.sees(guest.named("heading", "No connection"))
    await expect(guest.page.get_by_role("listitem")).to_have_count(3)
    kept = await guest.page.evaluate(KEPT)
    assert "/offline/" in kept
    assert [path for path in kept if not re.match("/offline/|/static/", path)] == []
    await owner.set_offline(False)
    await guest.page.get_by_role("link", name="Try again").click()
    await expect(guest.page.get_by_role("heading", name="For volunteers")).to_be_visible()


async def installability_errors(page: Page) -> list[Any]:
    line = await page.context.new_cdp_session(page)
    manifest = await line.send("Page.getAppManifest")
    assert manifest["errors"] == []
    found = await line.send("Page.getInstallabilityErrors")
    await line.detach()
    return list(found["installabilityErrors"])


async def why_not_at_work(page: Page) -> str:
    return "" if await page.evaluate(AT_WORK) else "the worker is not at work"


async def test_the_shortcut_calls_at_once_and_a_link_does_not(cast: Cast) -> None:
    requester, other = await cast.requester(), await cast.requester()
    # What the shortcut says must not get lost in the worker that passes the page on.
    await wait_for(lambda: why_not_at_work(requester.page), PATIENCE_S)
    shortcut = await shortcut_of(requester.page)
    await requester.visit(shortcut)
    await requester.sees(requester.button("Cancel call"))
    await expect(requester.named("heading", "Asking for help")).to_be_focused(timeout=PATIENCE_MS)
    assert requester.page.url == f"{cast.house.address}/"
    await requester.press("Cancel call")
    await requester.page.reload()
    await requester.is_back_at_start()

    # Opened by a mail program, which says as little of itself as the person's own hand.
    for link in (shortcut, "/?call=now"):
        await other.visit(link)
        await other.hears('Press "Call a volunteer" to call')
        await expect(other.button("Call a volunteer")).to_be_focused(timeout=PATIENCE_MS)
        assert other.page.url == f"{cast.house.address}/"
        assert await devices_opened(other.page) == 0


async def shortcut_of(page: Page) -> str:
    """Where the shortcut leads that the browser puts on the home screen."""
    line = await page.context.new_cdp_session(page)
    manifest = json.loads((await line.send("Page.getAppManifest"))["data"])
    await line.detach()
    [shortcut] = manifest["shortcuts"]
    return str(shortcut["url"])
