"""Does the relay's benchmark run, and do its phones speak as browsers do? In small."""

import asyncio
import json
import os
import secrets
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiortc.rtp import (
    RtcpPacket,
    RtcpRrPacket,
    RtcpRtpfbPacket,
    RtcpSdesPacket,
    RtcpSrPacket,
    RtpPacket,
)
from pylibsrtp import Policy, Session

from tests.load.figures import VOID
from tests.load.relay_generator import Generator, Native, synthetic_picture, synthetic_voice
from tests.load.relay_peers import PICTURE_TYPE, VOICE_TYPE
from tests.load.relay_ruler import PlainPeer, session
from tests.processes import ROOT
from tests.waiting import wait_for

KEYS = [
    *("path", "calls", "ratio_mediarelay", "ratio_janus", "ratio_forwarder", "added_p50_ms"),
    *("added_p99_ms", "mb_per_call", "syscalls_per_packet", "rounds"),
]


async def run(*arguments: str, **environment: str) -> tuple[int, str, str]:
    """The program to its end: its exit code, what it printed, and what it complained of."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.load.relay", *arguments),
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, error = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), error.decode()


async def test_ours_is_weighed_against_the_ruler_and_every_packet_can_be_read() -> None:
    small = ("--short", "--calls", "11", "--seconds", "1", "--relays", "ours,forwarder")
    code, said, complaints = await run(*small)
    assert "Traceback" not in complaints, complaints
    last = json.loads(said.splitlines()[-1])
    assert list(last)[: len(KEYS)] == KEYS
    assert code in (0, VOID), complaints
    assert last["unreadable"] == 0
    assert last["mb_per_call"] is not None
    if code != VOID:  # else this machine was too busy to measure anything
        assert last["loss_percent"] < 5
        assert last["added_p50_ms"] > 0
        assert last["ratio_forwarder"] > 0


async def test_without_a_compiler_it_is_void_and_says_why(tmp_path: Path) -> None:
    code, _, complaints = await run("--short", PATH=str(tmp_path))
    assert code == 2
    assert "install a C compiler" in complaints
    assert "Traceback" not in complaints


class FarSide:
    """Where one phone's packets arrive, and whence it hears a few."""

    def __init__(self, out: bytes, in_: bytes) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.media: list[RtpPacket] = []
        self.reports: list[object] = []
        self.other: list[bytes] = []
        self._out = session(out, Policy.SSRC_ANY_OUTBOUND)
        self._in: Session = session(in_, Policy.SSRC_ANY_INBOUND)

    def read(self) -> None:
        try:
            while True:
                self._take(self.socket.recv(2048))
        except BlockingIOError:
            return

    def _take(self, datagram: bytes) -> None:
        if datagram[0] < 4:
            self.other.append(datagram)
        elif 192 <= datagram[1] <= 223:
            self.reports += RtcpPacket.parse(self._in.unprotect_rtcp(datagram))
        else:
            self.media.append(RtpPacket.parse(self._in.unprotect(datagram)))

    def speak(self, to: tuple[str, int], number: int) -> None:
        """One packet of a picture, the `number`-th over all streams."""
        head = bytes([0x90, PICTURE_TYPE]) + number.to_bytes(2, "big") + bytes(4) + b"\0\0\0\7"
        extension = b"\xbe\xde\0\1\x31" + number.to_bytes(2, "big") + b"\0"
        self.socket.sendto(self._out.protect(head + extension + b"picture"), to)

    def heard(self, kind: type) -> list[object]:
        return [one for one in self.reports if isinstance(one, kind)]


@pytest.fixture
async def phone() -> AsyncIterator[tuple[PlainPeer, FarSide]]:
    """A phone that shows a picture, driven by the generator, and the far side of its call."""
    native = Native()
    keys = secrets.token_bytes(44), secrets.token_bytes(44)
    far = FarSide(*keys)
    peer = PlainPeer("127.0.0.1", shows=True)
    peer.share(keys[1], keys[0])
    peer.aim(far.socket.getsockname())
    peer.check = b"\0\1 a check, over and over"
    generator = Generator(native)
    generator.add(peer.seat(synthetic_voice(), synthetic_picture()))
    generator.start(-1, 0)
    yield peer, far
    generator.close()
    await peer.close()
    far.socket.close()
    native.close()


async def test_the_phones_speak_as_browsers_do(phone: tuple[PlainPeer, FarSide]) -> None:
    peer, far = phone

    def why_not() -> str:
        far.read()
        counts = {kind: sum(one.payload_type == kind for one in far.media) for kind in types}
        enough = counts[VOICE_TYPE] > 20 and counts[PICTURE_TYPE] > 50 and far.other
        return "" if enough and far.heard(RtcpSrPacket) else f"{counts}, {far.reports}"

    types = (VOICE_TYPE, PICTURE_TYPE)
    await wait_for(why_not)
    for kind, ssrc in zip(types, (peer.voice, peer.picture), strict=True):
        ours = [one for one in far.media if one.payload_type == kind]
        numbers = [one.sequence_number for one in ours]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        assert {one.ssrc for one in ours} == {ssrc}
    ends = [one.marker for one in far.media if one.payload_type == PICTURE_TYPE]
    assert 0 < sum(ends) < len(ends)  # a picture is several packets, and the last one says so
    named = [chunk.ssrc for one in far.heard(RtcpSdesPacket) for chunk in one.chunks]  # type: ignore[attr-defined]
    assert set(named) <= {peer.voice, peer.picture}


async def test_the_phones_report_what_they_hear(phone: tuple[PlainPeer, FarSide]) -> None:
    peer, far = phone
    number = 0

    def why_not() -> str:
        nonlocal number
        far.speak(peer.socket.getsockname(), number)
        number += 1
        far.read()
        missing = [kind for kind in (RtcpRrPacket, RtcpRtpfbPacket) if not far.heard(kind)]
        return f"no {missing}" if missing else ""

    await wait_for(why_not)
    [feedback, *_] = far.heard(RtcpRtpfbPacket)
    assert isinstance(feedback, RtcpRtpfbPacket)
    assert (feedback.fmt, feedback.ssrc, feedback.media_ssrc) == (15, peer.voice, 7)
    [report, *_] = far.heard(RtcpRrPacket)
    assert isinstance(report, RtcpRrPacket)
    assert [block.ssrc for block in report.reports] == [7]
