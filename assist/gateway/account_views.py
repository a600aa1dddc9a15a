"""How does a Requester come back on another device? By a code that is sent to their mail."""

from __future__ import annotations

import logging
from collections.abc import Callable

from asgiref.sync import async_to_sync
from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from redis.exceptions import RedisError

from assist.accounts import chosen, letters, way_back
from assist.accounts.blocks import blocks_of
from assist.accounts.device import DEVICE_COOKIE, DEVICE_DAYS, new_device, sign_device
from assist.gateway import codes, passkeys, process
from assist.gateway.errors import too_often
from assist.gateway.mine_views import device_of
from assist.gateway.views import keep_cookie, unwell
from assist.live.forgetting import Behind, settle
from assist.push import devices
from assist.records import history

log = logging.getLogger(__name__)

TICKET_COOKIE = "assist-letter"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """An address; the answer is the same for one that is known and one that is not."""
    device = device_of(request) or ""
    mine = way_back.account_of(device)
    page = {"sends": settings.ASSIST_EMAIL is not None, "mine": mine}
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
    codes.send(letters.message(address, code))
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
        return redirect("/mine/account/")
    if request.method != "POST":
        return render(request, "account_code.html")
    try:
        if not codes.is_right(request, letter, request.POST.get("code", "")):
            return render(request, "account_code.html", {"wrong": True}, status=400)
        if device := leaves_behind(request, letter.address):
            async_to_sync(end_all)(device)
        if not codes.is_first(letter):
            return redirect("/mine/account/")
        done = _("Done. With this address you come back on any device.")
        return come_back(request, lambda own: way_back.settle_in(own, letter.address), done)
    except codes.TooOften as often:
        return too_often(request, often.wait_ms)
    except (RedisError, Behind):
        return unwell(request)


def leaves_behind(request: HttpRequest, address: str) -> str | None:
    """The device's own id, if it is about to become somebody else's."""
    device = device_of(request)
    return device if device and way_back.is_of_another(device, address) else None


async def end_all(device: str) -> None:
    """What the device still asks for ends: nobody of its id is left who could be called back, and
    history would write of that id after the last deletion. Raises `Behind`, RedisError."""
    live = process.live()
    if (await live.requester_snapshot(device)).help:
        await settle(live, device)


def come_back(request: HttpRequest, settle: Callable[[str], str], done: str) -> HttpResponse:
    """From now on this device is the same person as every other one that came back so.

    `settle` says who that is, by the device's own id; `done` is said when it is nobody else.
    """
    device = device_of(request) or new_device()
    before = way_back.ties_of(device)
    requester = settle(device)
    if requester != device:
        history.bring(device, requester)
        devices.bring(device, requester)
        async_to_sync(tell_live)(device, requester, before)
        messages.info(request, _("You are back. Your circle is here, too."))
    else:
        messages.info(request, done)
    answer = redirect("/mine/account/")
    keep_cookie(answer, DEVICE_COOKIE, sign_device(requester), DEVICE_DAYS)
    answer.delete_cookie(TICKET_COOKIE, samesite="Lax")
    return answer


async def tell_live(device: str, requester: str, before: list[tuple[str, str]]) -> None:
    live = process.live()
    for kind, person in before:
        await live.tie(kind, device, person, holds=False)
    for kind, person in await database_sync_to_async(way_back.ties_of)(requester):
        await live.tie(kind, requester, person)
    for pair in await database_sync_to_async(blocks_of)(requester):
        await live.block(*pair)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """This device is nobody's any more; the account stays for the others."""
    answer = redirect("/mine/account/")
    keep_cookie(answer, DEVICE_COOKIE, sign_device(new_device()), DEVICE_DAYS)
    messages.info(request, _("This device is signed out. Your other devices are not."))
    return answer


@never_cache
@require_http_methods(["GET", "POST"])
def kept(request: HttpRequest) -> HttpResponse:
    """The settings of an account: GET `{account, chosen, at_ms}`, POST the document, `{at_ms}`."""
    device = device_of(request) or ""
    if request.method == "POST":
        try:
            return JsonResponse({"at_ms": chosen.keep(device, request.body)})
        except chosen.BadChoice:
            return JsonResponse({"at_ms": 0}, status=400)
    mine = way_back.account_of(device)
    if mine is None:
        return JsonResponse({"account": None, "chosen": None, "at_ms": 0})
    return JsonResponse({"account": letters.name_of(mine.pk), **chosen.kept_by(mine)})
