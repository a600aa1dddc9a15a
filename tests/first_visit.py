"""How does somebody come to the page that asks for help for the first time, by a line of ours?

A browser that has never been here, the house's own certificate, TLS as it is, nothing cached.
"""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.async_api import Browser, BrowserContext, Page, Playwright, Request, WebSocket

from tests.browser.house import House
from tests.browser.people import PHONE
from tests.shaped import Line, shaped
from tests.waiting import PATIENCE_S, wait_for

# From the page itself, by its own clock, which begins with the person's wish to see it: when the
# button is there, and when a press says something. It is pressed again and again until then.
PRESS = """
(() => {
  const seen = (window.seen = {presses: 0});
  const look = setInterval(() => {
    const ask = document.getElementById("ask");
    const now = performance.now();
    if (document.querySelector("#log li")) {
      seen.works_ms = now;
      return clearInterval(look);
    }
    if (!ask?.checkVisibility({visibilityProperty: true}) || ask.disabled) return;
    seen.there_ms ??= now;
    if (now - (seen.pressed_ms ?? -Infinity) < 100) return;
    seen.pressed_ms = now;
    seen.presses += 1;
    ask.click();
  }, 5);
})();
"""


@dataclass
class Visit:
    """What the browser asked for, and when, in seconds since it was sent to the page."""

    page: Page
    origin: str
    begun_s: float = field(default_factory=time.monotonic)
    asked: list[str] = field(default_factory=list)
    open_requests: int = 0
    linked_s: float | None = None
    receipt_s: float | None = None

    def listen(self) -> None:
        self.page.on("request", self._asks)
        self.page.on("requestfinished", self._answered)
        self.page.on("requestfailed", self._answered)
        self.page.on("websocket", self._opens)

    def _asks(self, request: Request) -> None:
        self.asked.append(request.url)
        self.open_requests += 1

    def _answered(self, _request: Request) -> None:
        self.open_requests -= 1

    def _opens(self, socket: WebSocket) -> None:
        self.asked.append(socket.url)
        socket.on("framereceived", self._hears)

    def _hears(self, text: str | bytes) -> None:
        now_s = time.monotonic() - self.begun_s
        if self.linked_s is None:
            self.linked_s = now_s
        if self.receipt_s is None and "help.receipt" in str(text):
            self.receipt_s = now_s

    def elsewhere(self) -> list[str]:
        """Whatever was asked of anybody but the house."""
        ours = (self.origin, self.origin.replace("https:", "wss:"), "data:", "blob:")
        return [address for address in self.asked if not address.startswith(ours)]

    async def is_complete(self) -> None:
        """All that a page fetches by itself is there, its link too."""
        await wait_for(self._why_not_complete, PATIENCE_S)

    async def _why_not_complete(self) -> str:
        if self.linked_s is None:
            return "no word from the house on the page's socket"
        return f"{self.open_requests} answers are still missing" * (self.open_requests > 0)

    async def figures(self) -> dict[str, Any]:
        """What `PRESS` saw, once the house has the wish for help."""
        await wait_for(lambda: "no receipt of the wish" * (self.receipt_s is None), PATIENCE_S)
        seen: dict[str, Any] = await self.page.evaluate("window.seen")
        return seen


@asynccontextmanager
async def first_visit(
    stage: Playwright, chromium: str, house: House, line: Line, script: str = ""
) -> AsyncIterator[Visit]:
    """A page on its way to the house, by this line, in a browser that has never been there."""
    async with shaped(line, house.https_port) as port:
        browser = await visitor(stage, chromium, house, port)
        try:
            context = await newcomer(browser, house)
            if script:
                await context.add_init_script(script)
            page = await context.new_page()
            visit = Visit(page, origin(house))
            visit.listen()
            await page.goto(f"{visit.origin}/", wait_until="commit")
            yield visit
        finally:
            await browser.close()


def origin(house: House) -> str:
    return f"https://localhost:{house.https_port}"


async def visitor(stage: Playwright, chromium: str, house: House, port: int) -> Browser:
    """Trusts the house's own certificate, and finds nothing in the world but this port."""
    rules = (f"MAP localhost:{house.https_port} 127.0.0.1:{port}", "MAP * ~NOTFOUND")
    return await stage.chromium.launch(
        executable_path=chromium,
        args=[
            "--use-fake-device-for-media-stream",
            f"--ignore-certificate-errors-spki-list={pin(house.state)}",
            f"--host-resolver-rules={', '.join((*rules, 'EXCLUDE 127.0.0.1'))}",
        ],
    )


async def newcomer(browser: Browser, house: House) -> BrowserContext:
    """Without the service worker, which begins 3 s after the page and has a weight of its own."""
    context = await browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        locale="en-GB",
        service_workers="block",
    )
    await context.grant_permissions(["camera", "microphone"], origin=origin(house))
    return context


def pin(state: Path) -> str:
    """The house's public key, as Chromium wants to be told whom to trust."""
    (chain,) = state.rglob("house.crt")
    key = x509.load_pem_x509_certificate(chain.read_bytes()).public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(spki).digest()).decode()
