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
    """`what`: to come "in", or to keep an "address". `said`: what was written besides."""

    what: str
    ticket: str
    said: dict[str, Any]


def begin(what: str, ticket: str, said: dict[str, Any] | None = None) -> HttpResponse:
    """On to the page that takes the code."""
    answer = redirect(PAGE)
    signed = _signer().sign_object(Errand(what, ticket, said or {}), compress=True)
    answer.set_cookie(COOKIE, signed, max_age=letters.GOOD_FOR_S, httponly=True, samesite="Lax")
    return answer


def read(request: HttpRequest) -> tuple[Errand, Letter] | None:
    """Nothing for one that is forged or too old."""
    try:
        signed = request.COOKIES.get(COOKIE, "")
        errand = Errand(*_signer().unsign_object(signed, max_age=letters.GOOD_FOR_S))
    except (signing.BadSignature, TypeError, ValueError):
        return None
    letter = letters.read(errand.ticket)
    return (errand, letter) if letter else None


def end(answer: HttpResponse) -> HttpResponse:
    answer.delete_cookie(COOKIE, samesite="Lax")
    return answer


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="assist.gateway.errands")
