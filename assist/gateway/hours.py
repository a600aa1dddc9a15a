"""Is the house open, and how does one say when it will be? In the house's own time zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assist.lib import opening

DAYS_BY_NAME = 6  # after that a weekday's name alone would mean the next one


def some() -> bool:
    """Does the house open and close at all?"""
    return settings.ASSIST_HOURS is not None


def is_open(now: datetime | None = None) -> bool:
    """Is somebody there? `now` knows its zone; it is this instant if it is not given."""
    return bool(opening.is_open(settings.ASSIST_HOURS, now or datetime.now(UTC)))


def opens_at(now: datetime | None = None) -> datetime:
    """Now if it is open, else when it opens next."""
    return opening.opens_at(settings.ASSIST_HOURS, now or datetime.now(UTC))


def opens_in(now: datetime | None = None) -> timedelta:
    """How long it is until the house is open; nothing if it is."""
    now = now or datetime.now(UTC)
    return opens_at(now) - now


def opens_at_text(now: datetime | None = None) -> str:
    """When help is there again, in the page's language: "tomorrow at 8 a.m."; empty when it is."""
    now = now or datetime.now(UTC)
    opens = opens_at(now)
    return "" if opens == now else in_words(opens, now)


def in_words(moment: datetime, now: datetime) -> str:
    """A moment to come, by the days of the zone that it is written in."""
    days = (moment.date() - now.astimezone(moment.tzinfo).date()) / timedelta(days=1)
    at = {"time": time_format(moment.time()), "day": date_format(moment, "l")}
    if days == 0:
        return _("today at %(time)s") % at
    if days == 1:
        return _("tomorrow at %(time)s") % at
    if days > DAYS_BY_NAME:
        at["day"] = date_format(moment, pgettext("letters of Django's date filter", "l j F"))
    return _("%(day)s at %(time)s") % at


def closed_text() -> str:
    """What a person hears who asks while nobody is there."""
    when = opens_at_text()
    if not when:  # it has just opened
        return _("Please try again now.")
    return _("Help is there again %(when)s: nobody is here just now.") % {"when": when}
