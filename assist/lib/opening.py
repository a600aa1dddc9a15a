"""Is the house open, and when does it open again?

Written as `Mo-Fr 08:00-20:00, Sa 10:00-14:00; Europe/Copenhagen`. Nothing written: always open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from assist.lib.week import DAYS, Week, known_zone, windows

EXAMPLE = "Mo-Fr 08:00-20:00, Sa 10:00-14:00; Europe/Copenhagen"
WEEK_HOURS = 8 * 24  # whoever opens once a week opens within these
_DAYS = "|".join(day.title() for day in DAYS)
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_PART = re.compile(rf"({_DAYS})(?:-({_DAYS}))? ({_TIME})-({_TIME}|24:00)")


class BadOpening(ValueError):
    """Not opening hours; its text is one sentence without its end."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The hours of a house, in its own time zone."""

    week: Week
    zone: str


def parse(text: str) -> Opening | None:
    """None for a house that is always open. Raises `BadOpening`."""
    if not text.strip():
        return None
    hours, _, zone = (part.strip() for part in text.partition(";"))
    if not known_zone(zone):
        raise BadOpening(f"must end in a time zone, as in {EXAMPLE!r}")
    week: dict[str, list[list[str]]] = {}
    for part in hours.split(","):
        for day, span in _part(" ".join(part.split())):
            week.setdefault(day, []).append(span)
    return Opening(week, zone)


def _part(text: str) -> list[tuple[str, list[str]]]:
    found = _PART.fullmatch(text)
    if found is None:
        raise BadOpening(f"must be opening hours, as in {EXAMPLE!r}, and {text!r} is none")
    first, last, opens, closes = found.groups()
    closes = "00:00" if closes == "24:00" else closes
    start = DAYS.index(first.lower())
    count = (DAYS.index((last or first).lower()) - start) % 7 + 1
    return [(DAYS[(start + n) % 7], [opens, closes]) for n in range(count)]


def is_open(opening: Opening | None, now: datetime) -> bool:
    """Is somebody there now? `now` knows its zone."""
    return opens_at(opening, now) == now


def opens_at(opening: Opening | None, now: datetime) -> datetime:
    """`now` if it is open, else when it opens next, in the house's own time zone."""
    if opening is None:
        return now
    for opens_ms, _closes_ms in windows(opening.week, opening.zone, now, WEEK_HOURS):
        opens = datetime.fromtimestamp(opens_ms / 1000, ZoneInfo(opening.zone))
        return now if opens <= now else opens
    # Only hours that the clock jumps over this week: look again in the next.
    return opens_at(opening, now + timedelta(hours=WEEK_HOURS))
