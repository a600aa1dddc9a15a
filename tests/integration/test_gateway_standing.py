"""Does a Volunteer learn why nothing rings, until when in their own hours, and end it at once?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from channels.db import database_sync_to_async as in_sql
from django.test import Client
from pytest_django import Settings

from assist.accounts.invites import invite, spend
from assist.accounts.models import Person
from assist.accounts.roster import copy
from assist.gateway import hours, process, standing_views
from assist.live import Live

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/volunteer/standing/"
SUNDAY = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _house(live: Live, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.STATIC_ROOT, settings.ASSIST_HOURS = tmp_path, None
    monkeypatch.setattr(process, "live", lambda: live)


async def noor(live: Live, **wishes: Any) -> tuple[Client, Person]:
    def come() -> tuple[Client, Person]:
        person = spend(invite("volunteer", "Noor", ["en"]))
        assert person is not None
        Person.objects.filter(pk=person.pk).update(**wishes)
        client = Client()
        client.force_login(person)
        return client, Person.objects.get(pk=person.pk)

    client, person = await in_sql(come)()
    await copy(live, person)
    assert await live.available(person.id.hex) == "ok"
    return client, person


async def says(client: Client, **sent: str) -> Any:
    answer = await in_sql(client.post)(ADDRESS, sent) if sent else await in_sql(client.get)(ADDRESS)
    assert answer.status_code == 200, answer.content
    return answer.json()


async def test_a_pause_in_one_action_is_live_at_once_and_so_is_its_end(live: Live) -> None:
    client, person = await noor(live)
    said = await says(client, snooze="tomorrow", time_zone="Europe/Copenhagen")
    assert said["snoozed"].startswith("tomorrow at 8")
    truth = await live.volunteer_snapshot(person.id.hex)
    assert (truth.state, truth.why) == ("away", "snoozed")
    assert (await says(client, snooze="wake"))["snoozed"] == ""
    assert (await live.volunteer_snapshot(person.id.hex)).state == "available"


@pytest.mark.parametrize("how_long", ["hour", "three_hours", "week"])
async def test_every_pause_says_until_when(live: Live, how_long: str) -> None:
    client, _person = await noor(live)
    assert (await says(client, snooze=how_long))["snoozed"]


async def test_what_is_no_pause_changes_nothing(live: Live) -> None:
    client, person = await noor(live)
    for wrong in ("", "for ever", "\x00"):
        answer = await in_sql(client.post)(ADDRESS, {"snooze": wrong, "time_zone": "\x00"})
        assert answer.status_code == 400
    assert (await live.volunteer_snapshot(person.id.hex)).state == "available"


async def test_it_is_told_to_volunteers_alone() -> None:
    assert (await in_sql(Client().get)(ADDRESS)).status_code == 403
    assert (await in_sql(Client().post)(ADDRESS, {"snooze": "week"})).status_code == 403


async def test_a_page_from_elsewhere_puts_nobody_to_sleep(live: Live) -> None:
    _client, person = await noor(live)
    strict = Client(enforce_csrf_checks=True)
    await in_sql(strict.force_login)(person)
    assert (await in_sql(strict.post)(ADDRESS, {"snooze": "week"})).status_code == 403


def asleep(week: dict[str, list[list[str]]], zone: str) -> Person:
    return Person(name="Noor", hours=week, time_zone=zone)


@pytest.mark.parametrize(
    ("week", "zone", "expected"),
    [
        ({"mo": [["08:00", "20:00"]]}, "UTC", "tomorrow at 8 a.m."),
        ({"mo": [["08:00", "20:00"]]}, "Asia/Tokyo", "today at 8 a.m."),
        ({"su": [["22:00", "23:00"]]}, "UTC", "today at 10 p.m."),
        ({"fr": [["07:30", "09:00"]]}, "UTC", "Friday at 7:30 a.m."),
        ({"su": [["20:00", "21:00"]]}, "UTC", ""),
        ({"su": [["19:00", "20:00"]]}, "UTC", "Sunday 29 November at 7 p.m."),
    ],
)
def test_hours_that_begin_again_are_told_as_the_person_lives(
    week: dict[str, list[list[str]]], zone: str, expected: str
) -> None:
    assert standing_views.awake_from(asleep(week, zone), SUNDAY) == expected


def test_a_pause_that_is_over_is_told_no_more() -> None:
    person = Person(name="Noor", time_zone="UTC", snooze_until=SUNDAY + timedelta(hours=1))
    assert standing_views.told(person, SUNDAY)["snoozed"] == "today at 9:30 p.m."
    assert standing_views.told(person, SUNDAY + timedelta(hours=1))["snoozed"] == ""


async def test_a_house_without_a_free_line_says_so(live: Live) -> None:
    client, _person = await noor(live)
    assert (await says(client))["lines"] == "none", "no relay lives: one is being started"
    await live.relay_announce("r1", "127.0.0.1", 1, load=0.2, legs=0)
    assert (await says(client))["lines"] == "free"
    await live.relay_announce("r1", "127.0.0.1", 1, load=0.9, legs=9, takes_below=0.85)
    assert (await says(client))["lines"] == "full"


async def test_a_closed_house_says_when_it_opens(
    live: Live, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _person = await noor(live)
    assert (await says(client))["opens"] == ""
    monkeypatch.setattr(hours, "opens_at_text", lambda _now: "tomorrow at 8 a.m.")
    assert (await says(client))["opens"] == "tomorrow at 8 a.m."
