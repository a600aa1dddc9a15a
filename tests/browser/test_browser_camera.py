"""Does the phone help with its camera, and obey nobody but its person?"""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page, Playwright, expect

from tests.browser.conftest import Cast, Devices
from tests.browser.media import camera_file
from tests.browser.people import Requester, open_browser
from tests.browser.senses import PATIENCE_S, connections, devices_open, sees_code
from tests.waiting import wait_for

ENOUGH_PACKETS = 60
NIGHT = 0.2  # of the day's light


async def packets(page: Page, kind: str) -> int:
    """How many have left so far."""
    return sum(
        sent["packetsSent"]
        for connection in await connections(page)
        for sent in connection["sent"]
        if sent["kind"] == kind
    )


async def flows(page: Page, kind: str) -> None:
    before = await packets(page, kind)

    async def why_not() -> str:
        gained = await packets(page, kind) - before
        return "" if gained >= ENOUGH_PACKETS else f"{gained} packets of {kind}"

    await wait_for(why_not, PATIENCE_S)


async def test_a_paused_camera_is_closed_sends_nothing_and_comes_back(
    cast: Cast, devices: Devices
) -> None:
    requester, volunteer = await cast.meet("Noor")
    await sees_code(volunteer.page, devices.code)
    await requester.press("Pause camera")
    await requester.hears("Nobody sees anything")
    await volunteer.reads_in_log("They paused their camera")
    assert await devices_open(requester.page) == ["audio"]
    await flows(requester.page, "audio")  # what was under way has left by now
    seen = await packets(requester.page, "video")
    await flows(requester.page, "audio")
    assert await packets(requester.page, "video") == seen
    await requester.press("Resume camera")
    await volunteer.reads_in_log("Their camera is on again")
    await sees_code(volunteer.page, devices.code)
    assert await devices_open(requester.page) == ["audio", "video"]
    log = requester.page.get_by_role("region", name="What happened")
    await expect(log).not_to_contain_text("The picture is")  # sharp print: no false alarm


async def test_a_call_may_begin_with_the_voice_alone(cast: Cast, devices: Devices) -> None:
    volunteer = await cast.taking_calls("Noor")
    requester = await cast.requester()
    await requester.settles_for("When a call begins", "Camera off")
    await requester.ask()
    await requester.reads_in_log("Your camera stays off")
    await volunteer.accept()
    await requester.reads_in_log('Your camera is off. To show something, press "Turn camera on"')
    await volunteer.reads_in_log("They have no camera on just now")
    assert await devices_open(requester.page) == ["audio"]
    await requester.press("Turn camera on")
    await requester.reads_in_log("Your camera is on")
    await sees_code(volunteer.page, devices.code)


async def test_a_dark_room_is_told_before_anybody_answers(
    cast: Cast, stage: Playwright, chromium_path: str, tmp_path: Path, devices: Devices
) -> None:
    film = camera_file(tmp_path / "night.y4m", devices.code, light=NIGHT)
    browser = await open_browser(stage, chromium_path, film, devices.requester_voice)
    requester = await Requester.enter(cast.house, browser)
    await (await requester.come()).ask()
    await requester.hears("It is dark. Turn your light on, or find more light")
    await requester.reads_in_log("It is dark")
    assert requester.mistakes == []
    await browser.close()
