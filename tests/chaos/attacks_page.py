"""Who plays the pages that are attacked, and those that attack? A socket, STUN, DTLS, and keys.

Light enough for a thousand calls, and written against the stock libraries, not against the relay:
what it sends after the handshake may be anything, under real keys.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
import socket
from collections import Counter
from collections.abc import Sequence
from struct import pack
from typing import Any

import pylibsrtp
from aioice import stun
from aiortc.rtcdatachannel import RTCDataChannel, RTCDataChannelParameters
from aiortc.rtcdtlstransport import (
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)
from aiortc.rtcsctptransport import RTCSctpCapabilities, RTCSctpTransport

AUDIO_TYPE, VIDEO_TYPE = 111, 96
BUFFER_BYTES = 4 << 20
BEAT_S = 1.0
CONNECT_S = 20.0
_CHECK_S = 0.1
_FIELDS = ((2, 2), (8, 4))  # sequence number and SSRC of an RTP packet

Address = tuple[str, int]
certificate = RTCCertificate.generateCertificate()
_print = next(p.value for p in certificate.getFingerprints() if p.algorithm == "sha-256")


class Heard:
    """What came of one stream: how many packets, and how many are missing between them."""

    def __init__(self) -> None:
        self.numbers: set[int] = set()
        self._highest = 0

    def note(self, number: int) -> None:
        """`number` as it stands in the packet, 16 bits; it may have wrapped."""
        if not self.numbers:
            self._highest = number
        ahead = (number - self._highest + 0x8000) % 0x10000 - 0x8000
        self._highest = max(self._highest, self._highest + ahead)
        self.numbers.add(self._highest if ahead >= 0 else self._highest + ahead)

    @property
    def lost(self) -> int:
        """Those between the first and the last that never came."""
        if not self.numbers:
            return 0
        return max(self.numbers) - min(self.numbers) + 1 - len(self.numbers)


class Page:
    """One person's end of a call."""

    def __init__(self, host: str, shows: bool = False) -> None:
        """`host` is the own address to speak from; `shows`: whether there is a camera."""
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        self.socket.bind((host, 0))
        self.socket.setblocking(False)
        self.shows = shows
        self.ufrag, self.password = secrets.token_hex(4), secrets.token_hex(16)
        self.voice, self.picture = (secrets.randbelow(1 << 31) + 1 for _ in range(2))
        self.relay: Address = (host, 0)
        self.relay_ufrag = ""
        self.check = b""
        self.heard: dict[int, Heard] = {}  # by payload type
        self.sent: Counter[int] = Counter()  # by payload type
        self.streams: list[int] = []  # as the relay names what it sends us
        self.messages: list[str | bytes] = []
        self.answered = asyncio.Event()
        self.channel: RTCDataChannel | None = None
        self.sctp: Any = None
        self.dtls: Any = None
        self._fingerprint = ""
        self._numbers: Counter[int] = Counter()
        self._waiting: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._beating: asyncio.Task[None] | None = None
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self.socket.fileno(), self._read)

    # -- descriptions ---------------------------------------------------------

    def read(self, description: str) -> None:
        """Remember what the relay says of itself."""

        def first(pattern: str) -> str:
            found = re.search(pattern, description, re.MULTILINE)
            assert found is not None, f"no {pattern!r} in the relay's description"
            return found[1].strip()

        host = self.socket.getsockname()[0]
        port = first(rf"^a=candidate:\S+ 1 udp \d+ {re.escape(host)} (\d+)")
        self.relay = (host, int(port))
        self.relay_ufrag = first(r"^a=ice-ufrag:(.*)")
        self._fingerprint = first(r"^a=fingerprint:sha-256 (.*)")
        self.check = binding_request(self.relay_ufrag, self.ufrag, first(r"^a=ice-pwd:(.*)"))

    def answer(self, setup: str = "active", candidates: Sequence[str] = ()) -> str:
        """Our description, as DTLS client ("active") or server; `candidates` as whole lines."""
        lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1 2"]
        transport = [
            f"a=ice-ufrag:{self.ufrag}",
            f"a=ice-pwd:{self.password}",
            f"a=fingerprint:sha-256 {_print}",
            f"a=setup:{setup}",
        ]
        lines += [f"m=audio 9 UDP/TLS/RTP/SAVPF {AUDIO_TYPE}", *transport, "a=sendrecv"]
        lines += [*candidates, f"a=ssrc:{self.voice} cname:page"]
        port = 9 if self.shows else 0
        lines += [f"m=video {port} UDP/TLS/RTP/SAVPF {VIDEO_TYPE}", *transport]
        lines += [f"a=ssrc:{self.picture} cname:page"] * self.shows
        lines += ["m=application 9 UDP/DTLS/SCTP webrtc-datachannel", *transport]
        return "\r\n".join([*lines, "a=sctp-port:5000", ""])

    # -- connecting -----------------------------------------------------------

    async def connect(self, setup: str = "active", channel: bool = True) -> None:
        """Check, shake hands and open the channel; TimeoutError when it takes 20 s."""
        async with asyncio.timeout(CONNECT_S):
            await self.introduce()
            self.dtls = dtls = RTCDtlsTransport(self, [certificate])  # type: ignore[arg-type]
            dtls._set_role("client" if setup == "active" else "server")
            named = RTCDtlsFingerprint(algorithm="sha-256", value=self._fingerprint)
            await dtls.start(RTCDtlsParameters(fingerprints=[named]))
            if dtls.state != "connected":
                raise ConnectionError(f"DTLS {dtls.state}")
            if channel:
                await self._open_channel()
        self._beating = self._loop.create_task(self._beat())

    async def introduce(self) -> None:
        """Send checks until one is answered."""
        while not self.answered.is_set():
            self.send(self.check)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.answered.wait(), _CHECK_S)

    async def _open_channel(self) -> None:
        self.sctp = sctp = RTCSctpTransport(self.dtls, 5000)
        parameters = RTCDataChannelParameters(label="assist", negotiated=True, id=0)
        self.channel = RTCDataChannel(sctp, parameters)
        self.channel.on("message", self.messages.append)
        opened = asyncio.Event()
        self.channel.on("open", opened.set)
        await sctp.start(RTCSctpCapabilities(maxMessageSize=65_536), 5000)
        if self.channel.readyState != "open":
            await opened.wait()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            self.send(self.check)
            if self.channel is not None and self.channel.readyState == "open":
                self.channel.send("b")

    # -- what goes out --------------------------------------------------------

    def send(self, datagram: bytes) -> None:
        with contextlib.suppress(OSError):
            self.socket.sendto(datagram, self.relay)

    def speak(self, payload_type: int = AUDIO_TYPE, payload: bytes = bytes(80)) -> None:
        """One packet of sound, or of the picture."""
        number = self._numbers[payload_type]
        self._numbers[payload_type] += 1
        ssrc = self.voice if payload_type == AUDIO_TYPE else self.picture
        head = pack("!BBHII", 0x80, payload_type, number & 0xFFFF, number * 960 & 0xFFFFFFFF, ssrc)
        self.send(self.keys.protect(head + payload))
        self.sent[payload_type] += 1

    @property
    def keys(self) -> pylibsrtp.Session:
        """What this page's packets are sealed with; use it for anything."""
        keys: pylibsrtp.Session = self.dtls._tx_srtp
        return keys

    # -- what comes in --------------------------------------------------------

    role = "controlling"

    def _read(self) -> None:
        for _ in range(64):
            try:
                datagram = self.socket.recv(4096)
            except OSError:
                return
            self._take(datagram)

    def _take(self, datagram: bytes) -> None:
        first = datagram[0] if datagram else 255
        if first < 4:
            self.answered.set()
        elif 19 < first < 64:
            self._waiting.put_nowait(datagram)
        elif self.dtls is not None and self.dtls._rx_srtp and not 192 <= datagram[1] <= 223:
            packet = self.dtls._rx_srtp.unprotect(datagram)
            number, ssrc = (int.from_bytes(packet[at : at + size], "big") for at, size in _FIELDS)
            if ssrc not in self.streams:
                self.streams.append(ssrc)
            self.heard.setdefault(packet[1] & 0x7F, Heard()).note(number)

    def heard_ssrc(self, turn: int) -> int:
        """One of the streams that came, or 0."""
        return self.streams[turn % len(self.streams)] if self.streams else 0

    def newest(self, payload_type: int) -> int:
        """The number of the last packet that was said."""
        return self._numbers[payload_type] - 1

    def heard_about(self, payload_type: int, newest: int) -> tuple[int, int]:
        """How many came of what the other one had said up to `newest`, and how many later ones."""
        heard = self.heard.get(payload_type)
        numbers = heard.numbers if heard is not None else set()
        before = sum((newest - number) & 0xFFFF < 0x8000 for number in numbers)
        return before, len(numbers) - before

    def forget(self) -> None:
        """Count anew from here."""
        self.heard.clear()
        self.sent.clear()

    async def _recv(self) -> bytes:
        datagram = await self._waiting.get()
        if datagram is None:
            raise ConnectionError
        return datagram

    async def _send(self, data: bytes) -> None:
        self.send(data)

    async def close(self, goodbye: bool = True) -> None:
        """Leave; without a `goodbye` as a phone does whose battery is empty."""
        if self._beating is not None:
            self._beating.cancel()
        if self.sctp is not None and goodbye:
            await self.sctp.stop()
        elif self.sctp is not None:
            self.sctp._set_state(self.sctp.State.CLOSED)
        if self.dtls is not None and goodbye:
            await self.dtls.stop()
        self._waiting.put_nowait(None)
        self._loop.remove_reader(self.socket.fileno())
        self.socket.close()


def binding_request(theirs: str, ours: str, password: str) -> bytes:
    """A signed check that nominates the path it takes."""
    request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    request.attributes.update(USERNAME=f"{theirs}:{ours}", PRIORITY=1)
    request.attributes.update({"ICE-CONTROLLING": 1, "USE-CANDIDATE": None})
    request.add_message_integrity(password.encode())
    return bytes(request)
