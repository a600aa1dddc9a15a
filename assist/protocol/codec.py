"""How do messages become bytes and back?"""

from typing import cast

import msgspec

from assist.protocol.messages import MESSAGE_BYTES, Client, ServerMessage
from assist.protocol.states import Refusal

_client = msgspec.json.Decoder(Client)
_encoder = msgspec.json.Encoder()


class BadMessage(ValueError):
    """What came is no message of this protocol; `code` says in which way."""

    def __init__(self, code: Refusal, why: str) -> None:
        """`why` is for the log: it names the place in the message, never its content."""
        super().__init__(why)
        self.code = code


def decode_client(text: str | bytes) -> Client:
    """One message from a page; raises `BadMessage`."""
    if len(text) > MESSAGE_BYTES:
        raise BadMessage(Refusal.TOO_LARGE, f"{len(text)} > {MESSAGE_BYTES}")
    try:
        return cast(Client, _client.decode(text))
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadMessage(Refusal.MALFORMED, type(error).__name__) from None


def encode_server(message: ServerMessage) -> str:
    """One message to a page."""
    return _encoder.encode(message).decode()


def name_of(message: Client) -> str:
    """The wire name of a page's message."""
    return str(message.__struct_config__.tag)
