"""What may a page say to the server, and the server to a page?

One struct a message: its tag is the wire name, its docstring the documentation. Clients send
imperatives, servers state facts. One union a direction; unknown types and fields are refused.
Times are milliseconds of Redis' clock since 1970; `seq` counts the transitions that concerned
the receiving person, so that a page sees a gap and asks for its Snapshot again.
"""

from typing import Annotated, Literal

from msgspec import Meta

from assist.protocol.fields import ClientMessage as ClientMessage
from assist.protocol.fields import Id, Language, Name, Question, Receipt
from assist.protocol.fields import ServerMessage as ServerMessage
from assist.protocol.handing import CallFree as CallFree
from assist.protocol.handing import CallHandOver as CallHandOver
from assist.protocol.handing import FreeGet as FreeGet
from assist.protocol.legs import LegAnswer as LegAnswer
from assist.protocol.legs import LegAnswered as LegAnswered
from assist.protocol.legs import LegDescription as LegDescription
from assist.protocol.legs import LegOpen as LegOpen
from assist.protocol.legs import LegRenew as LegRenew
from assist.protocol.legs import LegReport as LegReport
from assist.protocol.legs import LegServers as LegServers
from assist.protocol.states import (
    Among,
    EndReason,
    OfferState,
    Reach,
    Refusal,
    Topic,
    VolunteerState,
    WhyAway,
)
from assist.protocol.views import (
    CallQuality,
    CallRow,
    CallView,
    HelpView,
    OfferView,
    RelayRow,
    VolunteerRow,
    WaitingRow,
)

MESSAGE_BYTES = 65_536
SUBPROTOCOL = "assist.v1"


class HelpAsk(ClientMessage, frozen=True, tag="help.ask"):
    """Ask for help, or ask again with the receipt of the first time.

    `later`: do not ring for me while I stand here, call me back; also when the house is closed.
    `again`: a Call that has just ended; ask its Volunteer first, and for a moment nobody else.
    `name`, `braille`: what the Volunteer may call me, and that I read what they type.
    """

    languages: Annotated[list[Language], Meta(min_length=1, max_length=8)]
    camera: bool
    microphone: bool
    receipt: Receipt | None = None
    among: Among = Among.CIRCLE_FIRST
    topic: Topic | None = None
    later: bool = False
    again: Id | None = None
    name: Name | None = None
    braille: bool = False


class HelpPark(ClientMessage, frozen=True, tag="help.park"):
    """Call me back, with a question for later or without. Also right after an ask."""

    help_request: Id
    question: Question | None = None


class HelpWiden(ClientMessage, frozen=True, tag="help.widen"):
    """Ask in this language, too; those who speak it are rung at once."""

    help_request: Id
    language: Language


class OthersGet(ClientMessage, frozen=True, tag="others.get"):
    """In which other languages could somebody be asked now? The answer is `help.others`."""

    help_request: Id


class HelpConfirm(ClientMessage, frozen=True, tag="help.confirm"):
    """I am here: a Volunteer answers my parked request, the call may begin."""

    help_request: Id


class HelpCancel(ClientMessage, frozen=True, tag="help.cancel"):
    """Stop asking; nobody has answered yet."""

    help_request: Id


class CallEnd(ClientMessage, frozen=True, tag="call.end"):
    """Hang up. `call`: on whom, for another may have answered since."""

    help_request: Id
    call: Id | None = None


class CallBlock(ClientMessage, frozen=True, tag="call.block"):
    """Hang up, and never be connected with the other one of this Call again."""

    help_request: Id
    call: Id | None = None


class CallsStart(ClientMessage, frozen=True, tag="calls.start"):
    """The Volunteer takes calls from now on."""


class CallsStop(ClientMessage, frozen=True, tag="calls.stop"):
    """The Volunteer takes no more calls."""


class OfferShown(ClientMessage, frozen=True, tag="offer.shown"):
    """The ring is on the Volunteer's screen: from here on its time counts."""

    offer: Id


class OfferAccept(ClientMessage, frozen=True, tag="offer.accept"):
    """The Volunteer takes this call."""

    offer: Id


class OfferDecline(ClientMessage, frozen=True, tag="offer.decline"):
    """Not now."""

    offer: Id


class Beat(ClientMessage, frozen=True, tag="beat"):
    """I am still here; `hidden` says that the page is not on the screen. Each 5 s."""

    hidden: bool = False


class SnapshotGet(ClientMessage, frozen=True, tag="snapshot.get"):
    """Tell me all that is true now: I saw a gap, or heard nothing for a while."""


Client = (
    HelpAsk
    | HelpPark
    | HelpWiden
    | OthersGet
    | HelpConfirm
    | HelpCancel
    | CallEnd
    | CallBlock
    | CallHandOver
    | FreeGet
    | CallsStart
    | CallsStop
    | OfferShown
    | OfferAccept
    | OfferDecline
    | LegOpen
    | LegAnswer
    | LegRenew
    | LegReport
    | Beat
    | SnapshotGet
)


class RequesterSnapshot(ServerMessage, frozen=True, tag="snapshot.requester"):
    """All that is true for this Requester."""

    seq: int
    now_ms: int
    run: str
    help_request: HelpView | None
    quality: CallQuality | None


class VolunteerSnapshot(ServerMessage, frozen=True, tag="snapshot.volunteer"):
    """All that is true for this Volunteer. `taking`: they want calls after this one too.

    `next_ms`: until then they are first in the next Wave that fits, 0 if they are not.
    """

    seq: int
    now_ms: int
    run: str
    state: VolunteerState
    taking: bool
    reach: Reach
    why: WhyAway | None
    next_ms: int
    offer: OfferView | None
    help_request: str | None
    call: CallView | None
    quality: CallQuality | None


class HelpReceipt(ServerMessage, frozen=True, tag="help.receipt"):
    """The Requester's share of the truth: with it they ask again after any outage."""

    help_request: str
    receipt: str


class HelpChanged(ServerMessage, frozen=True, tag="help.changed"):
    """The HelpRequest moved outside a Call: asked, ringing, waiting again, parked."""

    seq: int
    help_request: HelpView


class HelpOthers(ServerMessage, frozen=True, tag="help.others"):
    """Languages to ask in, too: somebody free speaks them, or they were before a hand-over."""

    help_request: str
    languages: list[str]


class HelpEnded(ServerMessage, frozen=True, tag="help.ended"):
    """The HelpRequest is over, and why."""

    seq: int
    help_request: str
    call: str | None
    reason: EndReason


class CallChanged(ServerMessage, frozen=True, tag="call.changed"):
    """A Call began or moved on: accepted, connected, a Leg lost or back."""

    seq: int
    help_request: str
    call: CallView


class VolunteerChanged(ServerMessage, frozen=True, tag="volunteer.changed"):
    """The Volunteer is away, available or wrapping up now."""

    seq: int
    state: VolunteerState
    taking: bool
    reach: Reach
    why: WhyAway | None


class OfferMade(ServerMessage, frozen=True, tag="offer.made"):
    """Someone needs help: ring."""

    seq: int
    offer: OfferView


class OfferTimed(ServerMessage, frozen=True, tag="offer.timed"):
    """The ring is on a screen; it ends at this time."""

    seq: int
    offer: str
    deadline_ms: int


class OfferEnded(ServerMessage, frozen=True, tag="offer.ended"):
    """The ring is over without this Volunteer. `why` says how it was for them."""

    seq: int
    offer: str
    outcome: OfferState
    why: Literal["declined", "missed", "quicker", "gone"]
    state: VolunteerState
    taking: bool
    away: WhyAway | None
    next_ms: int


class CallEnded(ServerMessage, frozen=True, tag="call.ended"):
    """The Volunteer's part in the Call is over. `reason` is null when the person was put back."""

    seq: int
    help_request: str
    call: str
    reason: EndReason | None
    state: VolunteerState
    taking: bool
    away: WhyAway | None


class Pulse(ServerMessage, frozen=True, tag="pulse"):
    """The answer to `beat`: the last number, so that a missed message is noticed."""

    seq: int
    now_ms: int


class Refused(ServerMessage, frozen=True, tag="refused"):
    """The server says no: nothing changed. `about` is the type of the message refused."""

    code: Refusal
    text: str
    about: str | None


class ThanksHere(ServerMessage, frozen=True, tag="thanks.here"):
    """Somebody whom this Volunteer has helped left a thank-you: it stands at `/thanks/`."""


class Goodbye(ServerMessage, frozen=True, tag="goodbye"):
    """The connection is closed after this, for the reason named."""

    code: Literal["signed_out", "suspended", "forgotten", "service_stopped", "restarting"]
    text: str


class Queue(ServerMessage, frozen=True, tag="queue"):
    """All that a Coordinator sees, no people's calls. `joining`: that people wait to be let in."""

    now_ms: int
    joining: str
    waiting: list[WaitingRow]
    calls: list[CallRow]
    volunteers: list[VolunteerRow]
    relays: list[RelayRow]


Server = (
    RequesterSnapshot
    | VolunteerSnapshot
    | HelpReceipt
    | HelpChanged
    | HelpOthers
    | HelpEnded
    | CallChanged
    | VolunteerChanged
    | OfferMade
    | OfferTimed
    | OfferEnded
    | CallEnded
    | CallFree
    | Pulse
    | LegDescription
    | LegAnswered
    | LegServers
    | Refused
    | ThanksHere
    | Goodbye
    | Queue
)
