"""Does a real screen reader say a whole call, from ask to end? Orca listens, and is listened to.

    python -m tests.screen_reader.listen

Somebody opens Assist as an app, with the screen off, and uses keys alone; a Volunteer answers in a
browser of their own. What Orca said is printed at the end, each expected sentence with a star; the
last line is one JSON object. Exits 1 when an expected sentence was not spoken to its end, 2 when
Orca is not here. It takes about 90 s, for the waiting is real.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from playwright.async_api import Playwright, async_playwright

from assist.management.tools import Missing, chromium, screen_reader
from tests.browser.conftest import Cast
from tests.browser.house import House
from tests.browser.media import camera_file, microphone_file
from tests.browser.people import Requester, open_browser
from tests.screen_reader.desk import Desk
from tests.screen_reader.heard import Heard

MOST_STEPS = 30
CONTROL = re.compile("push button|entry|check box|radio button|link")
THEIRS = "It says best before Friday."
MINE = "Thank you, that is all."
CAMERA, VOICE, HERTZ = "camera.y4m", "voice.wav", 440


async def a_whole_call(requester: Requester, cast: Cast, heard: Heard, desk: Desk) -> None:
    """The words that each moment must be told in; the rest of what Orca says is Orca's own."""
    await requester.is_back_at_start()
    await heard.says("Borrow a pair of eyes")
    await find(desk, "b", "Call a volunteer push button")
    await desk.press("Return")
    await heard.says("Nobody is free just now")
    await heard.says("Half a minute so far")
    volunteer = await cast.taking_calls("Noor")
    await heard.says("1 volunteer is being asked")
    await volunteer.accept()
    await heard.says("Connected to Noor")
    await volunteer.type_words(THEIRS)
    await heard.says(f"Noor: {THEIRS}")
    await find(desk, "Tab", "Message entry")
    await desk.type(MINE)
    await desk.press("Return")
    await volunteer.reads_in_log(MINE)
    heard.move_on()
    await volunteer.page.goto("about:blank")
    await heard.says("Noor's connection is lost")
    await volunteer.visit("/volunteer/")
    await heard.says("Noor's connection is back")
    await find(desk, "Tab", "End call push button")
    await desk.press("Return")
    await heard.says("You ended the call with Noor")


async def find(desk: Desk, key: str, control: str) -> None:
    """Go on by this key ("b" is Orca's own for the next button) until the control is heard."""
    for _ in range(MOST_STEPS):
        desk.heard.move_on()
        await desk.press(key)
        if control in await desk.heard.begins(CONTROL):
            return
    raise AssertionError(f"{control!r} was not heard in {MOST_STEPS} steps")


@asynccontextmanager
async def screen_off(
    stage: Playwright, house: House, desk: Desk, folder: Path
) -> AsyncIterator[Requester]:
    """Somebody who has opened Assist as an app, in a window that Orca reads to them."""
    context = await stage.chromium.launch_persistent_context(
        str(folder / "profile"),
        executable_path=chromium(print),
        headless=False,
        args=[
            f"--app={house.address}/",
            "--force-renderer-accessibility",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={folder / CAMERA}",
            f"--use-file-for-fake-audio-capture={folder / VOICE}",
        ],
        env=dict(desk.environ),
        no_viewport=True,
        locale="en-GB",
    )
    await context.grant_permissions(["camera", "microphone"], origin=house.address)
    try:
        yield Requester(house, house.address, context, context.pages[0])
    finally:
        await context.close()


async def listen(folder: Path, heard: Heard) -> None:
    camera_file(folder / CAMERA, "assist")
    microphone_file(folder / VOICE, HERTZ)
    async with AsyncExitStack() as home:
        stage = await home.enter_async_context(async_playwright())
        house = House(folder)
        home.push_async_callback(house.close)
        await house.start()
        desk = Desk(folder / "desk", heard)
        home.push_async_callback(desk.close)
        await desk.start()
        requester = await home.enter_async_context(screen_off(stage, house, desk, folder))
        others = await open_browser(stage, chromium(print), folder / CAMERA, folder / VOICE)
        home.push_async_callback(others.close)
        await a_whole_call(requester, Cast(house, others, others, {}), heard, desk)


def main() -> int:
    try:
        screen_reader(print)
    except Missing as missing:
        print(missing)
        return 2
    why = ""
    with tempfile.TemporaryDirectory(prefix="assist-listen-") as folder:
        heard = Heard(Path(folder) / "heard.jsonl")
        try:
            asyncio.run(listen(Path(folder), heard))
        except AssertionError as error:
            why = str(error)
        print(*heard.story(), sep="\n")
    print(json.dumps({"heard": len(heard.expected), "missed": why}))
    return 1 if why else 0


if __name__ == "__main__":
    sys.exit(main())
