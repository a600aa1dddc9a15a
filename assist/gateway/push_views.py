"""How does a browser become a device that can be rung, and what does it run for that?"""

from __future__ import annotations

import json
import logging
from functools import cache
from typing import Annotated

import msgspec
from asgiref.sync import async_to_sync
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from redis.exceptions import RedisError

from assist.accounts.sessions import group_of
from assist.gateway import process
from assist.gateway.answers import people_behind
from assist.gateway.home_screen import kept_on_devices, known_language
from assist.gateway.limits import network_of
from assist.gateway.refusals import SENTENCES
from assist.gateway.views import signed_in
from assist.protocol.fields import Id
from assist.protocol.messages import MESSAGE_BYTES
from assist.protocol.states import Refusal, Role
from assist.push.devices import BadDevice, checked, forget, keep
from assist.push.keys import private_key, public_key
from assist.push.reach import tell_roster

SUBSCRIBES, SUBSCRIBES_A_NETWORK, WINDOW_S = 20, 60, 600
STATUS = {
    Refusal.MALFORMED: 400,
    Refusal.SIGNED_OUT: 403,
    Refusal.UNKNOWN_ID: 404,
    Refusal.TOO_OFTEN: 429,
    Refusal.TRY_AGAIN: 503,
}
NO_JSON = (msgspec.DecodeError, UnicodeError, RecursionError)
log = logging.getLogger(__name__)


# No NUL, which PostgreSQL looks nothing up by.
Endpoint = Annotated[str, msgspec.Meta(pattern=r"^[^\x00]*\Z")]


class Keys(msgspec.Struct):
    """As a browser's PushSubscription has them: base64url."""

    p256dh: str
    auth: str


class Subscribe(msgspec.Struct):
    """`role`: which page asks; somebody who tries both sides in one browser is both people."""

    role: Role
    endpoint: Endpoint
    keys: Keys


class Unsubscribe(msgspec.Struct):
    """By the endpoint alone, which nobody but that browser and its push service knows."""

    endpoint: Endpoint


class NotNow(msgspec.Struct):
    """The Offer whose notification said "Not now"."""

    offer: Id


@never_cache
@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """The key that subscriptions are made for."""
    return JsonResponse({"key": public_key(private_key())})


@require_POST
def subscribe(request: HttpRequest) -> HttpResponse:
    """Ring this browser for the person behind it: 204. Saying it again is saying it once."""
    try:
        wish = msgspec.json.decode(body_of(request), type=Subscribe)
        device = checked(wish.endpoint, wish.keys.p256dh, wish.keys.auth)
    except (*NO_JSON, BadDevice):
        return refusal(Refusal.MALFORMED)
    person = dict(people_behind(request)).get(wish.role)
    if person is None:
        return refusal(Refusal.SIGNED_OUT)
    try:
        if not async_to_sync(may_subscribe)(person, request.META.get("REMOTE_ADDR", "")):
            return refusal(Refusal.TOO_OFTEN)
        session = session_of(request) if wish.role == Role.VOLUNTEER else ""
        before = keep(person, device, session)
        for one in (before, person):
            if one:
                async_to_sync(tell)(one)
    except RedisError:
        return refusal(Refusal.TRY_AGAIN)
    return HttpResponse(status=204)


@require_POST
def unsubscribe(request: HttpRequest) -> HttpResponse:
    """Ring this browser no more, whosever it was: 204."""
    try:
        wish = msgspec.json.decode(body_of(request), type=Unsubscribe)
    except NO_JSON:
        return refusal(Refusal.MALFORMED)
    person = forget(wish.endpoint)
    try:
        if person:
            async_to_sync(tell)(person)
    except RedisError:
        return refusal(Refusal.TRY_AGAIN)
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
def decline(request: HttpRequest) -> HttpResponse:
    """ "Not now", said on the notification: 204. No page is open, so no page's token is there.

    The cookie is not sent along by other sites (SameSite), and the Origin must be ours.
    """
    person = signed_in(request)
    if request.headers.get("Origin") not in settings.ASSIST_ORIGINS or person is None:
        return refusal(Refusal.SIGNED_OUT)
    try:
        wish = msgspec.json.decode(body_of(request), type=NotNow)
        async_to_sync(say_not_now)(wish.offer, person.id.hex)
    except NO_JSON:
        return refusal(Refusal.MALFORMED)
    except RedisError:
        return refusal(Refusal.TRY_AGAIN)
    return HttpResponse(status=204)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, with its words in the language that the page asked for.

    At the root, because a worker serves what lies below it; never hashed and always asked for
    again, because its address is what a browser knows it by.
    """
    language = known_language(request.GET.get("language", ""))
    with translation.override(language):
        words = json.dumps(notification_words())
        kept = json.dumps(kept_on_devices(request, language))
    response = HttpResponse(
        f"self.WORDS = {words};\nself.KEPT = {kept};\n{worker_source()}",
        content_type="text/javascript; charset=utf-8",
    )
    response["Cache-Control"] = "no-cache"
    response["Service-Worker-Allowed"] = "/"
    return response


def notification_words() -> dict[str, str]:
    """What a notification may say: nothing about anybody."""
    return {
        "ring": _("Someone needs help"),
        "ring.more": _("Tap to answer."),
        "accept": _("Accept"),
        "decline": _("Not now"),
        "over": _("This ring is over"),
        "over.more": _("Thank you for being there."),
        "test": _("This is a test ring"),
        "test.more": _("So it looks and sounds when someone needs help. Nobody waits for you."),
        "call_back": _("A volunteer is calling you back"),
        "call_back.more": _("Tap to answer. Your camera stays off until you say so."),
        "call_back.over": _("You were called back"),
        "call_back.over.more": _("Open the page to see where you are in line."),
    }


@cache
def worker_source() -> str:
    return (settings.FRONTEND / "js" / "sw.js").read_text(encoding="utf-8")


def body_of(request: HttpRequest) -> bytes:
    """The body, empty (and so malformed) when it is larger than any message of ours."""
    too_large = int(request.META.get("CONTENT_LENGTH") or 0) > MESSAGE_BYTES
    return b"" if too_large else request.body


def session_of(request: HttpRequest) -> str:
    """By what a device is found again when its session ends; the key itself is not kept."""
    return group_of(request.session.session_key or "")


def refusal(code: Refusal) -> HttpResponse:
    """The same shape as on a socket: a stable code and a sentence."""
    log.warning("push refused: %s", code)
    response = JsonResponse({"code": code, "text": str(SENTENCES[code])}, status=STATUS[code])
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


async def may_subscribe(person: str, address: str) -> bool:
    """Networks count, too: a Requester is a cookie, and anybody is given as many as they ask."""
    if await process.live().allow(f"push:{person}", SUBSCRIBES, WINDOW_S):
        return False
    network = f"push:network:{network_of(address)}"
    return not await process.live().allow(network, SUBSCRIBES_A_NETWORK, WINDOW_S)


async def tell(person: str) -> None:
    await tell_roster(process.live(), person)


async def say_not_now(offer: str, person: str) -> None:
    await process.live().decline(offer, person)
