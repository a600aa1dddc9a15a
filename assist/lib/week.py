"""When, in the coming days, is it between these hours of the week?

Hours are what a clock on the wall shows: an instant is inside when the wall clock, there and then,
shows a time inside. So an hour that the clock jumps over is nobody's, one that it shows twice
counts both times, and nobody has to know where daylight saving begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
HOUR_S = 3600
MINUTE_S = 60

# {"mo": [["08:00", "20:00"]], ...}; what ends no later than it begins, ends on the next day.
Week = Mapping[str, Sequence[Sequence[str]]]
Window = tuple[int, int]


def known_zone(name: str) -> bool:
    """Is this an IANA name of a time zone, such as Europe/Copenhagen?"""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return bool(name)


def windows(week: Week, zone: str, now: datetime, hours_ahead: int) -> tuple[Window, ...]:
    """(from, until) in milliseconds since 1970, from `now` on, in order and apart."""
    start = int(now.timestamp())
    end = start + hours_ahead * HOUR_S
    found = sorted(
        (max(opens, start - HOUR_S), min(closes, end))
        for first, last in _shown(week, start, end)
        for opens, closes in _instants(zone, first, last, start, end)
        if closes > start and opens < end
    )
    return tuple((opens * 1000, closes * 1000) for opens, closes in _joined(found))


def _shown(week: Week, start: int, end: int) -> Iterator[tuple[int, int]]:
    """What the wall clock shows when an opening begins and ends, as seconds of a clock in UTC."""
    # A wall clock is never more than 14 hours from UTC, and an opening may have begun yesterday.
    day = datetime.fromtimestamp(start, UTC).date() - timedelta(days=2)
    last_day = datetime.fromtimestamp(end, UTC).date() + timedelta(days=1)
    while day <= last_day:
        for opens, closes in week.get(DAYS[day.weekday()], ()):
            first = datetime.combine(day, time.fromisoformat(opens), UTC)
            last = datetime.combine(day, time.fromisoformat(closes), UTC)
            if last <= first:
                last += timedelta(days=1)
            yield int(first.timestamp()), int(last.timestamp())
        day += timedelta(days=1)


def _instants(zone: str, first: int, last: int, start: int, end: int) -> Iterator[tuple[int, int]]:
    """When the wall clock of the zone shows a time between these two."""
    for begins, ends, offset in _stretches(zone, start // HOUR_S, end // HOUR_S + 1):
        opens, closes = max(first - offset, begins), min(last - offset, ends)
        if opens < closes:
            yield opens, closes


@lru_cache(maxsize=512)
def _stretches(zone: str, first_hour: int, last_hour: int) -> tuple[tuple[int, int, int], ...]:
    """(from, until, offset): stretches in which a zone keeps its distance from UTC, in seconds."""
    place = ZoneInfo(zone)
    # A day more to each side: what began before `now` is still going on.
    begins = last = (first_hour - 24) * HOUR_S
    offset, found = _offset(place, begins), []
    while last < (last_hour + 24) * HOUR_S:
        following = last + HOUR_S
        if _offset(place, following) != offset:
            changes = _change(place, last, following)
            found.append((begins, changes, offset))
            begins, offset = changes, _offset(place, changes)
        last = following
    return (*found, (begins, last, offset))


def _change(place: tzinfo, before: int, after: int) -> int:
    """The minute of the change that lies between these two instants."""
    was = _offset(place, before)
    while after - before > MINUTE_S:
        middle = (before + after) // 2 // MINUTE_S * MINUTE_S
        before, after = (middle, after) if _offset(place, middle) == was else (before, middle)
    return after


def _offset(place: tzinfo, instant: int) -> int:
    distance = datetime.fromtimestamp(instant, place).utcoffset()
    return int(distance.total_seconds()) if distance else 0


def _joined(found: Sequence[Window]) -> list[Window]:
    """Windows that touch are one."""
    joined: list[Window] = []
    for opens, closes in found:
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], closes))
        else:
            joined.append((opens, closes))
    return joined
