"""Is aiortc kept from SCTP that would stop the relay, fill it, or keep it from everybody else?"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from struct import pack

import pytest
from aiortc.rtcsctptransport import RTCSctpTransport, decode_params
from google_crc32c import value as crc32c
from hypothesis import given
from hypothesis import strategies as st
from OpenSSL import SSL

from assist.lib.env import ROOT
from assist.relay import chunks, guard, stock
from assist.relay.chunks import MAX_AHEAD, Standing, harmless
from assist.relay.guard import Allowance, GuardedReceiver
from assist.relay.stock import CHANNEL_ID, Message, Secured
from tests.waiting import wait_for

UP = Standing(established=True, received=100, in_flight=3, stream=CHANNEL_ID)
NEW = Standing(established=False, received=None, in_flight=0, stream=CHANNEL_ID)


def chunk(kind: int, body: bytes, flags: int = 0) -> bytes:
    return pack("!BBH", kind, flags, 4 + len(body)) + body + bytes(-len(body) % 4)


def data(tsn: int, stream: int = CHANNEL_ID, words: bytes = b"x", flags: int = 3) -> bytes:
    return chunk(chunks.DATA, pack("!IHHI", tsn % (1 << 32), stream, 0, 51) + words, flags)


def sack(*gaps: tuple[int, int], cumulative: int = 100, count: int | None = None) -> bytes:
    head = pack("!IIHH", cumulative, 1 << 20, len(gaps) if count is None else count, 0)
    return chunk(chunks.SACK, head + b"".join(pack("!HH", *gap) for gap in gaps))


def parameter(size: int, value: bytes = b"") -> bytes:
    return pack("!HH", 1, size) + value


def packet(*parts: bytes, tag: int = 0) -> bytes:
    body = b"".join(parts)
    head = pack("!HHI", 5000, 5000, tag)
    return head + pack("<I", crc32c(head + bytes(4) + body)) + body


INIT_BODY = pack("!IIHHI", 1, 1 << 20, 8, 8, 7)


@pytest.mark.parametrize(
    ("parts", "standing"),
    [
        ([data(101)], UP),
        ([data(101 + beat) for beat in range(30)], UP),  # what waited while the network was away
        ([data(99)], UP),  # sent again although it came
        ([data(100 + MAX_AHEAD)], UP),
        ([sack()], UP),
        ([sack((2, 2), (3, 3))], UP),
        ([chunk(chunks.HEARTBEAT, parameter(8, b"when"))], UP),
        ([chunk(chunks.RECONFIG, parameter(18, bytes(14)))], UP),
        ([chunk(chunks.INIT, INIT_BODY + parameter(4))], NEW),
        ([chunk(10, bytes(24)), data(7)], Standing(False, 6, 0, CHANNEL_ID)),  # both at once
        ([chunk(chunks.ABORT, b"")], UP),
        ([chunk(99, b"\0\0\0\0")], UP),  # unknown to aiortc, which skips it
    ],
)
def test_what_a_page_needs_gets_past(parts: list[bytes], standing: Standing) -> None:
    assert harmless(packet(*parts), standing)


@pytest.mark.parametrize(
    ("parts", "standing"),
    [
        ([chunk(chunks.HEARTBEAT, parameter(0))], UP),
        ([chunk(chunks.ABORT, parameter(3))], UP),
        ([chunk(chunks.INIT, INIT_BODY + parameter(0))], NEW),
        ([chunk(chunks.INIT_ACK, INIT_BODY + parameter(4) + parameter(0))], NEW),
        ([chunk(chunks.RECONFIG, parameter(1))], UP),
        ([chunk(chunks.ERROR, parameter(0))], UP),
        ([sack((1, 65_535))], UP),
        ([sack((2, 4))], UP),  # only three are on their way
        ([sack((2, 3), (2, 3))], UP),
        ([sack((3, 2))], UP),
        ([sack(count=1)], UP),
        ([data(101, stream=1)], UP),
        ([data(101, words=b"")], UP),
        ([data(101 + MAX_AHEAD)], UP),
        ([data(101)], NEW),
        ([chunk(chunks.INIT, INIT_BODY)], UP),
        ([chunk(chunks.INIT, INIT_BODY)] * 2, NEW),
        ([chunk(chunks.FORWARD_TSN, pack("!IHH", 5000, 0, 0))], UP),
        ([b"\x00\x03\x00\x03"], UP),
        ([b"\x00\x03\x00\xff" + bytes(8)], UP),
        ([], UP),
    ],
)
def test_what_only_hurts_does_not(parts: list[bytes], standing: Standing) -> None:
    assert not harmless(packet(*parts), standing)


def test_the_same_numbers_are_near_on_both_sides_of_their_wrap() -> None:
    wrapping = Standing(True, (1 << 32) - 1, 0, CHANNEL_ID)
    assert harmless(packet(data(3)), wrapping)
    assert harmless(packet(data(-5)), wrapping)
    assert not harmless(packet(data(MAX_AHEAD + 9)), wrapping)


@given(st.binary(max_size=64), st.sampled_from([UP, NEW]), st.integers(0, 200))
def test_any_bytes_are_judged_and_nothing_is_raised(
    body: bytes, standing: Standing, kind: int
) -> None:
    if harmless(packet(chunk(kind, body)), standing) and kind in (4, 5, 6, 9, 130):
        decode_params(body)  # comes to an end
    harmless(body, standing)


def test_an_allowance_is_spent_and_comes_back_with_time() -> None:
    allowance = Allowance(0.0)
    assert allowance.left_at(0.0)
    allowance.spend(guard.BURST_S + guard.SHARE)
    assert not allowance.left_at(0.5)
    assert allowance.left_at(1.1)
    allowance.spend(guard.BURST_S / 2)
    assert allowance.is_low


def test_a_photograph_may_be_sent_at_its_own_pace() -> None:
    """Four megabytes in chunks of 16 KiB at 8 Mbit/s, on a machine half as quick as ours."""
    allowance = Allowance(0.0)
    for number in range(256):
        assert allowance.left_at(number / 61)
        allowance.spend(0.004 + 14 * guard.RECORD_S + guard.MESSAGE_S + 16_384 * guard.BYTE_S)


class Pair:
    """A relay's side, and a peer who may send anything with real keys."""

    def __init__(self) -> None:
        self.heard: list[Message] = []
        self.gone: list[str] = []
        certificates = [stock.new_certificate() for _ in range(2)]
        self.prints = [[("sha-256", stock.fingerprint(one))] for one in certificates]
        self.relay = Secured(
            certificates[0], lambda data: self.peer.feed(data), self.heard.append, self.gone.append
        )
        self.peer = Secured(
            certificates[1], lambda data: self.relay.feed(data), lambda _: None, lambda _: None
        )

    async def connect(self) -> None:
        await asyncio.gather(
            self.relay.open(self.prints[1], "server", channel=True),
            self.peer.open(self.prints[0], "client", channel=True),
        )
        await wait_for(lambda: "" if self.peer.say("first") else "no channel")
        await wait_for(self.hears("first"))

    def hears(self, word: str) -> Callable[[], str]:
        return lambda: "" if word in self.heard else f"heard only {self.heard}"

    @property
    def allowance(self) -> Allowance:
        """What the relay will still do for this peer."""
        receiver = self.relay._dtls._data_receiver
        assert isinstance(receiver, GuardedReceiver)
        return receiver._allowance

    @property
    def sctp(self) -> RTCSctpTransport:
        """The relay's own."""
        assert self.relay._sctp is not None
        return self.relay._sctp

    async def send(self, *parts: bytes) -> None:
        """Chunks of the peer's making, in a packet that the relay has no reason to doubt."""
        assert self.peer._sctp is not None
        tag = self.peer._sctp._remote_verification_tag
        await self.peer._dtls._send_data(packet(*parts, tag=tag))
        await asyncio.sleep(0)

    async def taken(self) -> None:
        """Until what the peer said has left it, and the relay had every chance to hear it."""
        sctp = self.peer._sctp
        await wait_for(lambda: "" if sctp is not None and sctp._sent_queue else "nothing was sent")
        for _ in range(10):
            await asyncio.sleep(0)

    async def close(self) -> None:
        await asyncio.gather(self.relay.close(), self.peer.close())


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    pair = Pair()
    await pair.connect()
    yield pair
    await pair.close()


async def test_one_packet_of_a_peer_does_not_stop_the_relay(pair: Pair) -> None:
    await pair.send(chunk(chunks.HEARTBEAT, parameter(0)))
    await pair.send(*(sack((1, 65_535), (1, 65_535)),) * 8)
    pair.peer.say("still there?")
    await wait_for(pair.hears("still there?"))


async def test_streams_that_nobody_agreed_on_leave_nothing_behind(pair: Pair) -> None:
    tsn = pair.sctp._last_received_tsn or 0
    for number in range(1, 40):
        await pair.send(data(tsn + 1, stream=number))
    pair.peer.say("after")
    await wait_for(pair.hears("after"))
    assert list(pair.sctp._inbound_streams) == [CHANNEL_ID]


async def test_a_peer_that_starts_words_and_ends_none_is_sent_away(pair: Pair) -> None:
    tsn = pair.sctp._last_received_tsn or 0
    for number in range(4 * MAX_AHEAD // 64):
        first = tsn + 1 + 64 * number
        await pair.send(*(data(first + at, flags=int(at + number == 0) * 2) for at in range(64)))
        pair.allowance.spend(-1.0)  # as if it had taken hours
    await wait_for(lambda: "" if pair.gone else f"{len(pair.sctp._inbound_streams[0].reassembly)}")


async def test_a_peer_that_costs_too_much_is_not_listened_to_for_a_while(pair: Pair) -> None:
    pair.allowance.spend(2 * guard.BURST_S)
    pair.peer.say("too much")
    await pair.taken()
    assert pair.heard == ["first"]
    pair.allowance.spend(-2 * guard.BURST_S)
    await wait_for(pair.hears("too much"))  # said again by the peer's own SCTP: nothing was lost


async def test_pages_that_take_much_share_half_a_core_and_the_others_notice_nothing(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_taken = Allowance(time.monotonic(), 0.0)
    all_taken.spend(2 * guard.BURST_S)
    monkeypatch.setattr(guard, "greedy", all_taken)
    pair.peer.say("few words")
    await wait_for(pair.hears("few words"))
    pair.allowance.spend(0.6 * guard.BURST_S)
    pair.peer.say("a thousand more")
    await pair.taken()
    assert "a thousand more" not in pair.heard
    monkeypatch.setattr(guard, "greedy", Allowance(time.monotonic(), 1.0))
    await wait_for(pair.hears("a thousand more"))


async def test_who_does_not_read_cannot_make_us_keep_messages_without_end(pair: Pair) -> None:
    pair.peer._dtls._data_receiver = None
    taken = sum(pair.relay.say("") for _ in range(4 * stock.MAX_UNSENT_MESSAGES))
    assert stock.MAX_UNSENT_MESSAGES <= taken <= stock.MAX_UNSENT_MESSAGES + 8


async def test_a_photograph_fits_that_is_sent_as_pages_do_and_nothing_much_larger(
    pair: Pair,
) -> None:
    page = (ROOT / "frontend" / "js" / "call" / "photo.js").read_text(encoding="utf-8")
    piece_bytes, ahead = (
        int(re.findall(rf"^(?:export )?const {name} = ([\d_]+);", page, re.MULTILINE)[0])
        for name in ("PIECE_BYTES", "MOST_AHEAD")
    )
    pair.peer._dtls._data_receiver = None
    taken = sum(pair.relay.say(bytes(piece_bytes)) for _ in range(1000))
    assert ahead < taken <= stock.MAX_UNSENT_BYTES // piece_bytes + 2


async def test_words_after_the_peers_goodbye_are_refused_and_nothing_is_raised(
    pair: Pair,
) -> None:
    raised: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: raised.append(context))
    pair.peer._dtls._data_receiver = None
    for _ in range(4):
        pair.relay.say("y" * 60_000)
    await pair.peer._dtls.stop()
    await wait_for(lambda: "" if pair.gone else "the goodbye was not heard")
    assert not pair.relay.say("into the void")
    pair.sctp._t3_expired()
    await asyncio.sleep(0)
    asyncio.get_running_loop().set_exception_handler(None)
    assert raised == []


async def test_a_second_handshake_is_not_begun(pair: Pair) -> None:
    connection = pair.peer._dtls._ssl
    assert connection is not None
    connection.renegotiate()
    with pytest.raises(SSL.WantReadError):
        connection.do_handshake()
    await pair.peer._dtls._write_ssl()
    assert pair.relay._datagrams._waiting.empty()
