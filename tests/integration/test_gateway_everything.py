"""Is a Requester told every column that is about them, and is none left when they are forgotten?

As `test_gateway_everything_given` for a Volunteer: a new column fails these tests until somebody
has decided about it.
"""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session

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
from assist.feedback.models import Rating, Report, Thanks
from assist.gateway import everything
from assist.lib.ids import new_id
from assist.push.models import Subscription
from assist.records.models import Call, HelpRequest, LedgerPosition, Offer
from tests.columns import Row, Why, each, moment, plain, put, wrongly_kept, wrongly_told

pytestmark = [pytest.mark.django_db, pytest.mark.history]

NOBODY_S = {
    **dict.fromkeys((Permission, Group, ContentType), "Django's own, and empty here"),
    **dict.fromkeys((Person, Invite, Session), "of those who sign in"),
    Offer: "its Volunteer's: a Requester is not told who was rung",
    LedgerPosition: "how far history is written",
}
NUMBER = "a number that means nothing to anybody"
OTHERS = "somebody else's"
UNTOLD: Why = {
    **each(Requester, NUMBER, "id"),
    **each(Requester, "the last time that they asked for help, which is told", "asked_at"),
    **each(Account, NUMBER, "requester", "chosen_ms"),
    **each(Passkey, "opens a door", "owner", "handle", "credential", "key", "uses"),
    **each(CircleTie, NUMBER, "requester"),
    **each(CircleTie, OTHERS, "person"),
    **each(CircleInvite, NUMBER, "requester"),
    **each(CircleInvite, "opens a door", "seed", "digest", "code_mac", "wrong_tries"),
    **each(MetTie, "counted", "requester", "person", "call"),
    **each(Block, "nobody learns who blocked them", "one", "other", "created_at"),
    **each(HelpRequest, NUMBER, "id", "requester"),
    **each(HelpRequest, "how many could be asked", "reachable"),
    **each(Call, NUMBER, "id", "help_request"),
    **each(Call, OTHERS, "volunteer"),
    **each(Question, NUMBER, "help_request"),
    **each(Rating, NUMBER, "call", "role"),
    **each(Report, NUMBER, "call", "role"),
    **each(Thanks, NUMBER, "call"),
    **each(Thanks, OTHERS, "volunteer", "seen"),
    **each(Subscription, "counted", "person", "session", "created_at"),
    **each(Subscription, "can ring the device", "endpoint", "p256dh", "auth"),
}
ASKED = ("id", "languages", "reachable", "asked_at", "ended_at", "reason")
CALLS = ("id", "help_request", "accepted_at", "connected_at", "ended_at", "reason")
ANSWERS = ("call", "role", "solved", "feeling", "again", "rated_at")
STAYS: Why = {
    **each(HelpRequest, "that it took place, without them", *ASKED),
    **each(Call, "that it took place, without them", *CALLS),
    **each(Call, OTHERS, "volunteer"),
    **each(Rating, "it is nobody's any more", *ANSWERS),
    **each(Report, "without its words", "call", "role", "created_at"),
}


def rows_of(maria: str) -> list[Row]:
    """One of each model that is about her."""
    noor = Person.objects.create(name="Noor", volunteers=True)
    asked, call = new_id(), new_id()
    return [
        put(Requester, id=maria, name="Maria", asked_at=moment()),
        put(Account, requester=maria, address="maria@example.org", chosen={"tones": False},
            chosen_ms=1_795_000_000_000),
        put(Passkey, owner=maria, handle=new_id(), credential=new_id(), key=b"public", uses=3,
            name="Maria's phone", created_at=moment()),
        put(CircleTie, requester=maria, person_id=noor.id, name="Noor (2)", confirmed=True,
            created_at=moment()),
        put(CircleInvite, requester=maria, seed=new_id(), digest=new_id(), code_mac=new_id(),
            expires_at=moment(), spent_at=moment(), wrong_tries=7),
        put(MetTie, requester=maria, person=noor.id.hex, call=call),
        put(Block, one=min(maria, noor.id.hex), other=max(maria, noor.id.hex), created_at=moment()),
        put(HelpRequest, id=asked, requester=maria, languages=["fi"], reachable=11,
            asked_at=moment(), ended_at=moment(), reason="requester_left"),
        put(Call, id=call, help_request_id=asked, volunteer=noor.id.hex, accepted_at=moment(),
            connected_at=moment(), ended_at=moment(), reason="volunteer_left"),
        put(Question, help_request=asked, text="Which jar is the jam?", created_at=moment()),
        put(Rating, call=call, role="requester", solved="partly", feeling="all_right", again=True,
            rated_at=moment()),
        put(Report, call=call, role="requester", text="It was too dark.", created_at=moment()),
        put(Thanks, call=call, volunteer=noor.id.hex, text="So patient!", seen=True,
            created_at=moment()),
        put(Subscription, person=maria, endpoint="https://push.example.org/maria",
            p256dh="of maria's", auth="maria's secret", session="", created_at=moment()),
    ]  # fmt: skip


def test_each_model_is_somebody_s_or_nobody_s() -> None:
    theirs = {one.kind for one in rows_of(new_id())}
    assert theirs.isdisjoint(NOBODY_S)
    assert theirs | set(NOBODY_S) == set(apps.get_models())


def test_every_column_is_told_or_it_is_said_why_not(alice: str) -> None:
    rows = rows_of(alice)
    told = everything.told_of(alice)
    assert wrongly_told(rows, told, UNTOLD) == []
    assert (told["would_meet_again"], told["devices_that_ring"]) == (1, 1)


def test_every_column_goes_or_it_is_said_why_it_stays(alice: str) -> None:
    rows = rows_of(alice)
    everything.forget_in_sql(alice)
    assert wrongly_kept(rows, STAYS) == []
    left = plain([list(kind._default_manager.values()) for kind in apps.get_models()])
    assert [one for one in (alice, "Maria", "maria", "jam", "dark", "patient") if one in left] == []
