"""What are people told when something is not as it should be? Words, and what to do next."""

from __future__ import annotations

from time import monotonic

from playwright.async_api import Playwright

from assist.gateway.consumers import REVALIDATE_S
from tests.browser.conftest import REQUESTER_HERTZ, Cast, Devices
from tests.browser.people import Requester, open_browser
from tests.browser.senses import hears_tone, sees_code
from tests.waiting import PATIENCE_S, wait_for


async def test_a_refused_camera_and_microphone_are_explained(cast: Cast) -> None:
    requester = await cast.requester(allowed=())
    await requester.press("Call a volunteer")
    await requester.reads("Allow them in the browser's settings")
    await requester.is_back_at_start()
    assert (await cast.house.live.queue()).helps == []


async def test_without_a_camera_the_voice_still_calls(cast: Cast) -> None:
    volunteer = await cast.taking_calls("Noor")
    requester = await cast.requester(allowed=("microphone",))
    await requester.ask()
    await requester.reads("Without a camera")
    await volunteer.accept()
    await hears_tone(volunteer.page, REQUESTER_HERTZ)
    await volunteer.reads("no camera on")


async def test_without_a_microphone_the_words_still_call(cast: Cast, devices: Devices) -> None:
    volunteer = await cast.taking_calls("Noor")
    requester = await cast.requester(allowed=("camera",))
    await requester.ask()
    await requester.reads("Without a microphone")
    await volunteer.accept()
    await sees_code(volunteer.page, devices.code)
    await requester.type_words("I cannot speak here")
    await volunteer.reads_in_log("I cannot speak here")


async def test_a_device_without_a_camera_is_told(
    cast: Cast, stage: Playwright, chromium_path: str
) -> None:
    browser = await open_browser(stage, chromium_path, None, None, cameras=0)
    requester = await Requester.enter(cast.house, browser)
    cast.guests.append(requester)
    await requester.come()
    await requester.ask()
    await requester.reads("This device has no camera. The volunteer hears you")
    await requester.leave()
    cast.guests.remove(requester)
    await browser.close()


async def test_suspension_ends_a_volunteers_page_at_once(cast: Cast) -> None:
    """Long before the page's right to be there would be looked at again."""
    assert PATIENCE_S < REVALIDATE_S
    volunteer = await cast.volunteer("Ravi")
    closed_at: list[float] = []
    volunteer.page.on(
        "websocket", lambda socket: socket.on("close", lambda _: closed_at.append(monotonic()))
    )
    await volunteer.page.reload()
    await volunteer.take_calls()
    await cast.house.manage("suspend", "Ravi")
    suspended_at = monotonic()
    await volunteer.reads("Your access has been ended")
    await wait_for(lambda: "" if closed_at else "the socket is still open")
    print(f"closed {closed_at[0] - suspended_at:.2f} s after the command had ended")
    assert (await cast.house.live.queue()).volunteers == []
    await volunteer.visit("/volunteer/", 403)
    await volunteer.misses(volunteer.button("Start taking calls"))


async def test_a_blocked_volunteer_is_not_rung_again(cast: Cast) -> None:
    requester, volunteer = await cast.meet("Bob")
    await requester.press("End and block")
    await requester.reads("not be connected with Bob again")
    await volunteer.reads("The person ended the call")
    await requester.press("Back to the start")
    await volunteer.press("Skip")
    await volunteer.sees(volunteer.button("Stop taking calls"))
    await requester.ask()
    noor = await cast.taking_calls("Noor")
    await noor.sees(noor.ring)
    await volunteer.misses(volunteer.ring)


async def test_a_stopping_service_tells_those_who_wait_and_those_in_a_call(cast: Cast) -> None:
    requester, volunteer = await cast.meet()
    waiting = await cast.requester()
    await waiting.ask()
    await waiting.reads("Nobody is free")
    await cast.house.live.stop_service()
    for guest in (requester, volunteer, waiting):
        await guest.reads("The service is stopping")


async def test_an_invitation_works_once(cast: Cast) -> None:
    address = await cast.house.invite("volunteer", "Olga", "en")
    path = address.removeprefix(cast.house.address)
    first = await cast.guest(path)
    await first.press("Sign in as Olga")
    await first.press("I promise")
    await first.sees(first.button("Start taking calls"))
    for worthless, status in ((path, 410), ("/invite/forged/", 410)):
        second = await cast.guest(worthless, status)
        await second.misses(second.button("Sign in as Olga"))
        await second.sees(second.page.get_by_role("heading", level=1))


async def test_no_page_is_without_words(cast: Cast) -> None:
    guest = await cast.guest("/nowhere/", 404)
    await guest.reads("There is nothing here")
    await guest.sees(guest.page.get_by_role("link", name="To the start page"))
