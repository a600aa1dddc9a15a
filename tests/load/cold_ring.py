"""How soon does a push lead to the person? `python -m tests.load.cold_ring [--short]`.

A real house, a Volunteer who has closed the page and is rung by push, and the address that the
notification opens, in a real Chromium, by turns:

- *accepted*: by "Accept" on the notification, in a browser that has only the cookie of ours;
- *known*: the same in one that has been here before: a warm cache, the service worker at work;
- *tapped*: by a tap beside the buttons, cold again: the ring, then its own "Accept", pressed as
  soon as the page takes it (it ignores a finger for 0.8 s after a change under it).

*ring* is the dialog on the screen, *picture* the first frame of theirs; both from the moment in
which the browser was sent to the address. *picture after Accept* leaves the person's own time out.
A ring that leads to no picture is a broken promise: the exit code says so. A machine that had more
to do than it has cores says nothing about us: void.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page, StorageState, async_playwright
from playwright.async_api import TimeoutError as PlaywrightTimeout

from assist.live.keys import key
from assist.live.roster import Entry
from assist.management.tools import chromium
from tests.browser.house import House
from tests.browser.media import camera_file, microphone_file
from tests.browser.people import PHONE, Requester, Volunteer, open_browser
from tests.load import figures
from tests.load.figures import Figure, percentile, rounded
from tests.load.meeting_people import share_weight
from tests.waiting import wait_for

WAYS = ("accepted", "known", "tapped")
GOAL_MS = 1500
PATIENCE_S = 30.0
# By the page's own clock, which begins when the browser was sent to it.
NOTE = """
(() => {
  const seen = (window.seen = {});
  const note = (video) => video.requestVideoFrameCallback((_, frame) => {
    seen.picture_ms ??= frame.presentationTime;
  });
  document.addEventListener("DOMContentLoaded", () => {
    seen.loaded_ms = performance.now();
    document.querySelectorAll("video").forEach(note);
    document.getElementById("accept")?.addEventListener("click", () => {
      seen.accepted_ms ??= performance.now();
    });
  });
  const look = setInterval(() => {
    if (seen.accepted_ms || seen.picture_ms) return clearInterval(look);
    if (!document.getElementById("ring")?.open) return;
    seen.ring_ms ??= performance.now();
    if (PRESSES) document.getElementById("accept").click();
  }, 5);
})();
"""
START_WORKER = """async () => {
  const { startWorker } = await import("/static/js/push/worker.js");
  await startWorker();
}"""


class Options(argparse.Namespace):
    """How often each way."""

    rounds: int
    short: bool


@dataclass(slots=True)
class Found:
    """What each ring told, in ms; each way by its name."""

    ring: dict[str, list[float]] = field(default_factory=lambda: {way: [] for way in WAYS})
    picture: dict[str, list[float]] = field(default_factory=lambda: {way: [] for way in WAYS})
    after: list[float] = field(default_factory=list)
    broken: int = 0


def options() -> Options:
    """Long by default; the short form does the same fewer times."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.cold_ring")
    parser.add_argument("--short", action="store_true", help="under 50 s")
    parser.add_argument("--rounds", type=int, default=10, help="rings of each way")
    found = parser.parse_args(namespace=Options())
    if found.short:
        found.rounds = min(found.rounds, 2)
    return found


class Stage:
    """Somebody who asks again and again, and somebody whose page is closed."""

    def __init__(self, house: House, browser: Browser, requester: Requester) -> None:
        self.house, self.requester = house, requester
        self._browser = browser
        self._cookies: StorageState
        self._person = ""
        self._known: BrowserContext

    async def let_in(self) -> None:
        """The Volunteer has signed in, and takes calls."""
        volunteer = await Volunteer.enter(
            self.house, self._browser, allowed=("microphone",), viewport=PHONE
        )
        await volunteer.sign_in("Noor", "en")
        await volunteer.take_calls()
        self._cookies = await volunteer.context.storage_state()
        await volunteer.page.evaluate(START_WORKER)
        self._known = volunteer.context
        await volunteer.page.close()
        ((self._person,),) = self.house.history("SELECT id FROM accounts_person WHERE name='Noor'")

    async def ring(self, way: str, found: Found) -> None:
        """One ring, from the push to the picture, and all as it was."""
        await self._goes_away()
        await self.requester.ask()
        address = f"/volunteer/?offer={await self._offer()}"
        async with self._page(way) as page:
            await self._open(page, address + "&accept=1" * (way != "tapped"), way, found)
        await self.requester.press("End call")
        await self.requester.press("Send answers")
        await self.requester.is_back_at_start()
        await self.house.tidy_limits()

    async def _open(self, page: Page, address: str, way: str, found: Found) -> None:
        await page.goto(self.house.address + address, wait_until="commit")
        try:
            wanted = "() => window.seen?.picture_ms"
            await page.wait_for_function(wanted, timeout=PATIENCE_S * 1000)
        except PlaywrightTimeout:
            found.broken += 1
            return
        seen = await page.evaluate("window.seen")
        found.ring[way].append(seen.get("ring_ms", seen["picture_ms"]))
        found.picture[way].append(seen["picture_ms"])
        if way == "tapped":
            found.after.append(seen["picture_ms"] - seen["accepted_ms"])

    @asynccontextmanager
    async def _page(self, way: str) -> AsyncIterator[Page]:
        """In a browser that is new, or in the one that was here before."""
        note = NOTE.replace("PRESSES", "true" if way == "tapped" else "false")
        if way == "known":
            page = await self._known.new_page()
            await page.add_init_script(note)
            yield page
            await page.close()
            return
        context = await self._browser.new_context(
            viewport={"width": PHONE["width"], "height": PHONE["height"]},
            locale="en-GB",
            storage_state=self._cookies,
        )
        await context.grant_permissions(["microphone"], origin=self.house.address)
        await context.add_init_script(note)
        yield await context.new_page()
        await context.close()

    async def _goes_away(self) -> None:
        """Until only a push reaches them. A page that was here said that none would."""
        live = self.house.live
        await live.enlist(self._person, Entry(["en"], push=True))

        async def why_not() -> str:
            truth = await live.volunteer_snapshot(self._person)
            if truth.state == "wrapping_up" or not truth.taking:
                await live.available(self._person)
            # As if the page had not been heard of for the 25 s that its lease has.
            await live.redis.zadd(key("deadlines"), {f"volunteer:{self._person}": 1}, xx=True)
            by_push = (truth.state, truth.reach) == ("available", "push")
            return "" if by_push else f"{truth.state} by {truth.reach}"

        await wait_for(why_not, PATIENCE_S)

    async def _offer(self) -> str:
        found: list[str] = []

        async def why_not() -> str:
            offer = (await self.house.live.volunteer_snapshot(self._person)).offer
            found[:] = [offer.id] if offer else []
            return "" if offer else "no ring yet"

        await wait_for(why_not, PATIENCE_S)
        return found[0]


@asynccontextmanager
async def stage(folder: Path) -> AsyncIterator[Stage]:
    """A house, and the two; gone after the block."""
    async with AsyncExitStack() as stack:
        house = House(folder)
        stack.push_async_callback(house.close)
        await house.start()
        playwright = await stack.enter_async_context(async_playwright())
        browsers = []
        path, camera = chromium(print), camera_file(folder / "camera.y4m", "4711")
        for name, hertz in (("alice", 440), ("noor", 880)):
            voice = microphone_file(folder / f"{name}.wav", hertz)
            browsers.append(await open_browser(playwright, path, camera, voice))
            stack.push_async_callback(browsers[-1].close)
        requester = await (await Requester.enter(house, browsers[0])).come()
        made = Stage(house, browsers[1], requester)
        await made.let_in()
        share_weight()
        yield made


def table(found: Found) -> str:
    """Each way in a row; milliseconds."""
    heads = ("opened by", "ring p50", "ring p95", "picture p50", "picture p95", "rings")
    rows: list[list[Figure]] = [
        [
            way,
            *(rounded(percentile(found.ring[way], share), 0) for share in (0.5, 0.95)),
            *(rounded(percentile(found.picture[way], share), 0) for share in (0.5, 0.95)),
            len(found.picture[way]),
        ]
        for way in WAYS
    ]
    return figures.table(heads, rows)


def last_line(found: Found) -> dict[str, Figure]:
    """What a machine reads. `cold`: without anything of ours; `late`: pictures above the goal."""
    cold = found.picture["accepted"]
    rings = found.ring["tapped"]
    return {
        "rings": sum(len(each) for each in found.picture.values()),
        "cold_picture_p50_ms": rounded(percentile(cold, 0.5), 0),
        "cold_picture_p95_ms": rounded(percentile(cold, 0.95), 0),
        "known_picture_p50_ms": rounded(percentile(found.picture["known"], 0.5), 0),
        "known_picture_p95_ms": rounded(percentile(found.picture["known"], 0.95), 0),
        "cold_ring_p50_ms": rounded(percentile(rings, 0.5), 0),
        "cold_ring_p95_ms": rounded(percentile(rings, 0.95), 0),
        "picture_after_accept_p50_ms": rounded(percentile(found.after, 0.5), 0),
        "picture_after_accept_p95_ms": rounded(percentile(found.after, 0.95), 0),
        "late": sum(one > GOAL_MS for one in cold),
        "without_picture": found.broken,
    }


def busy() -> list[str]:
    """Why these figures will say nothing about us: others wait for the same cores."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    return [f"{load:.1f} programs wanted {cores} cores before we began"] if load > cores else []


async def main(asked: Options) -> int:
    """The exit code: 1 for a ring without a picture, never for a slow one."""
    print(figures.machine(), flush=True)
    found, void = Found(), busy()
    with tempfile.TemporaryDirectory(prefix="assist-ring-") as folder:
        async with stage(Path(folder)) as made:
            for _ in range(asked.rounds):
                for way in WAYS:  # by turns, so that all meet the same machine
                    await made.ring(way, found)
    print(table(found))
    return figures.close(last_line(found), found.broken, void)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(options())))
