"""How does a Volunteer hand over? What they write to the next one never comes past the server."""

from assist.protocol.fields import ClientMessage, Id, Language, ServerMessage
from assist.protocol.states import Topic


class CallHandOver(ClientMessage, frozen=True, tag="call.hand_over"):
    """Look for somebody else for this person, who keeps their place and their connection.

    `language`, `topic`: somebody who speaks this, or knows of that; neither: I must go.
    """

    help_request: Id
    language: Language | None = None
    topic: Topic | None = None


class FreeGet(ClientMessage, frozen=True, tag="free.get"):
    """How many others could be asked now if I handed over so? The answer is `call.free`.

    `language`, `topic`: as in `call.hand_over`.
    """

    help_request: Id
    language: Language | None = None
    topic: Topic | None = None


class CallFree(ServerMessage, frozen=True, tag="call.free"):
    """How many others could be asked now, counted up to 20, if the person were handed over so.

    `language`, `topic`: what the page wanted to know of. `fit`: how many of these take calls about
    what is asked for. After a hand-over for a topic they come first, and then the others.
    """

    help_request: str
    language: str | None
    topic: Topic | None
    free: int
    fit: int
