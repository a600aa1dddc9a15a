"""Which pages are there for the two people, and how does one come in and go out again?"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from csp.constants import NONCE
from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from redis.exceptions import RedisError

from assist.accounts import promise, returning, webauthn
from assist.accounts.device import (
    DEVICE_COOKIE,
    DEVICE_DAYS,
    mark_of,
    new_device,
    read_device,
    sign_device,
)
from assist.accounts.invites import find_invite, spend
from assist.accounts.languages import tidy_languages
from assist.accounts.models import Person
from assist.accounts.sessions import group_of
from assist.gateway import door, hours, process, threshold
from assist.gateway.errors import message
from assist.gateway.home_screen import wants_a_call
from assist.gateway.limits import may_try_a_code
from assist.gateway.named import languages_by_name, topics_by_name
from assist.gateway.practice_voice import played
from assist.gateway.words import words
from assist.push.devices import forget_session
from assist.push.reach import tell_roster

log = logging.getLogger(__name__)

DAY_S = 24 * 3600
Boot = dict[str, object]


def boot(role: str, languages: Iterable[str], **more: object) -> Boot:
    """What a page's script must know before its socket speaks. `languages`: primary subtags."""
    return {"role": role, "languages": list(languages), **more}


def page_language() -> str:
    """The language that the page itself is in, as a primary subtag."""
    return tidy_languages([get_language() or "en"])[0]


# --- the Requester -------------------------------------------------------------------------------
@never_cache
@require_safe
@csp_update({"style-src": [NONCE]})  # its style sheet comes in the page itself
def requester(request: HttpRequest) -> HttpResponse:
    """The page with the one button. No account: a signed cookie is all that we know them by."""
    known = read_device(request.COOKIES.get(DEVICE_COOKIE, ""))
    device = known or new_device()
    needs_code = not door.opens(request.COOKIES.get(door.CODE_COOKIE, ""))
    start = boot(
        "requester",
        [page_language()],
        chose_language=settings.LANGUAGE_COOKIE_NAME in request.COOKIES,
        ask_needs_code=needs_code,
        open=hours.is_open(),
        has_hours=hours.some(),
        opens_at=hours.opens_at_text(),
        call_now=wants_a_call(request),
        me=mark_of(device),
        met=known is not None,
    )
    said = {"boot": start, "words": words("requester"), "newcomer": known is None}
    response = render(request, "requester.html", said)
    keep_cookie(response, DEVICE_COOKIE, sign_device(device), DEVICE_DAYS)
    return response


@never_cache
@require_safe
def opening(_request: HttpRequest) -> JsonResponse:
    """Is the house open now, and if not, when? A page asks before it opens a camera."""
    is_open = hours.is_open()
    return JsonResponse({"open": is_open, "text": "" if is_open else hours.closed_text()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """A house that asks for a code: one field. Guessing is slow; nobody guesses uncounted."""
    if not door.needs_code():
        return redirect("/")
    if request.method != "POST":
        return render(request, "join.html", {"wrong": False})
    try:
        if not async_to_sync(may_try_a_code)(process.live, request.META.get("REMOTE_ADDR", "")):
            return message(request, 429, _("Too many tries"), _("Please wait ten minutes."))
    except RedisError:
        return unwell(request)
    if not door.is_the_code(request.POST.get("code", "")):
        return render(request, "join.html", {"wrong": True}, status=403)
    response = redirect("/")
    keep_cookie(response, door.CODE_COOKIE, door.ticket(), door.CODE_DAYS)
    return response


def keep_cookie(response: HttpResponseBase, name: str, value: str, days: int) -> None:
    response.set_cookie(name, value, max_age=days * DAY_S, httponly=True, samesite="Lax")


# --- the Volunteer -------------------------------------------------------------------------------
@never_cache
@require_safe
def volunteer(request: HttpRequest) -> HttpResponse:
    """For people who volunteer and gave their promise; others read how one gets in."""
    person = signed_in(request)
    if person is None:
        return threshold.show(request)
    if not person.volunteers:
        return message(
            request,
            403,
            _("For volunteers"),
            _("Volunteers come in by a personal invitation. Please ask the people who run this."),
        )
    if not promise.is_given_by(person):
        return render(request, "promise.html")
    start = boot(
        "volunteer",
        person.languages,
        name=person.name,
        signed_in=True,
        wrap_up_seconds=person.wrap_up_seconds,
        practice=played(page_language()),
    )
    said = {"boot": start, "words": words("volunteer"), **ways_back(request, person)}
    chosen = {"languages": languages_by_name(), "topics": topics_by_name()}
    return render(request, "volunteer.html", {**said, **chosen})


def ways_back(request: HttpRequest, person: Person) -> dict[str, bool]:
    """Have they one, and which could they have here?"""
    return {
        "returns": returning.has_a_way(person),
        "sends": settings.ASSIST_EMAIL is not None,
        "passkeys_work": webauthn.works_at(request.get_host()),
    }


def signed_in(request: HttpRequest) -> Person | None:
    return request.user if request.user.is_authenticated else None


# --- coming in and going out ---------------------------------------------------------------------
@never_cache
@require_safe
def invite(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the address spends nothing: mail programs and messengers open it too."""
    found = find_invite(token)
    if found is None:
        return no_invite(request)
    return render(request, "invite.html", {"name": found.person.name})


@never_cache
@require_POST
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Spend the invite, once, and start a session of 30 days."""
    person = spend(token)
    if person is None:
        return no_invite(request)
    let_in(request, person)
    return HttpResponseRedirect("/volunteer/" if person.volunteers else "/monitor/")


def let_in(request: HttpRequest, person: Person) -> None:
    """A session of 30 days on this device. Somebody else's ends as if they had signed out: or this
    browser would go on ringing for them, and nothing could ever end that from here."""
    before = signed_in(request)
    if before is not None and before != person:
        show_out(request)
    login(request, person)


def no_invite(request: HttpRequest) -> HttpResponse:
    """Forged, spent, too old: nobody learns which."""
    return message(
        request,
        410,
        _("This invitation does not work any more"),
        _("It can be used once, within a day. Please ask for a new one."),
    )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    show_out(request)
    return HttpResponseRedirect("/")


def show_out(request: HttpRequest) -> None:
    """End the session, take no more calls, and close its sockets everywhere, at once."""
    person, key = signed_in(request), request.session.session_key or ""
    forget_session(group_of(key))
    logout(request)
    try:
        async_to_sync(tell_signed_out)(person.id.hex if person else "", key)
    except (RedisError, OSError) as error:
        # The session is gone in any case: its sockets notice within a minute.
        log.warning("signed out without Redis (%s)", type(error).__name__)


async def tell_signed_out(person: str, session_key: str) -> None:
    if person:
        await process.live().away(person)
        await tell_roster(process.live(), person)
    goodbye = {"type": "person.goodbye", "code": "signed_out"}
    await get_channel_layer().group_send(group_of(session_key), goodbye)


# --- words about the house -----------------------------------------------------------------------
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "about.html", {"joins": settings.ASSIST_JOIN != "invite"})


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it here whatever the page says."""
    return HttpResponseRedirect(f"{settings.STATIC_URL}img/icon.svg")


def unwell(request: HttpRequest) -> HttpResponse:
    return message(
        request, 503, _("One moment, please"), _("A part of the service is not there. Try again.")
    )
