"""How is a browser asked for a passkey, and how is its answer taken? For both kinds of people."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from asgiref.sync import async_to_sync
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from assist.accounts import passkeys, webauthn
from assist.accounts.webauthn import Asked, Made, NoPasskey
from assist.gateway import process
from assist.gateway.browsers import name_of
from assist.gateway.limits import is_first_use, may_ask_for_a_passkey

log = logging.getLogger(__name__)

TICKET_COOKIE = "assist-passkey"

Question = tuple[dict[str, Any], str]


def facts(request: HttpRequest, owner: str) -> dict[str, Any]:
    """For a page: the `passkeys` that somebody has, and whether one can be used at this address."""
    host = request.get_host()
    return {
        "passkeys": passkeys.of(owner) if owner else [],
        "passkeys_work": webauthn.works_at(host),
        "host": webauthn.name_of(host),
    }


def ask_to_add(request: HttpRequest, owner: str, called: str) -> JsonResponse:
    """What the page's script hands to the browser; `called` is what the device shows beside it."""
    if not passkeys.has_room(owner):
        text = _("You have %(most)s passkeys. Remove one that you do not need.")
        return JsonResponse({"text": text % {"most": passkeys.MOST}}, status=409)
    known = [one.credential for one in passkeys.of(owner)]
    handle = passkeys.handle_of(owner)
    return ask(
        request, lambda: webauthn.ask_to_add(request.get_host(), owner, handle, called, known)
    )


def ask_to_open(request: HttpRequest) -> JsonResponse:
    return ask(request, lambda: webauthn.ask_to_open(request.get_host()))


def ask(request: HttpRequest, question: Callable[[], Question]) -> JsonResponse:
    """`{publicKey}` with its ticket, or `{text}` that says why not."""
    if not webauthn.works_at(request.get_host()):
        return JsonResponse({"text": _("Passkeys do not work at this address.")}, status=400)
    try:
        if not async_to_sync(may_ask_for_a_passkey)(
            process.live, request.META.get("REMOTE_ADDR", "")
        ):
            return JsonResponse({"text": _("Too many tries. Please wait ten minutes.")}, status=429)
    except RedisError:
        return JsonResponse({"text": _("One moment, please. Try again.")}, status=503)
    options, ticket = question()
    answer = JsonResponse({"publicKey": options})
    answer.set_cookie(
        TICKET_COOKIE, ticket, max_age=webauthn.GOOD_FOR_S, httponly=True, samesite="Lax"
    )
    return answer


def made(request: HttpRequest, owner: str) -> Made:
    """The passkey that was just made for this owner. Raises `NoPasskey`, RedisError."""
    asked = asked_once(request, "add")
    if asked.owner != owner or not passkeys.has_room(owner):
        raise NoPasskey("asked for somebody else")
    return webauthn.made(asked, request.POST.get("answer", ""))


def called(request: HttpRequest) -> str:
    """What a passkey of this browser is called in its owner's list."""
    return name_of(request.headers.get("User-Agent", ""))


def opened(request: HttpRequest) -> str:
    """Whose passkey answered. Raises `NoPasskey`, RedisError."""
    asked = asked_once(request, "open")
    known, uses = webauthn.opened(asked, request.POST.get("answer", ""), passkeys.find)
    passkeys.use(known.credential, uses)
    return known.owner


def asked_once(request: HttpRequest, act: webauthn.Act) -> Asked:
    """What was asked. It is spent before the answer is looked at."""
    asked = webauthn.read(request.COOKIES.get(TICKET_COOKIE, ""), act)
    if asked is None or asked.host != webauthn.name_of(request.get_host()):
        raise NoPasskey("not asked, or too long ago")
    if not async_to_sync(is_first_use)(process.live, asked.number):
        raise NoPasskey("asked and answered")
    return asked


# --- what is said of it --------------------------------------------------------------------------
def tell_added(request: HttpRequest, name: str) -> None:
    said = _("Done. %(name)s has a passkey now: with it you come back.")
    messages.info(request, said % {"name": name})


def tell_removed(request: HttpRequest, name: str) -> None:
    """Nothing for one that they did not have."""
    if name:
        said = _("The passkey %(name)s is removed. Your device may still show it.")
        messages.info(request, said % {"name": name})


def tell_refused(request: HttpRequest, no: ValueError) -> None:
    log.warning("a passkey was refused: %s", no)
    messages.info(request, _("That passkey did not work here. Nothing was changed."))


def spent(answer: HttpResponse) -> HttpResponse:
    answer.delete_cookie(TICKET_COOKIE, samesite="Lax")
    return answer
