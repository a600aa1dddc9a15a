"""Who sits at each end of a call that is measured? A socket, STUN, and DTLS; media is native.

A `Peer` is the least that a relay takes for a browser: it answers checks and sends its own, shakes
hands as DTLS client or server, and opens the data channel where there is one. It writes no address
of anybody else, reads no more of a description than it needs, and then hands its socket and its
keys to the generator.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
import socket
from typing import Any, NamedTuple

from aioice import stun
from aiortc.rtcdatachannel import RTCDataChannel, RTCDataChannelParameters
from aiortc.rtcdtlstransport import (
    SRTP_AES128_CM_SHA1_80,
    SRTP_PROFILES,
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)
from aiortc.rtcsctptransport import RTCSctpCapabilities, RTCSctpTransport

from tests.load.relay_generator import Media, Outlet, Seat

VOICE_TYPE, PICTURE_TYPE = 111, 96
_EXTENSIONS = {
    2: "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    3: "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
    4: "urn:ietf:params:rtp-hdrext:sdes:mid",
}
_CODECS = {
    "audio": [f"a=rtpmap:{VOICE_TYPE} opus/48000/2", f"a=rtcp-fb:{VOICE_TYPE} transport-cc"],
    "video": [
        f"a=rtpmap:{PICTURE_TYPE} VP8/90000",
        *(f"a=rtcp-fb:{PICTURE_TYPE} {one}" for one in ("transport-cc", "goog-remb", "nack pli")),
    ],
}
_CHECK_SECONDS = 0.1
_CONNECT_SECONDS = 20

Address = tuple[str, int]
certificate = RTCCertificate.generateCertificate()


class Remote(NamedTuple):
    """What a relay's description says of itself."""

    ufrag: str
    password: str
    fingerprint: str
    address: Address
    setup: str


def remote(sdp: str, host: str) -> Remote:
    """Read it; of the candidates the one at `host` is taken."""

    def first(pattern: str) -> str:
        found = re.search(pattern, sdp, re.MULTILINE | re.IGNORECASE)
        assert found is not None, f"the relay's description has no {pattern!r}:\n{sdp}"
        return found[1].strip()

    port = first(rf"^a=candidate:\S+ 1 udp \d+ {re.escape(host)} (\d+) typ host")
    return Remote(
        ufrag=first(r"^a=ice-ufrag:(.*)"),
        password=first(r"^a=ice-pwd:(.*)"),
        fingerprint=first(r"^a=fingerprint:sha-256 (.*)"),
        address=(host, int(port)),
        setup=first(r"^a=setup:(.*)"),
    )


class Peer:
    """One person's end, `shows` a picture or does not."""

    newest = False  # as DTLS server, take the newest cipher that both know, not Chromium's choice

    def __init__(self, host: str, shows: bool) -> None:
        """`host` is the address of this machine that everything goes through."""
        self.shows = shows
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((host, 0))
        self.socket.setblocking(False)
        self.ufrag, self.password = secrets.token_hex(4), secrets.token_hex(16)
        self.voice, self.picture = (secrets.randbelow(1 << 31) + 1 for _ in range(2))
        self.profile = ""
        self.srtp: tuple[Any, Any] = (None, None)  # contexts for what goes out and what comes in
        self.check = b""
        self._answered = asyncio.Event()
        self._waiting: asyncio.Queue[bytes] = asyncio.Queue()
        self._to: Address = (host, 0)
        self._dtls: Any = None
        self._sctp: Any = None
        self.channel: Any = None  # for words, once it is open
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self.socket.fileno(), self._read)

    # -- what it says of itself ---------------------------------------------

    def describe(self, setup: str, channel: bool = False) -> str:
        """An offer or an answer, as `setup` ("actpass", "active", "passive") has it."""
        mids = ["0", "1", "2"] if channel else ["0", "1"]
        lines = ["v=0", f"o=- {secrets.randbits(62)} 1 IN IP4 127.0.0.1", "s=-", "t=0 0"]
        lines += ["a=group:BUNDLE " + " ".join(mids), "a=msid-semantic: WMS assist"]
        directions = ("sendrecv", "sendonly" if self.shows else "recvonly")
        numbers = (self.voice, self.picture if self.shows else 0)
        for mid, kind in enumerate(("audio", "video")):
            payload = (VOICE_TYPE, PICTURE_TYPE)[mid]
            lines += [f"m={kind} 9 UDP/TLS/RTP/SAVPF {payload}", *self._transport(setup, mid)]
            lines += [f"a={directions[mid]}", "a=rtcp-mux", "a=rtcp-rsize", *_CODECS[kind]]
            lines += [f"a=extmap:{number} {uri}" for number, uri in _EXTENSIONS.items()]
            if numbers[mid]:
                lines += [f"a=msid:assist {kind}", f"a=ssrc:{numbers[mid]} cname:assist"]
        if channel:
            lines += ["m=application 9 UDP/DTLS/SCTP webrtc-datachannel"]
            lines += [*self._transport(setup, 2), "a=sctp-port:5000"]
        return "\r\n".join(lines) + "\r\n"

    def _transport(self, setup: str, mid: int) -> list[str]:
        host, port = self.socket.getsockname()
        digest = next(f.value for f in certificate.getFingerprints() if f.algorithm == "sha-256")
        return [
            "c=IN IP4 0.0.0.0",
            f"a=ice-ufrag:{self.ufrag}",
            f"a=ice-pwd:{self.password}",
            f"a=fingerprint:sha-256 {digest}",
            f"a=setup:{setup}",
            f"a=mid:{mid}",
            f"a=candidate:1 1 udp 2130706431 {host} {port} typ host",
            "a=end-of-candidates",
        ]

    # -- connecting ---------------------------------------------------------

    async def connect(self, to: Remote, role: str, controls: bool, channel: bool = False) -> None:
        """Check, shake hands as DTLS `role`, and open the channel; TimeoutError if it takes 20 s.

        `controls`: whether this end nominates the path, as who made the first description does.
        """
        self._to = to.address
        self.check = self._binding_request(to, controls)
        async with asyncio.timeout(_CONNECT_SECONDS):
            while not self._answered.is_set():
                await self._send(self.check)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._answered.wait(), _CHECK_SECONDS)
            await self._shake_hands(to, role)
            if channel:
                await self._open_channel()

    def _binding_request(self, to: Remote, controls: bool) -> bytes:
        request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        request.attributes.update(USERNAME=f"{to.ufrag}:{self.ufrag}", PRIORITY=2130706431)
        if controls:
            request.attributes.update({"ICE-CONTROLLING": 1, "USE-CANDIDATE": None})
        else:
            request.attributes["ICE-CONTROLLED"] = 1
        request.add_message_integrity(to.password.encode())
        return bytes(request)

    async def _shake_hands(self, to: Remote, role: str) -> None:
        self._dtls = dtls = _dtls(self)
        dtls._set_role(role)
        if role == "server" and not self.newest:  # Chromium's choice is the oldest one
            dtls._srtp_profiles = [SRTP_AES128_CM_SHA1_80, *SRTP_PROFILES[:-1]]
        named = RTCDtlsFingerprint(algorithm="sha-256", value=to.fingerprint)
        await dtls.start(RTCDtlsParameters(fingerprints=[named]))
        assert dtls.state == "connected", f"no handshake with {to.address}: {dtls.state}"
        self.srtp = (dtls._tx_srtp, dtls._rx_srtp)
        self.profile = dtls._ssl.get_selected_srtp_profile().decode()

    async def _open_channel(self) -> None:
        self._sctp = sctp = RTCSctpTransport(self._dtls, 5000)
        parameters = RTCDataChannelParameters(label="assist", negotiated=True, id=0)
        self.channel = channel = RTCDataChannel(sctp, parameters)
        opened = asyncio.Event()
        channel.on("open", opened.set)
        await sctp.start(RTCSctpCapabilities(maxMessageSize=65_536), 5000)
        if channel.readyState != "open":
            await opened.wait()

    # -- what comes in, and how DTLS reaches the net --------------------------

    role = "controlling"

    def _read(self) -> None:
        try:
            datagram, sender = self.socket.recvfrom(4096)
        except OSError:
            return
        self.take(datagram, sender)

    def take(self, datagram: bytes, sender: Address | None = None) -> None:
        """One datagram that is not media; what comes from the generator comes from the relay."""
        if datagram[:1] and datagram[0] < 4:
            self._take_stun(datagram, sender or self._to)
        elif datagram[:1] and 19 < datagram[0] < 64:
            self._waiting.put_nowait(datagram)

    def _take_stun(self, datagram: bytes, sender: Address) -> None:
        message = stun.parse_message(datagram)
        if message.message_class is stun.Class.RESPONSE:
            self._answered.set()
        elif message.message_class is stun.Class.REQUEST:
            response = stun.Message(
                stun.Method.BINDING, stun.Class.RESPONSE, message.transaction_id
            )
            response.attributes["XOR-MAPPED-ADDRESS"] = sender
            response.add_message_integrity(self.password.encode())
            self.socket.sendto(bytes(response), sender)

    async def _recv(self) -> bytes:
        return await self._waiting.get()

    async def _send(self, data: bytes) -> None:
        self.socket.sendto(data, self._to)

    # -- leaving it to the generator ------------------------------------------

    def seat(self, voice: Media, picture: Media) -> Seat:
        """For `Generator.add`; from now on nothing is read here."""
        self._loop.remove_reader(self.socket.fileno())
        outlets = [Outlet(*_head(VOICE_TYPE, self.voice, b"0"), voice)]
        if self.shows:
            outlets.append(Outlet(*_head(PICTURE_TYPE, self.picture, b"1"), picture))
        return Seat(self.socket, self._to, self.srtp, self.check, self.voice, outlets, self.take)

    async def close(self) -> None:
        """Without a word: the relay's process ends with the round."""
        self._loop.remove_reader(self.socket.fileno())
        if self._dtls is not None and self._dtls._task is not None:
            self._dtls._task.cancel()
        if self._sctp is not None:
            self._sctp._set_state(self._sctp.State.CLOSED)
        self.socket.close()


def _dtls(peer: Peer) -> Any:
    """aiortc's, with a Peer where it expects its ICE transport."""
    return RTCDtlsTransport(peer, [certificate])  # type: ignore[arg-type]


def _head(payload: int, ssrc: int, mid: bytes) -> tuple[bytes, int, int]:
    """An RTP header with mid, abs-send-time and transport-cc; where the last two stand."""
    plain = bytes([0x90, payload]) + bytes(6) + ssrc.to_bytes(4, "big")
    extensions = b"\x40" + mid + b"\x22" + bytes(3) + b"\x31" + bytes(2) + bytes(3)
    head = plain + b"\xbe\xde\x00\x03" + extensions
    return head, 12 + 4 + 7, 12 + 4 + 3
