"""Which SCTP packets may be shown to aiortc?

It believes whatever a peer's chunks say. One packet with a parameter of length 0 keeps it busy for
ever, one acknowledgement of gaps that cannot exist for seconds, and each stream that is named
stays in memory. Anybody who has a Leg can send those, so only what a page's one data channel needs
gets past this module: everything else counts as lost on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from struct import unpack_from

MAX_AHEAD = 1024  # the announced window of 1 MiB, in packets
_HEADER_BYTES = 12
_CHUNK_BYTES = 4
_INIT_BYTES = 16
_TSNS = 1 << 32

DATA, INIT, INIT_ACK, SACK, HEARTBEAT, HEARTBEAT_ACK, ABORT = range(7)
ERROR, RECONFIG, FORWARD_TSN = 9, 130, 192


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the association stands when a packet comes in."""

    established: bool
    received: int | None  # the last number (TSN) up to which all came; None before the first INIT
    in_flight: int  # how many chunks of ours wait for their acknowledgement
    stream: int  # the one that the data channel uses


Chunk = tuple[int, bytes]
Judge = Callable[[bytes, Standing], bool]


def harmless(packet: bytes, standing: Standing) -> bool:
    """Whether every chunk of a packet asks for what a page may need."""
    try:
        found = list(_chunks(packet))
    except ValueError:
        return False
    alone = len(found) == 1 or all(kind != INIT for kind, _ in found)
    return bool(found) and alone and all(_is_harmless(*chunk, standing) for chunk in found)


def _chunks(packet: bytes) -> Iterator[Chunk]:
    """(type, body) of each; ValueError when one says that it is longer than there is."""
    at = _HEADER_BYTES
    while at + _CHUNK_BYTES <= len(packet):
        kind, _, size = unpack_from("!BBH", packet, at)
        if size < _CHUNK_BYTES or at + size > len(packet):
            raise ValueError
        yield kind, packet[at + _CHUNK_BYTES : at + size]
        at += size + -size % 4


def _is_harmless(kind: int, body: bytes, standing: Standing) -> bool:
    judge = _JUDGES.get(kind)
    return judge is None or judge(body, standing)


def _data(body: bytes, standing: Standing) -> bool:
    """Of our stream, not empty (such ones take none of the window), and not far ahead."""
    if len(body) < 13 or standing.received is None:
        return False
    tsn, stream = unpack_from("!IH", body)
    ahead = (tsn - standing.received) % _TSNS
    near = ahead <= MAX_AHEAD or ahead > _TSNS // 2
    return near and bool(stream == standing.stream)


def _init(body: bytes, standing: Standing) -> bool:
    """A second beginning would make aiortc count anew in the middle of a conversation."""
    return not standing.established and _parameters_end(body[_INIT_BYTES:])


def _init_ack(body: bytes, standing: Standing) -> bool:
    return _parameters_end(body[_INIT_BYTES:])


def _acknowledgement(body: bytes, standing: Standing) -> bool:
    """Gaps lie in order and between chunks that are on their way."""
    if len(body) < 12:
        return False
    gaps, duplicates = unpack_from("!HH", body, 8)
    if len(body) < 12 + 4 * (gaps + duplicates):
        return False
    before = 0
    for at in range(12, 12 + 4 * gaps, 4):
        start, end = unpack_from("!HH", body, at)
        if not before < start <= end <= standing.in_flight:
            return False
        before = end
    return True


def _parameters(body: bytes, standing: Standing) -> bool:
    return _parameters_end(body)


def _parameters_end(body: bytes) -> bool:
    """Whether each parameter is as long as its own head, so that reading them comes to an end."""
    at = 0
    while at + 4 <= len(body):
        size = unpack_from("!H", body, at + 2)[0]
        if size < 4:
            return False
        at += size + -size % 4
    return True


def _never(body: bytes, standing: Standing) -> bool:
    """Our channel loses nothing, so nobody has to be told to skip what was lost."""
    return False


_JUDGES: dict[int, Judge] = {
    DATA: _data,
    INIT: _init,
    INIT_ACK: _init_ack,
    SACK: _acknowledgement,
    HEARTBEAT: _parameters,
    HEARTBEAT_ACK: _parameters,
    ABORT: _parameters,
    ERROR: _parameters,
    RECONFIG: _parameters,
    FORWARD_TSN: _never,
}
