"""Do two people meet where UDP is blocked? Through a real coturn, set up by our recipe."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, StorageState

from assist.lib.addresses import lan_addresses
from assist.protocol.views import IceServer
from tests.browser.conftest import REQUESTER_HERTZ, VOLUNTEER_HERTZ, Cast, Devices
from tests.browser.house import House
from tests.browser.senses import PATIENCE_S, hears_tone, sees_code
from tests.turn_server import SECRET, TurnServer, Visitor
from tests.waiting import wait_for

# A page in such a network: it reaches its TURN server by this transport, and nobody else.
ONLY_THROUGH_TURN = """
(() => {
  const Real = window.RTCPeerConnection;
  window.moves = [];
  window.RTCPeerConnection = class extends Real {
    constructor({iceServers, ...rest}) {
      const only = ({urls, ...each}) =>
        ({...each, urls: urls.filter((url) => url.endsWith("TRANSPORT"))});
      super({...rest, iceServers: iceServers.map(only), iceTransportPolicy: "relay"});
      this.addEventListener("connectionstatechange", () => moves.push(this.connectionState));
    }
  };
})();
"""

# By which way the connection that the page has now goes, and what its browser would use anew.
WAY = """
async () => {
  const [connection, ...more] = window.connections.filter(
    (each) => each.connectionState !== "closed");
  if (!connection || more.length) return {connections: more.length + !!connection};
  const reports = await connection.getStats();
  const all = [...reports.values()];
  const transport = all.find((each) => each.type === "transport");
  const pair = reports.get(transport?.selectedCandidatePairId);
  const local = reports.get(pair?.localCandidateId);
  return {
    state: connection.connectionState,
    kind: local?.candidateType,
    transport: local?.relayProtocol,
    servers: connection.getConfiguration().iceServers,
  };
}
"""


@pytest.fixture(scope="module")
def server() -> Iterator[TurnServer]:
    """Allocations are short, so that they are refreshed several times in each test."""
    address = lan_addresses()[0]
    server = TurnServer([address], address, max_allocate_lifetime="10").start()
    yield server
    server.close()


@pytest.fixture(scope="module")
async def turn_house(
    tmp_path_factory: pytest.TempPathFactory, server: TurnServer
) -> AsyncIterator[House]:
    house = House(
        tmp_path_factory.mktemp("turn"),
        ASSIST_RELAY_ADDRESS=server.address,
        ASSIST_TURN_URL=f"{server.url('udp')}, {server.url('tcp')}",
        ASSIST_TURN_SECRET=SECRET,
        DJANGO_SETTINGS_MODULE="tests.browser.brief_credentials",
    )
    try:
        yield await house.start()
    finally:
        await house.close()


@pytest.fixture(scope="module")
def known() -> dict[str, StorageState]:
    return {}


@pytest.fixture
async def people(
    turn_house: House,
    requester_browser: Browser,
    volunteer_browser: Browser,
    known: dict[str, StorageState],
) -> AsyncIterator[Cast]:
    people = Cast(turn_house, requester_browser, volunteer_browser, known)
    yield people
    mistakes = await people.go_home()
    await turn_house.tidy()
    assert mistakes == []


async def way(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = await page.evaluate(WAY)
    return found


async def why_not_through(page: Page, kind: str, transport: str | None) -> str:
    found = await way(page)
    wanted = ("connected", kind, transport)
    has = (found.get("state"), found.get("kind"), found.get("transport"))
    return "" if has == wanted else f"{has} instead of {wanted}"


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_two_people_meet_who_reach_nothing_but_a_turn_server(
    people: Cast, devices: Devices, transport: str
) -> None:
    blocked = ONLY_THROUGH_TURN.replace("TRANSPORT", transport)
    volunteer = await people.taking_calls("Noor", script=blocked)
    requester = await people.requester(script=blocked)
    await requester.ask()
    await volunteer.accept()
    await sees_code(volunteer.page, devices.code)
    await hears_tone(volunteer.page, REQUESTER_HERTZ)
    await hears_tone(requester.page, VOLUNTEER_HERTZ)
    for page in (requester.page, volunteer.page):
        assert await why_not_through(page, "relay", transport) == ""
    await requester.type_words("is it the green one?")
    await volunteer.reads_in_log("is it the green one?")


async def test_who_reaches_the_relay_itself_goes_no_other_way(
    people: Cast, devices: Devices
) -> None:
    requester, volunteer = await people.meet("Noor")
    await sees_code(volunteer.page, devices.code)
    for page in (requester.page, volunteer.page):
        found = await way(page)
        assert found["kind"] in ("host", "prflx"), found
        assert found["servers"]


async def test_a_call_goes_on_unbroken_when_its_credentials_end_and_has_others_by_then(
    people: Cast, devices: Devices, server: TurnServer
) -> None:
    blocked = ONLY_THROUGH_TURN.replace("TRANSPORT", "udp")
    volunteer = await people.taking_calls("Noor", script=blocked)
    requester = await people.requester(script=blocked)
    await requester.ask()
    await volunteer.accept()
    await sees_code(volunteer.page, devices.code)
    first = (await way(requester.page))["servers"]
    name = first[0]["username"]

    await wait_for(bearer_of(server, first).why_not_over, PATIENCE_S)
    ended = len(server.log)

    def why_not_refreshed() -> str:
        since = server.log[ended:]
        return "" if since.count(f"username=<{name}>") >= 2 else "not refreshed after the end"

    await wait_for(why_not_refreshed, PATIENCE_S)
    fresh = await bearer_of(server, (await way(requester.page))["servers"]).allocate()
    await fresh.leave()
    await hears_tone(volunteer.page, REQUESTER_HERTZ)
    await hears_tone(requester.page, VOLUNTEER_HERTZ)
    for page in (requester.page, volunteer.page):
        assert await page.evaluate("moves") == ["connecting", "connected"]


def bearer_of(server: TurnServer, servers: list[dict[str, Any]]) -> Visitor:
    """Somebody who comes with a page's credentials."""
    visitor = Visitor(server, time.time())
    visitor.ice = IceServer(**servers[0])
    return visitor
