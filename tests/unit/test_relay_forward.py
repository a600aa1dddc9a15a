"""Do packets go out as one unbroken stream, whoever they come from?"""

from struct import pack, unpack_from

from hypothesis import given
from hypothesis import strategies as st

from assist.relay.forward import Outbound, find_extension, payload_start
from assist.relay.streams import RTX_TYPE, TRANSPORT_CC_ID, VIDEO_TYPE, Kind

FIRST, SECOND = object(), object()


def rtp(
    sequence: int,
    timestamp: int = 0,
    ssrc: bytes = b"AAAA",
    transport: int | None = None,
    payload: bytes = b"picture",
    kind: int = VIDEO_TYPE,
) -> bytes:
    extension = b""
    if transport is not None:
        extension = b"\xbe\xde\x00\x01" + bytes([TRANSPORT_CC_ID << 4 | 1])
        extension += pack("!H", transport) + b"\x00"
    first = 0x90 if extension else 0x80
    return pack("!BBHI", first, kind, sequence, timestamp) + ssrc + extension + payload


def carried(out: Outbound, kind: Kind, origin: object, packet: bytes, now_s: float) -> bytes | None:
    """The packet as it goes out, if it does."""
    changed = bytearray(packet)
    return bytes(changed) if out.carry(kind, origin, packet, changed, now_s) else None


def sequence_of(packet: bytes | None) -> int:
    assert packet is not None
    return int(unpack_from("!H", packet, 2)[0])


def transport_of(packet: bytes | None) -> int:
    assert packet is not None
    at = find_extension(packet, TRANSPORT_CC_ID, 2)
    assert at is not None
    return int(unpack_from("!H", packet, at)[0])


def test_the_first_source_passes_with_only_its_stream_number_changed() -> None:
    out = Outbound()
    packet = rtp(65_535, 77, transport=9)
    sent = carried(out, Kind.VIDEO, FIRST, packet, 0.0)
    assert sent == packet[:8] + out.lanes[Kind.VIDEO].ssrc + packet[12:]


def test_another_source_continues_the_sequence_the_time_and_the_transport_numbers() -> None:
    out = Outbound()
    carried(out, Kind.VIDEO, FIRST, rtp(65_535, 90_000, transport=65_535), 10.0)
    sent = carried(out, Kind.VIDEO, SECOND, rtp(500, 7, b"BBBB", transport=1), 10.5)
    after = carried(out, Kind.VIDEO, SECOND, rtp(502, 9, b"BBBB", transport=3), 10.6)
    assert (sequence_of(sent), sequence_of(after)) == (0, 2)
    assert sent is not None
    assert unpack_from("!I", sent, 4)[0] == 90_000 + 45_000
    assert (transport_of(sent), transport_of(after)) == (0, 2)


def test_no_sequence_number_is_ever_spent_twice_on_different_packets() -> None:
    """The number is part of the cipher's nonce: a second use would open both packets."""
    out = Outbound()
    sent = [carried(out, Kind.VIDEO, FIRST, rtp(n), 0.0) for n in (10, 12, 11)]
    late = [
        carried(out, Kind.VIDEO, SECOND, rtp(n, ssrc=b"BBBB"), 1.0) for n in (200, 199, 198, 201)
    ]
    numbers = [sequence_of(packet) for packet in [*sent, *late] if packet is not None]
    assert numbers == [10, 12, 11, 13, 14]


def test_a_long_stream_after_a_change_of_source_is_not_held_up_by_the_floor() -> None:
    out = Outbound()
    carried(out, Kind.VIDEO, FIRST, rtp(1), 0.0)
    for number in range(150_000):
        sent = carried(out, Kind.VIDEO, SECOND, rtp(number & 0xFFFF, ssrc=b"BBBB"), 1.0)
        assert sequence_of(sent) == (number + 2) & 0xFFFF


def test_a_retransmission_names_the_packet_by_its_new_number() -> None:
    out = Outbound()
    carried(out, Kind.VIDEO, FIRST, rtp(100), 0.0)
    carried(out, Kind.VIDEO, SECOND, rtp(700, ssrc=b"BBBB"), 0.1)
    again = rtp(5, ssrc=b"bbbb", payload=pack("!H", 700) + b"picture", kind=RTX_TYPE)
    sent = carried(out, Kind.REPAIR, SECOND, again, 0.2)
    assert sent is not None
    assert sent[12:14] == pack("!H", 101)


def test_a_probe_without_content_is_not_mistaken_for_a_retransmission() -> None:
    out = Outbound()
    carried(out, Kind.VIDEO, FIRST, rtp(100), 0.0)
    carried(out, Kind.VIDEO, SECOND, rtp(700, ssrc=b"BBBB"), 0.1)
    probe = bytearray(rtp(5, ssrc=b"bbbb", payload=bytes(3) + b"\x04", kind=RTX_TYPE))
    probe[0] |= 0x20
    sent = carried(out, Kind.REPAIR, SECOND, bytes(probe), 0.2)
    assert sent is not None
    assert sent[12:] == probe[12:]


def test_a_retransmission_of_pictures_that_were_never_sent_here_stays_behind() -> None:
    out = Outbound()
    repair = rtp(5, ssrc=b"bbbb", payload=pack("!H", 1), kind=RTX_TYPE)
    assert carried(out, Kind.REPAIR, FIRST, repair, 0.0) is None


def test_each_leg_sends_under_numbers_of_its_own() -> None:
    numbers = [lane.number for out in (Outbound(), Outbound()) for lane in out.lanes.values()]
    assert len(set(numbers)) == len(numbers)


@given(st.binary(max_size=80), st.integers(0, 15), st.integers(0, 255))
def test_broken_headers_are_measured_without_reading_past_the_end(
    tail: bytes, csrcs: int, second: int
) -> None:
    packet = bytes([0x90 | csrcs, second]) + tail
    start = payload_start(packet)
    assert start is None or 12 <= start <= len(packet)
    at = find_extension(packet, TRANSPORT_CC_ID, 2)
    assert at is None or at + 2 <= len(packet)


@given(st.lists(st.binary(min_size=12, max_size=60), min_size=1, max_size=20), st.data())
def test_hostile_packets_of_changing_sources_raise_nothing(
    packets: list[bytes], data: st.DataObject
) -> None:
    out = Outbound()
    for index, packet in enumerate(packets):
        kind = data.draw(st.sampled_from(list(Kind)))
        origin = data.draw(st.sampled_from([FIRST, SECOND]))
        sent = carried(out, kind, origin, packet, float(index))
        assert sent is None or len(sent) == len(packet)
