"""How does a Requester come back on another device? By a code that is sent to their mail."""

from __future__ import annotations

import logging
from typing import Any

from asgiref.sync import async_to_sync
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from redis.exceptions import RedisError

from assist.accounts import carrier, chosen, letters, way_back
from assist.accounts.device import (
    DEVICE_COOKIE,
    DEVICE_DAYS,
    mark_of,
    new_device,
    sign_device,
)
from assist.gateway import codes, passkeys
from assist.gateway.coming_back import PAGE, come_back, end_all, leave_first
from assist.gateway.errors import too_often
from assist.gateway.mine_views import device_of
from assist.gateway.views import keep_cookie, unwell
from assist.live.forgetting import Behind

log = logging.getLogger(__name__)

TICKET_COOKIE = "assist-letter"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """An address; the answer is the same for one that is known and one that is not."""
    device = device_of(request) or ""
    mine = way_back.account_of(device)
    if request.method == "POST" and mine and mine.address:
        return leave_first(request)
    page = {"sends": settings.ASSIST_EMAIL is not None, "mine": mine, "me": mark_of(device)}
    page |= passkeys.facts(request, device)
    if request.method != "POST" or not page["sends"]:
        return render(request, "account.html", page)
    address = letters.tidy_address(request.POST.get("address", ""))
    if address is None:
        said = {"wrong": True, "said": request.POST.get("address", "")}
        return render(request, "account.html", {**page, **said}, status=400)
    try:
        code, number = codes.write(request, address)
    except codes.TooOften as often:
        return too_often(request, often.wait_ms)
    except RedisError:
        return unwell(request)
    carrier.send(letters.message(address, code))
    answer = redirect("/mine/account/code/")
    ticket = letters.ticket(address, code, number)
    answer.set_cookie(
        TICKET_COOKIE, ticket, max_age=letters.GOOD_FOR_S, httponly=True, samesite="Lax"
    )
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """What the letter says."""
    letter = letters.read(request.COOKIES.get(TICKET_COOKIE, ""))
    if letter is None:
        return redirect(PAGE)
    page: dict[str, Any] = {"at": "/mine/account/code/", "back": PAGE, "ends": True}
    if request.method != "POST":
        return render(request, "account_code.html", page)
    try:
        if not codes.is_right(request, letter, request.POST.get("code", "")):
            return render(request, "account_code.html", {**page, "wrong": True}, status=400)
        return opened(request, letter)
    except codes.TooOften as often:
        return too_often(request, often.wait_ms)
    except (RedisError, Behind):
        return unwell(request)


def opened(request: HttpRequest, letter: letters.Letter) -> HttpResponse:
    """The code was right. What is asked for ends before the device is somebody else: see
    `coming_back`. Raises `Behind`, RedisError."""
    device = device_of(request) or ""
    if way_back.is_signed_in(device, letter.address):
        answer = leave_first(request)
    else:
        if device and way_back.is_of_another(device, letter.address):
            async_to_sync(end_all)(device)
        if not codes.is_first(letter):
            return redirect(PAGE)
        done = _("Done. With this address you come back on any device.")
        answer = come_back(request, lambda own: way_back.settle_in(own, letter.address), done)
    answer.delete_cookie(TICKET_COOKIE, samesite="Lax")
    return answer


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """This device is nobody's any more; the account stays for the others."""
    answer = redirect("/mine/account/left/")
    keep_cookie(answer, DEVICE_COOKIE, sign_device(new_device()), DEVICE_DAYS)
    return answer


@never_cache
@require_safe
def left(request: HttpRequest) -> HttpResponse:
    """The script of this page lets go of what the browser keeps: settings, and the ringing."""
    return render(request, "account_left.html", {"me": mark_of(device_of(request) or "")})


@never_cache
@require_http_methods(["GET", "POST"])
def kept(request: HttpRequest) -> HttpResponse:
    """GET `{account, chosen, at_ms, token}` of an account's settings; POST the document, `{at_ms}`.

    `token` is for the post: any page may have to make it, and few have a form.
    """
    device = device_of(request) or ""
    if request.method == "POST":
        try:
            return JsonResponse({"at_ms": chosen.keep(device, request.body)})
        except chosen.BadChoice:
            return JsonResponse({"at_ms": 0}, status=400)
    mine = way_back.account_of(device)
    if mine is None:
        return JsonResponse({"account": None, "chosen": None, "at_ms": 0})
    kept_there = {"account": letters.name_of(mine.pk), **chosen.kept_by(mine)}
    return JsonResponse({**kept_there, "token": get_token(request)})
