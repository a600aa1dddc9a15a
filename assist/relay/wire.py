"""What do others ask of a relay, and what does it reply?

Requests go by PUBLISH to `inbox(relay_id)`, replies to the channel that the request names. All are
JSON. `id` makes a request safe to repeat: the same id gets the same reply.
"""

from __future__ import annotations

import time
from enum import StrEnum
from typing import Any

import msgspec

from assist.protocol.states import Role


def inbox(relay_id: str) -> str:
    """The channel on which a relay takes requests."""
    return f"relay:{relay_id}:in"


class RefusalCode(StrEnum):
    """Why a relay said no."""

    LEGS_FULL = "legs_full"
    STALE_NUMBER = "stale_number"
    CLOSING = "closing"
    UNKNOWN_LEG = "unknown_leg"
    BAD_DESCRIPTION = "bad_description"


class _Request(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag=True):
    id: str
    deadline_ms: int  # of Redis' clock; what is read later than this is dropped
    reply_to: str
    help_request: str
    person: str
    number: int


class OpenLeg(_Request, frozen=True, kw_only=True):
    """Make a Leg, in place of any that this person had with a lower number."""

    role: Role


class AnswerLeg(_Request, frozen=True, kw_only=True):
    """The browser's answer to the description of that Leg."""

    description: str


class LegOpened(msgspec.Struct, frozen=True, tag=True):
    """The Leg is there; `description` is for the browser."""

    id: str
    number: int
    description: str


class LegAnswered(msgspec.Struct, frozen=True, tag=True):
    """The answer could be read; the Leg is being connected."""

    id: str


class Refused(msgspec.Struct, frozen=True, tag=True):
    """Nothing changed."""

    id: str
    code: RefusalCode


Request = OpenLeg | AnswerLeg
Reply = LegOpened | LegAnswered | Refused

_requests: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)
_replies: msgspec.json.Decoder[Reply] = msgspec.json.Decoder(Reply)
_encoder = msgspec.json.Encoder()


def encode(message: Request | Reply) -> bytes:
    """A message as it is published."""
    return _encoder.encode(message)


def read_request(data: bytes | str) -> Request:
    """A request; `msgspec.MsgspecError` for anything else."""
    return _requests.decode(data)


def read_reply(data: bytes | str) -> Reply:
    """A reply; `msgspec.MsgspecError` for anything else."""
    return _replies.decode(data)


class SharedClock:
    """Redis' time without asking for it each time.

    Deadlines are compared on two machines whose own clocks may differ by more than a deadline is
    long, so both speak of the clock of the Redis between them.
    """

    def __init__(self) -> None:
        self._ahead_ms = 0.0

    async def set_by(self, redis: Any) -> None:
        """Ask the server once."""
        seconds, micros = await redis.time()
        self._ahead_ms = seconds * 1000 + micros / 1000 - time.time() * 1000

    def now_ms(self) -> int:
        """Milliseconds since 1970 by Redis' clock."""
        return int(time.time() * 1000 + self._ahead_ms)
