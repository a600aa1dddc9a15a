"""Does what a person chose for themselves count at once, everywhere, and at the next visit?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.async_api import Page, expect

from tests.browser.accounts import writes_the_code
from tests.browser.conftest import Cast
from tests.browser.people import PATIENCE_MS, Guest, Requester
from tests.mail_server import MailServer
from tests.waiting import wait_for

# The size of the letters in pixels, and whether more contrast was chosen.
LOOKS = """() => [parseFloat(getComputedStyle(document.documentElement).fontSize),
  document.documentElement.matches("[data-more-contrast]")]"""
KEPT = "() => JSON.parse(localStorage.getItem('assist.mine') ?? '{}')"
FORBID = "Storage.prototype.setItem = () => { throw new DOMException('full') }"


async def looks(page: Page) -> tuple[float, bool]:
    size_px, contrast = await page.evaluate(LOOKS)
    return size_px, contrast


def written(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


async def is_saved(guest: Guest) -> None:
    """It is said once more for each change, and stands on the page."""
    await guest.hears("Saved")
    await expect(guest.page.locator("#saved")).to_have_text("Saved.", timeout=PATIENCE_MS)


async def test_a_choice_counts_at_once_on_every_page_and_at_the_next_visit(cast: Cast) -> None:
    requester = await cast.guest("/mine/")
    beside = await requester.new_tab()
    await beside.goto(requester.address + "/about/")
    usual_px, _ = await looks(beside)
    await requester.named("combobox", "Size of the letters").select_option("150 %")
    await is_saved(requester)
    await requester.answer("Contrast", "More contrast")
    for page in (requester.page, beside):
        await page.wait_for_function("document.documentElement.matches('[data-more-contrast]')")
        assert await looks(page) == (usual_px * 1.5, True)
    await requester.finds_no_barrier()

    await requester.named("checkbox", "I read braille").check()
    await expect(requester.named("checkbox", "They see me type")).to_be_checked()
    await requester.fill("Name to be called by", "Maria")
    await requester.visit("/about/")  # without leaving the field first
    assert await looks(requester.page) == (usual_px * 1.5, True)
    kept = await requester.page.evaluate(KEPT)
    assert (kept["name"], kept["braille"], kept["typing"]) == ("Maria", True, "usual")
    await requester.visit("/mine/")
    await expect(requester.named("textbox", "Name to be called by")).to_have_value("Maria")
    await expect(requester.group("Contrast").get_by_label("More contrast")).to_be_checked()
    async with requester.page.expect_download() as coming:
        await requester.named("link", "Download everything").click()
    everything = written(await (await coming.value).path())
    assert (everything["settings"]["name"], everything["asked_for_help"]) == ("Maria", [])


async def test_what_one_device_chose_is_there_on_the_next_page_of_the_other(
    cast: Cast, mail: MailServer
) -> None:
    """Each on a page of its own kind: nobody has to open the settings to have them."""
    phone, tablet = await cast.requester(), await cast.requester()
    for device in (phone, tablet):
        await device.visit("/mine/account/")
        await writes_the_code(device, mail, "both@example.org")
        await device.reads("You come back with")
    await phone.visit("/mine/")
    usual_px, _ = await looks(phone.page)
    await phone.named("combobox", "Size of the letters").select_option("150 %")
    await is_saved(phone)
    await kept_by_the_house(phone, 150)
    await tablet.come()
    await tablet.page.wait_for_function(f"({LOOKS})()[0] === {usual_px * 1.5}")
    assert (await tablet.page.evaluate(KEPT))["size"] == 150


async def kept_by_the_house(requester: Requester, size: int) -> None:
    """What it would tell another device, is asked from here."""

    async def why_not() -> str:
        answer = await requester.context.request.get(requester.address + "/mine/kept/")
        chosen = (await answer.json())["chosen"]
        return "" if chosen and chosen["size"] == size else f"the house keeps {chosen}"

    await wait_for(why_not)


async def test_a_browser_that_keeps_nothing_is_told_of(cast: Cast) -> None:
    requester = await cast.guest("/mine/", script=FORBID)
    await requester.named("checkbox", "Vibrate").uncheck()
    await requester.hears("does not keep this")


async def test_a_volunteer_meets_somebody_by_name_and_learns_that_they_read_braille(
    cast: Cast,
) -> None:
    volunteer = await cast.taking_calls("Noor")
    requester = await cast.requester()
    await requester.visit("/mine/")
    await requester.fill("Name to be called by", "Maria")
    await requester.named("checkbox", "I read braille").check()
    await is_saved(requester)
    await requester.come()
    await requester.ask()
    await volunteer.sees(volunteer.ring)
    await volunteer.hears("Maria needs help")
    await volunteer.reads("They read braille")
    await volunteer.finds_no_barrier()
    await volunteer.accept()
    await volunteer.sees(volunteer.named("heading", "In a call with Maria"))
    await volunteer.reads_in_log("Connected to Maria. They read braille")
    await requester.type_words("hello")
    await volunteer.reads_in_log("Maria: hello")
