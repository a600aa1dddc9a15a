"""Does everything find its place in every language, also where people read from right to left?"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, BrowserContext, Cookie, Page, expect

from tests.browser.house import House
from tests.browser.people import Requester, Volunteer
from tests.right_to_left import LANGUAGES, NAME, TAG, make_catalogue, turned
from tests.waiting import wait_for

WIDTHS = (320, 390)
PAGES = ("/", "/mine/", "/circle/", "/about/", "/home-screen/", "/no-such-page/")
# With all that a page may ever hold, or as it is.
WITH_VIEWS = ("/", "/volunteer/")
VOLUNTEERS_PAGES = ("/volunteer/settings/", "/volunteer/phones/")
# What a reader would have to scroll sideways for, on either side.
STICKS_OUT = """() => [...document.querySelectorAll("body *")]
  .filter((each) => each.checkVisibility() && !each.closest(".table, .unseen, .picture"))
  .filter((each) => {
    const {left, right} = each.getBoundingClientRect();
    return left < -1 || right > document.documentElement.clientWidth + 1;
  })
  .map((each) => `${each.tagName} ${each.className} ${each.textContent.trim().slice(0, 40)}`)"""
# One view of a page with everything that it may ever hold, and which views there are.
SHOW = """(wanted) => document.querySelectorAll("[data-view]").forEach((view) => {
  view.hidden = view.dataset.view !== wanted;
  view.querySelectorAll("[hidden]").forEach((part) => { part.hidden = false; });
})"""
VIEWS = '() => [...document.querySelectorAll("[data-view]")].map((view) => view.dataset.view)'
TWICE_THE_LETTERS = '() => document.documentElement.style.setProperty("font-size", "200%")'
# Of two that stand beside each other: which begins further to the right?
SIDES = """([first, second]) => [first, second].map(
  (each) => document.querySelector(each).getBoundingClientRect().right
)"""


@pytest.fixture(scope="module")
async def house_right_to_left(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """One that offers a language that is read from right to left, beside the others."""
    house = House(
        tmp_path_factory.mktemp("right_to_left"), DJANGO_SETTINGS_MODULE="tests.right_to_left"
    )
    make_catalogue(house.state / "locale")
    try:
        yield await house.start()
    finally:
        await house.close()


async def nothing_sticks_out(page: Page, what: str, widths: tuple[int, ...] = WIDTHS) -> None:
    for width in widths:
        await page.set_viewport_size({"width": width, "height": 844})

        async def why_not(width: int = width) -> str:
            found = await page.evaluate(STICKS_OUT)
            return f"{what}, {width} pixels wide: {found} stick out" if found else ""

        await wait_for(why_not)


async def without_scripts(
    house: House, browser: Browser, language: str, known: tuple[Cookie, ...] = ()
) -> BrowserContext:
    """Somebody who chose this language, where no script shows the view that is true.

    `known`: the cookies by which the house knows them.
    """
    context = await browser.new_context(java_script_enabled=False)
    cookie = {"name": "django_language", "value": language, "url": house.address}
    await context.add_cookies([*known, cookie])  # type: ignore[list-item]
    return context


async def a_volunteers_cookies(house: House, browser: Browser) -> tuple[Cookie, ...]:
    volunteer = await Volunteer.enter(house, browser)
    await volunteer.sign_in("Noor")
    cookies = await volunteer.context.cookies()
    await volunteer.leave()
    return tuple(cookies)


async def test_every_page_is_mirrored_for_who_chooses_such_a_language(
    house_right_to_left: House, requester_browser: Browser
) -> None:
    requester = await Requester.enter(house_right_to_left, requester_browser)
    page = requester.page
    await requester.come()
    await requester.press(NAME)
    await requester.sees(requester.button(turned("Call a volunteer")))
    for path in PAGES:
        await requester.visit(path, 404 if path == "/no-such-page/" else 200)
        await expect(page.locator("html")).to_have_attribute("dir", "rtl")
        await expect(page.locator("html")).to_have_attribute("lang", TAG)
        await nothing_sticks_out(page, path)

    await requester.come()
    ask = requester.button(turned("Call a volunteer"))
    await requester.settles(ask)
    await ask.click()
    await requester.sees(requester.named("heading", turned("Asking for help")))
    await nothing_sticks_out(page, "waiting")
    await requester.press(turned("Cancel call"))
    await requester.sees(ask)
    assert requester.mistakes == []
    await requester.leave()


async def test_every_view_is_mirrored(
    house_right_to_left: House, requester_browser: Browser
) -> None:
    context = await without_scripts(house_right_to_left, requester_browser, TAG)
    page = await context.new_page()
    await page.goto(f"{house_right_to_left.address}/")
    views = await page.evaluate(VIEWS)
    assert {"start", "waiting", "call", "after"} <= set(views)
    for view in views:
        await page.evaluate(SHOW, view)
        await expect(page.locator(f'[data-view="{view}"]')).to_be_visible()
        await nothing_sticks_out(page, f"the view {view}")
    await page.evaluate(SHOW, "call")
    mute, pause = await page.evaluate(SIDES, ["#mute", "#pause"])
    assert mute > pause, "the first of two buttons stands at the right"
    mark, end = await page.evaluate(SIDES, [".mark", "body"])
    assert end - mark < mark, "a page begins at the right"
    await context.close()


async def test_the_longest_words_of_every_language_fit_a_phone_with_large_letters(
    house_right_to_left: House, requester_browser: Browser
) -> None:
    known = await a_volunteers_cookies(house_right_to_left, requester_browser)
    for language, _name in LANGUAGES:
        context = await without_scripts(house_right_to_left, requester_browser, language, known)
        page = await context.new_page()
        for path in (*WITH_VIEWS, *VOLUNTEERS_PAGES):
            await page.goto(house_right_to_left.address + path)
            await expect(page.locator("html")).to_have_attribute("lang", language)
            await page.evaluate(TWICE_THE_LETTERS)
            for view in await page.evaluate(VIEWS) or [""]:
                await page.evaluate(SHOW, view)
                await nothing_sticks_out(page, f"{language}, {path} {view}", WIDTHS[:1])
        await context.close()
