"""Is a Volunteer told every column that is about them, and is none left when they are forgotten?

Each model and each column stands here: a new one fails these tests until somebody has decided
whether it is told, and whether it goes.
"""

from __future__ import annotations

from uuid import UUID

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session

from assist.accounts import sessions
from assist.accounts.models import (
    Account,
    Block,
    CircleInvite,
    CircleTie,
    Invite,
    MetTie,
    Passkey,
    Person,
    Question,
    Requester,
)
from assist.accounts.session_store import SessionStore
from assist.feedback.models import Rating, Report, Thanks
from assist.gateway import everything_given
from assist.lib.ids import new_id
from assist.push.models import Subscription
from assist.records.models import Call, HelpRequest, LedgerPosition, Offer
from tests.columns import Row, Why, each, moment, plain, put, row, wrongly_kept, wrongly_told

pytestmark = [pytest.mark.django_db, pytest.mark.history]

NOBODY_S = {
    **dict.fromkeys((Permission, Group, ContentType), "Django's own, and empty here"),
    **dict.fromkeys((CircleInvite, Requester, Account, Question), "a Requester's"),
    HelpRequest: "its Requester's; who was rung and who came stands in Offer and Call",
    LedgerPosition: "how far history is written",
}
NUMBER = "a number that means nothing to anybody"
OTHERS = "somebody else's"
UNTOLD: Why = {
    **each(Person, NUMBER, "id"),
    **each(Person, "there is none: it is random, and ends sessions", "password"),
    **each(Person, "the name once more", "name_key"),
    **each(Invite, NUMBER, "person"),
    **each(Invite, "of an address that opens a door", "digest"),
    **each(CircleTie, OTHERS, "requester"),
    **each(CircleTie, NUMBER, "person"),
    **each(MetTie, "counted", "requester", "person", "call"),
    **each(Block, "nobody learns who blocked them", "one", "other", "created_at"),
    **each(Passkey, "opens a door", "owner", "handle", "credential", "key", "uses"),
    **each(Rating, NUMBER, "call", "role"),
    **each(Report, NUMBER, "call", "role"),
    **each(Thanks, NUMBER, "call", "volunteer"),
    **each(Offer, NUMBER, "id", "volunteer"),
    **each(Offer, OTHERS, "help_request"),
    **each(Offer, "how we went about it", "wave"),
    **each(Call, NUMBER, "id", "volunteer"),
    **each(Call, OTHERS, "help_request"),
    **each(Subscription, "counted", "person", "session", "created_at"),
    **each(Subscription, "can ring the device", "endpoint", "p256dh", "auth"),
    **each(Session, "opens a door", "session_key"),
    **each(Session, "its browser and day are told", "session_data", "expire_date"),
}
ANSWERS = ("call", "role", "solved", "feeling", "again", "rated_at")
RINGS = ("id", "help_request", "wave", "made_at", "shown_at", "ended_at", "outcome")
CALLS = ("id", "help_request", "accepted_at", "connected_at", "ended_at", "reason")
STAYS: Why = {
    **each(Rating, "it is nobody's any more", *ANSWERS),
    **each(Report, "without its words", "call", "role", "created_at"),
    **each(Offer, "that it took place, without them", *RINGS),
    **each(Call, "that it took place, without them", *CALLS),
}


def noor() -> Person:
    person = Person(
        name="Noor", volunteers=True, coordinates=True, languages=["fi"], topics=["reading"],
        time_zone="Europe/Oslo", hours={"mo": [["08:00", "20:00"]]}, snooze_until=moment(),
        ring_seconds=25, wrap_up_seconds=60, public=False, chose_name=True, waits_since=moment(),
        address="noor@example.org", promise=7, promised_at=moment(), push=True, takes_calls=True,
    )  # fmt: skip
    person.save()
    return person


def rows_of(person: Person) -> list[Row]:
    """One of each model that is about her."""
    who, maria = person.id.hex, new_id()
    asked = HelpRequest.objects.create(id=new_id(), requester=maria, asked_at=moment())
    call = new_id()
    return [
        put(Invite, person_id=person.id, role="coordinator", languages=["nb"], digest=new_id(),
            expires_at=moment(), spent_at=moment()),
        put(Block, one=min(who, maria), other=max(who, maria), created_at=moment()),
        put(CircleTie, requester=maria, person_id=person.id, name="Noor (2)", confirmed=True,
            created_at=moment()),
        put(MetTie, requester=maria, person=who, call=call),
        put(Passkey, owner=who, handle=new_id(), credential=new_id(), key=b"public", uses=3,
            name="Noor's phone", created_at=moment()),
        put(Rating, call=call, role="volunteer", solved="partly", feeling="all_right", again=True,
            rated_at=moment()),
        put(Report, call=call, role="volunteer", text="They were quite rude.", created_at=moment()),
        put(Thanks, call=call, volunteer=who, text="So patient!", seen=True, created_at=moment()),
        put(Offer, id=new_id(), help_request_id=asked.id, volunteer=who, wave=3, made_at=moment(),
            shown_at=moment(), ended_at=moment(), outcome="accepted"),
        put(Call, id=call, help_request_id=asked.id, volunteer=who, accepted_at=moment(),
            connected_at=moment(), ended_at=moment(), reason="volunteer_left"),
        put(Subscription, person=who, endpoint="https://push.example.org/noor", p256dh="of noor's",
            auth="noor's secret", session="session.of noor", created_at=moment()),
        signed_in(person),
        row(Person.objects.get(pk=person.pk)),
    ]  # fmt: skip


def signed_in(person: Person) -> Row:
    told = {"_auth_user_id": str(person.pk), "_auth_user_hash": person.get_session_auth_hash()}
    session = SessionStore()
    session.update({**told, sessions.BROWSER: "Firefox on Linux", sessions.DAY: "2026-11-22"})
    session.create()
    return row(Session.objects.get(pk=session.session_key))


def test_each_model_is_somebody_s_or_nobody_s() -> None:
    theirs = {one.kind for one in rows_of(noor())}
    assert theirs.isdisjoint(NOBODY_S)
    assert theirs | set(NOBODY_S) == set(apps.get_models())


def test_every_column_is_told_or_it_is_said_why_not() -> None:
    person = noor()
    rows = rows_of(person)
    told = everything_given.told_of(person)
    assert wrongly_told(rows, told, UNTOLD) == []
    assert (told["would_meet_again"], told["devices_that_ring"]) == (1, 1)
    assert [one["browser"] for one in told["signed_in"]] == ["Firefox on Linux"]


def test_every_column_goes_or_it_is_said_why_it_stays() -> None:
    person = noor()
    rows, who = rows_of(person), person.id.hex
    everything_given.forget_in_sql(person)
    assert wrongly_kept(rows, STAYS) == []
    left = plain([list(kind._default_manager.values()) for kind in apps.get_models()])
    names = (who, str(UUID(who)), "Noor", "noor", "rude", "patient")
    assert [one for one in names if one in left] == []
