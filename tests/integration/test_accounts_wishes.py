"""Do wishes, hours and quiet times reach whoever rings, at once and for good?"""

from datetime import UTC, datetime, timedelta

import pytest
from channels.db import database_sync_to_async as in_sql
from django.utils import timezone, translation
from django.utils.translation import trans_real

from assist.accounts.access import set_push
from assist.accounts.hours import BadHours
from assist.accounts.invites import invite, spend
from assist.accounts.languages import BadLanguage
from assist.accounts.models import Person
from assist.accounts.roster import copy, entry_of, rebuild, refresh, wake
from assist.accounts.wishes import BadWish, snooze, tomorrow, wish
from assist.lib.week import DAYS
from assist.live import Live
from tests.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)

START = datetime(2025, 11, 22, 2, 53, 20, tzinfo=UTC)  # tests.conftest.START_MS, a Saturday


class InQuotes:
    """A catalogue that translates each sentence into itself, between quotation marks."""

    def get(self, sentence: str, _default: object = None) -> str:
        return f"\u00bb{sentence}\u00ab"


def volunteer(name: str = "Noor") -> Person:
    person = spend(invite("volunteer", name, ["en", "da"]))
    assert person is not None
    return person


def wishes(person: Person, **changed: object) -> None:
    given: dict[str, object] = {
        "languages": ["en"],
        "topics": [],
        "time_zone": "UTC",
        "hours": None,
        "ring_seconds": 20,
        "wrap_up_seconds": 30,
    }
    wish(person, **{**given, **changed})  # type: ignore[arg-type]


async def why(live: Live, person: Person) -> tuple[str, str]:
    found = await live.runner.run("volunteer_snapshot", volunteer=person.id.hex, fresh_run="x")
    return found["state"], found.get("why", "")


def test_wishes_are_kept_as_matching_wants_them() -> None:
    noor = volunteer()
    wishes(noor, languages=["da-DK", "en"], topics=["indoors", "reading"], ring_seconds=35)
    entry = entry_of(Person.objects.get(), 0)
    assert (entry.languages, entry.topics, entry.ring_ms) == (
        ["da", "en"],
        ("reading", "indoors"),
        35_000,
    )
    assert entry.wrap_ms == 30_000
    assert (entry.awake, entry.snooze_ms, entry.public) == ((), 0, True)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"languages": []}, BadWish),
        ({"languages": ["!"]}, BadLanguage),
        ({"languages": [f"x{letter}" for letter in "abcdefghi"]}, BadLanguage),
        ({"topics": ["gossip"]}, BadWish),
        ({"ring_seconds": 9}, BadWish),
        ({"ring_seconds": 41}, BadWish),
        ({"wrap_up_seconds": 301}, BadWish),
        ({"time_zone": "Moon/Tycho"}, BadHours),
        ({"hours": {"mo": [["08:00", ""]]}}, BadHours),
        ({"hours": {}}, BadHours),
    ],
)
def test_what_cannot_be_wished_changes_nothing(
    changed: dict[str, object], error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    noor = volunteer()
    before = Person.objects.values().get()
    with translation.override("da"):
        monkeypatch.setattr(trans_real.catalog(), "_catalog", InQuotes())
        with pytest.raises(error) as refused:
            wishes(noor, **{"languages": ["fi"], **changed})
    sentence = str(refused.value)
    assert sentence[0] + sentence[-2:] == "\u00bb.\u00ab", "the page shows it: it is translated"
    assert Person.objects.values().get() == before


def test_a_wish_takes_back_nothing_that_others_know_better() -> None:
    noor = volunteer()
    set_push(noor.id.hex, True)
    wishes(noor)
    snooze(noor, "hour", timezone.now())
    assert Person.objects.get().push


@pytest.mark.parametrize(
    ("zone", "now", "until"),
    [
        ("Europe/Copenhagen", "2026-06-01 21:30", "2026-06-02 06:00"),
        ("Europe/Copenhagen", "2026-06-01 22:30", "2026-06-03 06:00"),  # it is past midnight there
        ("Europe/Copenhagen", "2026-10-24 12:00", "2026-10-25 07:00"),  # the clocks change
        ("America/New_York", "2026-06-01 12:00", "2026-06-02 12:00"),
        ("", "2026-06-01 12:00", "2026-06-02 08:00"),
    ],
)
def test_tomorrow_is_eight_by_the_clock_of_the_person(zone: str, now: str, until: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert tomorrow(zone, at) == datetime.fromisoformat(until).replace(tzinfo=UTC)


def test_a_snooze_that_is_none_is_refused() -> None:
    with pytest.raises(BadWish):
        snooze(volunteer(), "for ever", timezone.now())


async def test_who_snoozes_is_not_rung_and_wakes_when_they_take_calls(live: Live) -> None:
    noor = await in_sql(volunteer)()
    await copy(live, noor)
    await live.available(noor.id.hex)
    await in_sql(snooze)(noor, "hour", timezone.now())
    await copy(live, noor)
    assert await why(live, noor) == ("away", "snoozed")
    await wake(live, noor.id.hex)
    assert (await why(live, noor))[0] == "available"
    assert (await in_sql(Person.objects.get)()).snooze_until is None


async def test_hours_are_copied_anew_for_the_days_to_come(turned: Live, clock: Clock) -> None:
    noor = await in_sql(volunteer)()
    await in_sql(wishes)(noor, hours={day: [["08:00", "20:00"]] for day in DAYS})
    await copy(turned, noor)
    await turned.available(noor.id.hex)
    assert await why(turned, noor) == ("away", "asleep")
    clock.forward((START + timedelta(days=3)).replace(hour=9).timestamp() - START.timestamp())
    assert await refresh(turned) == 1
    await turned.available(noor.id.hex)
    assert (await why(turned, noor))[0] == "available"


async def test_only_those_with_hours_or_a_snooze_are_copied_each_hour(live: Live) -> None:
    for name in ("Noor", "Bob"):
        await in_sql(volunteer)(name)
    assert await refresh(live) == 0
    await in_sql(snooze)(await in_sql(volunteer)("Bob"), "week", timezone.now())
    assert await refresh(live) == 1
    assert await rebuild(live) == 2


async def test_of_two_changes_at_once_the_last_one_stands(live: Live) -> None:
    """Somebody else's copy was read before the change, and arrives after it."""
    noor = await in_sql(volunteer)()
    stale = await in_sql(Person.objects.get)()
    await in_sql(wishes)(noor, languages=["fi"])
    await copy(live, noor)
    await copy(live, stale)
    assert await live.redis.hget(f"roster:{noor.id.hex}", "languages") == "fi"
