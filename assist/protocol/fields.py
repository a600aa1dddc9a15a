"""What is each message made of? Its base, and bounds of fields that are checked on arrival."""

from typing import Annotated

from msgspec import Meta, Struct

Id = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z", description="32 lower-case hex digits")]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}\Z", description="a primary language subtag")]
Description = Annotated[str, Meta(min_length=1, max_length=16_384, description="an SDP answer")]
Receipt = Annotated[str, Meta(min_length=1, max_length=1024, description="signed by the server")]
Name = Annotated[str, Meta(min_length=1, max_length=40, description="to be called by")]
Question = Annotated[str, Meta(min_length=1, max_length=500, description="typed or dictated")]


class ClientMessage(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"
):
    """What a page asks for."""


class ServerMessage(Struct, frozen=True, kw_only=True, tag_field="type"):
    """What the server states."""
