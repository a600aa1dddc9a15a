"""Is what one side reports said to the other in the other's own terms?"""

from struct import pack, unpack_from

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assist.relay.feedback import View, key_frame_request, redirect, translate
from assist.relay.forward import Outbound
from assist.relay.streams import VIDEO_TYPE, Kind

CAMERA, VOICE = b"CAM1", b"VOI1"  # what the Requester's browser sends


class Pair:
    """A Requester who was replaced once, so that all numbers are shifted, and a Volunteer."""

    def __init__(self) -> None:
        self.requester, self.volunteer, before = object(), object(), object()
        self.to_requester, self.to_volunteer = Outbound(), Outbound()
        for origin, packet, now_s in (
            (before, self.picture(100, 1000, b"OLD1", 50), 1.0),
            (self.requester, self.picture(1, 0, CAMERA, 7), 2.0),
        ):
            self.to_volunteer.carry(Kind.VIDEO, origin, packet, bytearray(packet), now_s)
        self.lane = self.to_volunteer.lanes[Kind.VIDEO]

    @staticmethod
    def picture(sequence: int, timestamp: int, ssrc: bytes, transport: int) -> bytes:
        head = pack("!BBHI", 0x90, VIDEO_TYPE, sequence, timestamp) + ssrc
        return head + b"\xbe\xde\x00\x01\x31" + pack("!H", transport) + b"\x00picture"

    def from_volunteer(self, packet: bytes) -> bytes:
        """RTCP of the Volunteer's browser, as the Requester's gets it."""
        return translate(
            packet,
            View(self.volunteer, self.requester, {}, self.to_volunteer, self.to_requester),
        )

    def from_requester(self, packet: bytes) -> bytes:
        """RTCP of the Requester's browser, as the Volunteer's gets it."""
        sources = {CAMERA: Kind.VIDEO, VOICE: Kind.AUDIO}
        return translate(
            packet,
            View(self.requester, self.volunteer, sources, self.to_requester, self.to_volunteer),
        )


@pytest.fixture
def pair() -> Pair:
    return Pair()


def test_a_key_frame_request_names_the_camera(pair: Pair) -> None:
    said = pair.from_volunteer(key_frame_request(b"\0\0\0\1", pair.lane.ssrc))
    speaker = pair.to_requester.lanes[Kind.AUDIO].ssrc
    assert said == key_frame_request(speaker, CAMERA)


def test_a_loss_report_names_the_packets_as_the_camera_numbered_them(pair: Pair) -> None:
    lost = pack("!BBH", 0x81, 205, 3) + b"\0\0\0\1" + pair.lane.ssrc + pack("!HH", 101, 0b101)
    said = pair.from_volunteer(lost)
    assert (said[8:12], said[12:]) == (CAMERA, pack("!HH", 1, 0b101))


def test_bandwidth_feedback_counts_as_the_sender_did(pair: Pair) -> None:
    report = b"\0\0\0\1" + pair.lane.ssrc + pack("!HH", 51, 1) + bytes(8)
    said = pair.from_volunteer(pack("!BBH", 0x8F, 205, 5) + report)
    assert said[8:] == CAMERA + pack("!HH", 7, 1) + bytes(8)


@pytest.mark.parametrize("lacks", [1, 2, 3])
def test_bandwidth_feedback_that_was_filled_up_goes_on_as_it_came(pair: Pair, lacks: int) -> None:
    filling = bytes(lacks - 1) + bytes([lacks])
    deltas = b"\5" * (8 - lacks)
    report = b"\0\0\0\1" + pair.lane.ssrc + pack("!HH", 51, 1) + bytes(4) + deltas + filling
    packet = pack("!BBH", 0xAF, 205, 6) + report
    said = pair.from_volunteer(packet)
    assert said[:4] == packet[:4]
    assert said[8:] == CAMERA + pack("!HH", 7, 1) + bytes(4) + deltas + filling
    buffer = bytearray(packet)
    view = View(pair.volunteer, pair.requester, {}, pair.to_volunteer, pair.to_requester)
    assert redirect(memoryview(buffer), view)
    assert bytes(buffer) == said
    broken = bytearray(packet[:-1] + b"\xff")
    assert not redirect(memoryview(broken), view)
    assert pair.from_volunteer(bytes(broken)) == b""


@given(st.integers(0, 40), st.data())
def test_feedback_that_is_changed_in_place_becomes_what_it_would_become_by_itself(
    size: int, data: st.DataObject
) -> None:
    pair = Pair()
    named = data.draw(st.sampled_from([pair.lane.ssrc, b"none"]))
    head = data.draw(st.sampled_from([0x8F, 0x8F, 0xAF, 0x81, 0x4F]))
    words = data.draw(st.sampled_from([2 + size // 4, 2 + size // 4, 0, 3, 40]))
    packet = pack("!BBH", head, 205, words) + b"\0\0\0\1" + named + bytes(range(size))
    buffer = bytearray(packet)
    view = View(pair.volunteer, pair.requester, {}, pair.to_volunteer, pair.to_requester)
    if redirect(memoryview(buffer), view):
        assert bytes(buffer) == translate(packet, view) != packet
    else:
        assert buffer == packet
    usual = (head, words, named) == (0x8F, 2 + size // 4, pair.lane.ssrc)
    assert redirect(memoryview(bytearray(packet)), view) == (usual and size >= 8 and size % 4 == 0)


def test_a_bitrate_estimate_and_a_full_picture_request_name_the_camera(pair: Pair) -> None:
    remb = b"\0\0\0\1" + bytes(4) + b"REMB" + b"\x01abc" + pair.lane.ssrc
    fir = b"\0\0\0\1" + bytes(4) + pair.lane.ssrc + b"\x07\0\0\0"
    said = pair.from_volunteer(pack("!BBH", 0x8F, 206, 5) + remb + pack("!BBH", 0x84, 206, 4) + fir)
    assert said[12:24] == b"REMB\x01abc" + CAMERA
    assert said[24 + 12 :] == CAMERA + b"\x07\0\0\0"


def test_a_report_block_is_translated_and_one_about_nothing_we_carry_is_left_out(
    pair: Pair,
) -> None:
    ours = pair.lane.ssrc + bytes(4) + pack("!I", 1 << 16 | 101) + bytes(12)
    foreign = b"????" + bytes(20)
    said = pair.from_volunteer(pack("!BBH", 0x82, 201, 13) + b"\0\0\0\1" + foreign + ours)
    assert said[:4] == pack("!BBH", 0x81, 201, 7)
    assert said[8:12] == CAMERA
    assert unpack_from("!I", said, 16)[0] == 1 << 16 | 1


def test_a_sender_report_bears_the_time_that_the_receiver_knows(pair: Pair) -> None:
    info = pack("!QIII", 12345, 500, 3, 4)
    said = pair.from_requester(pack("!BBH", 0x80, 200, 6) + CAMERA + info)
    assert said[4:8] == pair.lane.ssrc
    assert said[8:16] == pack("!Q", 12345)
    assert unpack_from("!I", said, 16)[0] == (500 + pair.lane.timestamp_shift) & 0xFFFFFFFF


def test_the_name_of_a_source_passes_under_our_stream_number(pair: Pair) -> None:
    said = pair.from_requester(pack("!BBH", 0x81, 202, 3) + CAMERA + b"\x01\x04name\0\0")
    assert said == pack("!BBH", 0x81, 202, 3) + pair.lane.ssrc + b"\x01\x04name\0\0"


@pytest.mark.parametrize("kind", [203, 204, 207])
def test_goodbyes_and_unknown_kinds_are_not_passed_on(pair: Pair, kind: int) -> None:
    assert pair.from_requester(pack("!BBH", 0x81, kind, 1) + CAMERA) == b""


def test_feedback_about_a_source_that_was_replaced_does_not_reach_the_new_one(pair: Pair) -> None:
    view = View(pair.volunteer, object(), {}, pair.to_volunteer, pair.to_requester)
    assert translate(key_frame_request(b"\0\0\0\1", pair.lane.ssrc), view) == b""


def test_all_parts_of_a_compound_packet_are_translated(pair: Pair) -> None:
    empty = pack("!BBH", 0x80, 201, 1) + b"\0\0\0\1"
    said = pair.from_volunteer(empty + key_frame_request(b"\0\0\0\1", pair.lane.ssrc))
    assert [said[1], said[9]] == [201, 206]


@given(
    st.sampled_from([200, 201, 202, 203, 205, 206, 207]),
    st.integers(0, 255),
    st.integers(0, 12),
    st.binary(max_size=60),
)
def test_hostile_reports_raise_nothing_and_stay_well_formed(
    kind: int, first: int, words: int, tail: bytes
) -> None:
    pair = Pair()
    packet = pack("!BBH", first & 0x3F | 0x80, kind, words) + pair.lane.ssrc * 2 + tail
    for said in (pair.from_volunteer(packet), pair.from_requester(packet)):
        at = 0
        while at < len(said):
            at += 4 + 4 * int(unpack_from("!H", said, at + 2)[0])
        assert at == len(said)
