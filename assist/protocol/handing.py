"""How does a Volunteer hand over? What they write to the next one never comes past the server."""

from assist.protocol.fields import ClientMessage, Id, Language
from assist.protocol.states import Topic


class CallHandOver(ClientMessage, frozen=True, tag="call.hand_over"):
    """Look for somebody else for this person, who keeps their place and their connection.

    `language`, `topic`: somebody who speaks this, or knows of that; neither: I must go.
    """

    help_request: Id
    language: Language | None = None
    topic: Topic | None = None
