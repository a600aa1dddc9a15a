"""By which means does a Volunteer or a Coordinator come back? Their own page about it."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from redis.exceptions import RedisError

from assist.accounts import carrier, letters, notices, returning
from assist.accounts import passkeys as kept
from assist.accounts.letters import Letter
from assist.accounts.models import Person
from assist.accounts.webauthn import NoPasskey
from assist.gateway import codes, errands, passkeys
from assist.gateway.errands import Errand
from assist.gateway.errors import too_often
from assist.gateway.views import signed_in, unwell

log = logging.getLogger(__name__)

PAGE = "/volunteer/way-back/"


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    person = signed_in(request)
    return show(request, person) if person else redirect("/volunteer/")


def show(request: HttpRequest, person: Person, **more: Any) -> HttpResponse:
    context = {
        "person": person,
        "sends": settings.ASSIST_EMAIL is not None,
        **passkeys.facts(request, person.id.hex),
        **more,
    }
    return render(request, "way_back.html", context, status=400 if more else 200)


# --- the address ---------------------------------------------------------------------------------
@require_POST
def address(request: HttpRequest) -> HttpResponse:
    """A first one, or another one: it counts once its code has been said."""
    person = signed_in(request)
    if person is None or settings.ASSIST_EMAIL is None:
        return redirect(PAGE)
    said = request.POST.get("address", "")
    tidy = letters.tidy_address(said)
    if tidy is None:
        return show(request, person, wrong=True, said=said)
    try:
        code, number = codes.write(request, tidy)
    except codes.TooOften as often:
        return too_often(request, often.wait_ms)
    except RedisError:
        return unwell(request)
    carrier.send(letters.message(tidy, code))
    return errands.begin("address", letters.ticket(tidy, code, number), {"who": person.id.hex})


def address_is_read(request: HttpRequest, errand: Errand, letter: Letter) -> HttpResponse:
    """Their mail was read by whoever asked, if that is still who is signed in here."""
    person = signed_in(request)
    if person is None or errand.said.get("who") != person.id.hex:
        return redirect("/volunteer/")
    try:
        before = returning.keep_address(person, letter.address)
    except returning.Taken:
        messages.info(request, _("Somebody else here comes back with this address already."))
        return redirect(PAGE)
    # Whoever took somebody's session would otherwise take their way back in silence.
    if before and before != letter.address:
        carrier.send(notices.moved(before))
    messages.info(request, _("Done. With this address you come back on any device."))
    return redirect(PAGE)


@require_POST
def remove_address(request: HttpRequest) -> HttpResponse:
    person = signed_in(request)
    before = returning.keep_address(person, None) if person else None
    if before:
        carrier.send(notices.moved(before))
        messages.info(request, _("The address is removed."))
    return redirect(PAGE)


# --- passkeys ------------------------------------------------------------------------------------
@never_cache
@require_POST
def ask(request: HttpRequest) -> JsonResponse:
    person = signed_in(request)
    if person is None:
        return JsonResponse({"text": _("You are signed out.")}, status=403)
    return passkeys.ask_to_add(request, person.id.hex, person.name)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    person = signed_in(request)
    if person is None:
        return redirect("/volunteer/")
    name = passkeys.called(request)
    try:
        returning.keep_passkey(person, passkeys.made(request, person.id.hex), name)
    except NoPasskey as no:
        passkeys.tell_refused(request, no)
        return redirect(PAGE)
    except RedisError:
        return unwell(request)
    passkeys.tell_added(request, name)
    return passkeys.spent(redirect(PAGE))


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    person = signed_in(request)
    name = kept.remove(person.id.hex, request.POST.get("passkey", "")) if person else ""
    passkeys.tell_removed(request, name)
    return redirect(PAGE)
