"""How does somebody become a Volunteer? They read the promise and give it; and, where the house is
open, they may come without an invitation."""

from __future__ import annotations

import logging
from typing import Any

from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from redis.exceptions import RedisError

from assist.accounts import carrier, joining, letters, promise, returning, webauthn
from assist.accounts.hours import BadHours
from assist.accounts.languages import BadLanguage
from assist.accounts.letters import Letter
from assist.accounts.models import BadName, Person, tidy_name
from assist.accounts.webauthn import NoPasskey
from assist.accounts.wishes import BadWish, tidy_help
from assist.gateway import codes, errands, passkeys, process, waiting_views
from assist.gateway.circle_views import enlist, spoken
from assist.gateway.errands import Errand
from assist.gateway.errors import too_often
from assist.gateway.limits import wait_to_join
from assist.gateway.settings_views import help_form, help_in
from assist.gateway.views import let_in, signed_in, unwell
from assist.lib.ids import new_id

log = logging.getLogger(__name__)

PAGE, BY_PASSKEY = "/volunteer/join/", "/volunteer/join/passkey/"


@require_POST
def promised(request: HttpRequest) -> HttpResponse:
    """Once, before the first call of whoever was invited."""
    person = signed_in(request)
    if person is not None:
        promise.give(person)
    return redirect("/volunteer/")


# --- without an invitation -----------------------------------------------------------------------
class Wrong(Exception):
    """The form comes back, with a sentence at the field."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(field)
        self.field, self.sentence = field, sentence


def takes_passkeys(request: HttpRequest) -> bool:
    """Who waits to be let in gets a letter, and so they have an address."""
    return settings.ASSIST_JOIN == "open" and webauthn.works_at(request.get_host())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Nothing is kept of the form before its code was said, or its passkey made."""
    if settings.ASSIST_JOIN == "invite" or signed_in(request):
        return redirect("/volunteer/")
    if request.method != "POST":
        return form(request)
    try:
        said = read(request)
        if request.POST.get("way") == "passkey" and takes_passkeys(request):
            return errands.begin("join", "", {**said, "id": new_id()}, BY_PASSKEY)
        address = read_address(request.POST.get("address", ""))
        code, number = codes.write(request, address)
    except Wrong as wrong:
        return form(request, wrong)
    except codes.TooOften as often:
        return too_often(request, often.wait_ms)
    except RedisError:
        return unwell(request)
    carrier.send(letters.message(address, code))
    return errands.begin("join", letters.ticket(address, code, number), said)


def read(request: HttpRequest) -> dict[str, Any]:
    """Name, and with what and when they help. Raises `Wrong`."""
    try:
        name = tidy_name(request.POST.get("name", ""))
        helps = tidy_help(**help_in(request.POST))
    except BadName:
        raise Wrong("name", _("Please write your name, in at most 60 letters.")) from None
    except (BadWish, BadHours, BadLanguage) as bad:
        raise Wrong(bad.field, str(bad)) from None
    if not request.POST.get("promise"):
        raise Wrong("promise", _("Please read the three sentences, and promise."))
    return {"name": name, **helps}


def read_address(said: str) -> str:
    """Raises `Wrong`."""
    if not said.strip():
        raise Wrong("address", _("Please write your e-mail address."))
    address = letters.tidy_address(said)
    if address is None:
        raise Wrong("address", _("That is no e-mail address. Please check it."))
    return address


def form(request: HttpRequest, wrong: Wrong | None = None) -> HttpResponse:
    stranger = Person(languages=spoken(request))
    context = {
        "wrong": wrong,
        "said": request.POST,
        "waits": settings.ASSIST_JOIN == "approval",
        "by_passkey": takes_passkeys(request),
        **help_form(request.POST if wrong else None, stranger),
    }
    return render(request, "joining.html", context, status=400 if wrong else 200)


def mail_is_read(request: HttpRequest, errand: Errand, letter: Letter) -> HttpResponse:
    """Whoever was here before is simply back."""
    if known := returning.at(letter.address):
        return welcome(request, known)
    try:
        return come(request, errand.said, letter.address)
    except returning.Taken:  # suspended, or the code of their other page was quicker
        if known := returning.at(letter.address):
            return welcome(request, known)
        messages.info(request, _("Nobody comes in with this address just now."))
        return redirect("/volunteer/")


def come(request: HttpRequest, said: dict[str, Any], address: str | None) -> HttpResponse:
    """Raises `Taken`, RedisError."""
    may_come(request)
    person = joining.join(said, address, waits=settings.ASSIST_JOIN == "approval")
    return settle(request, person)


def may_come(request: HttpRequest) -> None:
    """Raises `TooOften`, RedisError."""
    if wait_ms := async_to_sync(wait_to_join)(process.live, request.META.get("REMOTE_ADDR", "")):
        raise codes.TooOften(wait_ms)


def settle(request: HttpRequest, person: Person) -> HttpResponse:
    """They can be rung from now on, if they need not wait."""
    if person.volunteers:
        try:
            async_to_sync(enlist)(person)
        except RedisError as error:
            # Their page enlists them again as soon as it opens.
            log.warning("a newcomer is not in the roster yet: %s", type(error).__name__)
    return welcome(request, person)


def welcome(request: HttpRequest, person: Person) -> HttpResponse:
    """A session of 30 days on this device, as by an invitation; none for who is not let in yet."""
    if person.waits_since:
        return waiting_views.begin(person)
    let_in(request, person)
    return redirect("/volunteer/" if person.volunteers else "/monitor/")


# --- by passkey ----------------------------------------------------------------------------------
def newcomer(request: HttpRequest) -> dict[str, Any] | None:
    """What they wrote, with the id that is to be theirs."""
    errand = errands.read_alone(request)
    fits = errand and errand.what == "join" and not errand.ticket and takes_passkeys(request)
    return dict(errand.said) if errand and fits else None


@never_cache
@require_safe
def with_a_passkey(request: HttpRequest) -> HttpResponse:
    said = newcomer(request)
    if said is None or signed_in(request):
        return redirect(PAGE)
    page = {"name": said["name"], **passkeys.facts(request, "")}
    return render(request, "joining_passkey.html", page)


@never_cache
@require_POST
def ask(request: HttpRequest) -> JsonResponse:
    said = newcomer(request)
    if said is None:
        return JsonResponse({"text": _("That took too long. Please begin again.")}, status=403)
    return passkeys.ask_to_add(request, said["id"], said["name"])


@require_POST
def take(request: HttpRequest) -> HttpResponse:
    said = newcomer(request)
    if said is None or signed_in(request):
        return redirect(PAGE)
    id_ = said.pop("id")
    try:
        made = passkeys.made(request, id_)
        may_come(request)
        person = joining.join_by_passkey(said, id_, made, passkeys.called(request))
        answer = settle(request, person)
    except (NoPasskey, returning.Taken) as no:
        passkeys.tell_refused(request, no)
        return redirect(PAGE)
    except codes.TooOften as often:
        return too_often(request, often.wait_ms)
    except RedisError:
        return unwell(request)
    return errands.end(passkeys.spent(answer))
