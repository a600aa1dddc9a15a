"""Can a call be had without ever looking? By the accessibility tree alone, on a black screen."""

from __future__ import annotations

from typing import Any

from playwright.async_api import CDPSession

from tests.browser.conftest import VOLUNTEER_HERTZ, Cast, Devices
from tests.browser.people import SETTLED, Requester
from tests.browser.senses import PATIENCE_S, hears_tone, sees_code
from tests.waiting import wait_for

# As a phone's screen curtain: everything is there, and nothing is to be seen.
CURTAIN = """
document.addEventListener("DOMContentLoaded", () => { document.body.style.opacity = 0; });
"""
# Whoever sees a little sees where the keys go: also in the colours of their own system.
OUTLINE = """() => {
  const {outlineStyle, outlineWidth, outlineColor} = getComputedStyle(document.activeElement);
  const seen = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  return document.activeElement.matches(":focus-visible") && seen
    && outlineColor !== getComputedStyle(document.body).backgroundColor;
}"""


class Unseeing:
    """What a screen reader has: roles, names and an action; no pixel and no selector."""

    def __init__(self, requester: Requester, cdp: CDPSession) -> None:
        self.page, self._cdp = requester.page, cdp

    @classmethod
    async def come(cls, requester: Requester) -> Unseeing:
        cdp = await requester.context.new_cdp_session(requester.page)
        await cdp.send("Accessibility.enable")
        return cls(requester, cdp)

    async def nodes(self, role: str, name: str) -> list[dict[str, Any]]:
        """Those of the tree that have both, and are not ignored."""
        root = await self._cdp.send("DOM.getDocument", {"depth": 0})
        asked = {"nodeId": root["root"]["nodeId"], "role": role, "accessibleName": name}
        found = await self._cdp.send("Accessibility.queryAXTree", asked)
        return [node for node in found["nodes"] if not node["ignored"]]

    async def finds(self, role: str, name: str) -> int:
        """The one such node; the number by which the browser knows what it stands for."""

        async def why_not() -> str:
            return "" if await self.nodes(role, name) else f"there is no {role} {name!r}"

        await wait_for(why_not, PATIENCE_S)
        [node] = await self.nodes(role, name)
        return int(node["backendDOMNodeId"])

    async def acts(self, name: str) -> None:
        """Moves to the button, and presses Enter."""
        await self.types_into("button", name, "Enter")

    async def types_into(self, role: str, name: str, *keys: str) -> None:
        found = await self.finds(role, name)
        await self.page.wait_for_function(SETTLED)
        await self._cdp.send("DOM.focus", {"backendNodeId": found})
        await self.page.keyboard.press("Shift")  # whoever has keys is shown the place
        assert await self.page.evaluate(OUTLINE), f"the focus on {name!r} is not to be seen"
        for key in keys:
            await self.page.keyboard.press(key)


async def test_a_call_by_the_accessibility_tree_alone(cast: Cast, devices: Devices) -> None:
    volunteer = await cast.taking_calls("Noor")
    requester = await cast.requester(script=CURTAIN, forced_colors="active")
    unseeing = await Unseeing.come(requester)
    black = await requester.page.screenshot()
    await unseeing.acts("Call a volunteer")
    await unseeing.finds("heading", "Asking for help")
    assert await requester.page.screenshot() == black
    await volunteer.accept()
    await unseeing.finds("heading", "In a call with Noor")
    await sees_code(volunteer.page, devices.code)
    await hears_tone(requester.page, VOLUNTEER_HERTZ)
    await unseeing.types_into("textbox", "Message", "o", "k", "Enter")
    await volunteer.reads_in_log("ok$")
    await unseeing.acts("Pause camera")
    await volunteer.reads_in_log("paused their camera")
    await unseeing.acts("End call")
    await unseeing.finds("heading", "The call is over")
    await unseeing.types_into("radio", "Good", "Space")
    await unseeing.acts("Send answers")
    await unseeing.finds("button", "Call a volunteer")
    assert await requester.page.screenshot() == black
