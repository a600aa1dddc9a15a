"""When is a Volunteer awake, by their own hours?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from assist.lib import week
from assist.lib.week import DAYS, Week, Window, known_zone

HOURS_AHEAD = 48
ASLEEP: tuple[Window, ...] = ((0, 1),)
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class BadHours(ValueError):
    """Not hours; its text is one sentence, `field` is what it speaks of."""

    field = "hours"


class NoHours(BadHours):
    """Hours were wanted, and none were written."""

    field = "when"


class BadZone(BadHours):
    """Not a time zone."""

    field = "time_zone"


def windows(
    hours: Week | None, time_zone: str, now: datetime, hours_ahead: int = HOURS_AHEAD
) -> tuple[Window, ...]:
    """(from, until) in ms since 1970. () means always; hours that leave no minute: `ASLEEP`.

    A zone that this machine does not know, or none, stands for UTC.
    """
    if hours is None:
        return ()
    zone = time_zone if known_zone(time_zone) else "UTC"
    return week.windows(hours, zone, now, hours_ahead) or ASLEEP


def tidy_hours(hours: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, list[list[str]]]:
    """The days that have hours, each a list of [from, until]. Raises `BadHours`."""
    tidy = {}
    for day in DAYS:
        spans = [list(span) for span in hours.get(day, ())]
        if any(len(span) != 2 or not all(map(_TIME.fullmatch, span)) for span in spans):
            raise BadHours(_("Please write both times of a day, for instance 08:00 and 20:00."))
        if spans:
            tidy[day] = spans
    if not tidy:
        raise NoHours(_("Please give hours for one day at least, or choose Always."))
    return tidy


def tidy_time_zone(name: str) -> str:
    """An IANA name, or nothing for UTC. Raises `BadZone`."""
    name = name.strip()
    if name and not known_zone(name):
        raise BadZone(_("This time zone is not known; write for instance Europe/Copenhagen."))
    return name
