"""Does the phone help with its camera, and obey nobody but its person?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, Playwright, expect

from tests.browser.conftest import Cast, Devices
from tests.browser.media import camera_file
from tests.browser.people import Requester, open_browser
from tests.browser.senses import PATIENCE_S, connections, devices_open, sees_code
from tests.waiting import wait_for

# A phone's zoom, which no fake camera has without a permission that a phone does not ask for.
# Everything else about the camera stays real.
WITH_A_ZOOM = """
(() => {
  const {getCapabilities, applyConstraints} = MediaStreamTrack.prototype;
  MediaStreamTrack.prototype.getCapabilities = function () {
    const zoom = {min: 1, max: 4, step: 0.1};
    return {...getCapabilities.call(this), ...(this.kind === "video" ? {zoom} : {})};
  };
  MediaStreamTrack.prototype.applyConstraints = function (wanted) {
    const told = wanted?.advanced?.find((each) => "zoom" in each);
    if (!told) return applyConstraints.call(this, wanted);
    window.zoomed = told.zoom;
    return Promise.resolve();
  };
})();
"""
FRAMES = """async () => {
  const reports = window.connections.map(async (each) => [...(await each.getStats()).values()]);
  return (await Promise.all(reports)).flat()
    .filter(({type, kind}) => type === "outbound-rtp" && kind === "video")
    .reduce((sum, {framesEncoded}) => sum + framesEncoded, 0);
}"""
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


async def zooms(page: Page, times: float) -> None:
    """Wait until the camera was last told to come so near."""

    async def why_not() -> str:
        found = await page.evaluate("() => window.zoomed")
        return "" if found == times else f"the camera zooms {found} times"

    await wait_for(why_not, PATIENCE_S)


@pytest.fixture
async def phone(cast: Cast, stage: Playwright, chromium_path: str) -> AsyncIterator[Requester]:
    """Somebody whose phone has two cameras, both with zoom."""
    browser = await open_browser(stage, chromium_path, None, None, cameras=2)
    requester = await Requester.enter(cast.house, browser)
    await requester.context.add_init_script(WITH_A_ZOOM)
    yield await requester.come()
    assert requester.mistakes == []
    await browser.close()


async def test_whoever_helps_steers_the_camera_with_leave_and_everybody_hears_of_it(
    cast: Cast, phone: Requester
) -> None:
    await phone.settles_for("May a volunteer zoom my camera?", "Ask me")
    volunteer = await cast.taking_calls("Noor")
    await phone.ask()
    await volunteer.accept()
    await flows(phone.page, "video")
    await volunteer.press("Zoom in")
    await volunteer.reads_in_log("They are asked whether you may use their zoom")
    await phone.sees(
        phone.named("region", "Noor would like to use your camera's zoom in this call.")
    )
    await zooms(phone.page, 1)  # not yet
    await phone.press("Allow")
    await phone.reads_in_log("The volunteer zoomed your camera: 1.5 times")
    await volunteer.hears("1.5 times")
    await zooms(phone.page, 1.5)
    await volunteer.press("Zoom in")  # the answer holds for the call
    await phone.reads_in_log("The volunteer zoomed your camera: 2.3 times")
    await zooms(phone.page, 2.25)

    await volunteer.press("Switch their camera")
    await phone.reads_in_log("The volunteer switched your camera: now camera 2 of 2")
    await zooms(phone.page, 1)
    lens = phone.named("combobox", "Which camera")
    await expect(lens).to_have_text("Camera 1Camera 2")
    await lens.select_option("Camera 1")
    await phone.reads_in_log("Now camera 1 of 2")

    settings = await phone.new_tab()
    await settings.goto(phone.address + "/mine/")
    group = settings.get_by_role("group", name="May a volunteer switch my camera?", exact=True)
    await group.get_by_role("radio", name="Never", exact=True).check()
    await volunteer.reads("They do not allow: their other cameras")
    await volunteer.misses(volunteer.button("Switch their camera"))


async def test_a_paused_camera_is_closed_sends_nothing_and_comes_back(
    cast: Cast, devices: Devices
) -> None:
    requester, volunteer = await cast.meet("Noor")
    await sees_code(volunteer.page, devices.code)
    await requester.press("Pause camera")
    await requester.hears("Nobody sees anything")
    await volunteer.reads_in_log("They paused their camera")
    assert await devices_open(requester.page) == ["audio"]
    encoded = await requester.page.evaluate(FRAMES)
    await flows(requester.page, "audio")
    assert await requester.page.evaluate(FRAMES) == encoded > 0
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
