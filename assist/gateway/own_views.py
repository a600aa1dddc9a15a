"""What is a Volunteer's or Coordinator's own? The devices they signed in with, and what we have."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.contrib import messages
from django.contrib.auth import logout
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from redis.exceptions import RedisError

from assist.accounts import sessions
from assist.accounts.isolated import isolated
from assist.accounts.models import Person
from assist.accounts.sessions import SignedIn, group_of
from assist.gateway import everything_given, process
from assist.gateway.errors import message
from assist.gateway.limits import may_forget
from assist.gateway.views import signed_in, unwell
from assist.live.forgetting import Behind
from assist.push import devices
from assist.push.reach import tell_roster
from assist.records.history import blocked_by_volunteer

log = logging.getLogger(__name__)

PAGE = "/volunteer/mine/"


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Where they are signed in, whom they blocked, and all that is theirs."""
    person = signed_in(request)
    if person is None:
        return redirect("/volunteer/")
    here = request.session.session_key
    context = {
        "person": person,
        "devices": [
            {
                "name": name_of(one),
                "called": isolated(name_of(one)),
                "day": one.day,
                "mark": group_of(one.key),
                "here": one.key == here,
            }
            for one in sessions.signed_in_with(person)
        ],
        "blocked": blocked_by_volunteer(person.id.hex),
    }
    return render(request, "volunteer_mine.html", context)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """POST `device`: one of theirs, by its mark; or `everywhere`."""
    person = signed_in(request)
    if person is None:
        return redirect("/volunteer/")
    ends = sessions.signed_in_with(person)
    if "everywhere" in request.POST:
        sessions.end_all_of(person)
        devices.forget_person(person.id.hex)
        logout(request)
    else:
        ends = [one for one in ends if group_of(one.key) == request.POST.get("device")]
        sessions.end(one.key for one in ends)
        for one in ends:
            devices.forget_session(group_of(one.key))
            messages.info(request, _("%(name)s is signed out.") % {"name": name_of(one)})
    show_out(person, ends)
    return redirect("/volunteer/" if "everywhere" in request.POST else PAGE)


def name_of(one: SignedIn) -> str:
    return one.browser or _("A browser")


def show_out(person: Person, ends: Iterable[SignedIn]) -> None:
    """Its open pages hear it now; without Redis they notice within a minute."""
    try:
        async_to_sync(tell)(person.id.hex, [group_of(one.key) for one in ends])
    except (RedisError, OSError) as error:
        log.warning("signed out without Redis (%s)", type(error).__name__)


async def tell(person: str, groups: list[str]) -> None:
    await tell_roster(process.live(), person)
    for group in groups:
        goodbye = {"type": "person.goodbye", "code": "signed_out"}
        await get_channel_layer().group_send(group, goodbye)


@never_cache
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """All that we have of them, as one file."""
    person = signed_in(request)
    return given_out(person) if person else redirect("/volunteer/")


def given_out(person: Person) -> HttpResponse:
    told = everything_given.told_of(person)
    answer = JsonResponse(told, json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer.headers["Content-Disposition"] = 'attachment; filename="assist-volunteer.json"'
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: HttpRequest) -> HttpResponse:
    """Ask once more; and then, at once, everything."""
    person = signed_in(request)
    if person is None:
        return redirect("/volunteer/")
    if request.method != "POST":
        return render(request, "volunteer_forget.html")
    try:
        if not async_to_sync(may_forget)(process.live, request.META.get("REMOTE_ADDR", "")):
            return message(request, 429, _("Too many tries"), _("Please wait ten minutes."))
        async_to_sync(everything_given.forget)(person)
    except (Behind, RedisError, DatabaseError, OSError) as trouble:
        log.warning("not forgotten: %s", type(trouble).__name__)
        return unwell(request)
    logout(request)
    return redirect("/volunteer/forgotten/")


@never_cache
@require_safe
def forgotten(request: HttpRequest) -> HttpResponse:
    return render(request, "volunteer_forgotten.html")
