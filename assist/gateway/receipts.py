"""Which share of the truth does a Requester's page hold? A receipt that only we can write."""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing

SALT = "assist.help.receipt"


@dataclass(frozen=True, slots=True)
class Receipt:
    """`since_ms` is the time of the first ask, `run` the Redis that knew of it."""

    help_request: str
    device: str
    since_ms: int
    run: str


def write(receipt: Receipt) -> str:
    """The receipt as signed text of a few hundred characters."""
    fields = [receipt.help_request, receipt.device, receipt.since_ms, receipt.run]
    return signing.dumps(fields, salt=SALT)


def read(text: str, device: str) -> Receipt | None:
    """The receipt, if we wrote it and for this device; else nothing."""
    try:
        receipt = Receipt(*signing.loads(text, salt=SALT))
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return receipt if receipt.device == device else None
