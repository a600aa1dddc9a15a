"""Does a real coturn, set up by our recipe, let people through to the relay and nowhere else?"""

from __future__ import annotations

import time
from collections.abc import Iterator

import msgspec
import pytest
from aioice import stun

from assist.lib.ids import new_id
from tests.turn_server import (
    FORBIDDEN,
    QUOTA_REACHED,
    UNAUTHORIZED,
    Refused,
    TurnServer,
    Visitor,
    recipe,
)
from tests.waiting import wait_for

RELAYS = ["203.0.113.5", "2001:db8::5"]
# One of each special range (RFC 6890 and what came later), and two of the open Internet.
V4 = [
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.1.2.3", "169.254.169.254"),
    *("172.16.0.1", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1"),
    *("198.51.100.1", "203.0.113.6", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("8.8.8.8", "93.184.216.34"),
]
V6 = [
    *("::", "::1", "::ffff:0.0.0.0", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:203.0.113.5"),
    *("::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:10::1"),
    *("2001:20::1", "2001:db8::6", "2002:a00:1::1", "3fff::1", "5f00::1", "fc00::1", "fd00::1"),
    *("fe80::1", "fec0::1", "ff02::1"),
    *("2606:4700::1111",),
]


@pytest.fixture(scope="module")
def server() -> Iterator[TurnServer]:
    server = TurnServer(RELAYS, "127.0.0.1").start()
    yield server
    server.close()


@pytest.fixture(scope="module")
def six() -> Iterator[TurnServer]:
    server = TurnServer(RELAYS, "::1", allocation_default_address_family='"ipv6"').start()
    yield server
    server.close()


async def refused(visitor: Visitor, peer: str) -> int | None:
    """With which code; 0 if it is permitted."""
    try:
        await visitor.permit(peer)
    except Refused as no:
        return no.code
    return 0


def test_the_recipe_denies_everything_and_allows_the_addresses_of_one_relay() -> None:
    named = [line.partition("=") for line in recipe()]
    denied = [value for name, _, value in named if name == "denied-peer-ip"]
    assert denied == [
        "0.0.0.0-255.255.255.255",
        "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    ]
    assert [value for name, _, value in named if name == "allowed-peer-ip"] == RELAYS
    assert {"no-multicast-peers", "no-tcp-relay", "no-cli", "use-auth-secret"} <= {
        name for name, _, _ in named
    }


async def test_it_leads_to_the_relay_and_to_no_other_address(server: TurnServer) -> None:
    visitor = await Visitor(server, time.time() + 60).allocate()
    assert {peer: await refused(visitor, peer) for peer in V4} == dict.fromkeys(V4, FORBIDDEN)
    assert await refused(visitor, RELAYS[0]) == 0
    await visitor.leave()


async def test_it_leads_to_the_relay_and_to_no_other_address_of_ipv6(six: TurnServer) -> None:
    visitor = await Visitor(six, time.time() + 60).allocate()
    assert {peer: await refused(visitor, peer) for peer in V6} == dict.fromkeys(V6, FORBIDDEN)
    assert await refused(visitor, RELAYS[1]) == 0
    await visitor.leave()


async def test_nobody_comes_in_without_our_secret_or_after_the_end(server: TurnServer) -> None:
    late = Visitor(server, time.time() - 1)
    with pytest.raises(Refused, match=str(UNAUTHORIZED)):
        await late.allocate()
    forger = Visitor(server, time.time() + 60)
    forger.ice = msgspec.structs.replace(forger.ice, credential="bm90IG91cnM=")
    with pytest.raises(Refused, match=str(UNAUTHORIZED)):
        await forger.allocate()


async def test_what_stands_when_its_credentials_end_goes_on(server: TurnServer) -> None:
    """Otherwise `setConfiguration` would not be enough, and each Leg had to be replaced in time."""
    ends_s = int(time.time()) + 2
    visitor = await Visitor(server, ends_s).allocate()
    await visitor.permit(RELAYS[0])
    again = Visitor(server, ends_s)
    again.ice = visitor.ice
    await wait_for(again.why_not_over)
    await visitor.ask(stun.Method.REFRESH, LIFETIME=600)
    await visitor.permit(RELAYS[0])
    bound = {"CHANNEL_NUMBER": 0x4001, "XOR_PEER_ADDRESS": (RELAYS[0], 9)}
    await visitor.ask(stun.Method.CHANNEL_BIND, **bound)
    await visitor.leave()


async def test_a_leg_gets_so_much_and_no_more_however_often_it_is_renewed(
    server: TurnServer,
) -> None:
    most = next(int(line.partition("=")[2]) for line in recipe() if line.startswith("user-quota"))
    help_request, alice = new_id(), new_id()

    def visitor(renewed: int) -> Visitor:
        return Visitor(server, time.time() + 60 + renewed, help_request, alice)

    mine = [await visitor(renewed).allocate() for renewed in range(most)]
    with pytest.raises(Refused, match=str(QUOTA_REACHED)):
        await visitor(most).allocate()
    other = await Visitor(server, time.time() + 60).allocate()
    for one in (*mine, other):
        await one.leave()


async def test_a_coturn_without_the_recipe_leads_anywhere() -> None:
    """What the recipe is for, and that the tests above would notice its absence."""
    server = TurnServer([], "127.0.0.1", without="denied-peer-ip|no-multicast-peers").start()
    try:
        visitor = await Visitor(server, time.time() + 60).allocate()
        assert [await refused(visitor, peer) for peer in ("10.0.0.1", "224.0.0.1")] == [0, 0]
        await visitor.leave()
    finally:
        server.close()
