"""Which streams does a Leg carry, and under which numbers?

The relay makes the first description for both Legs of a Session, so these numbers are the same on
both by construction and no packet ever needs another payload type or extension id.
"""

from __future__ import annotations

from enum import StrEnum

AUDIO_TYPE = 111
VIDEO_TYPE = 96
RTX_TYPE = 97

# Extension ids below 15 fit the one-byte form, which is the only one that is offered.
AUDIO_LEVEL_ID = 1
ABS_SEND_TIME_ID = 2
TRANSPORT_CC_ID = 3
MID_ID = 4
OFFSET_ID = 5
ORIENTATION_ID = 6


class Kind(StrEnum):
    """A stream of a Leg; `repair` carries the retransmissions of `video`."""

    AUDIO = "audio"
    VIDEO = "video"
    REPAIR = "repair"


KIND_OF_TYPE = {AUDIO_TYPE: Kind.AUDIO, VIDEO_TYPE: Kind.VIDEO, RTX_TYPE: Kind.REPAIR}
TYPE_OF_KIND = {kind: number for number, kind in KIND_OF_TYPE.items()}
CLOCK_RATE_HZ = {Kind.AUDIO: 48_000, Kind.VIDEO: 90_000, Kind.REPAIR: 90_000}
