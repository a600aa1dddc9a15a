"""Are people rung in their own hours and at no other time, whatever the clocks do?"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assist.accounts.hours import ASLEEP, BadHours, tidy_hours, tidy_time_zone, windows
from assist.lib.week import DAYS

EVERY_DAY = {day: [["08:00", "20:00"]] for day in DAYS}
NIGHTS = {day: [["22:00", "06:00"]] for day in DAYS}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def ms(text: str) -> int:
    return int(utc(text).timestamp()) * 1000


def in_words(found: tuple[tuple[int, int], ...]) -> list[str]:
    def word(at_ms: int) -> str:
        return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%d %H:%M}"

    return [f"{word(opens)} - {word(closes)}" for opens, closes in found]


# Each: the week, the zone, now in UTC, and the openings of two days in UTC.
TABLE = [
    # Copenhagen: UTC+1, and UTC+2 from 29 March 2026, 02:00 (which is 03:00 then), to 25 October.
    (EVERY_DAY, "Europe/Copenhagen", "2026-03-28 12:00",
     ["28 11:00 - 28 19:00", "29 06:00 - 29 18:00", "30 06:00 - 30 12:00"]),
    (NIGHTS, "Europe/Copenhagen", "2026-03-28 12:00",
     ["28 21:00 - 29 04:00", "29 20:00 - 30 04:00"]),
    (EVERY_DAY, "Europe/Copenhagen", "2026-10-24 12:00",
     ["24 11:00 - 24 18:00", "25 07:00 - 25 19:00", "26 07:00 - 26 12:00"]),
    (NIGHTS, "Europe/Copenhagen", "2026-10-24 12:00",
     ["24 20:00 - 25 05:00", "25 21:00 - 26 05:00"]),
    # The hour that is not there, and the one that is there twice.
    ({"su": [["02:15", "02:45"]]}, "Europe/Copenhagen", "2026-03-28 12:00", None),
    ({"su": [["02:30", "03:30"]]}, "Europe/Copenhagen", "2026-03-28 12:00",
     ["29 01:00 - 29 01:30"]),
    ({"su": [["02:15", "02:45"]]}, "Europe/Copenhagen", "2026-10-24 12:00",
     ["25 00:15 - 25 00:45", "25 01:15 - 25 01:45"]),
    # New York: UTC-5, UTC-4 from 8 March to 1 November 2026.
    (EVERY_DAY, "America/New_York", "2026-03-07 16:00",
     ["07 15:00 - 08 01:00", "08 12:00 - 09 00:00", "09 12:00 - 09 16:00"]),
    (EVERY_DAY, "America/New_York", "2026-10-31 16:00",
     ["31 15:00 - 01 00:00", "01 13:00 - 02 01:00", "02 13:00 - 02 16:00"]),
    # Kolkata is half an hour aside and knows no summer time.
    (EVERY_DAY, "Asia/Kolkata", "2026-06-01 00:00",
     ["01 02:30 - 01 14:30", "02 02:30 - 02 14:30"]),
    # Lord Howe moves its clocks by half an hour: UTC+11 in summer until 5 April 2026, then +10:30.
    (EVERY_DAY, "Australia/Lord_Howe", "2026-04-03 12:00",
     ["03 21:00 - 04 09:00", "04 21:30 - 05 09:30"]),
    ({"su": [["01:30", "02:30"]]}, "Australia/Lord_Howe", "2026-04-03 12:00",
     ["04 14:30 - 04 16:00"]),
    # A whole day, and days that touch, are one opening.
    ({"mo": [["00:00", "00:00"]], "tu": [["00:00", "08:00"]]}, "UTC", "2026-06-01 00:00",
     ["01 00:00 - 02 08:00"]),
]  # fmt: skip


@pytest.mark.parametrize(("week", "zone", "now", "expected"), TABLE)
def test_two_days_of_hours_in_a_zone(
    week: dict[str, list[list[str]]], zone: str, now: str, expected: list[str] | None
) -> None:
    found = windows(week, zone, utc(now))
    if expected is None:
        assert found == ASLEEP
    else:
        assert in_words(found) == expected


ZONES = ["Europe/Copenhagen", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe",
         "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"]  # fmt: skip
MINUTES = st.integers(0, 24 * 60 - 1).map(lambda n: f"{n // 60:02}:{n % 60:02}")
WEEKS = st.dictionaries(
    st.sampled_from(DAYS), st.lists(st.tuples(MINUTES, MINUTES).map(list), min_size=1, max_size=2)
)
YEAR = st.integers(ms("2026-01-01 00:00") // 60_000, ms("2026-12-30 00:00") // 60_000)


def on_the_wall(week: dict[str, list[list[str]]], zone: str, instant: datetime) -> bool:
    """The rule itself: does the clock there and then show a time inside?"""
    shown = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    for days_ago in (0, 1):
        day = shown.date() - timedelta(days=days_ago)
        for opens, closes in week.get(DAYS[day.weekday()], ()):
            first = datetime.combine(day, time.fromisoformat(opens))
            last = datetime.combine(day, time.fromisoformat(closes))
            last += timedelta(days=last <= first)
            if first <= shown < last:
                return True
    return False


@settings(max_examples=300)
@given(WEEKS, st.sampled_from(ZONES), YEAR, st.integers(0, 48 * 60 - 1))
def test_an_instant_is_inside_when_the_clock_on_the_wall_says_so(
    week: dict[str, list[list[str]]], zone: str, minute: int, later: int
) -> None:
    now = datetime.fromtimestamp(minute * 60, UTC)
    then_ms = (minute + later) * 60_000
    inside = any(opens <= then_ms < closes for opens, closes in windows(week, zone, now))
    assert inside == on_the_wall(week, zone, now + timedelta(minutes=later))


@settings(max_examples=100)
@given(WEEKS, st.sampled_from(ZONES), YEAR)
def test_openings_are_in_order_apart_and_not_over(
    week: dict[str, list[list[str]]], zone: str, minute: int
) -> None:
    found = windows(week, zone, datetime.fromtimestamp(minute * 60, UTC))
    if found != ASLEEP:
        edges = [edge for opening in found for edge in opening]
        assert edges == sorted(set(edges))
        assert minute * 60_000 < found[0][1] <= edges[-1] <= (minute + 48 * 60) * 60_000


def test_no_hours_are_all_hours() -> None:
    assert windows(None, "Europe/Copenhagen", utc("2026-06-01 00:00")) == ()


def test_hours_on_no_day_to_come_are_sleep_and_not_all_hours() -> None:
    assert windows({"fr": [["08:00", "09:00"]]}, "UTC", utc("2026-06-01 00:00")) == ASLEEP


def test_a_zone_that_this_machine_does_not_know_stands_for_utc() -> None:
    now = utc("2026-06-01 00:00")
    assert windows(EVERY_DAY, "Atlantis/Capital", now) == windows(EVERY_DAY, "UTC", now)
    assert windows(EVERY_DAY, "", now) == windows(EVERY_DAY, "UTC", now)


def test_hours_are_tidied() -> None:
    assert tidy_hours({"su": [("08:00", "09:00")], "mo": []}) == {"su": [["08:00", "09:00"]]}


@pytest.mark.parametrize("wrong", ["8:00", "24:00", "08:60", "", "noon", "08:00:00", "1\u0668:00"])
def test_a_time_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(BadHours, match="both times"):
        tidy_hours({"mo": [["07:00", wrong]]})


def test_hours_on_no_day_at_all_are_refused() -> None:
    with pytest.raises(BadHours, match="Always"):
        tidy_hours({})


@pytest.mark.parametrize("wrong", ["Europe/Atlantis", "../../etc/passwd", "/etc/localtime", "x\0y"])
def test_a_time_zone_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(BadHours, match="time zone"):
        tidy_time_zone(wrong)
    assert tidy_time_zone(" Asia/Kolkata ") == "Asia/Kolkata"
