"""How does a Volunteer say what they wish? One plain page, saved at once."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from asgiref.sync import async_to_sync
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from redis.exceptions import RedisError

from assist.accounts.hours import BadHours
from assist.accounts.languages import MOST_LANGUAGES, BadLanguage
from assist.accounts.models import Person
from assist.accounts.wishes import (
    LEAST_RING_SECONDS,
    MOST_RING_SECONDS,
    WRAP_UPS_SECONDS,
    BadWish,
    live_in,
    snooze,
    wish,
    zone_of,
)
from assist.gateway.circle_views import enlist, volunteer_of
from assist.gateway.named import TOPIC_NAMES, languages_by_name
from assist.lib.week import DAYS

log = logging.getLogger(__name__)

Bad = BadWish | BadHours | BadLanguage

LEAST_CHOICES = 4
RING_STEP_SECONDS = 5
MINUTE_S = 60
DAY_NAMES = dict(
    zip(
        DAYS,
        (
            gettext_lazy("Monday"),
            gettext_lazy("Tuesday"),
            gettext_lazy("Wednesday"),
            gettext_lazy("Thursday"),
            gettext_lazy("Friday"),
            gettext_lazy("Saturday"),
            gettext_lazy("Sunday"),
        ),
        strict=True,
    )
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """POST `snooze`, or the whole form."""
    person = volunteer_of(request)
    if person is None:
        return redirect("/volunteer/")
    if request.method != "POST":
        return show(request, person)
    try:
        said = keep(request, person)
    except (BadWish, BadHours, BadLanguage) as bad:
        return show(request, person, bad)
    try:
        async_to_sync(enlist)(person)
    except RedisError as error:
        # SQL has it; the roster has it when Redis is back, or when their page opens next.
        log.warning("wishes are not in the roster yet: %s", type(error).__name__)
    messages.info(request, said)
    return redirect("/volunteer/settings/")


def keep(request: HttpRequest, person: Person) -> str:
    """What was done, in words. Raises `BadWish`, `BadHours`, `BadLanguage`."""
    if how_long := request.POST.get("snooze"):
        live_in(person, request.POST.get("time_zone", ""))
        snooze(person, how_long, timezone.now())
        return quiet_until(person) or _("You are awake: your phone may ring again.")
    wish(
        person,
        **help_in(request.POST),
        ring_seconds=seconds_of(request.POST.get("ring_seconds", "")),
        wrap_up_seconds=seconds_of(request.POST.get("wrap_up_seconds", "")),
    )
    return _("Saved.")


def help_in(fields: QueryDict) -> dict[str, Any]:
    """With what and when they help, as `wishes.tidy_help` takes it."""
    return {
        "languages": [tag for tag in fields.getlist("language") if tag],
        "topics": fields.getlist("topic"),
        "time_zone": fields.get("time_zone", ""),
        "hours": hours_of(fields) if fields.get("when") == "hours" else None,
    }


def hours_of(fields: Mapping[str, str]) -> dict[str, list[list[str]]]:
    """The days for which a time was written; half a pair is refused later, with a sentence."""
    spans = {day: [fields.get(f"{day}_from", ""), fields.get(f"{day}_until", "")] for day in DAYS}
    return {day: [span] for day, span in spans.items() if any(span)}


def seconds_of(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return -1


def show(request: HttpRequest, person: Person, bad: Bad | None = None) -> HttpResponse:
    """The form; when something was wrong, it says so at its field and keeps what was written."""
    written = request.POST if bad else None
    context = {
        "wrong": bad and {"field": bad.field, "sentence": str(bad)},
        **help_form(written, person),
        "ring_seconds": seconds_of(written.get("ring_seconds", ""))
        if written
        else person.ring_seconds,
        "ring_choices": range(LEAST_RING_SECONDS, MOST_RING_SECONDS + 1, RING_STEP_SECONDS),
        "wrap_ups": wrap_ups(
            seconds_of(written.get("wrap_up_seconds", "")) if written else person.wrap_up_seconds
        ),
        "quiet": quiet_until(person),
    }
    return render(request, "settings.html", context, status=400 if bad else 200)


def help_form(written: QueryDict | None, person: Person) -> dict[str, Any]:
    """What _help.html shows: what was written if that was wrong, else what is kept."""
    return {
        "languages": language_choices(written.getlist("language") if written else person.languages),
        "topics": [
            (topic.value, name, topic in (written.getlist("topic") if written else person.topics))
            for topic, name in TOPIC_NAMES.items()
        ],
        "time_zone": written.get("time_zone", "") if written else person.time_zone,
        "always": written.get("when") != "hours" if written else person.hours is None,
        "days": days(written, person),
    }


def days(written: Mapping[str, str] | None, person: Person) -> list[tuple[str, str, str, str]]:
    """(key, name, from, until) of each weekday."""
    hours = hours_of(written) if written else person.hours or {}
    none = [["", ""]]
    spans = {day: hours.get(day, none)[0] for day in DAYS}
    return [(day, str(name), spans[day][0], spans[day][1]) for day, name in DAY_NAMES.items()]


def wrap_ups(chosen: int) -> list[tuple[int, str, bool]]:
    """(seconds, in words, is it chosen?) of each."""
    return [(each, pause_text(each), each == chosen) for each in WRAP_UPS_SECONDS]


def pause_text(seconds: int) -> str:
    if seconds == 0:
        return _("No pause")
    if seconds < MINUTE_S:
        return ngettext("{n} second", "{n} seconds", seconds).format(n=seconds)
    minutes = seconds // MINUTE_S
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def language_choices(spoken: list[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """For each place in the order: what is chosen there, and what may be.

    One more than is used, and none for what a refused form brought back empty.
    """
    choices = languages_by_name(spoken)
    used = sum(1 for tag in spoken if tag)
    places = min(MOST_LANGUAGES, max(LEAST_CHOICES, len(spoken), used + 1))
    padded = [*spoken, *[""] * places]
    return [(padded[place], choices) for place in range(places)]


def quiet_until(person: Person) -> str:
    until = person.snooze_until
    if until is None or until <= timezone.now():
        return ""
    local = until.astimezone(zone_of(person.time_zone))
    when = date_format(local, pgettext("letters of Django's date filter", "l j F, H:i"))
    return _("It is quiet until %(when)s.") % {"when": when}
