"""What does an RTCP packet of one Leg say to the other?

Reports, key frame requests, loss reports and bandwidth feedback travel end to end. Each number in
them is translated into the other Leg's terms; what cannot be translated is left out, because a
wrong number would blame the wrong stream. A goodbye (BYE) is never passed on: our streams outlive
the sources that feed them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from struct import pack, unpack_from

from assist.relay.forward import Lane, Outbound
from assist.relay.streams import Kind

SR, RR, SDES, RTPFB, PSFB = 200, 201, 202, 205, 206
NACK, TRANSPORT_CC = 1, 15
PLI, FIR, REMB = 1, 4, 15
_REPORT_BYTES = 24
_PADDED = 0x20
_TRANSPORT_CC_HEAD = 0x80 | TRANSPORT_CC  # version 2


@dataclass(frozen=True, slots=True)
class View:
    """RTCP goes from `leg` to `peer`; both serve only as identities here."""

    leg: object
    peer: object
    sources: Mapping[bytes, Kind]  # what `leg` sends
    here: Outbound  # what `leg` receives from us
    there: Outbound  # what `peer` receives from us

    def sender(self, ssrc: bytes) -> bytes:
        """As whom `peer` knows a sender; who sends no media speaks with our voice stream's name."""
        return self.there.lanes[self.sources.get(ssrc, Kind.AUDIO)].ssrc

    def sent(self, ssrc: bytes) -> Lane | None:
        """The stream that carries `ssrc` to `peer` just now."""
        kind = self.sources.get(ssrc)
        lane = self.there.lanes[kind] if kind is not None else None
        carries = lane is not None and lane.source == ssrc and lane.origin is self.leg
        return lane if carries else None

    def received(self, ssrc: bytes) -> Lane | None:
        """The stream of ours named `ssrc`, if `peer` is who feeds it just now."""
        for lane in self.here.lanes.values():
            if lane.ssrc == ssrc and lane.origin is self.peer:
                return lane
        return None


def key_frame_request(sender: bytes, source: bytes) -> bytes:
    """A PLI for the stream `source`."""
    return pack("!BBH", 0x80 | PLI, PSFB, 2) + sender + source


def redirect(packet: memoryview, view: View) -> bool:
    """Change transport-wide feedback that comes alone in place, as nine of ten RTCP packets do.

    False, and nothing changed, for whatever is not exactly that. Browsers fill three of four up
    to whole words: that padding stays as it is.
    """
    if packet[0] & ~_PADDED != _TRANSPORT_CC_HEAD or packet[1] != RTPFB or len(packet) < 20:
        return False
    if packet[0] & _PADDED and not 0 < packet[-1] < 4:
        return False
    lane = view.received(bytes(packet[8:12]))
    if lane is None or len(packet) != 4 + 4 * int(unpack_from("!H", packet, 2)[0]):
        return False
    base = (unpack_from("!H", packet, 12)[0] - view.here.transport_shift) & 0xFFFF
    packet[4:14] = view.sender(bytes(packet[4:8])) + lane.source + pack("!H", base)
    return True


def translate(compound: bytes, view: View) -> bytes:
    """`compound` in the other Leg's terms; empty when nothing of it can be passed on."""
    out = b""
    for count, kind, body in _packets(compound):
        translator = _TRANSLATORS.get(kind)
        if translator is not None:
            out += translator(count, body, view)
    return out


def _packets(compound: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(count or format, packet type, body without padding); stops at the first that is broken."""
    at = 0
    while at + 8 <= len(compound):
        first, kind, words = unpack_from("!BBH", compound, at)
        end = at + 4 + 4 * words
        if first >> 6 != 2 or words == 0 or end > len(compound):
            return
        padding = compound[end - 1] if first & _PADDED else 0
        yield first & 0x1F, kind, compound[at + 4 : max(at + 4, end - padding)]
        at = end


def _packet(count: int, kind: int, body: bytes) -> bytes:
    """Filled up to whole words, as its last byte then says (RFC 3550, 6.4.1)."""
    lacks = -len(body) % 4
    head = pack("!BBH", 0x80 | (_PADDED if lacks else 0) | count, kind, (len(body) + lacks) // 4)
    return head + body + (bytes(lacks - 1) + bytes([lacks]) if lacks else b"")


def _sender_report(count: int, body: bytes, view: View) -> bytes:
    if len(body) < 24 + _REPORT_BYTES * count:
        return b""
    lane = view.sent(body[:4])
    if lane is None:  # the stream is not passed on, what it says about others still holds
        return _receiver_report(count, body[:4] + body[24:], view) if count else b""
    timestamp = (unpack_from("!I", body, 12)[0] + lane.timestamp_shift) & 0xFFFFFFFF
    info = lane.ssrc + body[4:12] + pack("!I", timestamp) + body[16:24]
    reports = _reports(count, body[24:], view)
    return _packet(len(reports) // _REPORT_BYTES, SR, info + reports)


def _receiver_report(count: int, body: bytes, view: View) -> bytes:
    if len(body) < 4 + _REPORT_BYTES * count:
        return b""
    reports = _reports(count, body[4:], view)
    return _packet(len(reports) // _REPORT_BYTES, RR, view.sender(body[:4]) + reports)


def _reports(count: int, blocks: bytes, view: View) -> bytes:
    out = b""
    for at in range(0, count * _REPORT_BYTES, _REPORT_BYTES):
        lane = view.received(blocks[at : at + 4])
        if lane is not None:
            highest = (unpack_from("!I", blocks, at + 8)[0] - lane.sequence_shift) & 0xFFFFFFFF
            out += lane.source + blocks[at + 4 : at + 8] + pack("!I", highest)
            out += blocks[at + 12 : at + _REPORT_BYTES]
    return out


def _source_description(count: int, body: bytes, view: View) -> bytes:
    """Passed on when it is the usual one chunk; it only names the sender's own group."""
    lane = view.sent(body[:4])
    if count != 1 or lane is None or len(body) % 4:
        return b""
    return _packet(1, SDES, lane.ssrc + body[4:])


def _transport_feedback(form: int, body: bytes, view: View) -> bytes:
    lane = view.received(body[4:8])
    if lane is None or len(body) < 12 or (form == NACK and len(body) % 4):
        return b""
    if form == NACK:
        fields = [unpack_from("!HH", body, at) for at in range(8, len(body), 4)]
        shift = lane.sequence_shift
        lost = b"".join(pack("!HH", (first - shift) & 0xFFFF, mask) for first, mask in fields)
    elif form == TRANSPORT_CC:
        base = (unpack_from("!H", body, 8)[0] - view.here.transport_shift) & 0xFFFF
        lost = pack("!H", base) + body[10:]
    else:
        return b""
    return _packet(form, RTPFB, view.sender(body[:4]) + lane.source + lost)


def _payload_feedback(form: int, body: bytes, view: View) -> bytes:
    translator = _PAYLOAD_TRANSLATORS.get(form)
    control = translator(body, view) if translator is not None and len(body) % 4 == 0 else b""
    return _packet(form, PSFB, view.sender(body[:4]) + control) if control else b""


def _picture_loss(body: bytes, view: View) -> bytes:
    lane = view.received(body[4:8])
    return lane.source if lane is not None else b""


def _full_intra_request(body: bytes, view: View) -> bytes:
    out = b""
    for at in range(8, len(body) - 7, 8):
        lane = view.received(body[at : at + 4])
        if lane is not None:
            out += lane.source + body[at + 4 : at + 8]
    return bytes(4) + out if out else b""


def _bitrate(body: bytes, view: View) -> bytes:
    if len(body) < 16 or body[8:12] != b"REMB" or len(body) < 16 + 4 * body[12]:
        return b""
    named = [view.received(body[16 + 4 * i : 20 + 4 * i]) for i in range(body[12])]
    sources = [lane.source for lane in named if lane is not None]
    if not sources:
        return b""
    return bytes(4) + b"REMB" + bytes([len(sources)]) + body[13:16] + b"".join(sources)


_TRANSLATORS: dict[int, Callable[[int, bytes, View], bytes]] = {
    SR: _sender_report,
    RR: _receiver_report,
    SDES: _source_description,
    RTPFB: _transport_feedback,
    PSFB: _payload_feedback,
}
_PAYLOAD_TRANSLATORS: dict[int, Callable[[bytes, View], bytes]] = {
    PLI: _picture_loss,
    FIR: _full_intra_request,
    REMB: _bitrate,
}
