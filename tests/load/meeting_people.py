"""Who meets, and what is noted meanwhile? A house, two browsers, and clocks inside their pages.

All times are `Date.now()` of this one machine, so those of the two pages can be compared.
"""

from __future__ import annotations

import base64
import contextlib
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, async_playwright
from playwright.async_api import TimeoutError as PlaywrightTimeout

from assist.management.tools import chromium
from tests.browser.house import House, children_of
from tests.browser.media import microphone_file
from tests.browser.people import DESK, Requester, Volunteer, open_browser
from tests.impair import BadNetwork, bad_network, detour_script

SAMPLE_MS = 200
PATIENCE_S = 30.0

# When "Accept" was pressed, and when the first picture after that was on the screen.
NOTE_PICTURE = """
(() => {
  window.accepted = 0;
  window.picture = null;
  const epoch = (ms) => performance.timeOrigin + ms;
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("button")?.textContent.trim() !== "Accept") return;
    window.accepted = epoch(event.timeStamp);
    window.picture = null;
  }, true);
  const note = (video) => video.requestVideoFrameCallback((_, frame) => {
    window.picture ??= [epoch(frame.presentationTime), frame.width, frame.height];
    note(video);
  });
  document.addEventListener("DOMContentLoaded", () =>
    document.querySelectorAll("video").forEach(note));
})();
"""

# Of the newest connection: what it could send, what it sends, what it has got.
NOTE_FIGURES = """
(() => {
  window.samples = [];
  const look = async () => {
    const connection = window.connections.at(-1);
    if (connection?.connectionState !== "connected") return;
    const reports = await connection.getStats();
    const found = {at: Date.now()};
    const take = (from, ...names) => names.forEach((name) => (found[name] = from[name] ?? 0));
    for (const each of reports.values()) {
      if (each.type === "transport") {
        take(reports.get(each.selectedCandidatePairId) ?? {}, "availableOutgoingBitrate");
      } else if (each.type === "outbound-rtp" && each.kind === "video") {
        take(each, "framesEncoded", "bytesSent", "targetBitrate", "frameWidth");
      } else if (each.type === "inbound-rtp" && each.kind === "video") {
        take(each, "framesDecoded", "freezeCount", "nackCount", "pliCount", "packetsLost");
      }
    }
    window.samples.push(found);
  };
  setInterval(() => void look(), SAMPLE_MS);
})();
""".replace("SAMPLE_MS", str(SAMPLE_MS))

GRAB = """
() => {
  const video = [...document.querySelectorAll("video")].find((each) => each.videoWidth);
  if (!video) return null;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext("2d").drawImage(video, 0, 0);
  return [Date.now(), canvas.width, canvas.toDataURL("image/png").split(",")[1]];
}
"""

Sample = dict[str, float]


@dataclass(frozen=True, slots=True)
class Grab:
    """What stood on the Volunteer's screen, as PNG; times in ms since 1970, widths in pixels."""

    at_ms: float
    width: int
    png: bytes


class Stage:
    """Two people at their pages, who meet again and again."""

    def __init__(self, house: House, browsers: list[Browser], network: BadNetwork) -> None:
        self.house, self.network = house, network
        self._browsers = browsers
        self.requester: Requester
        self.volunteer: Volunteer

    async def let_in(self) -> None:
        """The Volunteer takes calls from now on."""
        self.volunteer = await self.another("Noor")
        await self.volunteer.take_calls()

    async def another(self, name: str) -> Volunteer:
        """One more Volunteer, who takes no calls yet."""
        volunteer = await Volunteer.enter(
            self.house,
            self._browsers[1],
            allowed=("microphone",),
            viewport=DESK,
            script=NOTE_FIGURES + NOTE_PICTURE,
        )
        return await volunteer.sign_in(name, "en")

    async def sit_down(self, through_network: bool) -> None:
        """Somebody new is about to ask, who reaches the relay by `network` or directly."""
        detour = detour_script(self.network.address) if through_network else ""
        script = NOTE_FIGURES + detour
        self.requester = await Requester.enter(self.house, self._browsers[0], script=script)
        await self.requester.come()

    async def meet(self) -> float:
        """They meet; when the Volunteer accepted. New notes are taken from here on."""
        await self.requester.ask()
        for person in (self.requester, self.volunteer):
            await person.page.evaluate("window.samples = []")
        await self.volunteer.accept()
        await self.volunteer.is_in_call()
        return float(await self.volunteer.page.evaluate("window.accepted"))

    async def first_picture(self) -> tuple[float, int] | None:
        """When it was shown, and how wide it is; nothing if none comes."""
        page = self.volunteer.page
        try:
            await page.wait_for_function("() => window.picture", timeout=PATIENCE_S * 1000)
        except PlaywrightTimeout:
            return None
        at_ms, width, _height = await page.evaluate("window.picture")
        return float(at_ms), int(width)

    async def part(self) -> None:
        """The call ends, nobody answers the questions, and both are where they began."""
        await self.requester.press("End call")
        for person in (self.requester, self.volunteer):
            await person.press("Send answers")
        await self.requester.is_back_at_start()
        await self.volunteer.sees(self.volunteer.button("Stop taking calls"))
        async for limit in self.house.live.redis.scan_iter("rate:*"):
            await self.house.live.redis.delete(limit)

    async def sent(self) -> list[Sample]:
        """What the Requester's page has noted of this call."""
        return await self._samples(self.requester)

    async def received(self) -> list[Sample]:
        """And the Volunteer's."""
        return await self._samples(self.volunteer)

    @staticmethod
    async def _samples(person: Requester | Volunteer) -> list[Sample]:
        found: list[Sample] = await person.page.evaluate("window.samples")
        return found

    async def grab(self) -> Grab | None:
        """The picture as the Volunteer's browser has it now; nothing before the first."""
        found: list[Any] | None = await self.volunteer.page.evaluate(GRAB)
        if found is None:
            return None
        at_ms, width, png = found
        return Grab(at_ms, width, base64.b64decode(png))


@asynccontextmanager
async def stage(folder: Path, camera: Path) -> AsyncIterator[Stage]:
    """A house with a Volunteer in it; both gone after the block."""
    async with AsyncExitStack() as stack:
        house = House(folder)
        stack.push_async_callback(house.close)
        await house.start()
        network = await stack.enter_async_context(bad_network(("127.0.0.1", house.relay_port)))
        playwright = await stack.enter_async_context(async_playwright())
        browsers: list[Browser] = []
        path = chromium(print)
        for name, hertz in (("alice", 440), ("noor", 880)):
            voice = microphone_file(folder / f"{name}.wav", hertz)
            browsers.append(await open_browser(playwright, path, camera, voice))
            stack.push_async_callback(browsers[-1].close)
        made = Stage(house, browsers, network)
        await made.let_in()
        share_weight()
        yield made


def share_weight() -> None:
    """Browsers make sessions of their own, and the kernel weighs each session by itself: a weight
    that this program was given counts for them too."""
    with contextlib.suppress(OSError, IndexError):
        weight = Path("/proc/self/autogroup").read_text().split()[-1]
        for pid in _descendants(os.getpid()):
            with contextlib.suppress(OSError):
                Path(f"/proc/{pid}/autogroup").write_text(weight)


def _descendants(parent: int) -> list[int]:
    """All processes below this one."""
    children = [pid for pid, _ in children_of(parent)]
    return children + [pid for child in children for pid in _descendants(child)]
