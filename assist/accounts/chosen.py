"""What may stand in the settings that a Requester keeps under an account? As in state/mine.js.

Which camera of a device was chosen stays on the device.
"""

from __future__ import annotations

import time
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from assist.accounts.models import Account
from assist.protocol.fields import Language
from assist.protocol.states import Among, Topic

MOST_BYTES = 4096
Word = Literal["allow", "ask", "never"]


class May(Struct, frozen=True, forbid_unknown_fields=True):
    """What a Volunteer may do to the phone."""

    light: Word
    zoom: Word
    lens: Word
    photo: Word


class Chosen(Struct, frozen=True, forbid_unknown_fields=True):
    """The document. `volume` and `size` are percent."""

    # PostgreSQL keeps no NUL.
    name: Annotated[str, Meta(max_length=40, pattern=r"^[^\x00]*\Z")]
    languages: Annotated[list[Language], Meta(max_length=8)]
    topics: Annotated[list[Topic], Meta(max_length=8)]
    among: Among
    announcements: Literal["more", "less"]
    tones: bool
    volume: Annotated[int, Meta(ge=0, le=100)]
    vibration: bool
    contrast: Literal["system", "more"]
    size: Annotated[int, Meta(ge=100, le=200)]
    hints: bool
    braille: bool
    typing: Literal["usual", "live", "line"]
    camera: Literal["on", "off"]
    may: May


class BadChoice(ValueError):
    """No such document."""


def keep(requester: str, document: bytes) -> int:
    """Keep it under their account; when that was, in ms, or 0 without one. Raises `BadChoice`."""
    try:
        if len(document) > MOST_BYTES:
            raise BadChoice
        chosen = msgspec.to_builtins(msgspec.json.decode(document, type=Chosen))
    except msgspec.DecodeError as error:
        raise BadChoice from error
    at_ms = time.time_ns() // 1_000_000
    found = Account.objects.filter(pk=requester).update(chosen=chosen, chosen_ms=at_ms)
    return at_ms if found else 0


def kept_by(account: Account) -> dict[str, Any]:
    """The document, or null, and when it was kept."""
    return {"chosen": account.chosen, "at_ms": account.chosen_ms}
