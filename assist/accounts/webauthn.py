"""Is this the answer of a passkey, given here, now, and to us? Yubico's `fido2` judges; we ask.

What was asked stands in a ticket: signed, good for five minutes, in the browser that asked. Whoever
takes an answer counts it by the ticket's number, so that a question is answered once.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, cast
from urllib.parse import urlsplit

import msgspec
from django.conf import settings
from django.core import signing
from fido2 import cbor
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationConveyancePreference,
    AttestedCredentialData,
    AuthenticatorData,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialParameters,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from msgspec import Meta, Struct

from assist.accounts.models import CREDENTIAL_LENGTH, PUBLIC_KEY_BYTES
from assist.lib.ids import new_id

GOOD_FOR_S = 300
MOST_BYTES = 8192
# ES256, EdDSA and RS256, as COSE numbers them: what phones and keys make.
ALGORITHMS = (-7, -8, -257)
ALGORITHM = 3
PREFERRED = UserVerificationRequirement.PREFERRED
# A browser takes no passkey for these: a number is no name, and these names are nobody's.
NOBODYS = re.compile(r"(.*\.)?(local|internal|lan|home|arpa|[0-9]+)|[^.]*", re.IGNORECASE)

Act = Literal["add", "open"]
Base64 = Annotated[str, Meta(max_length=MOST_BYTES, pattern=r"^[A-Za-z0-9_-]+\Z")]
CredentialId = Annotated[str, Meta(max_length=CREDENTIAL_LENGTH, pattern=r"^[A-Za-z0-9_-]+\Z")]


class NoPasskey(ValueError):
    """Not the answer that was asked for; its text is for the log and holds nothing of it."""


class Asked(NamedTuple):
    """What a ticket says: `owner` is who adds (empty for whoever opens), `number` counts uses."""

    act: str
    host: str
    owner: str
    handle: str
    challenge: str
    number: str


class Made(NamedTuple):
    """A passkey that was just made. `credential` is base64url, `key` COSE, as it came."""

    handle: str
    credential: str
    key: bytes
    uses: int


class Known(NamedTuple):
    """A passkey as it was kept."""

    owner: str
    handle: str
    credential: str
    key: bytes


class Attestation(Struct):
    client_data: Base64 = msgspec.field(name="clientDataJSON")
    attestation_object: Base64 = msgspec.field(name="attestationObject")


class Assertion(Struct):
    client_data: Base64 = msgspec.field(name="clientDataJSON")
    authenticator_data: Base64 = msgspec.field(name="authenticatorData")
    signature: Base64
    user_handle: Base64 | None = msgspec.field(name="userHandle", default=None)


class Registered(Struct):
    """As `RegistrationResponseJSON` of the standard, without what nobody here reads."""

    id: CredentialId
    response: Attestation


class Authenticated(Struct):
    """As `AuthenticationResponseJSON`."""

    id: CredentialId
    response: Assertion


Said = TypeVar("Said", Registered, Authenticated)
Judged = TypeVar("Judged")


def works_at(host: str) -> bool:
    """Whether browsers keep passkeys for a page of this host (with a port or without)."""
    name = name_of(host)
    return name == "localhost" or not (is_number(name) or NOBODYS.fullmatch(name))


def name_of(host: str) -> str:
    return (urlsplit(f"//{host}").hostname or "").rstrip(".")


def is_number(name: str) -> bool:
    try:
        return bool(ipaddress.ip_address(name))
    except ValueError:
        return False


def ask_to_add(
    host: str, owner: str, handle: str, called: str, known: Sequence[str]
) -> tuple[dict[str, Any], str]:
    """What the browser is asked, as JSON, and the ticket.

    `called` is what the device shows beside it; `known` are credentials that it makes not again.
    """
    server = _server(host)
    mine = [
        PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=_bytes(one))
        for one in known
    ]
    user = PublicKeyCredentialUserEntity(id=handle.encode(), name=called, display_name=called)
    options, state = server.register_begin(
        user,
        mine,
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=PREFERRED,
    )
    asked = Asked("add", name_of(host), owner, handle, state["challenge"], new_id())
    return dict(options.public_key), _signer().sign_object(asked)


def ask_to_open(host: str) -> tuple[dict[str, Any], str]:
    """The same for somebody who comes back: any passkey that their device has for this house."""
    options, state = _server(host).authenticate_begin(user_verification=PREFERRED)
    asked = Asked("open", name_of(host), "", "", state["challenge"], new_id())
    return dict(options.public_key), _signer().sign_object(asked)


def read(ticket: str, act: Act) -> Asked | None:
    """Nothing for a ticket that is forged, too old, or for something else."""
    try:
        asked = Asked(*_signer().unsign_object(ticket, max_age=GOOD_FOR_S))
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return asked if asked.act == act else None


def made(asked: Asked, answer: str) -> Made:
    """The passkey that this answer brings. Raises `NoPasskey`."""
    said = _read(answer, Registered)
    server, state = _server(asked.host), _state(asked)
    data = _judge(lambda: server.register_complete(state, _whole(said)))
    found = data.credential_data
    if found is None or found.public_key.get(ALGORITHM) not in ALGORITHMS:
        raise NoPasskey("no key of a kind that was asked for")
    key = cbor.encode(dict(found.public_key))
    if len(key) > PUBLIC_KEY_BYTES or websafe_encode(found.credential_id) != said.id:
        raise NoPasskey("not the credential that it names")
    return Made(asked.handle, said.id, key, data.counter)


def opened(asked: Asked, answer: str, find: Callable[[str], Known | None]) -> tuple[Known, int]:
    """Whose passkey answered, and how often it says that it was used. Raises `NoPasskey`."""
    said = _read(answer, Authenticated)
    known = find(said.id)
    if known is None:
        raise NoPasskey("nobody's")
    if said.response.user_handle not in (None, websafe_encode(known.handle.encode())):
        raise NoPasskey("somebody else's")
    server, state = _server(asked.host), _state(asked)
    _judge(lambda: server.authenticate_complete(state, [_kept(known)], _whole(said)))
    return known, _judge(
        lambda: AuthenticatorData(_bytes(said.response.authenticator_data))
    ).counter


def _kept(known: Known) -> AttestedCredentialData:
    """As the library takes it. What kind of device it is on, is not kept."""
    key = CoseKey.parse(cast(Mapping[int, Any], cbor.decode(known.key)))
    return AttestedCredentialData.create(Aaguid.NONE, _bytes(known.credential), key)


def _server(host: str) -> Fido2Server:
    """For one of our own names: a passkey that was made at another one is none here."""
    name = name_of(host)
    server = Fido2Server(
        PublicKeyCredentialRpEntity(id=name, name="Assist"),
        attestation=AttestationConveyancePreference.NONE,
        verify_origin=lambda origin: is_ours(origin, name),
    )
    server.allowed_algorithms = [
        PublicKeyCredentialParameters(type=PublicKeyCredentialType.PUBLIC_KEY, alg=one)
        for one in ALGORITHMS
    ]
    return server


def is_ours(origin: str, name: str) -> bool:
    """One of our pages, port and all: other programs of this machine have names like ours."""
    return origin in settings.ASSIST_ORIGINS and urlsplit(origin).hostname == name


def _state(asked: Asked) -> dict[str, Any]:
    return {"challenge": asked.challenge, "user_verification": PREFERRED}


def _whole(said: Registered | Authenticated) -> dict[str, Any]:
    """As the library takes it: nothing that was not looked at."""
    response = msgspec.to_builtins(said.response)
    full = {name: value for name, value in response.items() if value is not None}
    return {"id": said.id, "rawId": said.id, "type": "public-key", "response": full}


def _read(answer: str, kind: type[Said]) -> Said:
    if len(answer) > MOST_BYTES:
        raise NoPasskey("too long")
    try:
        return msgspec.json.decode(answer.encode(), type=kind)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise NoPasskey("not such an answer") from error


def _judge(ask: Callable[[], Judged]) -> Judged:
    """What the library raises over bytes that somebody made up is not told by it: a missing byte
    is an IndexError, a deep nest a RecursionError. Whatever it is, it is no passkey."""
    try:
        return ask()
    except Exception as error:
        raise NoPasskey(type(error).__name__) from error


def _bytes(text: str) -> bytes:
    return websafe_decode(text)


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="assist.accounts.webauthn")
