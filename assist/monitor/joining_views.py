"""Who would like to volunteer, and who lets them in? A Coordinator, with a letter either way."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import get_supported_language_variant
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from redis.exceptions import RedisError

from assist.accounts import carrier, joining, notices, roster
from assist.accounts.isolated import isolated
from assist.accounts.languages import own_names
from assist.accounts.models import Person
from assist.accounts.scrubbing import empty_log
from assist.lib.origins import LOOPBACK, for_phones
from assist.monitor import process

log = logging.getLogger(__name__)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def waiting(request: HttpRequest) -> HttpResponse:
    """POST `act` ("let_in" or "decline") and the `person` (32 hex digits). GET `decline`, with a
    person, asks once more."""
    if not getattr(request.user, "coordinates", False):
        raise PermissionDenied
    if request.method != "POST":
        return ask_again(request) or listed(request)
    act, person = ACTS.get(request.POST.get("act", "")), hex_id(request.POST.get("person", ""))
    if act and person:
        messages.info(request, act(request, person) or _("Somebody else has decided that already."))
    return redirect("/monitor/joining/")


def ask_again(request: HttpRequest) -> HttpResponse | None:
    """Before somebody is declined; nothing where nobody of that id waits."""
    asked = hex_id(request.GET.get("decline", ""))
    newcomer = joining.find(asked) if asked else None
    if newcomer is None:
        return None
    return render(request, "monitor_decline.html", {"one": told([newcomer])[0]})


def listed(request: HttpRequest) -> HttpResponse:
    return render(request, "monitor_joining.html", {"people": told(joining.waiting())})


def told(people: list[Person]) -> list[dict[str, Any]]:
    """What a Coordinator reads of each; in a page of another script their words stay in order."""
    names = own_names()
    return [
        {
            "mark": one.id.hex,
            "since": one.waits_since,
            "name": one.name,
            "called": isolated(one.name),
            "languages": isolated(", ".join(names.get(tag, tag) for tag in one.languages)),
            "address": isolated(one.address or ""),
        }
        for one in people
    ]


def let_in(request: HttpRequest, person: str) -> str:
    newcomer = joining.let_in(person)
    if newcomer is None:
        return ""
    try:
        async_to_sync(enlist)(newcomer)
    except RedisError as error:
        # Their page enlists them as soon as it opens.
        log.warning("a newcomer is not in the roster yet: %s", type(error).__name__)
    write_to(newcomer, lambda address: notices.let_in(address, doors(request)))
    return _("%(name)s may take calls now, and is written to.") % {"name": newcomer.name}


def decline(_request: HttpRequest, person: str) -> str:
    newcomer = joining.forget(person)
    if newcomer is None:
        return ""
    empty_log()
    write_to(newcomer, notices.declined)
    return _("%(name)s is not let in, and is written to. Nothing of them is kept.") % {
        "name": newcomer.name
    }


ACTS: dict[str, Callable[[HttpRequest, str], str]] = {"let_in": let_in, "decline": decline}


async def enlist(person: Person) -> None:
    await roster.copy(process.live(), person)


def write_to(newcomer: Person, letter: Callable[[str], EmailMessage]) -> None:
    """In their language, not in that of whoever decides."""
    with translation.override(language_of(newcomer)):
        if newcomer.address:
            carrier.send(letter(newcomer.address))


def language_of(person: Person) -> str:
    """The first of theirs that our pages speak."""
    for tag in person.languages:
        try:
            return get_supported_language_variant(tag)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def doors(request: HttpRequest) -> list[str]:
    """Where they sign in: by the name of the house, if it has one, else by the address that the
    Coordinator came by. Who sits at the house's own machine came by one that leads nobody else
    anywhere."""
    came_by, _port = split_domain_port(request.get_host())
    lan = settings.ASSIST_LAN if came_by in LOOPBACK else []
    found = for_phones(lan, settings.ASSIST_HOST, settings.ASSIST_HTTPS_PORT)
    return [f"{address}/volunteer/" for address in found] or [
        request.build_absolute_uri("/volunteer/")
    ]


def hex_id(text: str) -> str:
    try:
        return UUID(text).hex
    except ValueError:
        return ""
