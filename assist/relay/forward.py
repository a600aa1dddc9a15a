"""Which bytes of a packet change on its way from one Leg to the other?

Almost none: the number of its stream (SSRC). Both Legs speak of the same payload types and
extension ids, so sequence numbers, timestamps and extensions pass untouched and feedback can
travel end to end. Only when a Leg was replaced in mid-call (a reload, a hand-over) do numbers
shift, because the receiver must see one unbroken stream.
"""

from __future__ import annotations

import secrets
from struct import pack_into, unpack_from

from assist.relay.streams import CLOCK_RATE_HZ, TRANSPORT_CC_ID, TYPE_OF_KIND, Kind

RTP_HEADER_BYTES = 12
_HALF = 0x8000
_FULL = 0xFFFF
_FLOOR_STEP = 0x2000

Writable = bytearray | memoryview


class Lane:
    """One stream that we send on a Leg, whoever it comes from just now."""

    def __init__(self, kind: Kind, number: int) -> None:
        self.kind = kind
        self.payload_type = TYPE_OF_KIND[kind]
        self.number = number
        self.ssrc = number.to_bytes(4, "big")
        self.source = b""  # the SSRC it comes from
        self.origin: object = None  # the Leg it comes from
        self.sequence_shift = 0
        self.timestamp_shift = 0
        self.last_packet = b""  # the newest we sent, as it came in; its header is never sealed
        self.last_s = 0.0
        self.newest = 0  # its sequence number, as it came in
        self._floor: int | None = None

    def follow(self, origin: object, packet: bytes, now_s: float) -> None:
        """Continue with another source where the one before stopped."""
        sequence, timestamp = unpack_from("!HI", packet, 2)
        if self.last_packet:
            last_timestamp = unpack_from("!I", self.last_packet, 4)[0] + self.timestamp_shift
            passed = max(1, int((now_s - self.last_s) * CLOCK_RATE_HZ[self.kind]))
            next_sequence = self.newest + self.sequence_shift + 1
            self.timestamp_shift = (last_timestamp + passed - timestamp) & 0xFFFFFFFF
            self.sequence_shift = (next_sequence - sequence) & _FULL
            self._floor = sequence
        self.origin, self.source, self.newest = origin, packet[8:12], sequence

    def admits(self, sequence: int) -> bool:
        """Whether `sequence` may be sent.

        What is older than the first packet of a later source would reuse a number that the source
        before already spent, and with it a nonce of the cipher: never.
        """
        if self._floor is None:
            return True
        ahead = (sequence - self._floor) & _FULL
        if ahead >= _HALF:
            return False
        if ahead > 2 * _FLOOR_STEP:
            self._floor = (self._floor + _FLOOR_STEP) & _FULL
        return True

    def note(self, packet: bytes, sequence: int, now_s: float) -> None:
        """Remember the newest packet, which a later source continues from."""
        if (sequence - self.newest) & _FULL < _HALF:
            self.newest = sequence
            self.last_packet = packet
            self.last_s = now_s


class Outbound:
    """All that we send on one Leg."""

    def __init__(self) -> None:
        numbers = iter(_distinct_numbers(len(Kind)))
        self.lanes = {kind: Lane(kind, next(numbers)) for kind in Kind}
        self.transport_shift = 0  # of the transport-wide sequence number
        self.shifting = False  # whether numbers change at all
        self._origin: object = None
        self._resume_at: int | None = None  # the next transport-wide number for a new origin

    def carry(
        self, kind: Kind, origin: object, datagram: bytes, packet: Writable, now_s: float
    ) -> bool:
        """Make `packet` one that may go out, in place; False if it must not.

        It is RTP of the Leg `origin`, opened; `datagram` is the same as it came in. Both have one
        header, which is not sealed: it is read there and written here.
        """
        lane = self.lanes[kind]
        if origin is not self._origin:
            self._enter(origin)
        if datagram[8:12] != lane.source or origin is not lane.origin:
            if kind is Kind.REPAIR and self.lanes[Kind.VIDEO].origin is not origin:
                return False  # it repairs pictures that were never sent here
            self.shifting = self.shifting or bool(lane.last_packet)
            lane.follow(origin, datagram, now_s)
        return self.go_on(lane, datagram, packet, now_s)

    def go_on(self, lane: Lane, datagram: bytes, packet: Writable, now_s: float) -> bool:
        """`carry`, for a packet of the very source that fed `lane` last."""
        sequence = datagram[2] << 8 | datagram[3]
        if not lane.admits(sequence):
            return False
        lane.note(datagram, sequence, now_s)
        if self.shifting:
            self._shift(lane, packet, sequence)
        packet[8:12] = lane.ssrc
        return True

    def _enter(self, origin: object) -> None:
        """Another Leg speaks from now on: go on counting transport-wide where this one stopped."""
        if self._origin is not None:
            self.shifting = True
            sent = [_transport_number(lane.last_packet) for lane in self.lanes.values()]
            numbers = [number for number in sent if number is not None]
            if numbers:
                self._resume_at = (_newest(numbers) + self.transport_shift + 1) & _FULL
        self._origin = origin

    def _shift(self, lane: Lane, packet: Writable, sequence: int) -> None:
        video = self.lanes[Kind.VIDEO]
        repair = lane.kind is Kind.REPAIR
        # A retransmission bears the time of the picture that it repeats.
        shift = video.timestamp_shift if repair else lane.timestamp_shift
        timestamp = (unpack_from("!I", packet, 4)[0] + shift) & 0xFFFFFFFF
        pack_into("!HI", packet, 2, (sequence + lane.sequence_shift) & _FULL, timestamp)
        self._shift_transport(packet)
        if repair:
            _shift_repaired(packet, video.sequence_shift)

    def _shift_transport(self, packet: Writable) -> None:
        at = find_extension(packet, TRANSPORT_CC_ID, 2)
        if at is None:
            return
        number = unpack_from("!H", packet, at)[0]
        if self._resume_at is not None:
            self.transport_shift = (self._resume_at - number) & _FULL
            self._resume_at = None
        pack_into("!H", packet, at, (number + self.transport_shift) & _FULL)


def _distinct_numbers(count: int) -> list[int]:
    numbers: set[int] = set()
    while len(numbers) < count:
        numbers.add(secrets.randbelow((1 << 32) - 2) + 1)
    return list(numbers)


def _newest(numbers: list[int]) -> int:
    """The furthest of a few sequence numbers that lie close together, past a wrap or not."""
    first = numbers[0]
    return max(numbers, key=lambda number: (number - first + _HALF) & _FULL)


def _transport_number(packet: bytes) -> int | None:
    at = find_extension(packet, TRANSPORT_CC_ID, 2)
    return None if at is None else int(unpack_from("!H", packet, at)[0])


def payload_start(packet: bytes | Writable) -> int | None:
    """Where the payload begins, or nothing if the header says more than there is."""
    at = RTP_HEADER_BYTES + 4 * (packet[0] & 0x0F) if len(packet) >= RTP_HEADER_BYTES else 0
    if not at or at > len(packet):
        return None
    if packet[0] & 0x10:
        if at + 4 > len(packet):
            return None
        at += 4 + 4 * int(unpack_from("!H", packet, at + 2)[0])
    return at if at <= len(packet) else None


def find_extension(packet: bytes | Writable, number: int, size: int) -> int | None:
    """Where the value of a one-byte header extension stands, if it is there with that `size`."""
    end = payload_start(packet)
    if end is None or not packet[0] & 0x10:
        return None
    at = RTP_HEADER_BYTES + 4 * (packet[0] & 0x0F)
    if packet[at : at + 2] != b"\xbe\xde":
        return None
    at += 4
    while at < end and packet[at] >> 4 != 15:
        if packet[at] == 0:  # padding
            at += 1
            continue
        length = (packet[at] & 0x0F) + 1
        if packet[at] >> 4 == number:
            return at + 1 if length == size and at + 1 + size <= end else None
        at += 1 + length
    return None


def _shift_repaired(packet: Writable, shift: int) -> None:
    """Shift the sequence number of the picture packet that a retransmission repeats."""
    at = payload_start(packet)
    if at is None:
        return
    padding = packet[-1] if packet[0] & 0x20 else 0
    if len(packet) - at - padding >= 2:  # less is a probe that repeats nothing
        pack_into("!H", packet, at, (int(unpack_from("!H", packet, at)[0]) + shift) & _FULL)
