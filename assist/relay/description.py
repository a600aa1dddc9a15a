"""What do we propose to a browser, and what did it answer?

The relay writes the SDP that comes first and reads the one that comes back. The reader knows a
short list of lines, skips every other one (remote candidates among them: they are never parsed,
so nobody can name an address for us to send to) and raises `BadDescription` for all that is wrong.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from assist.protocol.states import Role
from assist.relay.stock import CHANNEL_LABEL, MAX_MESSAGE_BYTES
from assist.relay.streams import (
    ABS_SEND_TIME_ID,
    AUDIO_LEVEL_ID,
    AUDIO_TYPE,
    MID_ID,
    OFFSET_ID,
    ORIENTATION_ID,
    RTX_TYPE,
    TRANSPORT_CC_ID,
    VIDEO_TYPE,
    Kind,
)

MAX_DESCRIPTION_BYTES = 16_384
MAX_LINES = 400
START_KBIT_S = 1000
SECTIONS = ("audio", "video", "application")

_EXT = "urn:ietf:params:rtp-hdrext:"
_GOOGLE = "http://www.webrtc.org/experiments/rtp-hdrext/"
_TRANSPORT_CC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
_EXTENSIONS = {
    "audio": {
        AUDIO_LEVEL_ID: _EXT + "ssrc-audio-level",
        ABS_SEND_TIME_ID: _GOOGLE + "abs-send-time",
        TRANSPORT_CC_ID: _TRANSPORT_CC,
        MID_ID: _EXT + "sdes:mid",
    },
    "video": {
        ABS_SEND_TIME_ID: _GOOGLE + "abs-send-time",
        TRANSPORT_CC_ID: _TRANSPORT_CC,
        MID_ID: _EXT + "sdes:mid",
        OFFSET_ID: _EXT + "toffset",
        ORIENTATION_ID: "urn:3gpp:video-orientation",
    },
}
_CODECS = {
    "audio": [
        f"a=rtpmap:{AUDIO_TYPE} opus/48000/2",
        f"a=rtcp-fb:{AUDIO_TYPE} transport-cc",
        f"a=fmtp:{AUDIO_TYPE} minptime=10;useinbandfec=1",
    ],
    "video": [
        f"a=rtpmap:{VIDEO_TYPE} VP8/90000",
        f"a=rtcp-fb:{VIDEO_TYPE} goog-remb",
        f"a=rtcp-fb:{VIDEO_TYPE} transport-cc",
        f"a=rtcp-fb:{VIDEO_TYPE} ccm fir",
        f"a=rtcp-fb:{VIDEO_TYPE} nack",
        f"a=rtcp-fb:{VIDEO_TYPE} nack pli",
        # Chromium's own first guess (300 kbit/s) shrinks the picture below what print needs.
        f"a=fmtp:{VIDEO_TYPE} x-google-start-bitrate={START_KBIT_S}",
        f"a=rtpmap:{RTX_TYPE} rtx/90000",
        f"a=fmtp:{RTX_TYPE} apt={VIDEO_TYPE}",
    ],
}
_TYPES = {"audio": f"{AUDIO_TYPE}", "video": f"{VIDEO_TYPE} {RTX_TYPE}"}


class BadDescription(Exception):
    """The peer's description cannot be used; the text is for our log."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What our side of a Leg has to say about itself."""

    role: Role
    ufrag: str
    password: str
    fingerprint: str
    candidates: Sequence[tuple[str, int]]
    ssrcs: Mapping[Kind, int]


@dataclass(slots=True)
class Answer:
    """What we use of the peer's description."""

    ufrag: str = ""
    password: str = ""
    fingerprints: list[tuple[str, str]] = field(default_factory=list)
    passive: bool = False
    channel: bool = False
    ssrcs: dict[Kind, int] = field(default_factory=dict)

    @property
    def dtls_role(self) -> str:
        """Ours; as server we pick the quicker of the ciphers."""
        return "client" if self.passive else "server"


def write(proposal: Proposal) -> str:
    """The description (an SDP offer) for one Leg; each candidate is an (address, port) pair."""
    lines = [
        "v=0",
        f"o=- {secrets.randbits(62)} 1 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=ice-lite",
        "a=group:BUNDLE " + " ".join(str(index) for index in range(len(SECTIONS))),
        f"a=msid-semantic: WMS {CHANNEL_LABEL}",
    ]
    for index, section in enumerate(SECTIONS):
        lines += _section(proposal, index, section)
    return "\r\n".join(lines) + "\r\n"


def _section(proposal: Proposal, index: int, section: str) -> list[str]:
    if section == "application":
        head = ["m=application 9 UDP/DTLS/SCTP webrtc-datachannel"]
        body = ["a=sctp-port:5000", f"a=max-message-size:{MAX_MESSAGE_BYTES}"]
    else:
        head = [f"m={section} 9 UDP/TLS/RTP/SAVPF {_TYPES[section]}"]
        body = _media(proposal, section)
    transport = [
        "c=IN IP4 0.0.0.0",
        f"a=ice-ufrag:{proposal.ufrag}",
        f"a=ice-pwd:{proposal.password}",
        f"a=fingerprint:sha-256 {proposal.fingerprint}",
        "a=setup:actpass",
        f"a=mid:{index}",
    ]
    # All sections share the first one's transport.
    candidates = _candidates(proposal.candidates) if index == 0 else []
    return head + transport + candidates + body


def _candidates(candidates: Sequence[tuple[str, int]]) -> list[str]:
    lines = []
    for index, (address, port) in enumerate(candidates):
        priority = (126 << 24) + ((65_535 - index) << 8) + 255
        lines.append(f"a=candidate:{index + 1} 1 udp {priority} {address} {port} typ host")
    return [*lines, "a=end-of-candidates"]


def _media(proposal: Proposal, section: str) -> list[str]:
    direction = _direction(proposal.role, section)
    lines = [f"a={direction}", "a=rtcp-mux", "a=rtcp-rsize"]
    lines += [f"a=extmap:{number} {uri}" for number, uri in _EXTENSIONS[section].items()]
    lines += _CODECS[section]
    return lines if direction == "recvonly" else lines + _senders(proposal, section)


def _direction(role: Role, section: str) -> str:
    if section == "audio":
        return "sendrecv"
    return "recvonly" if role is Role.REQUESTER else "sendonly"


def _senders(proposal: Proposal, section: str) -> list[str]:
    kinds = [Kind.AUDIO] if section == "audio" else [Kind.VIDEO, Kind.REPAIR]
    ssrcs = [proposal.ssrcs[kind] for kind in kinds]
    group = [f"a=ssrc-group:FID {ssrcs[0]} {ssrcs[1]}"] if len(ssrcs) == 2 else []
    named = [f"a=ssrc:{ssrc} cname:{CHANNEL_LABEL}" for ssrc in ssrcs]
    return [f"a=msid:{CHANNEL_LABEL} {section}", *group, *named]


def read(text: str) -> Answer:
    """What the peer's SDP answer says; `BadDescription` for anything we cannot use."""
    if len(text) > MAX_DESCRIPTION_BYTES or not text.isascii():
        raise BadDescription("longer than 16 KiB, or not plain text")
    lines = text.replace("\r\n", "\n").split("\n")
    if len(lines) > MAX_LINES:
        raise BadDescription("too many lines")
    if lines[0] != "v=0":
        raise BadDescription("not a session description")
    answer = Answer()
    sections = _Sections(answer)
    for line in lines:
        sections.take(line)
    sections.finish()
    return answer


class _Sections:
    """Reads line by line, knowing which section it is in."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.seen: list[str] = []
        self.accepted: set[str] = set()
        self._repaired: dict[int, int] = {}

    @property
    def current(self) -> str:
        return self.seen[-1] if self.seen else ""

    def take(self, line: str) -> None:
        if line.startswith("m="):
            self._start(line[2:])
        elif line.startswith("a="):
            name, _, value = line[2:].partition(":")
            reader = _READERS.get(name)
            if reader is not None:
                reader(self, value)

    def _start(self, value: str) -> None:
        words = value.split(" ")
        expected = SECTIONS[len(self.seen)] if len(self.seen) < len(SECTIONS) else ""
        if len(words) < 4 or words[0] != expected or not words[1].isascii():
            raise BadDescription("the sections are not the ones that were proposed")
        self.seen.append(expected)
        if words[1] != "0":
            self.accepted.add(expected)

    def finish(self) -> None:
        answer = self.answer
        if tuple(self.seen) != SECTIONS or not self.accepted:
            raise BadDescription("sections are missing")
        if not answer.ufrag or not answer.password:
            raise BadDescription("no ICE credentials")
        if not answer.fingerprints:
            raise BadDescription("no usable fingerprint")
        answer.channel = "application" in self.accepted
        video = answer.ssrcs.get(Kind.VIDEO)
        if video in self._repaired:
            answer.ssrcs[Kind.REPAIR] = self._repaired[video]

    def ufrag(self, value: str) -> None:
        self.answer.ufrag = self._same(self.answer.ufrag, _matched(_UFRAG, value))

    def password(self, value: str) -> None:
        self.answer.password = self._same(self.answer.password, _matched(_PASSWORD, value))

    @staticmethod
    def _same(before: str, value: str) -> str:
        if before not in ("", value):
            raise BadDescription("more than one transport")
        return value

    def fingerprint(self, value: str) -> None:
        algorithm, _, digest = value.partition(" ")
        algorithm = algorithm.lower()
        if algorithm not in _DIGESTS:
            return
        found = (algorithm, _matched(_DIGESTS[algorithm], digest).upper())
        if found not in self.answer.fingerprints:
            self.answer.fingerprints.append(found)
        if len(self.answer.fingerprints) > 4:
            raise BadDescription("too many fingerprints")

    def setup(self, value: str) -> None:
        if value not in ("active", "passive"):
            raise BadDescription("setup is neither active nor passive")
        self.answer.passive = value == "passive"

    def ssrc(self, value: str) -> None:
        kind = {"audio": Kind.AUDIO, "video": Kind.VIDEO}.get(self.current)
        number = _ssrc(value.split(" ")[0])
        if kind is not None and number not in self._repaired.values():
            self.answer.ssrcs.setdefault(kind, number)

    def ssrc_group(self, value: str) -> None:
        words = value.split(" ")
        if words[0] != "FID" or self.current != "video":
            return
        if len(words) != 3 or len(self._repaired) >= 4:
            raise BadDescription("a broken group of streams")
        main, repair = _ssrc(words[1]), _ssrc(words[2])
        self._repaired[main] = repair
        self.answer.ssrcs.setdefault(Kind.VIDEO, main)


_UFRAG = re.compile(r"[A-Za-z0-9+/]{4,256}")
_PASSWORD = re.compile(r"[A-Za-z0-9+/]{22,256}")
_DIGESTS = {
    "sha-256": re.compile(r"[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){31}"),
    "sha-384": re.compile(r"[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){47}"),
    "sha-512": re.compile(r"[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){63}"),
}
_NUMBER = re.compile(r"[0-9]{1,10}")
_READERS: dict[str, Callable[[_Sections, str], None]] = {
    "ice-ufrag": _Sections.ufrag,
    "ice-pwd": _Sections.password,
    "fingerprint": _Sections.fingerprint,
    "setup": _Sections.setup,
    "ssrc": _Sections.ssrc,
    "ssrc-group": _Sections.ssrc_group,
}


def _matched(pattern: re.Pattern[str], value: str) -> str:
    if pattern.fullmatch(value) is None:
        raise BadDescription("a value has the wrong form")
    return value


def _ssrc(value: str) -> int:
    number = int(_matched(_NUMBER, value))
    if number >= 1 << 32:
        raise BadDescription("a stream number is too large")
    return number
