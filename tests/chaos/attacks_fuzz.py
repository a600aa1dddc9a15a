"""What would nobody in their right mind send? Seeded: the same seed says the same again.

Half of it is mutated from packets as they should be, half is put together from parts that do not
fit. Each method makes one packet; RTP, RTCP and SCTP are plain, for whoever has the keys.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from struct import pack

from google_crc32c import value as crc32c

_EDGES = (0, 1, 2, 3, 0x7F, 0x80, 0xFE, 0xFF)
_SHORT_EDGES = (0, 1, 3, 4, 5, 8, 12, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF)
_MOST_BYTES = 1200
_STREAMS = 256  # unknown ones: enough for the relay, and few for the attacker's own libsrtp
COOKIE = b"\x21\x12\xa4\x42"


class Fuzz:
    """A source of packets that should not be."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def mutated(self, good: bytes) -> bytes:
        """`good` with one to six changes."""
        data = bytearray(good)
        for _ in range(self._random.randint(1, 6)):
            self._random.choice(_CHANGES)(self._random, data)
        return bytes(data[:_MOST_BYTES])

    def _short(self) -> int:
        dice = self._random
        return dice.choice(_SHORT_EDGES) if dice.random() < 0.5 else dice.randrange(1 << 16)

    def _bytes(self, most: int) -> bytes:
        return self._random.randbytes(self._random.randint(0, most))

    # -- as anybody may send it -----------------------------------------------

    def junk(self) -> bytes:
        """Bytes; the first one leads to each of the kinds that share a port."""
        first = self._random.choice((0, 1, 3, 16, 20, 22, 25, 63, 64, 127, 128, 144, 191, 192, 255))
        return bytes([first]) + self._bytes(200) if self._random.random() < 0.98 else b""

    def check(self, good: bytes) -> bytes:
        """STUN: a broken copy of a signed check, or attributes that lie about their length."""
        if self._random.random() < 0.5:
            return self.mutated(good)
        parts = [self._attribute() for _ in range(self._random.randint(0, 40))]
        body = b"".join(parts)[:_MOST_BYTES]
        length = self._short() if self._random.random() < 0.3 else len(body)
        kind = self._random.choice((0x0001, 0x0101, 0x0111, 0x0011, 0x0003, self._short() & 0x3FFF))
        return pack("!HH", kind, length) + COOKIE + self._random.randbytes(12) + body

    def _attribute(self) -> bytes:
        kinds = (1, 6, 6, 8, 9, 0x14, 0x20, 0x24, 0x25, 0x8022, 0x8028, 0x802A, self._short())
        value = self._bytes(24)
        said = self._short() if self._random.random() < 0.3 else len(value)
        return pack("!HH", self._random.choice(kinds), said) + value + bytes(-len(value) % 4)

    def record(self) -> bytes:
        """DTLS: any type, version, epoch, with a handshake message or an alert that is none."""
        dice = self._random
        kind = dice.choice((20, 21, 22, 22, 22, 23, 24, 25, 26, 32, 46, 63))
        body = self._handshake() if kind == 22 else self._bytes(120)
        if kind == 21:
            body = bytes([dice.choice((1, 2)), dice.choice((0, 10, 20, 40, 80, 90, 100))])
        said = self._short() if dice.random() < 0.2 else len(body)
        version = dice.choice((b"\xfe\xff", b"\xfe\xfd", b"\xfe\xfc", b"\x03\x03"))
        epoch = dice.choice((0, 0, 1, 2, 0xFFFF))
        return bytes([kind]) + version + pack("!HIHH", epoch, 0, dice.randrange(64), said) + body

    def _handshake(self) -> bytes:
        dice = self._random
        body = self._bytes(300)
        kind = dice.choice((0, 1, 1, 1, 2, 3, 4, 11, 12, 13, 14, 15, 16, 20, 254))
        total = dice.choice((len(body), len(body) + 1, 0, 0xFFFF, 100_000, 0xFFFFFF))
        offset, size = dice.choice((0, 0, 1, 0xFFFF)), dice.choice((len(body), 0, 0xFFFF))
        head = bytes([kind]) + total.to_bytes(3, "big") + pack("!H", dice.randrange(12))
        return head + offset.to_bytes(3, "big") + size.to_bytes(3, "big") + body

    # -- as only a peer can, sealed with real keys ------------------------------

    def rtp(self, ssrc: int, payload_types: tuple[int, ...] = (96, 97, 111)) -> bytes:
        """A header whose parts contradict each other, mostly of a stream that is known."""
        dice = self._random
        known = dice.random() < 0.8
        first = 0x80 | dice.choice((0, 0x10, 0x10, 0x20, 0x30)) | dice.choice((0, 0, 1, 15))
        payload = dice.choice(payload_types) if dice.random() < 0.9 else dice.randrange(128)
        source = ssrc if known else dice.randrange(_STREAMS)
        head = pack("!BBHII", first, payload | dice.choice((0, 0x80)), self._short(), 0, source)
        return head + bytes(4 * (first & 15)) + self._extension(first) + self._bytes(300)

    def _extension(self, first: int) -> bytes:
        if not first & 0x10:
            return b""
        dice = self._random
        body = self._random.randbytes(4 * dice.randint(0, 8))
        words = dice.choice((len(body) // 4, len(body) // 4, 0, 1, self._short() & 0x1F))
        profile = dice.choice((0xBEDE, 0xBEDE, 0xBEDE, 0x1000, self._short()))
        return pack("!HH", profile, words) + body

    def rtcp(self, ssrc: int, about: int) -> bytes:
        """A compound packet of reports and feedback of which each part may lie."""
        parts = [self._report(ssrc, about) for _ in range(self._random.randint(1, 5))]
        whole = b"".join(parts)
        return self.mutated(whole)[:1000] if self._random.random() < 0.5 else whole[:1000]

    def _report(self, ssrc: int, about: int) -> bytes:
        dice = self._random
        kind = dice.choice((200, 201, 202, 203, 204, 205, 205, 206, 206, 207, 192, 223))
        form = dice.choice((0, 1, 1, 4, 15, 15, 31))
        body = pack("!II", ssrc, dice.choice((about, 0, ssrc)))
        if kind == 206 and form == 15:
            count = dice.choice((0, 1, 2, 255))
            body += b"REMB" + bytes([count, 0, 1, 2]) + pack("!I", about) * dice.randint(0, 3)
        else:
            body += self._bytes(60)
        body += bytes(-len(body) % 4) if dice.random() < 0.8 else b""
        words = self._short() if dice.random() < 0.2 else len(body) // 4
        return pack("!BBH", 0x80 | dice.choice((0, 0x20)) | form, kind, words & 0xFFFF) + body

    def sctp(self, tag: int, tsn: int, received: int) -> bytes:
        """Chunks of every kind with parameters, gaps and streams of every size.

        `tsn` is the attacker's next number, `received` the newest of the other side.
        """
        dice = self._random
        chunks = [self._chunk(tsn, received) for _ in range(dice.choice((1, 1, 1, 2, 5)))]
        return sctp_packet(b"".join(chunks)[:_MOST_BYTES], tag if dice.random() < 0.9 else 0)

    def _chunk(self, tsn: int, received: int) -> bytes:
        dice = self._random
        kind = dice.choice((0, 0, 0, 1, 2, 3, 3, 4, 5, 8, 9, 10, 11, 130, 192, 255))
        near = (tsn + dice.choice((0, 1, 2, 3, 500, 1 << 31, -1))) % (1 << 32)
        if kind == 0:
            stream = dice.choice((0, 0, 0, 1, 65_535, self._short()))
            protocol = dice.choice((50, 51, 53, 56, 57, 0, 99))
            body = pack("!IHHI", near, stream, dice.randrange(4), protocol) + self._bytes(80)
        elif kind == 3:
            gaps, doubles = dice.choice((0, 1, 50, 0xFFFF)), dice.choice((0, 0, 3, 0xFFFF))
            newest = (received + dice.choice((0, 0, 1, -1, 1 << 31))) % (1 << 32)
            head = pack("!IIHH", newest, self._short(), gaps, doubles)
            body = head + b"".join(pack("!HH", self._short(), self._short()) for _ in range(20))
        elif kind in (1, 2):
            body = pack("!IIHHI", near, self._short(), self._short(), self._short(), near)
            body += self._parameters()
        elif kind == 192:
            body = pack("!I", near) + self._bytes(80)
        else:
            body = self._parameters()
        said = self._short() if dice.random() < 0.1 else 4 + len(body)
        return pack("!BBH", kind, dice.randrange(8), said) + body + bytes(-len(body) % 4)

    def _parameters(self) -> bytes:
        """Among them requests to reset streams, and lengths that lead nowhere."""
        dice, found = self._random, b""
        for _ in range(dice.randint(0, 4)):
            value = self._bytes(40)
            said = dice.choice((4 + len(value), 4 + len(value), 0, 1, 3, self._short()))
            kind = dice.choice((1, 7, 13, 16, 17, 0x8008, 0xC000))
            found += pack("!HH", kind, said) + value + bytes(-len(value) % 4)
        return found

    # -- through the front door -------------------------------------------------

    def description(self, good: str) -> str:
        """An SDP answer with lines lost, doubled, swapped, or rewritten."""
        dice = self._random
        lines = good.split("\r\n")
        for _ in range(dice.randint(1, 5)):
            at = dice.randrange(len(lines))
            change = dice.randrange(4)
            if change == 0:
                del lines[at]
            elif change == 1:
                lines.insert(at, dice.choice(lines))
            elif change == 2:
                lines[at] = self.mutated(lines[at].encode() or b"?").decode("utf-8", "replace")
            else:
                lines.insert(at, dice.choice(_LINES) * dice.choice((1, 1, 3)))
            lines = lines or ["v=0"]
        return "\r\n".join(lines)


def sctp_packet(chunks: bytes, tag: int) -> bytes:
    """With ports, tag and a checksum that is right."""
    head = pack("!HHI", 5000, 5000, tag)
    return head + pack("<I", crc32c(head + bytes(4) + chunks)) + chunks


def _overwrite(dice: random.Random, data: bytearray) -> None:
    if data:
        data[dice.randrange(len(data))] = dice.choice(_EDGES)


def _flip(dice: random.Random, data: bytearray) -> None:
    if data:
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def _cut(dice: random.Random, data: bytearray) -> None:
    del data[dice.randint(0, len(data)) :]


def _drop(dice: random.Random, data: bytearray) -> None:
    at = dice.randint(0, len(data))
    del data[at : at + dice.randint(1, 8)]


def _insert(dice: random.Random, data: bytearray) -> None:
    at = dice.randint(0, len(data))
    data[at:at] = dice.randbytes(dice.randint(1, 8))


def _repeat(dice: random.Random, data: bytearray) -> None:
    at = dice.randint(0, len(data))
    data[at:at] = data[at : at + 24]


_CHANGES: tuple[Callable[[random.Random, bytearray], None], ...] = (
    *(_overwrite, _overwrite, _flip, _flip),
    *(_cut, _drop, _insert, _repeat),
)
_LINES = (
    "m=audio 9 UDP/TLS/RTP/SAVPF 111",
    "a=ssrc:4294967296 cname:x",
    "a=ssrc-group:FID 1 2",
    "a=candidate:1 1 udp 1 198.51.100.7 9 typ host",
    "a=ice-ufrag:" + "u" * 300,
    "a=fingerprint:sha-256 00",
    "a=setup:holdconn",
    "a=\u2028",
    "a=x" + "\x00",
)
