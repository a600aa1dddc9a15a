"""What shall happen when somebody says the code of a letter? It stands in their own browser.

Signed, and as short-lived as the letter: nobody else can say it, and of who never does, nothing is
kept here.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from assist.accounts import letters
from assist.accounts.letters import Letter

COOKIE = "assist-errand"
PAGE = "/volunteer/code/"


class Errand(NamedTuple):
    """`what`: to come "in", to keep an "address", to "join", or to be let in, which was "asked".
    `said`: what was written besides.

    Who joins by a passkey has no letter, and an empty `ticket`; nor has who asked already.
    """

    what: str
    ticket: str
    said: dict[str, Any]


def begin(
    what: str, ticket: str, said: dict[str, Any] | None = None, page: str = PAGE
) -> HttpResponse:
    """On to the page that takes the code, or to another one."""
    answer = redirect(page)
    signed = _signer().sign_object(Errand(what, ticket, said or {}), compress=True)
    answer.set_cookie(COOKIE, signed, max_age=letters.GOOD_FOR_S, httponly=True, samesite="Lax")
    return answer


def read(request: HttpRequest) -> tuple[Errand, Letter] | None:
    """Nothing for one that is forged or too old, or has no letter."""
    errand = read_alone(request)
    letter = letters.read(errand.ticket) if errand else None
    return (errand, letter) if errand and letter else None


def read_alone(request: HttpRequest) -> Errand | None:
    """The same without its letter."""
    try:
        signed = request.COOKIES.get(COOKIE, "")
        return Errand(*_signer().unsign_object(signed, max_age=letters.GOOD_FOR_S))
    except (signing.BadSignature, TypeError, ValueError):
        return None


def end(answer: HttpResponse) -> HttpResponse:
    """It is done, unless it leads to another one."""
    if COOKIE not in answer.cookies:
        answer.delete_cookie(COOKIE, samesite="Lax")
    return answer


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="assist.gateway.errands")
