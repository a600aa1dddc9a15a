"""How does somebody lose their network for a while? Page, socket, picture and sound alike.

Their browser finds the house through one proxy, and its relay through another. Nothing is told to
the browser, as to no phone in a tunnel: it still believes that it is online.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Playwright

from tests.browser.conftest import Cast, Devices
from tests.browser.people import Requester, open_browser
from tests.browser.senses import REMEMBER_SAID
from tests.impair import BadNetwork, bad_network, detour_script
from tests.shaped import Line, line, shaped


@dataclass(frozen=True, slots=True)
class Tunnel:
    """Where this person travels."""

    requester: Requester
    line: Line
    network: BadNetwork

    def begins(self) -> None:
        self.line.goes_dark()
        self.network.both(dark=True)

    def ends(self) -> None:
        self.line.comes_back()
        self.network.both(dark=False)


@asynccontextmanager
async def tunnel(
    cast: Cast, stage: Playwright, chromium: str, devices: Devices
) -> AsyncIterator[Tunnel]:
    """Somebody new, at the start page, with a good network. They leave with the block."""
    house, way = cast.house, line()
    async with shaped(way, house.port) as port, bad_network(("127.0.0.1", house.relay_port)) as net:
        ways = (f"MAP localhost:{house.port} 127.0.0.1:{port}",)
        cameras = (devices.camera, devices.requester_voice)
        browser = await open_browser(stage, chromium, *cameras, ways=ways)
        try:
            script = REMEMBER_SAID + detour_script(net.address)
            requester = await Requester.enter(house, browser, script=script)
            yield Tunnel(await requester.come(), way, net)
            assert requester.mistakes == []
        finally:
            await browser.close()
