"""What are the messages made of? The views of one thing that a page holds and shows."""

from typing import Annotated

from msgspec import Meta, Struct

from assist.protocol.states import Among, HelpState, LegState, Topic, VolunteerState, WhyHanded


class IceServer(Struct, frozen=True, kw_only=True):
    """A way to the relay for a network that blocks UDP, as browsers take it; good for one Leg."""

    urls: list[str]
    username: str
    credential: str


Rate = Annotated[int, Meta(ge=0, le=1_000_000, description="kbit/s")]
Pixels = Annotated[int, Meta(ge=0, le=16_384)]


class LegQuality(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How one person's connection has been in the last few seconds. Numbers, and nothing else.

    `lost_share`: of the packets that should have come, 0 to 1. `width`, `height`, `frames_s`: of
    the moving picture that this page sends or receives, 0 without one. `freezes`: of it, here.
    """

    sent_kbit_s: Rate
    received_kbit_s: Rate
    lost_share: Annotated[float, Meta(ge=0, le=1)]
    round_trip_ms: Annotated[int, Meta(ge=0, le=60_000)] | None
    width: Pixels
    height: Pixels
    frames_s: Annotated[int, Meta(ge=0, le=240)]
    freezes: Annotated[int, Meta(ge=0, le=1_000)]


class CallQuality(Struct, frozen=True, kw_only=True):
    """Both connections of a Call as one of its two sees them; null where nothing is known."""

    mine: LegQuality | None
    theirs: LegQuality | None


class CallView(Struct, frozen=True, kw_only=True):
    """The Call as one of its two people sees it. `peer`: the other's name, if they have one here.

    `braille`: the other reads braille, so short sentences, and a moment for each. `handed`: another
    Volunteer has helped before, and handed over. `practice`: the Volunteer's own page plays the
    other.
    """

    id: str
    state: HelpState
    peer: str | None
    braille: bool
    handed: bool
    practice: bool
    since_ms: int
    mine: LegState
    theirs: LegState


class HandedView(Struct, frozen=True, kw_only=True):
    """The last Call that a Volunteer handed over, why, and when."""

    call: str
    why: WhyHanded
    at_ms: int


class HelpView(Struct, frozen=True, kw_only=True):
    """A HelpRequest as its Requester sees it. `reachable`: free Volunteers when it was asked.

    `first_until_ms`: until then the Volunteer whom they would like again is asked alone; 0: nobody.
    `handed`: they were handed over, and stand in front again.
    """

    id: str
    state: HelpState
    since_ms: int
    asked: int
    reachable: int
    among: Among
    topic: Topic | None
    languages: list[str]
    question: bool
    first_until_ms: int
    handed: HandedView | None
    call: CallView | None = None


class OfferView(Struct, frozen=True, kw_only=True):
    """A ring as the Volunteer sees it. `since_ms`: when the person first asked.

    `call_back`: the person was parked; they are rung after the Volunteer accepts. `again`: the
    two have talked a moment ago, and the person would like to go on with this Volunteer.
    `handed`: another Volunteer has helped so far, and hands over.
    `name`: what they would like to be called. `braille`: they read braille. `practice`: nobody
    needs help, the Volunteer's own page plays who asks.
    """

    id: str
    help_request: str
    name: str | None
    braille: bool
    practice: bool
    languages: list[str]
    topic: Topic | None
    call_back: bool
    again: bool
    handed: bool
    question: str | None
    since_ms: int
    deadline_ms: int
    shown: bool


class WaitingRow(Struct, frozen=True, kw_only=True):
    """One line of the Coordinator's table Waiting."""

    help_request: str
    state: HelpState
    languages: list[str]
    since_ms: int
    asked: int
    ringing: int


class CallRow(Struct, frozen=True, kw_only=True):
    """One line of the Coordinator's table Calls."""

    call: str
    state: HelpState
    volunteer: str
    since_ms: int
    requester_leg: LegState
    volunteer_leg: LegState
    requester_quality: LegQuality | None
    volunteer_quality: LegQuality | None


class VolunteerRow(Struct, frozen=True, kw_only=True):
    """One line of the Coordinator's table Volunteers. `practising`: it is no real ring or call."""

    name: str
    state: VolunteerState
    practising: bool
    languages: list[str]
    since_ms: int


class RelayRow(Struct, frozen=True, kw_only=True):
    """One line of the Coordinator's table Relays. `load` is the share of one core."""

    relay: str
    address: str
    load: float
    legs: int
