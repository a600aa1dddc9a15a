"""What takes the camera, the microphone or the sound away, and do they come back by themselves?"""

from __future__ import annotations

from playwright.async_api import Page

from tests.browser.conftest import REQUESTER_HERTZ, VOLUNTEER_HERTZ, Cast, Devices
from tests.browser.senses import hears_tone, sees_code

# No fake device can be taken away: the track is stopped, and says so as when the system did it.
TAKE = """(kind) => {
  for (const track of window.devices.filter((each) => each.kind === kind)) {
    track.stop();
    track.dispatchEvent(new Event("ended"));
  }
}"""
# Nor can a page of a test be hidden: it is told that it is, and what plays is stopped.
HIDE = """(hidden) => {
  Object.defineProperty(document, "visibilityState", {
    configurable: true, get: () => (hidden ? "hidden" : "visible"),
  });
  if (hidden) for (const each of document.querySelectorAll("audio")) each.pause();
  document.dispatchEvent(new Event("visibilitychange"));
}"""
OPENED = "() => window.devices.length"
# An iPhone's word for how sound is to be led; Chromium has none.
SESSION = "navigator.audioSession = {type: 'auto'};"


async def route(page: Page) -> str:
    return str(await page.evaluate("() => navigator.audioSession.type"))


async def test_what_the_system_takes_comes_back_by_itself(cast: Cast, devices: Devices) -> None:
    volunteer = await cast.taking_calls("Noor")
    requester = await cast.requester(script=SESSION)
    assert await route(requester.page) == "auto"
    await requester.ask()
    await volunteer.accept()
    await sees_code(volunteer.page, devices.code)
    assert await route(requester.page) == "play-and-record"

    await requester.page.evaluate(TAKE, "video")
    await requester.reads_in_log("Your camera stopped")
    await requester.reads_in_log("Your camera is back")
    await volunteer.reads_in_log("camera is on again|camera is back|resumed")
    await sees_code(volunteer.page, devices.code)

    await requester.page.evaluate(HIDE, True)
    opened = await requester.page.evaluate(OPENED)
    await requester.page.evaluate(TAKE, "audio")
    await requester.reads_in_log("Your microphone stopped")
    assert await requester.page.evaluate(OPENED) == opened
    await requester.page.evaluate(HIDE, False)
    await requester.reads_in_log("Your microphone is back")
    await hears_tone(volunteer.page, REQUESTER_HERTZ)
    await hears_tone(requester.page, VOLUNTEER_HERTZ)

    await volunteer.page.evaluate(TAKE, "audio")
    await volunteer.reads_in_log("Your microphone is back")
    await hears_tone(requester.page, VOLUNTEER_HERTZ)

    await requester.press("End call")
    await volunteer.reads("ended the call")
    assert await route(requester.page) == "auto"


async def test_what_does_not_come_back_is_a_press_away(cast: Cast, devices: Devices) -> None:
    """The person took the permission away, thought better of it, and gave it back."""
    requester, volunteer = await cast.meet()
    await requester.context.clear_permissions()
    await requester.page.evaluate(TAKE, "video")
    await requester.reads_in_log('Press "Resume camera" to try again')
    await requester.context.grant_permissions(["camera", "microphone"], origin=requester.address)
    await requester.press("Resume camera")
    await requester.reads_in_log("Your camera is on again")
    await sees_code(volunteer.page, devices.code)
