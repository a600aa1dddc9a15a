"""What does a Volunteer wish: languages, topics, hours, rings, a moment after each call, quiet?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from assist.accounts.hours import tidy_hours, tidy_time_zone
from assist.accounts.languages import known_languages
from assist.accounts.models import Person
from assist.lib.week import Week, known_zone
from assist.protocol.states import Topic

LEAST_RING_SECONDS = 10
MOST_RING_SECONDS = 40
WRAP_UPS_SECONDS = (0, 30, 60, 120, 180, 300)
WAKES_AT = time(8)
SNOOZES = {
    "hour": timedelta(hours=1),
    "three_hours": timedelta(hours=3),
    "week": timedelta(days=7),
}


class BadWish(ValueError):
    """Not something that can be wished; its text is one sentence."""

    field = ""


class NoLanguage(BadWish):
    """Whoever speaks no language can help nobody."""

    field = "language"


def wish(
    person: Person,
    languages: Iterable[str],
    topics: Iterable[str],
    time_zone: str,
    hours: Week | None,
    ring_seconds: int,
    wrap_up_seconds: int,
) -> None:
    """Keep all of these. Raises `BadWish`, `BadLanguage` or `BadHours`, and then changes nothing.

    No `topics` means any; `hours` None means always.
    """
    helps = tidy_help(languages, topics, time_zone, hours)
    if not LEAST_RING_SECONDS <= ring_seconds <= MOST_RING_SECONDS:
        bounds = {"least": LEAST_RING_SECONDS, "most": MOST_RING_SECONDS}
        raise BadWish(_("It rings for %(least)s to %(most)s seconds.") % bounds)
    if wrap_up_seconds not in WRAP_UPS_SECONDS:
        raise BadWish(_("Please choose how long from the page."))
    changed = {
        **helps,
        "ring_seconds": ring_seconds,
        "wrap_up_seconds": wrap_up_seconds,
    }
    # Only these columns: what others know of the person may change in this very moment.
    Person.objects.filter(pk=person.pk).update(**changed)
    for name, value in changed.items():
        setattr(person, name, value)


def tidy_help(
    languages: Iterable[str], topics: Iterable[str], time_zone: str, hours: Week | None
) -> dict[str, Any]:
    """With what and when somebody helps, as a Person's columns. Raises as `wish` does."""
    spoken, liked = known_languages(languages), set(topics)
    if not spoken:
        raise NoLanguage(_("Please choose one language at least."))
    if not liked <= set(Topic):
        raise BadWish(_("Please choose from the topics on the page."))
    return {
        "languages": spoken,
        "topics": [topic.value for topic in Topic if topic in liked],
        "time_zone": tidy_time_zone(time_zone),
        "hours": None if hours is None else tidy_hours(hours),
    }


def snooze(person: Person, how_long: str, now: datetime) -> None:
    """Quiet for an `hour`, `three_hours`, a `week`, until `tomorrow` at eight, or no more (`wake`).

    Raises `BadWish`.
    """
    if how_long == "wake":
        until = None
    elif how_long == "tomorrow":
        until = tomorrow(person.time_zone, now)
    elif how_long in SNOOZES:
        until = now + SNOOZES[how_long]
    else:
        raise BadWish(_("Please choose how long from the page."))
    Person.objects.filter(pk=person.pk).update(snooze_until=until)
    person.snooze_until = until


def live_in(person: Person, time_zone: str) -> None:
    """Where their browser says that they live, as long as they have not said it themselves."""
    if person.time_zone or not known_zone(time_zone):
        return
    Person.objects.filter(pk=person.pk, time_zone="").update(time_zone=time_zone)
    person.time_zone = time_zone


def tomorrow(time_zone: str, now: datetime) -> datetime:
    """Eight o'clock of the next day, where this person lives."""
    zone = zone_of(time_zone)
    day = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, WAKES_AT, zone).astimezone(UTC)


def zone_of(name: str) -> ZoneInfo:
    """UTC for a zone that this machine does not know, or none."""
    return ZoneInfo(name if known_zone(name) else "UTC")
