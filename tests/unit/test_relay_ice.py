"""Does the relay speak only to those who showed the right credentials?"""

import asyncio
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack

import pytest
from aioice import stun
from hypothesis import given
from hypothesis import strategies as st

from assist.relay import ice, stock
from assist.relay.ice import Agent, Endpoint, addresses_to_bind, landmarks, signed
from tests.waiting import wait_for

Meet = Callable[[], "Peer"]
CLIENT_HELLO = bytes([22, 254, 253]) + bytes(40)
MEDIA = bytes([0x80, 96]) + bytes(40)


class Ear:
    """Takes the place of a Leg."""

    def __init__(self) -> None:
        self.dtls: list[bytes] = []
        self.media: list[bytes] = []
        self.life = 0

    def take_dtls(self, datagram: bytes) -> None:
        self.dtls.append(datagram)

    def take_media(self, datagram: bytes, now_s: float) -> None:
        self.media.append(datagram)

    def take_sign_of_life(self, now_s: float) -> None:
        self.life += 1


class Peer:
    """A UDP socket on this machine."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.relay = ("127.0.0.1", endpoint.ports[0].number)
        self.own: tuple[str, int] = self.socket.getsockname()

    def send(self, datagram: bytes) -> None:
        self.socket.sendto(datagram, self.relay)

    def received(self) -> list[bytes]:
        found = []
        while True:
            try:
                found.append(self.socket.recv(2048))
            except BlockingIOError:
                return found

    async def answer(self) -> stun.Message:
        found: list[bytes] = []

        def why_not() -> str:
            found.extend(self.received())
            return "" if found else "no answer came"

        await wait_for(why_not)
        return stun.parse_message(found[0])


def check(agent: Agent, nominate: bool = True, password: str = "") -> bytes:
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes.update({"USERNAME": f"{agent.ufrag}:peer", "ICE-CONTROLLING": 1})
    if nominate:
        message.attributes["USE-CANDIDATE"] = None
    message.add_message_integrity((password or agent.password).encode())
    return bytes(message)


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    opened = Endpoint()
    opened.open(["127.0.0.1"], 0)
    yield opened
    opened.close()


@pytest.fixture
def meet(endpoint: Endpoint) -> Iterator[Meet]:
    """Makes sockets that speak to the endpoint."""
    with ExitStack() as stack:

        def made() -> Peer:
            peer = Peer(endpoint)
            stack.callback(peer.socket.close)
            return peer

        yield made


@pytest.fixture
def agent(endpoint: Endpoint) -> Agent:
    made = Agent(Ear())
    endpoint.admit(made)
    return made


def ear_of(agent: Agent) -> Ear:
    assert isinstance(agent.listener, Ear)
    return agent.listener


async def after(endpoint: Endpoint, reason: str, count: int = 1) -> None:
    await wait_for(
        lambda: "" if endpoint.dropped[reason] >= count else f"dropped {dict(endpoint.dropped)}"
    )


async def introduce(agent: Agent, peer: Peer) -> None:
    peer.send(check(agent))
    await peer.answer()


async def test_a_check_with_the_right_credentials_is_answered(
    endpoint: Endpoint, agent: Agent, meet: Meet
) -> None:
    peer = meet()
    peer.send(check(agent))
    answer = await peer.answer()
    assert answer.attributes["XOR-MAPPED-ADDRESS"] == peer.own
    assert answer.check_message_integrity(agent.password.encode())
    assert (agent.nominated, ear_of(agent).life) == (True, 1)


async def test_strangers_and_forgers_get_no_answer(
    endpoint: Endpoint, agent: Agent, meet: Meet
) -> None:
    peer = meet()
    stranger = Agent(Ear())  # never admitted
    peer.send(check(stranger))
    peer.send(bytes(stun.Message(stun.Method.BINDING, stun.Class.REQUEST)))
    await after(endpoint, "stun_stranger", 2)
    peer.send(check(agent, password="wrong"))
    await after(endpoint, "stun_forged")
    peer.send(CLIENT_HELLO)
    peer.send(MEDIA)
    await after(endpoint, "stranger", 2)
    assert peer.received() == []
    assert (ear_of(agent).dtls, ear_of(agent).media, agent.nominated) == ([], [], False)


async def test_dtls_and_media_are_taken_only_from_an_address_that_was_checked(
    endpoint: Endpoint, agent: Agent, meet: Meet
) -> None:
    peer, foreigner = meet(), meet()
    await introduce(agent, peer)
    foreigner.send(CLIENT_HELLO)
    await after(endpoint, "stranger")
    peer.send(CLIENT_HELLO)
    peer.send(MEDIA)
    await wait_for(lambda: "" if ear_of(agent).media else "the media did not arrive")
    assert ear_of(agent).dtls == [CLIENT_HELLO]


async def test_the_latest_nomination_is_followed(
    endpoint: Endpoint, agent: Agent, meet: Meet
) -> None:
    old, new = meet(), meet()
    await introduce(agent, old)
    new.send(check(agent, nominate=False))
    await new.answer()
    agent.send(b"to the old one")
    await wait_for(lambda: "" if old.received() else "nothing came to the old address")
    new.send(check(agent))
    await new.answer()
    agent.send(b"to the new one")
    await wait_for(lambda: "" if new.received() else "nothing came to the new address")


async def test_a_check_for_another_peer_is_not_answered_once_the_peer_is_known(
    endpoint: Endpoint, agent: Agent, meet: Meet
) -> None:
    agent.peer_ufrag = "somebody-else"
    meet().send(check(agent))
    await after(endpoint, "stun_forged")
    assert not agent.nominated


async def test_checks_are_no_sign_of_life_for_a_leg_whose_connection_ended(
    endpoint: Endpoint, agent: Agent, meet: Meet
) -> None:
    peer = meet()
    await introduce(agent, peer)
    agent.retire()
    peer.send(check(agent))
    await after(endpoint, "stun_forged")
    assert (agent.nominated, ear_of(agent).life) == (False, 1)


async def test_nobody_takes_over_the_address_of_a_leg_that_is_alive(
    endpoint: Endpoint, agent: Agent, meet: Meet
) -> None:
    peer = meet()
    await introduce(agent, peer)
    thief = Agent(Ear())
    endpoint.admit(thief)
    peer.send(check(thief))
    await after(endpoint, "stun_taken")
    peer.send(MEDIA)
    await wait_for(lambda: "" if ear_of(agent).media else "the owner heard nothing")
    assert ear_of(thief).media == []


async def test_an_address_is_free_again_when_its_leg_has_left(
    endpoint: Endpoint, agent: Agent, meet: Meet
) -> None:
    peer = meet()
    await introduce(agent, peer)
    agent.leave()
    second = Agent(Ear())
    endpoint.admit(second)
    await introduce(second, peer)
    assert second.nominated


async def test_a_flood_of_checks_costs_a_bounded_number_of_looks(
    endpoint: Endpoint, agent: Agent, meet: Meet
) -> None:
    peer = meet()
    for _ in range(5 * ice.CHECKS_PER_S):
        peer.send(check(agent))
        await asyncio.sleep(0)
    await after(endpoint, "stun_flood")


async def test_a_flood_of_forged_checks_keeps_nobody_from_being_answered(
    endpoint: Endpoint, agent: Agent, meet: Meet
) -> None:
    forger, peer = meet(), meet()
    for _ in range(5 * ice.CHECKS_PER_S):
        forger.send(check(agent, password="wrong"))
    await after(endpoint, "stun_forged", 5 * ice.CHECKS_PER_S)
    peer.send(check(agent))
    await peer.answer()
    assert forger.received() == []


def test_a_signature_is_judged_as_the_library_does() -> None:
    agent = Agent(Ear())
    good = check(agent)
    ufrag, at = landmarks(good)
    assert (ufrag.decode(), signed(good, at, agent.password)) == (agent.ufrag, True)
    assert not signed(good, at, "another")
    assert not signed(good, 0, agent.password)
    for changed in range(at + ice._SIGNATURE_BYTES):
        if changed in (2, 3) or at <= changed < at + 4:  # lengths and the signature's own head
            continue
        bad = bytearray(good)
        bad[changed] ^= 1
        assert not signed(bytes(bad), at, agent.password)
    assert not signed(good[: at + 8], at, agent.password)


def test_a_message_of_hundreds_of_attributes_is_not_searched_to_its_end() -> None:
    good = check(Agent(Ear()))
    stuffed = good[:20] + bytes(4 * ice.MAX_ATTRIBUTES) + good[20:]
    assert landmarks(stuffed) == (b"", 0)
    assert landmarks(good[:20] + bytes(16) + good[20:])[1] > 0


async def test_the_addresses_that_one_leg_can_hold_are_few(
    endpoint: Endpoint, agent: Agent, meet: Meet
) -> None:
    peers = [meet() for _ in range(ice.MAX_PATHS + 4)]
    for peer in peers:
        peer.send(check(agent, nominate=False))
        await peer.answer()
    assert len(endpoint.ports[0].agents) == ice.MAX_PATHS
    held = [endpoint.ports[0].where(address) for address in endpoint.ports[0].agents]
    assert peers[0].own in held  # the one that is in use stays


async def test_junk_is_counted_and_never_answered_nor_raised(
    endpoint: Endpoint, agent: Agent, meet: Meet, caplog: pytest.LogCaptureFixture
) -> None:
    peer = meet()
    junk = [bytes([first]) * size for first in (0, 3, 20, 64, 128, 255) for size in (1, 20, 1400)]
    for datagram in [b"", *junk]:
        peer.send(datagram)
    await wait_for(
        lambda: "" if endpoint.dropped.total() >= len(junk) else f"{endpoint.dropped.total()}"
    )
    assert peer.received() == []
    assert caplog.records == []


def test_a_router_in_front_is_reached_through_the_wildcard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ice, "own_addresses", lambda: ["192.0.2.7", "127.0.0.1", "2001:db8::7"])
    assert addresses_to_bind(["192.0.2.7", "2001:db8::7"]) == ["192.0.2.7", "2001:db8::7"]
    assert addresses_to_bind(["203.0.113.9", "2001:db8::7"]) == ["0.0.0.0", "2001:db8::7"]
    assert addresses_to_bind(["203.0.113.9", "192.0.2.7"]) == ["0.0.0.0"]


GOOD = check(Agent(Ear()))


@given(
    st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=8),
    st.integers(0, len(GOOD)),
    st.binary(max_size=30),
)
def test_mutated_checks_raise_nothing(
    changes: list[tuple[int, int]], cut: int, tail: bytes
) -> None:
    message = bytearray(GOOD)
    for at, value in changes:
        message[at] = value
    datagram = bytes(message[:cut]) + tail
    signed(datagram, landmarks(datagram)[1], "password")
    stock.read_check(datagram, "password")


async def test_how_long_a_packet_waited_is_known_of_one_and_then_of_the_next_when_noted(
    endpoint: Endpoint, meet: Meet
) -> None:
    peer = meet()
    peer.send(b"x")
    time.sleep(0.05)  # noqa: ASYNC251 - the loop is busy with something else, that is the point
    await after(endpoint, "stranger")
    if sys.platform != "linux":  # no other system tells
        assert endpoint.waited_s is None
        return
    assert endpoint.waited_s is not None
    assert 0.04 < endpoint.waited_s < 5
    endpoint.waited_s = None
    peer.send(b"x")
    await after(endpoint, "stranger", 2)
    assert endpoint.waited_s is not None
