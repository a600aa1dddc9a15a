"""Does this person read the mail of that address? A code in a letter, and a ticket that they hold.

Nothing of it is kept: the address and the code's seal stand in the ticket, which is signed, lives
for ten minutes and stays in the browser that asked.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from assist.accounts import letterhead
from assist.lib.ids import new_id
from assist.lib.mail import is_address

GOOD_FOR_S = 600
LONGEST = 254


class Letter(NamedTuple):
    """What a ticket says: to whom, sealed how, and the number by which tries are counted."""

    address: str
    seal: str
    number: str


def tidy_address(said: str) -> str | None:
    """As it is kept and compared; nothing for what is no address."""
    address = said.strip().lower()
    return address if len(address) <= LONGEST and is_address(address) else None


def name_of(address: str) -> str:
    """What limits count by: the address cannot be read back from it."""
    return _mac("address", address)[:32]


def write(digits: int) -> tuple[str, str]:
    """A fresh code, and the number of its letter."""
    return f"{secrets.randbelow(10**digits):0{digits}}", new_id()


def ticket(address: str, code: str, number: str) -> str:
    return _signer().sign_object(Letter(address, _seal(address, code, number), number))


def read(text: str) -> Letter | None:
    """Nothing for a forged ticket, or one that is too old."""
    try:
        return Letter(*_signer().unsign_object(text, max_age=GOOD_FOR_S))
    except (signing.BadSignature, TypeError, ValueError):
        return None


def is_the_code(letter: Letter, said: str) -> bool:
    """Blanks do not count: it is read out with a pause."""
    code = "".join(said.split())
    return hmac.compare_digest(_seal(letter.address, code, letter.number), letter.seal)


def message(address: str, code: str) -> EmailMessage:
    """In the language that is active now."""
    lines = _(
        "Your code is %(code)s\n\nIt is good for ten minutes, on the device that asked for it. If "
        "you did not ask for a code, you need not do anything."
    )
    spaced = " ".join(code[at : at + 3] for at in range(0, len(code), 3))
    return letterhead.letter(_("Your code for Assist"), lines % {"code": spaced}, address)


def _seal(address: str, code: str, number: str) -> str:
    return _mac("code", f"{number}:{address}:{code}")


def _mac(purpose: str, text: str) -> str:
    key = settings.SECRET_KEY.encode()
    whole = f"assist.accounts.letters:{purpose}:{text}".encode()
    return hmac.new(key, whole, hashlib.sha256).hexdigest()


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="assist.accounts.letters")
