"""Can small print be read that the moving picture does not show? By a sharp photo."""

from __future__ import annotations

import base64
import secrets
from pathlib import Path

from playwright.async_api import Playwright

from tests.browser.conftest import Cast, Devices
from tests.browser.fine_print import LEGIBLE, Page, print_line, read_line, write_hand
from tests.browser.people import Requester, Volunteer, open_browser
from tests.impair import bad_network, detour_script

NARROW_BIT_S = 300_000
LOOKS = 5
ARRIVES_MS = 120_000  # on a narrow line, on a slow machine
# The pixels of what is shown, as they came: before the page fits them to its window.
PIXELS = """async (selector) => {
  const shown = document.querySelector(selector);
  const canvas = document.createElement("canvas");
  canvas.width = shown.naturalWidth ?? shown.videoWidth;
  canvas.height = shown.naturalHeight ?? shown.videoHeight;
  canvas.getContext("2d").drawImage(shown, 0, 0);
  return canvas.toDataURL("image/png").split(",")[1];
}"""
# So many pictures came since; one alone may be an old one.
NEXT_PICTURES = """(count) => new Promise((done) => {
  const video = document.querySelector("video");
  const next = () => (count -= 1) < 0 ? done() : video.requestVideoFrameCallback(next);
  next();
})"""


async def test_nine_points_that_a_narrow_line_blurs_are_read_from_a_sharp_photo(
    cast: Cast, stage: Playwright, chromium_path: str, devices: Devices, tmp_path: Path
) -> None:
    page = print_line(secrets.randbits(32))
    film = write_hand(tmp_path / "hand.y4m", page, 1)
    browser = await open_browser(stage, chromium_path, film, devices.requester_voice)
    volunteer = await cast.taking_calls("Noor")
    async with bad_network(("127.0.0.1", cast.house.relay_port)) as network:
        network.up.rate_bit_s, network.up.queue_s = NARROW_BIT_S, 1.0
        detour = detour_script(network.address)
        requester = await Requester.enter(cast.house, browser, script=detour)
        cast.guests.append(requester)
        await requester.come()
        await requester.ask()
        await volunteer.accept()
        await volunteer.is_in_call()
        looks = [await film_read(volunteer, page) for _ in range(LOOKS)]
        await volunteer.press("Take sharp photo")
        await requester.press("Allow")
        image = volunteer.named("img", "Their sharp photo")
        await image.wait_for(timeout=ARRIVES_MS)
        photo = read_line(page, await pixels(volunteer, "#sharp"))
        await requester.leave()
        cast.guests.remove(requester)
    await browser.close()
    assert photo >= LEGIBLE, (photo, looks)
    assert max(looks) < LEGIBLE, (photo, looks)


async def film_read(volunteer: Volunteer, page: Page) -> float:
    """What can be read in the moving picture after a few more frames."""
    await volunteer.page.evaluate(NEXT_PICTURES, 5)
    return read_line(page, await pixels(volunteer, "#video"))


async def pixels(volunteer: Volunteer, selector: str) -> bytes:
    png: str = await volunteer.page.evaluate(PIXELS, selector)
    return base64.b64decode(png)
