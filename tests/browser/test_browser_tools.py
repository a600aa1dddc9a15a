"""Do the tools work on the picture itself? Measured in pixels of what the Volunteer sees."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Playwright, expect

from tests.browser.conftest import Cast, Devices
from tests.browser.people import SETTLED, Requester, Volunteer, open_browser
from tests.browser.scene import (
    BLUE,
    DARK_PATCH,
    GREEN_Y,
    LIGHT_PATCH,
    RED,
    Colour,
    Place,
    Seen,
    scene_file,
)
from tests.browser.senses import PATIENCE_S
from tests.waiting import wait_for

# A browser learns a beat late from whom a pinch is: until then it takes it for the whole page.
PINCH_IS_THE_PAGES = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("#picture { touch-action: auto !important }");
  document.adoptedStyleSheets = [sheet];
}"""
NEAR_PX = 6.0
MOVED_PX = 60.0
MOST_TABS = 80
# Where the green mark is in the moving picture itself, whatever lies over it: 0 to 1 of its width.
LIVE_GREEN = """() => {
  const video = document.querySelector("video");
  const canvas = new OffscreenCanvas(64, 48);
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0, 64, 48);
  const row = context.getImageData(0, ROW, 64, 1).data;
  const green = [...Array(64).keys()].filter((x) => row[4 * x + 1] - row[4 * x] > 60);
  return green.length ? green[green.length >> 1] / 64 : null;
}""".replace("ROW", str(round(GREEN_Y * 48)))


@pytest.fixture
async def scene(
    cast: Cast, stage: Playwright, chromium_path: str, devices: Devices, tmp_path: Any
) -> AsyncIterator[tuple[Requester, Volunteer]]:
    """Two people in a call; the scene is before the camera."""
    film = scene_file(tmp_path / "scene.y4m")
    browser: Browser = await open_browser(stage, chromium_path, film, devices.requester_voice)
    volunteer = await cast.taking_calls("Noor")
    requester = await Requester.enter(cast.house, browser)
    cast.guests.append(requester)
    await requester.come()
    await requester.ask()
    await volunteer.accept()
    await volunteer.is_in_call()
    yield requester, volunteer
    await requester.leave()
    cast.guests.remove(requester)
    await browser.close()


async def shows(volunteer: Volunteer, **places: Place) -> Seen:
    """Wait until each mark is there, in pixels of the frame."""
    seen = await Seen.now(volunteer.page)

    async def why_not() -> str:
        nonlocal seen
        seen = await Seen.now(volunteer.page)
        found = {colour: seen.mark(colour) for colour in places}  # type: ignore[arg-type]
        wrong = {
            colour: (found[colour], place)
            for colour, place in places.items()
            if not near(found[colour], place)
        }
        return f"of {seen.size} (found, wanted): {wrong}" if wrong else ""

    await wait_for(why_not, PATIENCE_S)
    return seen


def near(found: Place | None, wanted: Place) -> bool:
    return found is not None and max(map(abs, difference(found, wanted))) < NEAR_PX


def difference(one: Place, two: Place) -> Place:
    return one[0] - two[0], one[1] - two[1]


def magnified(place: Place, middle: Place, times: float) -> Place:
    """Where something is after all has been magnified about a place that stays."""
    return middle[0] + times * (place[0] - middle[0]), middle[1] + times * (place[1] - middle[1])


async def test_the_picture_comes_nearer_where_the_finger_the_wheel_or_the_key_points(
    scene: tuple[Requester, Volunteer],
) -> None:
    _requester, volunteer = scene
    seen = await Seen.now(volunteer.page)
    red, blue = seen.at(RED), seen.at(BLUE)
    middle = seen.at((0.5, 0.5))
    seen = await shows(volunteer, red=red, blue=blue)
    small = seen.mark_width("red")

    await pinch(volunteer, middle, 2.0)
    twice = magnified(red, middle, 2.0)
    seen = await shows(volunteer, red=twice, blue=magnified(blue, middle, 2.0))
    assert seen.mark_width("red") == pytest.approx(2 * small, rel=0.1)
    await volunteer.hears("2 times")
    await drag(volunteer, twice, by=(40, 30))
    await shows(volunteer, red=(twice[0] + 40, twice[1] + 30))

    picture = volunteer.group("Their picture")
    await picture.focus()
    await volunteer.page.keyboard.press("0")
    await shows(volunteer, red=red, blue=blue)
    await volunteer.page.evaluate(PINCH_IS_THE_PAGES)
    await pinch(volunteer, middle, 2.0)
    await shows(volunteer, red=twice, blue=magnified(blue, middle, 2.0))
    await picture.focus()
    await volunteer.page.keyboard.press("0")
    await shows(volunteer, red=red, blue=blue)
    await volunteer.page.keyboard.press("+")
    await shows(volunteer, red=magnified(red, middle, 1.5), blue=magnified(blue, middle, 1.5))
    await volunteer.page.keyboard.press("ArrowLeft")
    await volunteer.hears("Moved to the left|the edge of the picture")
    await volunteer.page.keyboard.press("-")
    await shows(volunteer, red=red, blue=blue)

    await volunteer.press("Zoom in")
    await shows(volunteer, red=magnified(red, middle, 1.5))
    await picture.focus()
    await volunteer.page.keyboard.press("0")
    await picture.dblclick(position={"x": blue[0], "y": blue[1]})
    await shows(volunteer, blue=blue)
    await volunteer.hears("2.5 times")
    await picture.dblclick(position={"x": blue[0], "y": blue[1]})
    await shows(volunteer, red=red, blue=blue)
    beside = red[0], middle[1]
    await point(volunteer, beside)
    await volunteer.page.mouse.wheel(0, -240)
    await volunteer.hears("1.6 times")
    await shows(volunteer, red=magnified(red, beside, 1.616))


async def point(volunteer: Volunteer, at: Place) -> Place:
    """Move the mouse there, in pixels of the frame; where that is on the page."""
    box = await volunteer.group("Their picture").bounding_box()
    assert box is not None
    place = box["x"] + at[0], box["y"] + at[1]
    await volunteer.page.mouse.move(*place)
    return place


async def drag(volunteer: Volunteer, at: Place, by: Place) -> None:
    x, y = await point(volunteer, at)
    await volunteer.page.mouse.down()
    # What a hand does before it moves is no drag yet.
    await volunteer.page.mouse.move(x + 10, y)
    await volunteer.page.mouse.move(x + by[0], y + by[1])
    await volunteer.page.mouse.up()


async def pinch(volunteer: Volunteer, at: Place, times: float) -> None:
    """Two fingers part about that place."""
    x, y = await point(volunteer, at)
    session = await volunteer.page.context.new_cdp_session(volunteer.page)
    try:
        for kind, apart in (("touchStart", 40.0), ("touchMove", 40.0 * times), ("touchEnd", None)):
            fingers = (
                [{"x": x - apart, "y": y, "id": 1}, {"x": x + apart, "y": y, "id": 2}]
                if apart
                else []
            )
            await session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})
    finally:
        await session.detach()


async def test_a_frozen_picture_rests_can_be_looked_at_and_goes_on(
    scene: tuple[Requester, Volunteer],
) -> None:
    _requester, volunteer = scene
    seen = await Seen.now(volunteer.page)
    seen = await shows(volunteer, red=seen.at(RED))
    await volunteer.press("Freeze picture")
    await volunteer.hears("The picture is frozen")
    still = (await Seen.now(volunteer.page)).mark("green")
    assert still is not None
    await wait_for(lambda: why_not_moved(volunteer, still), PATIENCE_S)
    seen = await shows(volunteer, red=seen.at(RED), green=still)

    await volunteer.press("Zoom in")
    await volunteer.group("Their picture").focus()
    await volunteer.page.keyboard.press("ArrowLeft")
    x, y = magnified(seen.at(RED), seen.at((0.5, 0.5)), 1.5)
    await shows(volunteer, red=(x + seen.size[0] / 5, y))  # a fifth of what is seen
    await volunteer.page.keyboard.press("0")
    await volunteer.press("Unfreeze picture")
    await wait_for(lambda: why_not_elsewhere(volunteer, still), PATIENCE_S)


async def why_not_moved(volunteer: Volunteer, still: Place) -> str:
    """In the moving picture, the green mark is no longer where it was frozen."""
    seen = await Seen.now(volunteer.page)
    share = await volunteer.page.evaluate(LIVE_GREEN)
    if share is None:
        return "no green mark in the moving picture"
    moved = abs(seen.at((share, GREEN_Y))[0] - still[0])
    return "" if moved > MOVED_PX else f"moved by {moved:.0f} pixels"


async def why_not_elsewhere(volunteer: Volunteer, still: Place) -> str:
    """On the screen, too, it is somewhere else now."""
    now = (await Seen.now(volunteer.page)).mark("green")
    if now is None:
        return "no green mark on the screen"
    return "" if abs(now[0] - still[0]) > MOVED_PX else f"still at {now}"


async def test_by_keys_alone_the_picture_is_turned_lightened_inverted_and_sharpened(
    scene: tuple[Requester, Volunteer],
) -> None:
    _requester, volunteer = scene
    seen = await Seen.now(volunteer.page)
    first = await shows(volunteer, red=seen.at(RED), blue=seen.at(BLUE))
    await uses(volunteer, volunteer.button("Picture tools"), "Enter")
    await uses(volunteer, volunteer.button("Turn picture right"), "Enter")
    await volunteer.hears("turned to the right")
    await expect(volunteer.page.locator(".news")).to_contain_text("turned to the right")
    await volunteer.covers_nothing_that_is_used()
    marks: dict[Colour, Place] = {"red": RED, "blue": BLUE}
    turned = {name: first.at((1 - y, x), turned=True) for name, (x, y) in marks.items()}
    await shows(volunteer, **turned)
    await uses(volunteer, volunteer.button("Turn picture left"), "Enter", "Enter")
    left = {name: first.at((y, 1 - x), turned=True) for name, (x, y) in marks.items()}
    await shows(volunteer, **left)
    reset = volunteer.button("Reset picture")
    await uses(volunteer, reset, "Enter")
    await volunteer.hears("The picture is as it came")
    seen = await shows(volunteer, red=seen.at(RED), blue=seen.at(BLUE))

    light, dark = seen.value(LIGHT_PATCH), seen.value(DARK_PATCH)
    assert light - dark > 50
    await turns(volunteer, "Contrast", 100, 200)
    await measures(volunteer, (light - 127.5) * 2 + 127.5, (dark - 127.5) * 2 + 127.5)
    await uses(volunteer, reset, "Enter")
    await turns(volunteer, "Brightness", 100, 130)
    await measures(volunteer, light * 1.3, dark * 1.3)
    await uses(volunteer, reset, "Enter")
    await uses(volunteer, volunteer.named("checkbox", "Invert colours"), "Space")
    await measures(volunteer, 255 - light, 255 - dark)
    await uses(volunteer, volunteer.named("checkbox", "Black and white"), "Space")
    await measures(volunteer, 127.5 - (light - 127.5) * 2, 127.5 - (dark - 127.5) * 2)
    assert (await Seen.now(volunteer.page)).mark("red") is None

    await uses(volunteer, reset, "Enter")
    await measures(volunteer, light, dark)
    soft = (await Seen.now(volunteer.page)).edge()
    await turns(volunteer, "Sharpness", 0, 100)
    await wait_for(lambda: why_not_sharper(volunteer, soft), PATIENCE_S)
    await measures(volunteer, light, dark)


async def uses(volunteer: Volunteer, what: Locator, *keys: str) -> None:
    """Get there with the Tab key alone, and press these keys."""
    for _ in range(MOST_TABS):
        if await what.evaluate("(it) => it === document.activeElement"):
            break
        await volunteer.page.keyboard.press("Tab")
    await expect(what).to_be_focused()
    # As a person would: who presses a key in the moment of a change is not heard.
    await volunteer.page.wait_for_function(SETTLED)
    for key in keys:
        await volunteer.page.keyboard.press(key)


async def turns(volunteer: Volunteer, knob: str, before: int, after: int) -> None:
    """A knob, step by step, and hears where it stands."""
    slider = volunteer.named("slider", knob)
    await expect(slider).to_have_attribute("aria-valuetext", f"{before}%")
    steps = (after - before) // int(await slider.get_attribute("step") or 1)
    await uses(volunteer, slider, *["ArrowRight"] * steps)
    await expect(slider).to_have_attribute("aria-valuetext", f"{after}%")


async def measures(volunteer: Volunteer, light: float, dark: float) -> None:
    """Wait until the two patches are as bright as that, as far as a screen can show it."""
    wanted = [min(255.0, max(0.0, value)) for value in (light, dark)]

    async def why_not() -> str:
        seen = await Seen.now(volunteer.page)
        found = [seen.value(patch) for patch in (LIGHT_PATCH, DARK_PATCH)]
        wrong = max(abs(one - two) for one, two in zip(found, wanted, strict=True))
        return "" if wrong < 8 else f"light and dark are {found}, not {wanted}"

    await wait_for(why_not, PATIENCE_S)


async def why_not_sharper(volunteer: Volunteer, soft: float) -> str:
    edge = (await Seen.now(volunteer.page)).edge()
    return "" if edge > 1.5 * soft else f"the edge is {edge:.1f} a pixel, before it was {soft:.1f}"
