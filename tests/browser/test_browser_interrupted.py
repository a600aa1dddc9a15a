"""What takes the camera, the microphone or the sound away, and do they come back by themselves?"""

from __future__ import annotations

from playwright.async_api import Page, Playwright

from tests.browser.conftest import REQUESTER_HERTZ, VOLUNTEER_HERTZ, Cast, Devices
from tests.browser.senses import REMEMBER_SAID, hears_tone, sees_code
from tests.browser.tunnel import tunnel

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
# Where the focus is, and whether it has ever been elsewhere.
REMEMBER_FOCUS = """() => {
  window.focused = document.activeElement;
  window.strayed = false;
  document.addEventListener("focusout", () => { window.strayed = true; });
}"""
STAYED = "() => document.activeElement === window.focused && !window.strayed && focused.isConnected"
GONE_MS = 8_000
PASSED = "([since, ms]) => Date.now() - since >= ms"
MINE = ("Your connection is lost. We are reconnecting.", "Your connection is back.")
THEIRS = (
    "Their connection is lost. It may come back: please wait a moment.",
    "Their connection is back.",
)
LOG = "() => [...document.querySelectorAll('#log li')].map((each) => each.textContent)"
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


async def test_eight_seconds_without_a_network_are_told_to_both_and_end_nothing(
    cast: Cast, devices: Devices, stage: Playwright, chromium_path: str
) -> None:
    volunteer = await cast.taking_calls("Noor", script=REMEMBER_SAID)
    async with tunnel(cast, stage, chromium_path, devices) as way:
        requester = way.requester
        await requester.ask()
        await volunteer.accept()
        await requester.is_in_call()
        await sees_code(volunteer.page, devices.code)
        await hears_tone(requester.page, VOLUNTEER_HERTZ)
        (before,) = (await cast.house.live.queue()).helps
        for guest, name in ((requester, "Mute microphone"), (volunteer, "Zoom in")):
            await guest.button(name).focus()
            await guest.page.evaluate(REMEMBER_FOCUS)

        way.begins()
        since = await requester.page.evaluate("Date.now()")
        await requester.reads_in_log(MINE[0])
        await volunteer.reads_in_log(THEIRS[0])
        sign = volunteer.group("Their picture").get_by_text("This is the last picture")
        await volunteer.sees(sign)
        await requester.page.wait_for_function(PASSED, arg=[since, GONE_MS])
        way.ends()

        await requester.reads_in_log(MINE[1])
        await volunteer.reads_in_log(THEIRS[1])
        await volunteer.misses(sign)
        await sees_code(volunteer.page, devices.code)
        await hears_tone(volunteer.page, REQUESTER_HERTZ)
        await hears_tone(requester.page, VOLUNTEER_HERTZ)
        (after,) = (await cast.house.live.queue()).helps
        assert (after.id, after.call) == (before.id, before.call)
        for guest, told in ((requester, MINE), (volunteer, THEIRS)):
            assert await guest.page.evaluate(STAYED)
            for heard in (await guest.page.evaluate(LOG), await guest.page.evaluate("said")):
                assert [each for each in heard if each in told] == list(told)
        await requester.press("End call")
        await volunteer.reads("ended the call")
