"""What does it cost to decode and to encode? aiortc's MediaRelay, in a process of its own.

It reads a line of JSON for each person who joins, `{"call", "shows", "sdp"}`, and prints their
answer. `python -m tests.load.relay_naive` is that process; `Naive` drives it.
"""

from __future__ import annotations

import asyncio
import fractions
import json
import sys
from typing import Any

import av
import numpy
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.codecs.opus import OpusEncoder
from aiortc.codecs.vpx import Vp8Encoder
from aiortc.contrib.media import MediaRelay

from tests.load.relay_generator import Media, Native
from tests.load.relay_peers import Peer, remote
from tests.load.relay_process import RelayProcess
from tests.processes import ROOT

WIDTH, HEIGHT, FRAMES, FRAMES_PER_S = 640, 480, 300, 30
VOICE_HZ, VOICE_SAMPLES, VOICES = 48_000, 960, 250
READY = "naive: ready"


class Naive:
    """The driver: two people a call, both of whom propose and are answered."""

    name, stamped, remb = "mediarelay", False, True
    most_calls = 1  # two would fill the core of a slow machine

    def __init__(self, native: Native, host: str) -> None:
        self._host = host
        self._calls = 0
        command = [sys.executable, "-m", "tests.load.relay_naive"]
        self.process = RelayProcess(command, {"PYTHONUNBUFFERED": "1"}, ROOT)

    @staticmethod
    def available() -> bool:
        return True

    async def ready(self) -> None:
        await self.process.says(f"^({READY})$")

    async def call(self) -> tuple[Peer, Peer]:
        """The requester joins first: the volunteer is answered with their picture."""
        number, self._calls = self._calls, self._calls + 1
        pair = Peer(self._host, shows=True), Peer(self._host, shows=False)
        for peer in pair:
            asked = {"call": number, "shows": peer.shows, "sdp": peer.describe("actpass")}
            self.process.tell(json.dumps(asked))
            head = f"^{number} {peer.shows} "
            answer = remote(json.loads(await self.process.says(f"{head}(.*)$")), self._host)
            role = "server" if answer.setup == "active" else "client"
            await peer.connect(answer, role, controls=True)
        return pair

    async def settled(self) -> None:
        """Its decoders and encoders start with the media."""

    def complaints(self) -> list[str]:
        """What it could not bear."""
        return [line for line in self.process.said().splitlines() if "Error" in line]

    async def close(self) -> None:
        self.process.close()


def encoded_picture() -> Media:
    """Ten seconds of VP8 at 1 Mbit/s: a texture that moves, with a camera's noise."""
    draw = numpy.random.default_rng(1)
    texture = draw.integers(0, 255, (HEIGHT // 8 + 40, WIDTH // 8 + 40), dtype=numpy.uint8)
    texture = numpy.kron(texture, numpy.ones((8, 8), dtype=numpy.uint8))
    encoder = Vp8Encoder()
    encoder.target_bitrate = 1_000_000
    frames = []
    for number in range(FRAMES):
        at = number % 300
        seen = texture[at : at + HEIGHT, at : at + WIDTH].astype(numpy.int16)
        seen = numpy.clip(seen + draw.integers(-4, 5, seen.shape), 0, 255).astype(numpy.uint8)
        frame = av.VideoFrame.from_ndarray(seen, format="gray").reformat(format="yuv420p")
        frame.pts, frame.time_base = number, fractions.Fraction(1, FRAMES_PER_S)
        frames.append(encoder.encode(frame, force_keyframe=number == 0)[0])
    return Media(frames, 1 / FRAMES_PER_S, 90_000)


def encoded_voice() -> Media:
    """Five seconds of Opus at 32 kbit/s."""
    encoder = OpusEncoder()
    encoder.codec.bit_rate = 32_000
    draw = numpy.random.default_rng(2)
    payloads: list[list[bytes]] = []
    for number in range(VOICES):
        heard = draw.integers(-8000, 8000, (1, VOICE_SAMPLES), dtype=numpy.int16)
        frame = av.AudioFrame.from_ndarray(heard, format="s16", layout="mono")
        frame.sample_rate, frame.pts = VOICE_HZ, number * VOICE_SAMPLES
        frame.time_base = fractions.Fraction(1, VOICE_HZ)
        payloads += [[payload] for payload in encoder.encode(frame)[0]]
    return Media(payloads, VOICE_SAMPLES / VOICE_HZ, VOICE_HZ)


class _House:
    """The process: peer connections, and one MediaRelay between them."""

    def __init__(self) -> None:
        self._relay = MediaRelay()
        self._requesters: dict[int, Any] = {}

    async def join(self, asked: dict[str, Any]) -> str:
        """The answer to one person's description."""
        pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        await pc.setRemoteDescription(RTCSessionDescription(asked["sdp"], "offer"))
        if asked["shows"]:
            self._requesters[asked["call"]] = pc
            audio = next(one for one in pc.getTransceivers() if one.kind == "audio")
            audio.direction = "sendrecv"
        else:
            self._introduce(self._requesters[asked["call"]], pc)
        await pc.setLocalDescription(await pc.createAnswer())
        return str(pc.localDescription.sdp)

    def _introduce(self, requester: Any, volunteer: Any) -> None:
        for receiver in requester.getReceivers():
            volunteer.addTrack(self._relay.subscribe(receiver.track))
        for one in requester.getTransceivers():
            if one.kind == "audio":
                voice = next(r.track for r in volunteer.getReceivers() if r.track.kind == "audio")
                one.sender.replaceTrack(self._relay.subscribe(voice))

    async def serve(self) -> None:
        """Until the end of standard input."""
        print(READY, flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            asked = json.loads(line)
            answer = await self.join(asked)
            print(asked["call"], asked["shows"], json.dumps(answer), flush=True)


if __name__ == "__main__":
    asyncio.run(_House().serve())
