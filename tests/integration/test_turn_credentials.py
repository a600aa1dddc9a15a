"""Who is given credentials for the TURN servers, and for how long? Through real sockets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assist.lib.ids import new_id
from tests.pagesockets import Browser, Message, Page, forget_limits, invited, requester
from tests.processes import Processes, running
from tests.waiting import wait_for

URLS = ["turn:192.0.2.1:3478?transport=udp", "turns:turn.example.org:443?transport=tcp"]


@pytest.fixture(scope="module")
def house() -> Iterator[Processes]:
    parts, secret = ("web", "worker", "relay"), "a secret of two houses"
    with running(*parts, ASSIST_TURN_URL=", ".join(URLS), ASSIST_TURN_SECRET=secret) as house:
        yield house


@pytest.fixture
def alice(house: Processes) -> Browser:
    forget_limits(house)
    return requester(house)


@pytest.fixture(scope="module")
def noor(house: Processes) -> Browser:
    return invited(house, "volunteer", "Noor", "en")


async def opened(page: Page, help_request: str) -> Message:
    """The description of this page's Leg, once there is a relay."""
    found: list[Message] = []

    async def why_not() -> str:
        place = len(page.heard)
        await page.say("leg.open", help_request=help_request)
        found.append(await page.first_of("leg.description", "refused", after=place))
        return "" if found[-1]["type"] == "leg.description" else str(found[-1])

    await wait_for(why_not)
    return found[-1]


async def renewed(page: Page, help_request: str) -> Message:
    place = len(page.heard)
    await page.say("leg.renew", help_request=help_request)
    return await page.first_of("leg.servers", "refused", after=place)


def name_in(message: Message) -> str:
    """For which Leg its credentials are."""
    [server] = message["ice_servers"]
    assert server["urls"] == URLS
    return str(server["username"].split(":")[1])


async def test_credentials_come_with_a_leg_are_renewed_while_it_lives_and_end_with_it(
    alice: Browser, noor: Browser
) -> None:
    caller, volunteer = await alice.open("requester"), await noor.open("volunteer")
    await volunteer.hear("snapshot.volunteer")
    await volunteer.say("calls.start")
    assert (await renewed(caller, new_id()))["code"] == "unknown_id"

    help_request = (await caller.ask("en"))["help_request"]
    mine = await opened(caller, help_request)
    assert mine["renew_ms"] > 0
    await volunteer.hear("offer.made")
    theirs = await opened(volunteer, help_request)
    assert name_in(mine) != name_in(theirs)
    assert name_in(await renewed(caller, help_request)) == name_in(mine)
    assert name_in(await renewed(volunteer, help_request)) == name_in(theirs)

    await caller.close()  # a connection outlives its page's socket
    caller = await alice.open("requester")
    assert name_in(await renewed(caller, help_request)) == name_in(mine)
    await caller.say("help.cancel", help_request=help_request)
    await caller.hear("help.ended")
    for page in (caller, volunteer):
        assert (await renewed(page, help_request))["code"] == "unknown_id"
        await page.close()


async def test_nobody_gets_credentials_for_somebody_elses_call(
    house: Processes, alice: Browser
) -> None:
    caller = await alice.open("requester")
    help_request = (await caller.ask("fi"))["help_request"]
    stranger = await requester(house).open("requester")
    assert (await renewed(stranger, help_request))["code"] == "unknown_id"
    await caller.say("help.cancel", help_request=help_request)
    for page in (caller, stranger):
        await page.close()
