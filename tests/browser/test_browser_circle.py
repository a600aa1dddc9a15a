"""Can somebody bring in those they trust, and are they then asked alone? From invite to ring."""

from __future__ import annotations

import re

from playwright.async_api import Locator, expect

from tests.browser.conftest import Cast
from tests.browser.people import PATIENCE_MS, Guest, Requester, Volunteer
from tests.browser.senses import PATIENCE_S
from tests.waiting import wait_for

CODE = re.compile(r"Code: (\d \d \d, \d \d \d)")


async def test_only_my_circle_rings_whom_they_confirmed_and_nobody_else(cast: Cast) -> None:
    stranger = await cast.taking_calls("Noor")
    requester = await cast.requester()
    await requester.visit("/circle/")
    mia = await comes_by_code(cast, requester, "Mia")
    await decides(requester, "Confirm Mia", "Mia is in your circle.")
    olaf = await comes_by_link(cast, requester, "Olaf")
    await mia.reads("You are in the circle")
    await mia.page.get_by_role("link", name="Continue", exact=True).click()
    await (await mia.promise()).take_calls()
    await olaf.visit("/volunteer/")
    await (await olaf.promise()).take_calls()

    await asks_only_the_circle(requester)
    await mia.sees(mia.ring)
    assert await rung(cast) == ["Mia"]
    await olaf.misses(olaf.ring)
    await stranger.misses(stranger.ring)
    await mia.accept()
    await requester.reads("Connected to Mia")
    await requester.press("End call")
    await wait_for(lambda: why_not_asked_alone(cast, "Mia"), PATIENCE_S)
    await mia.press("Skip")
    await mia.sees(mia.button("Stop taking calls"))

    await requester.visit("/circle/")
    await decides(requester, "Confirm Olaf", "Olaf is in your circle.")
    await decides(requester, "Remove Mia", "Mia is not in your circle any more.")
    await asks_only_the_circle(requester)
    await olaf.sees(olaf.ring)
    assert await rung(cast) == ["Olaf"]
    await mia.misses(mia.ring)


async def decides(requester: Requester, button: str, said: str) -> None:
    """The page says what was done, and that is read first."""
    await requester.press(button)
    await expect(requester.page.get_by_text(said, exact=True)).to_be_focused(timeout=PATIENCE_MS)


async def asks_only_the_circle(requester: Requester) -> None:
    await requester.visit("/")
    await requester.chooses_who("Only my circle")
    await requester.ask()


async def comes_by_code(cast: Cast, requester: Requester, name: str) -> Volunteer:
    """Six digits, said on the telephone, and typed with the pauses as they were said."""
    await invites(requester)
    said = CODE.search(await requester.page.get_by_role("main").inner_text())
    assert said, "no code on the page"
    newcomer = await enters(cast, "/circle/join/")
    await newcomer.fill("Code", said[1])
    return await joins(requester, newcomer, name)


async def comes_by_link(cast: Cast, requester: Requester, name: str) -> Volunteer:
    await invites(requester)
    link = await requester.page.get_by_role("textbox", name="Link", exact=True).input_value()
    newcomer = await enters(cast, link.removeprefix(cast.house.address))
    return await joins(requester, newcomer, name)


async def invites(requester: Requester) -> None:
    """Whoever invites goes on reading at the invitation, not at the top of the page again."""
    await requester.press("Invite someone")
    await expect(invitation(requester)).to_be_focused(timeout=PATIENCE_MS)


def invitation(requester: Guest) -> Locator:
    return requester.page.get_by_role("heading", name="Invite", exact=True)


async def enters(cast: Cast, path: str) -> Volunteer:
    newcomer = await Volunteer.enter(cast.house, cast.volunteer_browser, allowed=("microphone",))
    cast.guests.append(newcomer)
    await newcomer.visit(path)
    return newcomer


async def joins(requester: Guest, newcomer: Volunteer, name: str) -> Volunteer:
    """Give this name. The Requester's page, which stayed open, hears of it by itself."""
    await newcomer.fill("Your name", name)
    await newcomer.press("Join")
    await newcomer.reads("Waiting to be confirmed")
    await requester.hears(f"{name} would like to join")
    await requester.misses(requester.page.get_by_role("textbox", name="Link", exact=True))
    await expect(invitation(requester)).to_be_focused()  # what was spent has gone from around it
    return newcomer


async def rung(cast: Cast) -> list[str]:
    """The names of all whose phones ring now."""
    queue = await cast.house.live.queue()
    ids = [one.id for one in queue.volunteers if one.state == "ringing"]
    return [name for one in ids for (name,) in names(cast, one)]


def why_not_asked_alone(cast: Cast, name: str) -> str:
    """History knows of one Offer in the newest HelpRequest, and to whom it was."""
    newest = "SELECT id FROM records_helprequest ORDER BY asked_at DESC LIMIT 1"
    asked = f"SELECT volunteer FROM records_offer WHERE help_request_id = ({newest})"
    found = [who for (one,) in cast.house.history(asked) for (who,) in names(cast, one)]
    return "" if found == [name] else f"{found} were asked"


def names(cast: Cast, person: str) -> list[tuple[str]]:
    return cast.house.history("SELECT name FROM accounts_person WHERE id = ?", person)
