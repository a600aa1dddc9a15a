"""Does a suspended person stay out, everywhere and at once?"""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from channels.db import database_sync_to_async as in_sql
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from assist.accounts.access import reinstate, suspend
from assist.accounts.circle import by_link, join_anew
from assist.accounts.circle import invite as circle_invite
from assist.accounts.invites import invite, spend
from assist.accounts.models import Person
from assist.accounts.roster import copy
from assist.accounts.sessions import person_of
from assist.live import Live
from assist.management.running import Running, note_running


def signed_in(name: str) -> tuple[Person, str]:
    """A Volunteer with an open session: the person and the session's key."""
    person = spend(invite("volunteer", name, ["en"]))
    assert person is not None
    browser = Client()
    browser.force_login(person)
    return person, browser.cookies["sessionid"].value


@pytest.mark.django_db
def test_a_session_ends_with_access_and_does_not_come_back_with_it() -> None:
    person, session = signed_in("Noor")
    assert person_of(session) == person
    assert suspend("NOOR") == person
    assert person_of(session) is None
    assert reinstate("Noor") == person
    assert person_of(session) is None
    assert spend(invite("volunteer", "Noor")) == person


@pytest.mark.django_db
def test_who_signs_in_stays_for_thirty_days() -> None:
    person, session = signed_in("Noor")
    left = Session.objects.get(pk=session).expire_date - timezone.now()
    assert timedelta(days=29, hours=23) < left <= timedelta(days=30)
    assert person_of(session) == person
    Session.objects.update(expire_date=timezone.now())
    assert person_of(session) is None


@pytest.mark.django_db
def test_a_session_opened_from_a_person_read_before_the_suspension_is_void() -> None:
    person = spend(invite("volunteer", "Noor", ["en"]))
    assert person is not None
    suspend("Noor")
    browser = Client()
    browser.force_login(person)  # the view that spent the invite had the old row in hand
    assert person_of(browser.cookies["sessionid"].value) is None
    reinstate("Noor")
    assert person_of(browser.cookies["sessionid"].value) is None


@pytest.mark.django_db
def test_nobody_of_that_name_is_nobody() -> None:
    assert suspend("Nemo") is None
    assert suspend("") is None
    assert reinstate("Nemo") is None


@pytest.mark.django_db(transaction=True)
async def test_the_command_tells_the_running_house(
    live: Live, redis_url: str, settings: Settings, tmp_path: Path
) -> None:
    settings.ASSIST_STATE = tmp_path
    note_running(tmp_path, Running(redis_url=redis_url, http_port=8000, https_port=8443))
    person, session = await in_sql(signed_in)("Noor")
    await copy(live, person)
    assert await live.available(person.id.hex) == "ok"
    assert await in_sql(typed)("suspend", "noor") == "Noor is suspended.\n"
    assert await in_sql(person_of)(session) is None
    assert await live.available(person.id.hex) == "suspended"
    assert "may come in again" in await in_sql(typed)("suspend", "--undo", "noor")
    assert await live.available(person.id.hex) == "ok"
    types = [event.type for event in await live.read_events("0-0")]
    assert [kind for kind in types if kind.startswith("person.")] == [
        "person.suspended",
        "person.reinstated",
    ]


@pytest.mark.django_db
def test_without_redis_the_suspension_stands_and_the_command_says_so(
    settings: Settings, tmp_path: Path
) -> None:
    settings.ASSIST_STATE, settings.REDIS_URL = tmp_path, f"unix://{tmp_path}/nobody"
    _person, session = signed_in("Noor")
    assert "could not be told" in typed("suspend", "Noor")
    assert person_of(session) is None


@pytest.mark.django_db
def test_suspending_nobody_is_one_sentence() -> None:
    with pytest.raises(CommandError, match="Nobody here is called Nemo") as refused:
        typed("suspend", "Nemo")
    assert refused.value.returncode == 2


def in_circle(requester: str, name: str) -> Person:
    """Somebody without an invite from the house, who helps in this circle alone."""
    found = by_link(circle_invite(requester).token)
    assert found is not None
    tie = join_anew(found, name, ["en"])
    assert tie is not None
    return tie.person


@pytest.mark.django_db
@pytest.mark.parametrize("said", ["Mum", "MUM", "\uff2dum"])
def test_who_helps_in_a_circle_alone_is_found_by_their_name(
    settings: Settings, tmp_path: Path, redis_url: str, alice: str, said: str
) -> None:
    settings.ASSIST_STATE, settings.REDIS_URL = tmp_path, redis_url
    mum = in_circle(alice, "Mum")
    assert typed("suspend", said) == "Mum is suspended.\n"
    assert not Person.objects.get(pk=mum.pk).is_active
    typed("suspend", "--undo", said)
    assert Person.objects.get(pk=mum.pk).is_active


@pytest.mark.django_db
def test_of_several_with_one_name_the_command_wants_to_know_which(
    settings: Settings, tmp_path: Path, redis_url: str, alice: str, ravi: str
) -> None:
    settings.ASSIST_STATE, settings.REDIS_URL = tmp_path, redis_url
    invited, _session = signed_in("Noor")
    first, second, elsewhere = (in_circle(whose, "Noor") for whose in (alice, alice, ravi))
    with pytest.raises(CommandError, match="Several people are called noor") as asked:
        typed("suspend", "noor")
    for each in (invited, first, second, elsewhere):
        assert each.id.hex in str(asked.value)
    assert not Person.objects.filter(is_active=False).exists()
    typed("suspend", first.id.hex)
    # The Requester knows them by this name, and tells it to whoever types the command.
    typed("suspend", "Noor (2)")
    assert set(Person.objects.filter(is_active=False)) == {first, second}


def typed(*words: str) -> str:
    """What a command says, on both channels."""
    said = StringIO()
    call_command(*words, stdout=said, stderr=said)
    return said.getvalue()
