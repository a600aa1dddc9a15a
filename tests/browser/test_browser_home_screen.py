"""Can Assist live on a home screen? It installs, calls from its shortcut, and has words offline."""

from __future__ import annotations

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
# Chromium without a head opens no window of an app.
FROM_THE_HOME_SCREEN = """
(() => {
  const real = window.matchMedia.bind(window);
  const app = {matches: true};
  window.matchMedia = (query) => query.includes("display-mode: standalone") ? app : real(query);
})();
"""
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
    requester = await cast.requester(script=FROM_THE_HOME_SCREEN)
    await wait_for(lambda: why_not_at_work(requester.page), PATIENCE_S)
    await requester.visit("/?call=now")
    await requester.sees(requester.button("Cancel call"))
    await expect(requester.named("heading", "Asking for help")).to_be_focused(timeout=PATIENCE_MS)
    assert requester.page.url == f"{cast.house.address}/"
    await requester.press("Cancel call")
    await requester.page.reload()
    await requester.is_back_at_start()

    # Opened by a mail program, which says as little of itself as the person's own hand.
    mailed = await cast.requester()
    await mailed.visit("/?call=now")
    await mailed.hears('Press "Call a volunteer" to call')
    await expect(mailed.button("Call a volunteer")).to_be_focused(timeout=PATIENCE_MS)
    assert await devices_opened(mailed.page) == 0

    elsewhere = await cast.requester(script=FROM_THE_HOME_SCREEN)
    # Who asked for a page must not get lost in the worker that passes it on.
    await wait_for(lambda: why_not_at_work(elsewhere.page), PATIENCE_S)
    other = cast.house.address.replace("localhost", "127.0.0.1")
    await elsewhere.page.goto(f"{other}/about/")
    await elsewhere.page.evaluate(f"() => location.assign('{cast.house.address}/?call=now')")
    await elsewhere.page.wait_for_url(re.compile("localhost"))
    await elsewhere.hears('Press "Call a volunteer" to call')
    assert await devices_opened(elsewhere.page) == 0
