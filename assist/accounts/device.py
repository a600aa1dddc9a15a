"""Which Requester is this? The id in a signed cookie; nothing else is kept of them."""

from __future__ import annotations

import hashlib
import hmac
import re

from django.conf import settings
from django.core import signing

from assist.lib.ids import new_id

DEVICE_COOKIE = "assist-device"
DEVICE_DAYS = 365

_ID = re.compile(r"[0-9a-f]{32}")


def new_device() -> str:
    """The id of a device that we have not met."""
    return new_id()


def sign_device(device: str) -> str:
    """The cookie's value for this id."""
    return _signer().sign(device)


def read_device(value: str) -> str | None:
    """The id in a cookie's value; nothing if it is not ours."""
    try:
        device = _signer().unsign(value)
    except signing.BadSignature:
        return None
    return device if _ID.fullmatch(device) else None


def mark_of(device: str) -> str:
    """By this a browser knows whether two of its pages are for the same person; it says not who."""
    key, text = settings.SECRET_KEY.encode(), f"assist.accounts.device:{device}"
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:16]


def _signer() -> signing.Signer:
    return signing.Signer(salt="assist.accounts.device")
