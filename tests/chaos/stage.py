"""Who plays where pages are in a chaos program? A house with relays, and two people in a call.

Each page notes when media comes in and what a screen reader is told, so that a gap can be read off
afterwards.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.async_api import Page, Playwright, async_playwright

from assist.lib.env import ROOT
from assist.lib.parent import die_with_parent
from assist.live.keys import key
from assist.management.tools import chromium
from tests.browser.house import House
from tests.browser.media import camera_file, microphone_file
from tests.browser.people import Requester, Volunteer, open_browser
from tests.processes import free_port
from tests.waiting import wait_for

READY_S = 30

# Each time when any connection of this page has brought a packet of sound, or a picture, since, and
# each time when a screen reader has been told something.
RECORD = """
(() => {
  const seen = { sound: [], picture: [], told: [] };
  const before = new Map();
  async function look() {
    for (const [index, pc] of (window.connections ?? []).entries()) {
      if (pc.connectionState === "closed") continue;
      for (const each of (await pc.getStats()).values()) {
        if (each.type !== "inbound-rtp") continue;
        const kind = each.kind === "video" ? "picture" : "sound";
        const count = kind === "picture" ? each.framesDecoded : each.packetsReceived;
        const name = `${index} ${each.id}`;
        if (count > (before.get(name) ?? 0)) seen[kind].push({ at: Date.now() });
        before.set(name, count);
      }
    }
    setTimeout(look, 50);
  }
  void look();
  addEventListener("DOMContentLoaded", () => {
    for (const region of document.querySelectorAll("[aria-live]")) {
      const note = () => seen.told.push({ at: Date.now(), text: region.textContent });
      const all = { subtree: true, childList: true, characterData: true };
      new MutationObserver(note).observe(region, all);
    }
  });
  window.noted = (from) => {
    const since = (list) => list.filter(({ at }) => at >= from);
    const { sound, picture, told } = seen;
    return { sound: since(sound), picture: since(picture), told: since(told), now: Date.now() };
  };
})();
"""


@dataclass(slots=True)
class Gap:
    """The longest time without media after something happened, in seconds."""

    lasted_s: float
    over_after_s: float  # from what happened until media came again


@dataclass(slots=True)
class Relay:
    """One relay process beside the house's own, which sleeps."""

    process: asyncio.subprocess.Process
    port: int


@dataclass(slots=True)
class Stage:
    """The house, its relays, and who is in it."""

    house: House
    playwright: Playwright
    folder: Path
    chromium: str
    relays: list[Relay] = field(default_factory=list)

    # -- relays -----------------------------------------------------------------

    async def only_our_relays(self, count: int) -> None:
        """The house would start its own again, ever later. It is frozen, and counted no more."""
        os.kill(self.house.pid("relay"), signal.SIGSTOP)
        for line in (await self.house.live.queue()).relays:
            await self.house.live.relay_withdraw(line.id)
        for _ in range(count):
            await self.start_relay()
        await wait_for(lambda: self.why_not_relays(count), READY_S)

    async def start_relay(self) -> Relay:
        port = free_port(socket.SOCK_DGRAM)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "manage.py", "relay"),
            cwd=ROOT,
            env={**self.house.environ(), "ASSIST_RELAY_PORT": str(port)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            preexec_fn=die_with_parent() if sys.platform == "linux" else None,
        )
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), READY_S)
        assert line.startswith(b"relay: ready"), line
        self.relays.append(relay := Relay(process, port))
        return relay

    async def why_not_relays(self, count: int) -> str:
        lines = (await self.house.live.queue()).relays
        return "" if len(lines) == count else f"{len(lines)} relays, not {count}"

    async def carrier(self) -> Relay:
        """The one that carries the call."""
        identity = (await self.truth())["relay"]
        port = await self.house.live.redis.hget(key("relay", identity), "port")
        (found,) = (relay for relay in self.relays if str(relay.port) == port)
        return found

    async def end_of(self, relay: Relay, number: signal.Signals) -> None:
        """Send this signal; the relay is counted no more."""
        self.relays.remove(relay)
        relay.process.send_signal(number)

    # -- the call ---------------------------------------------------------------

    async def truth(self) -> dict[str, str]:
        """What is live of the one HelpRequest that is open."""
        (line,) = (await self.house.live.queue()).helps
        found: Any = await self.house.live.redis.hgetall(key("help", line.id))
        return {**found, "id": line.id}

    async def legs(self) -> dict[str, str]:
        """Of that one, by person: the state and number of their Leg."""
        (line,) = (await self.house.live.queue()).helps
        found: Any = await self.house.live.redis.hgetall(key("legs", line.id))
        return dict(found)

    def rings(self, help_request: str) -> int:
        """How many Offers were made for it."""
        question = "SELECT id FROM records_offer WHERE help_request_id = ?"
        return len(self.house.history(question, help_request))

    async def requester(self, browser: str = "", script: str = "", **options: Any) -> Requester:
        """Somebody at the start page, in a browser of their own with a camera."""
        found = await open_browser(
            self.playwright,
            browser or self.chromium,
            self.folder / "camera.y4m",
            self.folder / "requester.wav",
        )
        guest = await Requester.enter(self.house, found, **options)
        await guest.context.add_init_script(RECORD + script)
        return await guest.come()

    async def volunteer(self, name: str = "Noor") -> Volunteer:
        """Somebody who takes calls."""
        voice = self.folder / "volunteer.wav"
        found = await open_browser(
            self.playwright, self.chromium, self.folder / "camera.y4m", voice
        )
        guest = await Volunteer.enter(self.house, found, allowed=("microphone",))
        await guest.context.add_init_script(RECORD)
        await guest.sign_in(name, "en")
        await guest.take_calls()
        return guest

    async def meet(self, requester: Requester, volunteer: Volunteer) -> None:
        """Until both have picture and sound."""
        began_ms = now_ms()
        await requester.ask()
        await volunteer.accept()
        await wait_for(lambda: why_no_media(requester.page, volunteer.page, began_ms), READY_S)

    async def part(self, requester: Requester, volunteer: Volunteer) -> None:
        """The call ends; the Volunteer takes calls again, the Requester's browser is closed."""
        await requester.press("End call")
        await volunteer.press("Skip")
        await volunteer.sees(volunteer.button("Stop taking calls"))
        browser = requester.context.browser
        assert browser is not None
        await browser.close()


def now_ms() -> int:
    """The pages' clock is ours."""
    return int(time.time() * 1000)


async def why_no_media(requester: Page, volunteer: Page, from_ms: int) -> str:
    """Nothing once both hear and the Volunteer sees something that came after `from_ms`."""
    theirs, ours = [await page.evaluate("noted", from_ms) for page in (requester, volunteer)]
    missing = [
        *["the Requester hears nothing"] * (not theirs["sound"]),
        *["the Volunteer hears nothing"] * (not ours["sound"]),
        *["the Volunteer sees nothing"] * (not ours["picture"]),
    ]
    return ", ".join(missing)


def gap_in(arrivals: list[dict[str, int]], happened_ms: int, looked_ms: int) -> Gap:
    """The longest hole in the arrivals that ends after what happened."""
    before = [one["at"] for one in arrivals if one["at"] <= happened_ms]
    after = [one["at"] for one in arrivals if one["at"] > happened_ms]
    edges = [before[-1] if before else happened_ms, *after, looked_ms]
    start, end = max(pairwise(edges), key=lambda hole: hole[1] - hole[0])
    return Gap((end - start) / 1000, (end - happened_ms) / 1000)


async def gaps_of(requester: Page, volunteer: Page, happened_ms: int) -> dict[str, Gap]:
    """By who: what the Requester hears, what the Volunteer hears and sees."""
    theirs, ours = [
        await page.evaluate("noted", happened_ms - 2_000) for page in (requester, volunteer)
    ]
    return {
        "requester_hears": gap_in(theirs["sound"], happened_ms, theirs["now"]),
        "volunteer_hears": gap_in(ours["sound"], happened_ms, ours["now"]),
        "volunteer_sees": gap_in(ours["picture"], happened_ms, ours["now"]),
    }


async def told_after(page: Page, words: str, happened_ms: int) -> float | None:
    """After how many seconds a screen reader was told something with these words in it."""
    noted = await page.evaluate("noted", happened_ms)
    times: list[int] = [one["at"] for one in noted["told"] if words in one["text"]]
    return (times[0] - happened_ms) / 1000 if times else None


@asynccontextmanager
async def staged(folder: Path, **settings: str) -> AsyncIterator[Stage]:
    """A house that is ready; all of it, and every browser, is gone after the block."""
    camera_file(folder / "camera.y4m", "assist")
    microphone_file(folder / "requester.wav", 440)
    microphone_file(folder / "volunteer.wav", 880)
    house = House(folder, **settings)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(house.close)
        await house.start()
        playwright = await stack.enter_async_context(async_playwright())
        stage = Stage(house, playwright, folder, chromium(print))
        stack.callback(end_all, stage)
        yield stage


def end_all(stage: Stage) -> None:
    """Whoever of ours still runs, and whoever we have frozen."""
    for relay in stage.relays:
        relay.process.kill()
    os.kill(stage.house.pid("relay"), signal.SIGCONT)
