"""How does a page open its connection to the relay and keep it, and what is it told of it?"""

from typing import Annotated

from msgspec import Meta

from assist.protocol.fields import ClientMessage, Description, Id, ServerMessage
from assist.protocol.views import IceServer, LegQuality


class LegOpen(ClientMessage, frozen=True, tag="leg.open"):
    """Open (or replace) my connection to the relay for this HelpRequest."""

    help_request: Id


class LegAnswer(ClientMessage, frozen=True, tag="leg.answer"):
    """My answer to the relay's description with this number."""

    help_request: Id
    number: Annotated[int, Meta(ge=1, le=2**53)]
    description: Description


class LegRenew(ClientMessage, frozen=True, tag="leg.renew"):
    """My connection to the relay still lives: fresh credentials for its ICE servers, please."""

    help_request: Id


class LegReport(ClientMessage, frozen=True, tag="leg.report"):
    """How my connection to the relay has been. Each 5 s of a Call; there is no answer."""

    help_request: Id
    quality: LegQuality


class LegDescription(ServerMessage, frozen=True, tag="leg.description"):
    """The relay's description for the Leg that was asked for; answer it with this number.

    Where there are `ice_servers`, send `leg.renew` each `renew_ms` for as long as the Leg lives.
    """

    help_request: str
    number: int
    description: str
    ice_servers: list[IceServer]
    renew_ms: int


class LegAnswered(ServerMessage, frozen=True, tag="leg.answered"):
    """The relay took the answer."""

    help_request: str
    number: int


class LegServers(ServerMessage, frozen=True, tag="leg.servers"):
    """Fresh credentials for a Leg that lives."""

    help_request: str
    ice_servers: list[IceServer]
