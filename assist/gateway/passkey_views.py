"""How does a Requester come back by the lock of their own device, and say which devices may?"""

from __future__ import annotations

from asgiref.sync import async_to_sync
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from redis.exceptions import RedisError

from assist.accounts import passkeys as kept
from assist.accounts import way_back
from assist.accounts.device import DEVICE_COOKIE, DEVICE_DAYS, new_device, sign_device
from assist.accounts.names import read_own_names
from assist.accounts.webauthn import NoPasskey
from assist.gateway import passkeys
from assist.gateway.coming_back import PAGE, come_back, end_all, leave_first
from assist.gateway.mine_views import device_of
from assist.gateway.views import keep_cookie, unwell
from assist.live.forgetting import Behind


@never_cache
@require_POST
def ask(request: HttpRequest, act: str) -> JsonResponse:
    """`act`: to add one to this device's account, or to open the account that one leads to."""
    if act == "open":
        return passkeys.ask_to_open(request)
    device = device_of(request) or new_device()
    answer = passkeys.ask_to_add(request, device, called(device))
    keep_cookie(answer, DEVICE_COOKIE, sign_device(device), DEVICE_DAYS)
    return answer


def called(device: str) -> str:
    """What their own device shows when it asks which passkey shall be used."""
    account = way_back.account_of(device)
    name = read_own_names([device]).get(device, "")
    return (account and account.address) or name or _("My account")


@require_POST
def take(request: HttpRequest, act: str) -> HttpResponse:
    """What the browser answered; or which passkey shall be removed."""
    try:
        return {"add": add, "open": come_in, "remove": remove}[act](request)
    except NoPasskey as no:
        passkeys.tell_refused(request, no)
        return redirect(PAGE)
    except (RedisError, Behind):
        return unwell(request)


def add(request: HttpRequest) -> HttpResponse:
    device = device_of(request) or ""
    made, name = passkeys.made(request, device), passkeys.called(request)
    with transaction.atomic():
        kept.keep(device, made, name)
        way_back.passkey_came(device)
    passkeys.tell_added(request, name)
    return passkeys.spent(redirect(PAGE))


def come_in(request: HttpRequest) -> HttpResponse:
    """The device becomes another one of theirs. Who is somebody here already leaves first."""
    device = device_of(request)
    if device and way_back.account_of(device):
        return leave_first(request)
    owner = passkeys.opened(request)
    if not way_back.account_of(owner):
        raise NoPasskey("no Requester's")  # a Volunteer's opens another door
    if device and device != owner:
        async_to_sync(end_all)(device)
    done = _("You are back.")
    return passkeys.spent(come_back(request, lambda own: way_back.become(own, owner), done))


def remove(request: HttpRequest) -> HttpResponse:
    device = device_of(request) or ""
    with transaction.atomic():
        name = kept.remove(device, request.POST.get("passkey", ""))
        way_back.passkey_went(device)
    passkeys.tell_removed(request, name)
    return redirect(PAGE)
