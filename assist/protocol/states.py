"""Which states are there, and how does each HelpRequest end?

Field terms as in the design; the transitions between them stand in `assist.live.table`.
"""

from enum import StrEnum


class HelpState(StrEnum):
    """Where a HelpRequest stands."""

    WAITING = "waiting"  # in the queue, nobody's phone rings
    RINGING = "ringing"  # at least one pending Offer
    CONNECTING = "connecting"  # accepted, the two Legs are being joined
    IN_CALL = "in_call"
    PARKED = "parked"  # a call-back or a question for later, with a deadline of its own
    CONFIRMING = "confirming"  # a Volunteer accepted a parked one, the Requester is rung
    ENDED = "ended"


class VolunteerState(StrEnum):
    """What a Volunteer does just now."""

    AWAY = "away"
    AVAILABLE = "available"
    RINGING = "ringing"
    IN_CALL = "in_call"
    WRAPPING_UP = "wrapping_up"


class OfferState(StrEnum):
    """How an Offer stands, or how it ended."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"  # "Not now"
    MISSED = "missed"  # nobody touched the dialog in time
    WITHDRAWN = "withdrawn"  # someone else was quicker, or the Requester left


class LegState(StrEnum):
    """How one person's connection to the relay stands."""

    NEW = "new"
    CONNECTING = "connecting"
    UP = "up"
    LOST = "lost"
    CLOSED = "closed"


class Role(StrEnum):
    """The side of a Call on which a person stands."""

    REQUESTER = "requester"
    VOLUNTEER = "volunteer"


class Among(StrEnum):
    """Whom a Requester wants to be asked."""

    CIRCLE = "circle"  # only my circle
    CIRCLE_FIRST = "circle_first"  # my circle, then anyone
    ANYONE = "anyone"


class Topic(StrEnum):
    """What a HelpRequest is about, if the Requester cares to say."""

    READING = "reading"
    TECHNOLOGY = "technology"
    COOKING = "cooking"
    FINDING = "finding"  # finding something
    INDOORS = "indoors"  # getting around indoors


class Reach(StrEnum):
    """How a Volunteer can be rung now."""

    PAGE = "page"  # an open page with a live lease
    PUSH = "push"  # a push subscription


class WhyAway(StrEnum):
    """Why a Volunteer is not being rung."""

    CHOSEN = "chosen"  # they stopped taking calls
    ASLEEP = "asleep"  # outside their own hours
    SNOOZED = "snoozed"
    MISSED = "missed"  # three rings in a row passed unanswered
    GONE = "gone"  # no page and no push
    SUSPENDED = "suspended"


class WhyHanded(StrEnum):
    """Why a Volunteer handed over: somebody who ... is looked for."""

    MUST_GO = "must_go"  # has the time
    LANGUAGE = "language"  # speaks the language that they named
    TOPIC = "topic"  # knows of this


class EndReason(StrEnum):
    """Why a HelpRequest ended: exactly one for each, with a sentence that says it. A Call of one
    that goes on has an end of its own, too."""

    sentence: str

    def __new__(cls, value: str, sentence: str = "") -> "EndReason":
        """A member is its wire value; the sentence rides along."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.sentence = sentence
        return member

    CANCELLED = "cancelled", "The Requester cancelled before anyone answered."
    REQUESTER_ENDED = "requester_ended", "The Requester ended the call."
    VOLUNTEER_ENDED = "volunteer_ended", "The Volunteer ended the call."
    REQUESTER_BLOCKED = "requester_blocked", "The Requester hung up and blocked the Volunteer."
    VOLUNTEER_BLOCKED = "volunteer_blocked", "The Volunteer hung up and blocked the Requester."
    REQUESTER_LOST = "requester_lost", "The Requester's page was gone for too long."
    VOLUNTEER_LOST = "volunteer_lost", "The Volunteer's page was gone for too long."
    COULD_NOT_CONNECT = "could_not_connect", "Picture and sound could not be connected."
    SUSPENDED = "suspended", "A Coordinator ended this person's access."
    SERVICE_STOPPED = "service_stopped", "The service is stopping."
    EXPIRED = "expired", "A parked request was not taken before its deadline."
    HANDED_OVER = "handed_over", "The Volunteer handed over: the Call alone ended."


class Refusal(StrEnum):
    """Stable codes of what the server says no to; the sentence is the page's language."""

    MALFORMED = "malformed"  # not a message of this protocol
    TOO_LARGE = "too_large"
    OUT_OF_TURN = "out_of_turn"  # understood, but not now
    UNKNOWN_ID = "unknown_id"  # also for other people's ids
    TOO_OFTEN = "too_often"
    CODE_NEEDED = "code_needed"  # this house asks for a code first
    QUICKER = "quicker"  # someone else accepted first
    TOO_LATE = "too_late"  # the Offer had ended
    BAD_DESCRIPTION = "bad_description"
    NO_RELAY = "no_relay"  # no relay has room
    BUSY = "busy"  # the house can take no new asks just now
    SIGNED_OUT = "signed_out"
    SUSPENDED = "suspended"
    PROMISE_NEEDED = "promise_needed"  # what every Volunteer promises before the first call
    CLOSED = "closed"  # outside the house's hours; a call-back is still possible
    TRY_AGAIN = "try_again"  # a part did not answer in time
