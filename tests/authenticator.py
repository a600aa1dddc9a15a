"""What does a device with passkeys do? Makes a key for a page, and signs with it when asked.

As the standard has it, and on purpose not with the library that judges the answers.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import struct
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
Asked = dict[str, Any]  # what the page's script is given, as JSON


@dataclass
class Key:
    """One passkey, and for whom it was made."""

    id: bytes
    private: ec.EllipticCurvePrivateKey
    handle: str


class Authenticator:
    """One device. `counts`: it says how often it was used; most say 0 each time."""

    def __init__(self, origin: str, counts: bool = False) -> None:
        self.origin, self.uses = origin, 0
        self.keys: list[Key] = []
        self._counts = counts

    def make(self, asked: Asked) -> str:
        """A new passkey, as RegistrationResponseJSON."""
        key = Key(secrets.token_bytes(32), ec.generate_private_key(ec.SECP256R1()), "")
        key.handle = asked["user"]["id"]
        self.keys.append(key)
        data = self._data(asked["rp"]["id"], PRESENT | VERIFIED | ATTESTED)
        data += bytes(16) + struct.pack(">H", len(key.id)) + key.id + public(key.private)
        attestation = {"fmt": "none", "attStmt": {}, "authData": data}
        said = {
            "clientDataJSON": text(self._client("webauthn.create", asked["challenge"])),
            "attestationObject": text(cbor(attestation)),
        }
        return json.dumps({"id": text(key.id), "response": said})

    def get(self, asked: Asked, key: Key | None = None) -> str:
        """The answer of a passkey, as AuthenticationResponseJSON."""
        key = key or self.keys[-1]
        self.uses += self._counts
        data = self._data(asked["rpId"], PRESENT | VERIFIED)
        client = self._client("webauthn.get", asked["challenge"])
        signed = key.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        said = {
            "clientDataJSON": text(client),
            "authenticatorData": text(data),
            "signature": text(signed),
            "userHandle": key.handle,
        }
        return json.dumps({"id": text(key.id), "response": said})

    def _data(self, host: str, flags: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + struct.pack(">BI", flags, self.uses)

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin}
        return json.dumps(said).encode()


def public(private: ec.EllipticCurvePrivateKey) -> bytes:
    """The other half as COSE: kind 2, ES256, P-256, x and y."""
    point = private.public_key().public_numbers()
    x, y = point.x.to_bytes(32), point.y.to_bytes(32)
    return cbor({1: 2, 3: -7, -1: 1, -2: x, -3: y})


def cbor(value: Any) -> bytes:
    """RFC 8949, as far as a passkey needs it."""
    if isinstance(value, dict):
        inner = b"".join(cbor(name) + cbor(one) for name, one in value.items())
        return head(5, len(value)) + inner
    if isinstance(value, str):
        return head(3, len(value)) + value.encode()
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    return head(1, -1 - value) if value < 0 else head(0, value)


def head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes([kind << 5 | number])
    if number < 256:
        return bytes([kind << 5 | 24, number])
    return bytes([kind << 5 | 25]) + struct.pack(">H", number)


def text(value: bytes) -> str:
    """base64url without its end."""
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def plain(value: str) -> bytes:
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
