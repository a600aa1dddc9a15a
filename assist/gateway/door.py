"""Who may ask in a house that is not open to everybody? Whoever has once said its code."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings
from django.core import signing
from django.utils.crypto import constant_time_compare

CODE_COOKIE = "assist-code"
CODE_DAYS = 365


def needs_code() -> bool:
    return bool(settings.ASSIST_ASK == "code")


def is_the_code(said: str) -> bool:
    """Blanks and case do not count: it is read out on the telephone."""
    return constant_time_compare(_plain(said), _plain(settings.ASSIST_ASK_CODE))


def ticket() -> str:
    """What the cookie holds: proof that this very code was said. A new code makes it void."""
    return _signer().sign(_fingerprint())


def opens(value: str) -> bool:
    """Does a cookie with this value open the house? An open house opens to anybody."""
    if not needs_code():
        return True
    try:
        return constant_time_compare(_signer().unsign(value), _fingerprint())
    except signing.BadSignature:
        return False


def _plain(code: str) -> str:
    return "".join(code.split()).casefold()


def _fingerprint() -> str:
    code = _plain(settings.ASSIST_ASK_CODE).encode()
    return hmac.new(settings.SECRET_KEY.encode(), code, hashlib.sha256).hexdigest()[:32]


def _signer() -> signing.Signer:
    return signing.Signer(salt="assist.gateway.door")
