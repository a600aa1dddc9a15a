"""Which parts of aiortc, aioice and pylibsrtp do we lean on, and do they still hold?

Nothing else in this package imports those three. Several of the names used here are private to
them, so the exact versions stand below and `self_test` runs a whole connection against itself
before a relay takes any work.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.metadata
import logging
from collections.abc import Callable
from dataclasses import dataclass
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
from OpenSSL import SSL
from pylibsrtp._binding import ffi, lib

from assist.relay.guard import GuardedReceiver
from assist.relay.records import bearable

VERSIONS = {"aiortc": "1.16.0", "aioice": "0.13.0", "pylibsrtp": "1.0.0"}
CHANNEL_LABEL = "assist"
CHANNEL_ID = 0
MAX_MESSAGE_BYTES = 65_536
MAX_UNSENT_BYTES = 1024 * 1024  # twice what a page lets run ahead of its acknowledgements
MAX_UNSENT_MESSAGES = 1024  # each costs us more than the few bytes that it may hold
SELF_TEST_SECONDS = 10
_BACKLOG_DATAGRAMS = 64
_SCTP_PORT = 5000

# Longer datagrams are no media; behind the longest there is room for what sealing adds.
MAX_PACKET_BYTES = 2048
_SEAL_BYTES = pylibsrtp.SRTP_MAX_SRTCP_TRAILER_LEN

Certificate = RTCCertificate
Message = str | bytes
Opener = Callable[[bytes], memoryview]
Sealer = Callable[[], memoryview]
_Cipher = Callable[[Any, Any, Any], int]  # of libsrtp: context, data, size; 0 when it went well
SrtpError = pylibsrtp.Error

log = logging.getLogger(__name__)


def size_of(message: Message) -> int:
    """How many bytes a message takes on the data channel."""
    return len(message.encode() if isinstance(message, str) else message)


class StockChanged(Exception):
    """The installed libraries do not do what this module needs; the text says which."""


def new_certificate() -> Certificate:
    """A fresh self-signed certificate, good for 30 days."""
    return RTCCertificate.generateCertificate()


def fingerprint(certificate: Certificate) -> str:
    """The SHA-256 of a certificate as a description names it: `AA:BB:..`."""
    prints = certificate.getFingerprints()
    return next(item.value for item in prints if item.algorithm == "sha-256")


@dataclass(frozen=True, slots=True)
class Check:
    """One STUN binding request that carried the right credentials."""

    transaction_id: bytes
    username: str
    nominates: bool


def read_check(datagram: bytes, password: str) -> Check | None:
    """The authenticated connectivity check in `datagram`, or nothing.

    aioice's parser raises several kinds of exception on hostile bytes; to the caller every one of
    them is "not a check".
    """
    try:
        message = stun.parse_message(datagram)
        wanted = (stun.Method.BINDING, stun.Class.REQUEST)
        if (message.message_method, message.message_class) != wanted:
            return None
        if not message.check_message_integrity(password.encode()):
            return None
        return Check(
            transaction_id=message.transaction_id,
            username=str(message.attributes["USERNAME"]),
            nominates="USE-CANDIDATE" in message.attributes,
        )
    except Exception:
        return None


def answer_to(check: Check, address: tuple[str, int], password: str) -> bytes:
    """The STUN response that tells the sender of `check` how its address looks from here."""
    response = stun.Message(
        message_method=stun.Method.BINDING,
        message_class=stun.Class.RESPONSE,
        transaction_id=check.transaction_id,
        attributes={"XOR-MAPPED-ADDRESS": address},
    )
    response.add_message_integrity(password.encode())
    return bytes(response)


class _Buffer:
    """The one place where media is opened, changed and sealed again, without a copy between.

    All Legs of the process share it: the loop handles a packet to its end before it takes the next.
    """

    def __init__(self) -> None:
        self.data = ffi.new("unsigned char[]", MAX_PACKET_BYTES + _SEAL_BYTES)
        self.size = ffi.new("int *")
        self.view = memoryview(ffi.buffer(self.data)).cast("B")


_buffer = _Buffer()


def _opener(session: pylibsrtp.Session, unprotect: _Cipher) -> Opener:
    """Puts a sealed packet into the buffer and opens it there; `SrtpError` if it is forged."""
    data, size, view = _buffer.data, _buffer.size, _buffer.view
    context, most = session._srtp[0], MAX_PACKET_BYTES

    # `_owner` keeps the keys: they are freed with their session, and the context is a bare pointer.
    def opened(datagram: bytes, _owner: pylibsrtp.Session = session) -> memoryview:
        length = len(datagram)
        if length > most:
            raise SrtpError
        view[:length] = datagram
        size[0] = length
        if unprotect(context, data, size):
            raise SrtpError
        return view[: size[0]]

    return opened


def _sealer(session: pylibsrtp.Session, protect: _Cipher) -> Sealer:
    """Seals the packet that lies open in the buffer, which still knows its size."""
    data, size, view = _buffer.data, _buffer.size, _buffer.view
    context = session._srtp[0]

    def sealed(_owner: pylibsrtp.Session = session) -> memoryview:
        if protect(context, data, size):
            raise SrtpError
        return view[: size[0]]

    return sealed


def lay_open(packet: bytes) -> None:
    """Put a packet of our own into the buffer, to be sealed."""
    if len(packet) > MAX_PACKET_BYTES:
        raise SrtpError
    _buffer.view[: len(packet)] = packet
    _buffer.size[0] = len(packet)


def _keyless(*_: bytes) -> memoryview:
    raise SrtpError


class _Datagrams:
    """Stands where aiortc expects its ICE transport: DTLS records in by a queue, out by a call."""

    role = "controlled"

    def __init__(self, transmit: Callable[[bytes], None]) -> None:
        self._transmit = transmit
        self._waiting: asyncio.Queue[bytes | None] = asyncio.Queue(_BACKLOG_DATAGRAMS)
        self._closed = False

    def feed(self, datagram: bytes) -> None:
        """Hand in one record; what does not fit is dropped, DTLS repeats itself."""
        if not self._waiting.full():
            self._waiting.put_nowait(datagram)

    def close(self) -> None:
        """Make the reader stop at its next read."""
        self._closed = True
        if self._waiting.full():
            self._waiting.get_nowait()
        self._waiting.put_nowait(None)

    async def _recv(self) -> bytes:
        # A photograph comes in bursts of records, each of which costs as much as ten packets of
        # media: between any two of them everybody's media gets a turn.
        await asyncio.sleep(0)
        datagram = None if self._closed else await self._waiting.get()
        if datagram is None:
            raise ConnectionError
        return datagram

    async def _send(self, data: bytes) -> None:
        self._transmit(data)


class _QuietDtls(RTCDtlsTransport):
    """aiortc's SCTP also sends from timers and tasks that nobody waits for.

    What those raise after the peer said goodbye would reach nobody but the loop's own handler.
    """

    async def _send_data(self, data: bytes) -> None:
        with contextlib.suppress(ConnectionError, SSL.Error):
            await super()._send_data(data)


class Secured:
    """DTLS, the SRTP keys it yields, and the one data channel of a Leg."""

    def __init__(
        self,
        certificate: Certificate,
        transmit: Callable[[bytes], None],
        hear: Callable[[Message], None],
        gone: Callable[[str], None],
    ) -> None:
        """`transmit` sends a datagram, `hear` takes messages, `gone` is told why it ended."""
        self._hear = hear
        self._gone = gone
        self._datagrams = _Datagrams(transmit)
        self._dtls = _QuietDtls(self._datagrams, [certificate])  # type: ignore[arg-type]
        self._sctp: RTCSctpTransport | None = None
        self._channel: RTCDataChannel | None = None
        self._guard: GuardedReceiver | None = None
        self.seal_media: Sealer = _keyless
        self.open_media: Opener = _keyless
        self.seal_report: Sealer = _keyless
        self.open_report: Opener = _keyless

    @property
    def ready(self) -> bool:
        """Whether keys are there, so that media can be read and written."""
        return self.seal_media is not _keyless

    def feed(self, datagram: bytes) -> None:
        """Take one DTLS record from the network."""
        if bearable(datagram) if self._guard is None else self._guard.wants(datagram):
            self._datagrams.feed(datagram)

    async def open(self, fingerprints: list[tuple[str, str]], role: str, channel: bool) -> bool:
        """Shake hands as DTLS `role` ("server" or "client"); whether keys came of it.

        `fingerprints` are (algorithm, value) pairs, all of which the peer's certificate must match.
        """
        self._dtls._set_role(role)
        named = [RTCDtlsFingerprint(algorithm=name, value=value) for name, value in fingerprints]
        await self._dtls.start(RTCDtlsParameters(fingerprints=named))
        if self._dtls.state != "connected":
            return False
        rx, tx = self._dtls._rx_srtp, self._dtls._tx_srtp
        self.open_media = _opener(rx, lib.srtp_unprotect)
        self.open_report = _opener(rx, lib.srtp_unprotect_rtcp)
        self.seal_report = _sealer(tx, lib.srtp_protect_rtcp)
        self.seal_media = _sealer(tx, lib.srtp_protect)
        self._dtls.on("statechange", self._on_state)
        if channel:
            await self._open_channel()
        return True

    async def _open_channel(self) -> None:
        self._sctp = sctp = RTCSctpTransport(self._dtls, _SCTP_PORT)
        sctp.on("datachannel", lambda stray: stray.close())
        parameters = RTCDataChannelParameters(label=CHANNEL_LABEL, negotiated=True, id=CHANNEL_ID)
        self._channel = RTCDataChannel(sctp, parameters)
        self._guard = guard = GuardedReceiver(sctp, CHANNEL_ID, self._hear, self._gone)
        self._channel.on("message", guard.heard)
        await sctp.start(RTCSctpCapabilities(maxMessageSize=MAX_MESSAGE_BYTES), _SCTP_PORT)
        self._dtls._data_receiver = guard

    def _on_state(self) -> None:
        if self._dtls.state in ("closed", "failed"):
            self._gone("the other side ended the connection")

    def say(self, message: Message) -> bool:
        """Queue `message` on the data channel; whether there was a channel with room for it."""
        channel = self._channel
        if channel is None or channel.readyState != "open" or self._dtls.state != "connected":
            return False
        if len(channel.transport._data_channel_queue) >= MAX_UNSENT_MESSAGES:
            return False
        if channel.bufferedAmount + size_of(message) > MAX_UNSENT_BYTES:
            return False
        channel.send(message)
        return True

    async def close(self) -> None:
        """Say goodbye to the peer and stop every task and timer."""
        self._dtls.remove_all_listeners()
        if self._sctp is not None:
            await self._sctp.stop()
        await self._dtls.stop()
        self._datagrams.close()


def version_note() -> str:
    """Which installed versions differ from the ones this module was written for, or nothing."""
    installed = {name: importlib.metadata.version(name) for name in VERSIONS}
    changed = [f"{name} {now}" for name, now in installed.items() if now != VERSIONS[name]]
    return ", ".join(changed)


async def self_test() -> None:
    """Run a whole connection in memory; `StockChanged` says in a sentence what no longer works."""
    note = version_note()
    try:
        _test_stun()
        await asyncio.wait_for(_test_connection(), SELF_TEST_SECONDS)
    except Exception as error:
        suspect = f" (unknown versions: {note})" if note else ""
        reason = str(error) or type(error).__name__
        text = f"The media libraries failed the self-test{suspect}: {reason}"
        raise StockChanged(text) from error
    if note:
        log.warning("relay: untried library versions passed the self-test: %s", note)


def _expect(holds: bool, what: str) -> None:
    if not holds:
        raise StockChanged(what)


def _test_stun() -> None:
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes.update({"USERNAME": "here:there", "USE-CANDIDATE": None})
    message.add_message_integrity(b"right")
    check = read_check(bytes(message), "right")
    _expect(check is not None and check.nominates, "a good STUN check was not recognised.")
    _expect(read_check(bytes(message), "wrong") is None, "a forged STUN check was accepted.")
    assert check is not None
    answer = stun.parse_message(answer_to(check, ("192.0.2.1", 9), "right"))
    _expect(answer.check_message_integrity(b"right"), "a STUN answer was not signed.")


async def _test_connection() -> None:
    heard: asyncio.Queue[Message] = asyncio.Queue()
    sides: dict[str, Secured] = {}
    certificates = {name: new_certificate() for name in ("server", "client")}
    prints = {name: [("sha-256", fingerprint(item))] for name, item in certificates.items()}

    def side(name: str, other: str) -> Secured:
        return Secured(
            certificates[name],
            transmit=lambda data: sides[other].feed(data),
            hear=heard.put_nowait,
            gone=lambda reason: None,
        )

    sides.update(server=side("server", "client"), client=side("client", "server"))
    server, client = sides["server"], sides["client"]
    opened = await asyncio.gather(
        server.open(prints["client"], "server", channel=True),
        client.open(prints["server"], "client", channel=True),
    )
    _expect(all(opened), "two sides did not shake hands.")
    packet: bytes = bytes([0x80, 96]) + bytes(10) + b"pictures"
    _expect(
        _across(client.seal_media, server.open_media, packet) == packet, "SRTP did not get across."
    )
    await _say(client, "hello")
    _expect(await heard.get() == "hello", "a message did not get across.")
    await asyncio.gather(server.close(), client.close())


def _across(seal: Sealer, open_media: Opener, packet: bytes) -> bytes:
    lay_open(packet)
    return bytes(open_media(bytes(seal())))


async def _say(side: Secured, text: str) -> None:
    while not side.say(text):  # noqa: ASYNC110 - bounded by the self-test's own time limit
        await asyncio.sleep(0.005)
