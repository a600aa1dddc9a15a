"""By which key do push services know that it is this house that rings?"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from assist.lib.secret import kept_secret

MAIL = re.compile(r"[^@\s<>]{1,64}@(?:[a-z0-9-]+\.)+[a-z0-9-]{2,}", re.IGNORECASE)


def private_key() -> str:
    """The house's VAPID key: 32 bytes in base64url. Made at the first call, then kept."""
    return settings.ASSIST_PUSH_KEY or kept_secret(settings.ASSIST_STATE / "push-key", fresh_key)


@cache
def public_key(private: str) -> str:
    """What a page subscribes with: the point in base64url."""
    number = int.from_bytes(decode(private), "big")
    point = ec.derive_private_key(number, ec.SECP256R1()).public_key()
    return encode(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def fresh_key() -> str:
    """A new private key."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return encode(number.to_bytes(32, "big"))


def contact() -> str:
    """Whom a push service may write to about our pushes: a mailto: or our own address."""
    for given in (settings.ASSIST_PUSH_CONTACT, settings.ASSIST_CONTACT):
        if MAIL.fullmatch(given):
            return f"mailto:{given}"
    host = settings.ASSIST_HOST
    return f"https://{host}" if "." in host else "https://localhost"


def encode(data: bytes) -> str:
    """Base64url without its padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """The bytes of base64url, with or without padding. Raises ValueError."""
    bare = text.rstrip("=").encode("ascii")
    return urlsafe_b64decode(bare + b"=" * (-len(bare) % 4))
