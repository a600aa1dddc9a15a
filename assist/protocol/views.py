"""What are the messages made of? The views of one thing that a page holds and shows."""

from msgspec import Struct

from assist.protocol.states import Among, HelpState, LegState, Topic, VolunteerState


class IceServer(Struct, frozen=True, kw_only=True):
    """A way to the relay for a network that blocks UDP, as browsers take it; good for one Leg."""

    urls: list[str]
    username: str
    credential: str


class CallView(Struct, frozen=True, kw_only=True):
    """The Call as one of its two people sees it."""

    id: str
    state: HelpState
    peer: str | None
    since_ms: int
    mine: LegState
    theirs: LegState


class HelpView(Struct, frozen=True, kw_only=True):
    """A HelpRequest as its Requester sees it. `reachable`: free Volunteers when it was asked."""

    id: str
    state: HelpState
    since_ms: int
    asked: int
    reachable: int
    among: Among
    topic: Topic | None
    languages: list[str]
    question: bool
    call: CallView | None = None


class OfferView(Struct, frozen=True, kw_only=True):
    """A ring as the Volunteer sees it. `since_ms`: when the person first asked.

    `call_back`: the person was parked; they are rung after the Volunteer accepts.
    """

    id: str
    help_request: str
    languages: list[str]
    topic: Topic | None
    call_back: bool
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


class VolunteerRow(Struct, frozen=True, kw_only=True):
    """One line of the Coordinator's table Volunteers."""

    name: str
    state: VolunteerState
    languages: list[str]
    since_ms: int


class RelayRow(Struct, frozen=True, kw_only=True):
    """One line of the Coordinator's table Relays. `load` is the share of one core."""

    relay: str
    address: str
    load: float
    legs: int
