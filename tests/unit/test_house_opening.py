"""Does the house know when it is open, and when it opens again?"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from assist.lib.env import Env, EnvError
from assist.lib.opening import BadOpening, is_open, opens_at, parse

HOURS = "Mo-Fr 08:00-20:00, Sa 10:00-14:00; Europe/Copenhagen"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Copenhagen"))


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-06-01 07:59", "2026-06-01 08:00"),
        ("2026-06-01 08:00", None),
        ("2026-06-01 19:59", None),
        ("2026-06-01 20:00", "2026-06-02 08:00"),
        ("2026-06-05 20:00", "2026-06-06 10:00"),
        ("2026-06-06 14:00", "2026-06-08 08:00"),
        ("2026-03-28 14:00", "2026-03-30 08:00"),  # the clocks change in between
    ],
)
def test_the_house_knows_when_it_opens(now: str, opens: str | None) -> None:
    opening = parse(HOURS)
    assert is_open(opening, at(now)) == (opens is None)
    assert opens_at(opening, at(now)) == at(opens or now)


def test_when_it_opens_is_said_by_the_clock_of_the_house() -> None:
    opens = opens_at(parse(HOURS), datetime(2026, 6, 1, 0, 0, tzinfo=UTC))
    assert f"{opens:%H:%M}" == "08:00"


def test_a_house_without_hours_is_always_open() -> None:
    assert parse("  ") is None
    assert is_open(None, at("2026-06-01 03:00"))


@pytest.mark.parametrize(
    ("text", "open_at", "closed_at"),
    [
        ("Fr-Mo 22:00-06:00; Europe/Copenhagen", "2026-06-02 05:59", "2026-06-02 22:00"),
        ("Sa 00:00-24:00; Europe/Copenhagen", "2026-06-06 23:59", "2026-06-07 00:00"),
        ("Mo 08:00-09:00,Mo 11:00-12:00;Europe/Copenhagen", "2026-06-01 11:00", "2026-06-01 10:00"),
    ],
)
def test_nights_whole_days_and_breaks(text: str, open_at: str, closed_at: str) -> None:
    assert is_open(parse(text), at(open_at))
    assert not is_open(parse(text), at(closed_at))


@pytest.mark.parametrize(
    "text",
    [
        "Mo-Fr 08:00-20:00", "Mo-Fr 08:00-20:00; Denmark/Copenhagen", "; Europe/Copenhagen",
        "Mon-Fri 08:00-20:00; UTC", "Mo-Fr 8-20; UTC", "Mo-Fr 08:00-25:00; UTC",
        "Mo-Fr 24:00-08:00; UTC", "Mo-Fr 08:00-20:00 Sa 10:00-14:00; UTC", "always; UTC",
    ],
)  # fmt: skip
def test_what_are_no_hours_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(BadOpening):
        parse(text)
    with pytest.raises(EnvError) as error:
        Env({"ASSIST_HOURS": text}).opening("ASSIST_HOURS")
    assert str(error.value).startswith("ASSIST_HOURS must ")
    assert str(error.value).endswith(".")


def test_the_hours_are_read_from_the_environment() -> None:
    assert Env({}).opening("ASSIST_HOURS") is None
    assert Env({"ASSIST_HOURS": HOURS}).opening("ASSIST_HOURS") == parse(HOURS)
