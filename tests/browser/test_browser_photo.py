"""Does a sharp photo get across, only with consent, and does nothing of it stay?"""

from __future__ import annotations

from typing import Any

from playwright.async_api import Page, expect

from tests.browser.conftest import Cast, Devices
from tests.browser.people import PATIENCE_MS, WITH_A_LIGHT, Guest, Requester, Volunteer
from tests.browser.senses import PATIENCE_S, sees_code, sees_no_code
from tests.waiting import wait_for

# A phone whose photographs are large, as a camera's are and no fake one's. Noise cannot be packed.
WITH_A_LARGE_CAMERA = """
(() => {
  ImageCapture.prototype.getPhotoCapabilities = async () => ({});
  ImageCapture.prototype.takePhoto = async () => {
    const canvas = new OffscreenCanvas(1400, 1050);
    const context = canvas.getContext("2d");
    const picture = context.createImageData(1400, 1050);
    const part = new Uint8Array(65536);
    for (let at = 0; at < picture.data.length; at += part.length) {
      crypto.getRandomValues(part);
      picture.data.set(part.subarray(0, picture.data.length - at), at);
    }
    context.putImageData(picture, 0, 0);
    return canvas.convertToBlob({type: "image/png"});
  };
})();
"""
WITHOUT_IMAGE_CAPTURE = "delete window.ImageCapture"
PICTURE = """() => {
  const image = document.querySelector("#sharp");
  return {address: image.src, width: image.naturalWidth, height: image.naturalHeight};
}"""
SHARE = "() => document.querySelector('#photo-share').value"
BACK_MS = 90_000
LINES = "() => window.connections.length"
CAN_BE_READ = """(address) => {
  const image = new Image();
  image.src = address;
  return image.decode().then(() => true, () => false);
}"""
KEPT = """async () => [
  ...Object.keys(localStorage), ...Object.keys(sessionStorage),
  ...await caches.keys(), ...(await indexedDB.databases()).map((each) => each.name),
]"""


async def takes_photo(volunteer: Volunteer) -> None:
    await volunteer.press("Take sharp photo")


async def has_photo(volunteer: Volunteer) -> dict[str, Any]:
    """Wait until the photograph is shown; its address and size."""
    await volunteer.sees(volunteer.named("img", "Their sharp photo"))
    await volunteer.reads_in_log("The sharp photo is here")
    found: dict[str, Any] = await volunteer.page.evaluate(PICTURE)
    return found


async def test_a_sharp_photo_is_asked_for_shown_and_forgotten(cast: Cast, devices: Devices) -> None:
    requester, volunteer = await cast.meet("Noor")
    before = await kept(requester, volunteer)
    await takes_photo(volunteer)
    await volunteer.reads_in_log("They are asked whether you may take a sharp photo")
    await requester.sees(requester.named("region", "Noor would like to take a sharp photo."))
    await requester.hears("Noor would like to take a sharp photo")
    await volunteer.reads("You can ask them for a sharp photo")
    waiting = volunteer.page.get_by_text("Waiting for their word: a sharp photo")
    await volunteer.sees(waiting)
    await requester.press("Allow")
    await requester.reads_in_log("A sharp photo is being taken")
    await volunteer.misses(waiting)
    await expect(requester.named("heading", "In a call with Noor")).to_be_focused(
        timeout=PATIENCE_MS
    )
    photo = await has_photo(volunteer)
    assert await volunteer.page.evaluate(CAN_BE_READ, photo["address"])
    assert (photo["width"], photo["height"]) == (640, 480)  # all that this camera has
    await sees_code(volunteer.page, devices.code)
    await requester.reads_in_log("The sharp photo has arrived")

    await requester.press("Pause camera")  # what is seen from here on is the photograph
    await volunteer.reads_in_log("They paused their camera")
    await volunteer.reads("Their camera is paused. This is an earlier picture")
    await sees_code(volunteer.page, devices.code)
    await volunteer.press("Show live picture")
    await sees_no_code(volunteer.page)
    await volunteer.press("Show sharp photo")
    await sees_code(volunteer.page, devices.code)

    await requester.press("End call")
    await volunteer.reads("The person ended the call")
    assert await volunteer.page.evaluate(PICTURE) == {"address": "", "width": 0, "height": 0}
    assert await volunteer.page.evaluate(CAN_BE_READ, photo["address"]) is False
    # Beside it stay the page for a day without a network, and whom to call again for ten minutes.
    after = {name for name in await kept(requester, volunteer) if not name.startswith("/offline/")}
    assert after <= before | {"assist.met"}


async def kept(*guests: Guest) -> set[str]:
    """What the browsers of these people keep, by name."""
    return {name for guest in guests for name in await guest.page.evaluate(KEPT)}


async def test_who_refuses_is_not_photographed_and_both_are_told(cast: Cast) -> None:
    requester, volunteer = await cast.meet("Noor")
    await takes_photo(volunteer)
    await requester.press("Refuse")
    await requester.reads_in_log("Refused. The volunteer is told")
    await volunteer.reads_in_log("They would rather not")
    await requester.misses(requester.button("Allow"))
    await volunteer.misses(volunteer.named("img", "Their sharp photo"))
    await takes_photo(volunteer)  # again at once: nobody is bothered with it
    await wait_for(lambda: why_not_twice(volunteer), PATIENCE_S)
    await requester.misses(requester.button("Allow"))


async def why_not_twice(volunteer: Volunteer) -> str:
    told = volunteer.page.get_by_role("listitem").filter(has_text="They would rather not")
    count = await told.count()
    return "" if count == 2 else f"told {count} times"


async def test_who_never_allows_photos_is_not_asked_and_who_always_does_is_not_either(
    cast: Cast,
) -> None:
    volunteer = await cast.taking_calls("Noor")
    requester = await cast.requester()
    question = "May a volunteer take a sharp photo?"
    await requester.settles_for(question, "Never")
    await requester.ask()
    await volunteer.accept()
    await requester.is_in_call()
    await volunteer.sees(volunteer.named("group", "Their picture"))
    await volunteer.type_words("hello")  # by now the page knows what it may do
    await requester.reads_in_log("hello")
    await volunteer.misses(volunteer.button("Take sharp photo"))
    await volunteer.reads("They do not allow: a sharp photo")
    await requester.press("End call")

    await requester.settles_for(question, "Allow")
    await volunteer.press("Skip")
    await requester.ask()
    await volunteer.accept()
    await takes_photo(volunteer)
    await has_photo(volunteer)
    await requester.misses(requester.button("Allow"))


async def test_a_phone_without_image_capture_sends_a_frame(cast: Cast, devices: Devices) -> None:
    volunteer = await cast.taking_calls("Noor")
    requester = await cast.requester()
    await requester.context.add_init_script(WITHOUT_IMAGE_CAPTURE)
    await requester.come()
    await meet_and_allow(requester, volunteer)
    photo = await has_photo(volunteer)
    assert photo["width"] >= 640
    await sees_code(volunteer.page, devices.code)


async def test_a_light_that_is_asked_for_is_turned_on_with_leave_and_off_without(
    cast: Cast,
) -> None:
    volunteer = await cast.taking_calls("Noor")
    requester = await cast.requester()
    await requester.context.add_init_script(WITH_A_LIGHT)
    await requester.settles_for("May a volunteer turn on my light?", "Ask me")
    await requester.ask()
    await volunteer.accept()
    await volunteer.press("Turn their light on")
    await volunteer.reads_in_log("They are asked whether you may turn their light on")
    await requester.sees(requester.named("region", "Noor would like to turn your light on."))
    await requester.sees(requester.button("Turn light on"))  # it is not on yet
    await requester.press("Allow")
    await requester.reads_in_log("The volunteer turned your light on")
    await volunteer.press("Turn their light off")
    await requester.reads_in_log("The volunteer turned your light off")
    await requester.misses(requester.button("Allow"))


async def meet_and_allow(requester: Requester, volunteer: Volunteer) -> None:
    await requester.ask()
    await volunteer.accept()
    await takes_photo(volunteer)
    await requester.press("Allow")


async def test_a_photo_outlives_the_relay_that_carried_it(cast: Cast) -> None:
    volunteer = await cast.taking_calls("Noor")
    requester = await cast.requester()
    await requester.context.add_init_script(WITH_A_LARGE_CAMERA)
    await requester.come()
    await meet_and_allow(requester, volunteer)
    await wait_for(lambda: why_not_under_way(volunteer.page), PATIENCE_S)
    cast.house.kill("relay")
    image = volunteer.named("img", "Their sharp photo")
    await expect(image).to_be_visible(timeout=BACK_MS)  # a relay has to start meanwhile
    photo = await has_photo(volunteer)
    assert await requester.page.evaluate(LINES) > 1
    assert (photo["width"], photo["height"]) == (1400, 1050)
    await requester.reads_in_log("The sharp photo has arrived")


async def why_not_under_way(page: Page) -> str:
    share = await page.evaluate(SHARE)
    return "" if 0.1 < share < 0.6 else f"{share} of it is there"
