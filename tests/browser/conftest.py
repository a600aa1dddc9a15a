"""Who plays in the browser tests? One house, two browsers with devices of their own, and people."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Playwright, StorageState, async_playwright

from assist.lib.week import DAYS
from assist.management.tools import chromium
from tests.browser.house import House
from tests.browser.media import camera_file, microphone_file
from tests.browser.people import DESK, Coordinator, Guest, Requester, Volunteer, open_browser
from tests.mail_server import MailServer

TEST_S = 240
LOG_LENGTH = 6000
REQUESTER_HERTZ = 440
VOLUNTEER_HERTZ = 880


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", metavar="FOLDER", help="keep a picture of each main view here")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two browsers and a house on a busy machine: slow is not broken."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(TEST_S))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure tells what the house printed meanwhile."""
    report = yield
    house = getattr(item, "funcargs", {}).get("house")
    if report.failed and isinstance(house, House):
        report.sections.append(("The house", house.log[-LOG_LENGTH:]))
    return report


@dataclass(frozen=True, slots=True)
class Devices:
    """What is before the fake camera, and which tones the microphones play."""

    code: str
    camera: Path
    requester_voice: Path
    volunteer_voice: Path


@pytest.fixture(scope="session")
def devices(tmp_path_factory: pytest.TempPathFactory) -> Devices:
    folder = tmp_path_factory.mktemp("devices")
    code = f"assist-{secrets.token_hex(6)}"
    return Devices(
        code=code,
        camera=camera_file(folder / "camera.y4m", code),
        requester_voice=microphone_file(folder / "requester.wav", REQUESTER_HERTZ),
        volunteer_voice=microphone_file(folder / "volunteer.wav", VOLUNTEER_HERTZ),
    )


@pytest.fixture(scope="session")
def mail() -> Iterator[MailServer]:
    """Where the letters of the house arrive."""
    with MailServer() as server:
        yield server


@pytest.fixture(scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory, mail: MailServer) -> AsyncIterator[House]:
    """Started once; `tidy` empties it after each test."""
    folder = tmp_path_factory.mktemp("house")
    house = House(folder, ASSIST_EMAIL_URL=mail.url, ASSIST_JOIN="open")
    try:
        yield await house.start()
    finally:
        await house.close()


@pytest.fixture(scope="session")
async def closed_house(
    tmp_path_factory: pytest.TempPathFactory, mail: MailServer
) -> AsyncIterator[House]:
    """Opens in three days, for a minute; nobody is there now. Coordinators let people in."""
    day = DAYS[(datetime.now(UTC) + timedelta(days=3)).weekday()].title()
    folder = tmp_path_factory.mktemp("closed")
    hours = f"{day} 08:00-08:01; UTC"
    house = House(folder, ASSIST_HOURS=hours, ASSIST_EMAIL_URL=mail.url, ASSIST_JOIN="approval")
    try:
        yield await house.start()
    finally:
        await house.close()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    return chromium(print)


@pytest.fixture(scope="session")
async def stage() -> AsyncIterator[Playwright]:
    async with async_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
async def requester_browser(
    stage: Playwright, chromium_path: str, devices: Devices
) -> AsyncIterator[Browser]:
    browser = await open_browser(stage, chromium_path, devices.camera, devices.requester_voice)
    yield browser
    await browser.close()


@pytest.fixture(scope="session")
async def volunteer_browser(
    stage: Playwright, chromium_path: str, devices: Devices
) -> AsyncIterator[Browser]:
    """A process of its own: fake devices belong to a process. Volunteers have no camera."""
    browser = await open_browser(stage, chromium_path, devices.camera, devices.volunteer_voice)
    yield browser
    await browser.close()


class Cast:
    """Lets people in, and out again at the end of a test."""

    def __init__(
        self,
        house: House,
        requester_browser: Browser,
        volunteer_browser: Browser,
        signed_in: dict[str, StorageState],
    ) -> None:
        self.house = house
        self.requester_browser, self.volunteer_browser = requester_browser, volunteer_browser
        self.guests: list[Guest] = []
        self._signed_in = signed_in

    async def requester(self, **options: Any) -> Requester:
        """Somebody new, at the start page."""
        return await (await self.newcomer(**options)).come()

    async def newcomer(self, **options: Any) -> Requester:
        """Somebody new, who has opened nothing yet."""
        requester = await Requester.enter(self.house, self.requester_browser, **options)
        self.guests.append(requester)
        return requester

    async def volunteer(self, name: str, *languages: str, **options: Any) -> Volunteer:
        """Somebody who has signed in and takes no calls yet. Who was here before is known."""
        options = {"allowed": ("microphone",), "viewport": DESK, **options}
        known = self._signed_in.get(name)
        if known:
            options["storage_state"] = known
        volunteer = await Volunteer.enter(self.house, self.volunteer_browser, **options)
        self.guests.append(volunteer)
        if known:
            await volunteer.visit("/volunteer/")
        else:
            await volunteer.sign_in(name, *languages)
            self._signed_in[name] = await volunteer.context.storage_state()
        return volunteer

    async def taking_calls(self, name: str, *languages: str, **options: Any) -> Volunteer:
        """Somebody who waits for a ring."""
        volunteer = await self.volunteer(name, *languages, **options)
        await volunteer.take_calls()
        return volunteer

    async def coordinator(self, name: str = "Vera", **options: Any) -> Coordinator:
        """Somebody at the live queue."""
        options = {"allowed": (), "viewport": DESK, **options}
        coordinator = await Coordinator.enter(self.house, self.volunteer_browser, **options)
        self.guests.append(coordinator)
        return await coordinator.sign_in(name)

    async def guest(self, path: str, status: int = 200, **options: Any) -> Guest:
        """Somebody who is only looking."""
        guest = await Guest.enter(self.house, self.volunteer_browser, **options)
        self.guests.append(guest)
        await guest.visit(path, status)
        return guest

    async def meet(self, name: str = "Noor") -> tuple[Requester, Volunteer]:
        """Two people in a call."""
        volunteer = await self.taking_calls(name)
        requester = await self.requester()
        await requester.ask()
        await volunteer.accept()
        await requester.is_in_call()
        await volunteer.is_in_call()
        return requester, volunteer

    async def go_home(self) -> list[str]:
        """Everybody leaves. What their pages did wrong."""
        mistakes = [
            f"{guest.page.url}: {mistake}" for guest in self.guests for mistake in guest.mistakes
        ]
        for guest in self.guests:
            await guest.leave()
        return mistakes


@pytest.fixture(scope="session")
def signed_in() -> dict[str, StorageState]:
    """The cookies of those who have signed in before."""
    return {}


@pytest.fixture
async def cast(
    house: House,
    requester_browser: Browser,
    volunteer_browser: Browser,
    signed_in: dict[str, StorageState],
) -> AsyncIterator[Cast]:
    """Nobody is here at first, and nobody afterwards; no page has made a mistake meanwhile."""
    cast = Cast(house, requester_browser, volunteer_browser, signed_in)
    yield cast
    mistakes = await cast.go_home()
    await house.tidy()
    assert mistakes == []
