"""What does it cost somebody on a slow line to come and ask for help?"""

from __future__ import annotations

from playwright.async_api import Playwright, Route, expect

from tests.browser.house import House
from tests.first_visit import first_visit
from tests.shaped import line

BUDGET_BYTES = 60_000
PAGE_SCRIPT = "**/pages/requester*.js"
END_WAITING = "() => document.getAnimations().forEach((each) => each.finish())"
# What the browser did not have by itself.
FETCHED = """() => ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind))
  .filter((each) => each.transferSize > 0).map((each) => new URL(each.name).pathname)"""


async def test_a_first_visit_is_light_and_asks_nobody_else_and_a_later_one_asks_for_the_page_alone(
    stage: Playwright, chromium_path: str, house: House
) -> None:
    way = line()
    async with first_visit(stage, chromium_path, house, way) as visit:
        await visit.is_complete()
        # All of it: both directions, TLS, the socket; TCP's own headers are not counted.
        assert way.payload_bytes <= BUDGET_BYTES, sorted(visit.asked)
        assert visit.elsewhere() == []
        await expect(visit.page.get_by_role("button", name="Call a volunteer")).to_be_visible()
        for _ in range(2):  # who is no newcomer any more is given looks.js, once
            await visit.page.goto(f"{visit.origin}/")
        assert await visit.page.evaluate(FETCHED) == ["/"]


async def test_there_is_nothing_to_press_until_a_press_is_heard_and_a_way_out_if_that_never_comes(
    stage: Playwright, chromium_path: str, house: House
) -> None:
    async def lost(route: Route) -> None:
        await route.abort()

    async with first_visit(stage, chromium_path, house, line()) as visit:
        page, ask = visit.page, visit.page.get_by_role("button", name="Call a volunteer")
        await page.route(PAGE_SCRIPT, lost)
        await page.reload()
        await expect(page.get_by_text("One moment")).to_be_visible()
        await expect(ask).to_be_hidden()
        again = page.get_by_role("link", name="Load it again")
        await expect(again).to_be_hidden()
        await page.evaluate(END_WAITING)  # ten seconds, for which no test waits
        await page.unroute(PAGE_SCRIPT)
        await again.click()
        await expect(ask).to_be_visible()
        await expect(page.get_by_text("One moment")).to_be_hidden()
        await expect(again).to_be_hidden()
