"""How do a Requester, a Volunteer and a Coordinator use their pages? By roles and names alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Self

from axe_playwright_python.async_playwright import Axe
from axe_playwright_python.base import AxeResults
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    expect,
)

from tests.browser.house import House
from tests.browser.senses import PATIENCE_S, REMEMBER_CONNECTIONS, REMEMBER_DEVICES

PATIENCE_MS = PATIENCE_S * 1000
expect.set_options(timeout=PATIENCE_MS)  # also where nobody says it
# The page ignores a finger for 0.8 s after what lies under it has changed, and marks its body.
SETTLED = "() => !document.body.classList.contains('settling')"
PHONE = {"width": 390, "height": 844}
SMALL_PHONE = {"width": 320, "height": 568}
PHONE_ACROSS = {"width": 740, "height": 360}
DESK = {"width": 1280, "height": 900}
# In a call: which controls lie under its foot when they get the focus (WCAG 2.2, 2.4.11), and
# whether the line of what happens lies over the picture.
COVERED = """() => {
  const call = document.querySelector("[data-view=call]"), foot = call.querySelector(".ending");
  const over = (one, two) => {
    const [a, b] = [one, two].map((each) => each.getBoundingClientRect());
    const beside = a.right < b.left + 1 || a.left > b.right - 1;
    return !beside && a.bottom > b.top + 1 && a.top < b.bottom - 1;
  };
  const had = document.activeElement;
  const found = [...call.querySelectorAll("button, input, textarea, select, [tabindex='0']")]
    .filter((each) => each.checkVisibility() && !foot.contains(each))
    .filter((each) => (each.focus(), over(each, foot)))
    .map((each) => `${each.tagName} ${each.id} ${each.textContent.trim().slice(0, 20)}`);
  had === document.body ? document.activeElement.blur() : had.focus();
  scrollTo(0, 0);
  const [news, picture] = [call.querySelector(".news"), call.querySelector(".picture")];
  return news && over(news, picture) ? [...found, "the picture"] : found;
}"""
# WCAG 2.2 AA and what is good practice besides.
RULES = {"resultTypes": ["violations"]}

# A phone's light, which no fake camera has. Everything else about the camera stays real.
WITH_A_LIGHT = """
(() => {
  const {getCapabilities, applyConstraints} = MediaStreamTrack.prototype;
  MediaStreamTrack.prototype.getCapabilities = function () {
    return {...getCapabilities.call(this), ...(this.kind === "video" ? {torch: true} : {})};
  };
  MediaStreamTrack.prototype.applyConstraints = function (wanted) {
    const light = wanted?.advanced?.some((each) => "torch" in each);
    return light ? Promise.resolve() : applyConstraints.call(this, wanted);
  };
})();
"""


async def open_browser(
    playwright: Playwright,
    chromium: str,
    camera: Path | None,
    microphone: Path | None,
    cameras: int = 1,
    ways: tuple[str, ...] = (),
) -> Browser:
    """A browser of its own with these devices. Its rules for sound are those of any user.

    Without a camera file there are `cameras` of Chromium's own; 0 also takes the microphone away.
    `ways`: rules of how it finds other machines, as "MAP localhost:8000 127.0.0.1:9000".
    """
    devices = ["--use-fake-device-for-media-stream"]
    if camera:
        devices.append(f"--use-file-for-fake-video-capture={camera}")
    if microphone:
        devices.append(f"--use-file-for-fake-audio-capture={microphone}")
    if not camera:
        devices[0] += f"=device-count={cameras}"
    if ways:
        devices.append(f"--host-resolver-rules={', '.join(ways)}")
    return await playwright.chromium.launch(executable_path=chromium, args=devices)


async def judged(page: Page) -> AxeResults:
    """By axe, which is given to each document once: it is longer than all our scripts together."""
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(Axe().axe_script)
    return AxeResults(await page.evaluate("(rules) => axe.run(rules)", RULES))


class Guest:
    """Somebody at one page of the house. What the page does wrong is kept in `mistakes`."""

    def __init__(self, house: House, address: str, context: BrowserContext, page: Page) -> None:
        self.house, self.address, self.context, self.page = house, address, context, page
        self.mistakes: list[str] = []
        self._refused: set[str] = set()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.mistakes.append(f"error: {error}"))
        page.on("console", self._heard)

    def _heard(self, message: ConsoleMessage) -> None:
        """Errors, but for what a lost connection and a refused page make the browser write."""
        text, address = message.text, message.location["url"]
        if message.type != "error" or "WebSocket" in text or "ERR_" in text:
            return
        if address not in self._refused:
            self.mistakes.append(f"console: {text} ({address})")

    @classmethod
    async def enter(
        cls,
        house: House,
        browser: Browser,
        *,
        allowed: tuple[str, ...] = ("camera", "microphone"),
        viewport: dict[str, int] = PHONE,
        address: str = "",
        script: str = "",
        locale: str = "en-GB",
        **options: object,
    ) -> Self:
        """A browser profile of their own, which allows these devices and no others.

        `address`: by which they know the house, if not as somebody on its own machine does.
        `script` runs in each page before its own ones: what a network or a device does to it.
        """
        address = address or house.address
        context = await browser.new_context(
            viewport=viewport,  # type: ignore[arg-type]
            locale=locale,
            reduced_motion="reduce",
            **options,  # type: ignore[arg-type]
        )
        await context.grant_permissions(list(allowed), origin=address)
        await context.add_init_script(REMEMBER_CONNECTIONS)
        await context.add_init_script(REMEMBER_DEVICES)
        if script:
            await context.add_init_script(script)
        return cls(house, address, context, await context.new_page())

    async def visit(self, path: str, status: int = 200) -> None:
        """Open this page, which is answered with this status."""
        address = self.address + path
        if status != 200:
            self._refused.add(address)
        answer = await self.page.goto(address)
        assert answer is not None
        assert answer.status == status, address

    def expects_refusal(self, path: str) -> None:
        """What they do next is answered with a status that the browser writes down as an error."""
        self._refused.add(self.address + path)

    async def new_tab(self) -> Page:
        """Another one beside this, in the same browser profile."""
        return await self.context.new_page()

    async def leave(self) -> None:
        await self.context.close()

    # --- What they do ----------------------------------------------------------------------------

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    async def press(self, name: str) -> None:
        """A button, once it is there and a person could have understood that it is."""
        await self.settles(self.button(name))
        await self.button(name).click()

    async def settles(self, what: Locator) -> None:
        """It is there, can be used, and has been there for as long as a person needs to see it."""
        await self.sees(what)
        await expect(what).to_be_enabled(timeout=PATIENCE_MS)
        await self.page.wait_for_function(SETTLED)

    async def fill(self, box: str, words: str) -> None:
        await self.page.get_by_role("textbox", name=box, exact=True).fill(words)

    async def type_words(self, words: str) -> None:
        await self.fill("Message", words)
        await self.press("Send")

    def named(self, role: Any, name: str) -> Locator:
        return self.page.get_by_role(role, name=name, exact=True).first

    def group(self, name: str) -> Locator:
        return self.page.get_by_role("group", name=name, exact=True)

    async def answer(self, question: str, choice: str) -> None:
        await self.group(question).get_by_role("radio", name=choice, exact=True).check()

    # --- What they see ---------------------------------------------------------------------------

    async def sees(self, what: Locator) -> None:
        await expect(what).to_be_visible(timeout=PATIENCE_MS)

    async def misses(self, what: Locator) -> None:
        """It is gone, or was never there."""
        await expect(what).not_to_be_visible(timeout=PATIENCE_MS)

    async def reads(self, words: str) -> None:
        """These words stand somewhere on the page."""
        found = self.page.get_by_text(re.compile(words, re.IGNORECASE)).filter(visible=True)
        await self.sees(found.first)

    async def hears(self, words: str) -> None:
        """A screen reader is told these words."""
        told = self.page.locator("[aria-live]").filter(has_text=re.compile(words, re.IGNORECASE))
        await expect(told.first).to_be_attached(timeout=PATIENCE_MS)

    async def reads_in_log(self, words: str) -> None:
        """These words stand in the list of what happened."""
        log = self.page.get_by_role("region", name="What happened").get_by_role("listitem")
        await self.sees(log.filter(has_text=re.compile(words, re.IGNORECASE)).first)

    async def finds_no_barrier(self) -> None:
        """axe finds no violation on the page as it is now."""
        found = await judged(self.page)
        assert found.violations_count == 0, f"{self.page.url}: {found.generate_report()}"

    async def can_hang_up_without_scrolling(self) -> None:
        """On phones, small or held across, and a desk: picture and way out are both in view.

        The way out lies over nothing that has the focus, and what happens not over the picture.
        """
        before = self.page.viewport_size
        for size in (PHONE, SMALL_PHONE, PHONE_ACROSS, DESK):
            await self.page.set_viewport_size(size)  # type: ignore[arg-type]
            await self.page.evaluate("() => scrollTo(0, 0)")
            end, picture = self.button("End call"), self.page.locator("[data-view=call] .picture")
            await expect(end).to_be_in_viewport(ratio=1, timeout=PATIENCE_MS)
            await expect(picture).to_be_in_viewport(timeout=PATIENCE_MS)
            await self.covers_nothing_that_is_used()
        if before:
            await self.page.set_viewport_size(before)

    async def covers_nothing_that_is_used(self) -> None:
        """In a call: whatever is shown keeps clear of the words above it and the foot below."""
        covered = await self.page.evaluate(COVERED)
        assert covered == [], f"{self.page.url}, {self.page.viewport_size}: {covered}"


class Requester(Guest):
    """Somebody who would like to borrow a pair of eyes."""

    async def come(self) -> Requester:
        await self.visit("/")
        return self

    async def ask(self) -> None:
        await self.press("Call a volunteer")
        await self.sees(self.button("Cancel call"))

    async def chooses_who(self, choice: str) -> None:
        """Who is asked this time: the choice lies folded under the button that asks."""
        await self.press("Choose who is asked")
        await self.answer("Who shall be asked?", choice)

    async def settles_for(self, question: str, choice: str) -> None:
        """One of their own settings; and back to the start."""
        await self.visit("/mine/")
        await self.answer(question, choice)
        await self.hears("Saved")
        await self.come()

    async def is_in_call(self) -> None:
        await self.sees(self.button("End call"))

    async def is_back_at_start(self) -> None:
        await self.sees(self.button("Call a volunteer"))


class Volunteer(Guest):
    """Somebody who can see, and has a moment."""

    @property
    def ring(self) -> Locator:
        return self.page.get_by_role("dialog", name="Someone needs help", exact=True)

    async def sign_in(self, name: str, *languages: str) -> Volunteer:
        await self.page.goto(await self.house.invite("volunteer", name, *(languages or ("en",))))
        await self.press(f"Sign in as {name}")
        return await self.promise()

    async def promise(self) -> Volunteer:
        """What everybody promises before their first call."""
        await self.press("I promise")
        await self.sees(self.button("Start taking calls"))
        return self

    async def take_calls(self) -> None:
        await self.press("Start taking calls")
        await self.sees(self.button("Stop taking calls"))

    async def accept(self) -> None:
        await self.sees(self.ring)
        await self.press("Accept")
        await self.misses(self.ring)

    async def is_in_call(self) -> None:
        await self.sees(self.button("End call"))


class Coordinator(Guest):
    """Somebody who watches the queues."""

    async def sign_in(self, name: str) -> Coordinator:
        await self.page.goto(await self.house.invite("coordinator", name))
        await self.press(f"Sign in as {name}")
        await self.sees(self.page.get_by_role("table", name="Waiting", exact=True))
        return self

    def row(self, table: str, words: str) -> Locator:
        rows = self.page.get_by_role("table", name=table, exact=True).get_by_role("row")
        return rows.filter(has_text=re.compile(words))
