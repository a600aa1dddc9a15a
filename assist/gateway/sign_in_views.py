"""How do Volunteers and Coordinators come back on a device that does not know them?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from redis.exceptions import RedisError

from assist.accounts import carrier, letters, notices, returning
from assist.accounts.letters import Letter
from assist.accounts.webauthn import NoPasskey
from assist.gateway import codes, errands, joining_views, passkeys, threshold, way_back_views
from assist.gateway.errands import Errand
from assist.gateway.errors import too_often
from assist.gateway.views import signed_in, unwell


# --- by mail -------------------------------------------------------------------------------------
@require_POST
def send_code(request: HttpRequest) -> HttpResponse:
    """The answer is the same for an address that is known and one that is not; the letter says."""
    if settings.ASSIST_EMAIL is None or signed_in(request):
        return redirect("/volunteer/")
    said = request.POST.get("address", "")
    address = letters.tidy_address(said)
    if address is None:
        return threshold.show(request, 400, wrong=True, said=said)
    try:
        code, number = codes.write(request, address)
    except codes.TooOften as often:
        return too_often(request, often.wait_ms)
    except RedisError:
        return unwell(request)
    known = returning.at(address) is not None
    carrier.send(letters.message(address, code) if known else notices.unknown(address))
    return errands.begin("in", letters.ticket(address, code, number))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """What the letter says, and then what they were asked for."""
    found = errands.read(request)
    if found is None:
        return redirect("/volunteer/")
    errand, letter = found
    page: dict[str, Any] = {"at": errands.PAGE, "back": BACK[errand.what]}
    if request.method != "POST":
        return render(request, "account_code.html", page)
    try:
        if not codes.is_right(request, letter, request.POST.get("code", "")):
            return render(request, "account_code.html", {**page, "wrong": True}, status=400)
        if not codes.is_first(letter):
            return redirect("/volunteer/")
        return errands.end(DONE[errand.what](request, errand, letter))
    except codes.TooOften as often:
        return too_often(request, often.wait_ms)
    except RedisError:
        return unwell(request)


def come_in(request: HttpRequest, _errand: Errand, letter: Letter) -> HttpResponse:
    person = returning.at(letter.address)
    if person is None:  # suspended since the letter went out
        return redirect("/volunteer/")
    return joining_views.welcome(request, person)


Do = Callable[[HttpRequest, Errand, Letter], HttpResponse]
DONE: dict[str, Do] = {
    "in": come_in,
    "address": way_back_views.address_is_read,
    "join": joining_views.mail_is_read,
}
BACK = {"in": "/volunteer/", "address": "/volunteer/way-back/", "join": "/volunteer/join/"}


# --- by passkey ----------------------------------------------------------------------------------
@never_cache
@require_POST
def ask(request: HttpRequest) -> JsonResponse:
    return passkeys.ask_to_open(request)


@require_POST
def by_passkey(request: HttpRequest) -> HttpResponse:
    if signed_in(request):
        return redirect("/volunteer/")
    try:
        person = returning.of_passkey(passkeys.opened(request))
        if person is None:
            raise NoPasskey("nobody's who may come in")
    except NoPasskey as no:
        passkeys.tell_refused(request, no)
        return redirect("/volunteer/")
    except RedisError:
        return unwell(request)
    return passkeys.spent(joining_views.welcome(request, person))
