"""Which DTLS records may be shown to OpenSSL?

It sets memory aside for as long a handshake message as a fragment says there will be, for ten of
them at once. A browser's own are short.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import unpack_from

HANDSHAKE = 22
MAX_MESSAGE_BYTES = 8192
_RECORD_BYTES, _MESSAGE_BYTES = 13, 12


def bearable(datagram: bytes) -> bool:
    """Whether no handshake message in the clear claims to be longer than a browser's would be."""
    return all(size <= MAX_MESSAGE_BYTES for size in _claimed(datagram))


def _claimed(datagram: bytes) -> Iterator[int]:
    at = 0
    while at + _RECORD_BYTES <= len(datagram):
        epoch, size = (
            unpack_from("!H", datagram, at + 3)[0],
            unpack_from("!H", datagram, at + 11)[0],
        )
        start, at = at + _RECORD_BYTES, at + _RECORD_BYTES + size
        if datagram[start - _RECORD_BYTES] == HANDSHAKE and epoch == 0:
            yield from _messages(datagram[start:at])


def _messages(record: bytes) -> Iterator[int]:
    at = 0
    while at + _MESSAGE_BYTES <= len(record):
        yield int.from_bytes(record[at + 1 : at + 4], "big")
        at += _MESSAGE_BYTES + int.from_bytes(record[at + 9 : at + 12], "big")
