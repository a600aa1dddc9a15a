"""Does one come into a Circle only by a fresh invite, once, and only when confirmed?"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from channels.db import database_sync_to_async as in_sql
from django.db import connection
from django.utils import timezone

from assist.accounts import circle, invites
from assist.accounts.circle import WRONG_TRIES_A_CODE, by_code, by_link, invite, open_invite
from assist.accounts.models import BadName, CircleInvite, CircleTie, Person
from assist.accounts.roster import copy, rebuild
from assist.lib.ids import new_id
from assist.live import Live
from assist.protocol.states import Among

pytestmark = pytest.mark.django_db(transaction=True)

JOINERS = 6
ROUNDS = 8


def joined(requester: str, name: str = "Mum") -> CircleTie:
    """A newcomer who waits to be confirmed."""
    found = by_link(invite(requester).token)
    assert found is not None
    tie = circle.join_anew(found, name, ["en"])
    assert tie is not None
    return tie


def volunteer(name: str) -> Person:
    person = invites.spend(invites.invite("volunteer", name, ["en"]))
    assert person is not None
    return person


async def rung(live: Live, requester: str, among: Among = Among.CIRCLE) -> list[str]:
    """Who could be asked for a new HelpRequest of this person; it is cancelled again."""
    help_request = new_id()
    await live.ask(help_request, requester, ["en"], among=among)
    found = await live.standing(help_request)
    assert found is not None
    await live.cancel(help_request, requester)
    return [one.id for one in found.candidates]


def wrong(code: str) -> str:
    """Six digits that are another code."""
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_link_and_its_code_open_the_same_circle(alice: str) -> None:
    given = invite(alice)
    for found in (by_link(given.token), by_code(f" {given.code[:3]} {given.code[3:]} ")):
        assert found is not None
        assert found.requester == alice
    assert len(given.code) == 6
    assert open_invite(alice) == given


def test_an_invite_is_good_for_ten_minutes_and_one_person(alice: str, ravi: str) -> None:
    given = invite(alice)
    left = given.expires_at - timezone.now()
    assert timedelta(minutes=9) < left <= timedelta(minutes=10)
    found = by_link(given.token)
    assert found is not None
    assert circle.join_anew(found, "Mum", ["en"])
    assert circle.join_anew(found, "Dad", ["en"]) is None
    assert (by_link(given.token), by_code(given.code), open_invite(alice)) == (None, None, None)
    assert not Person.objects.filter(name="Dad").exists()
    late = invite(ravi)
    found = by_link(late.token)
    CircleInvite.objects.filter(requester=ravi).update(expires_at=timezone.now())
    assert (by_link(late.token), by_code(late.code), open_invite(ravi)) == (None, None, None)
    assert found is not None
    assert circle.join_anew(found, "Dad", ["en"]) is None


def test_a_new_invite_ends_the_one_before(alice: str) -> None:
    first = invite(alice)
    second = invite(alice)
    assert by_link(first.token) is None
    assert by_link(second.token) is not None


def test_after_twenty_wrong_tries_a_code_is_dead_and_its_link_is_not(alice: str) -> None:
    given = invite(alice)
    for _try in range(WRONG_TRIES_A_CODE):
        assert by_code(given.code) is not None
        assert by_code(wrong(given.code)) is None
    assert by_code(given.code) is None
    shown = open_invite(alice)
    assert shown is not None
    assert shown.code == ""
    assert by_link(given.token) is not None


@pytest.mark.parametrize("said", ["", "x", "12345", "1234567", "\x00", "١٢٣٤٥٦", "0" * 4000])
def test_what_is_no_code_opens_nothing(alice: str, said: str) -> None:
    invite(alice)
    assert by_code(said) is None
    assert by_link(said) is None


def test_neither_link_nor_code_is_kept(alice: str) -> None:
    given = invite(alice)
    kept = str(list(CircleInvite.objects.values()))
    assert given.token not in kept
    assert given.code not in [str(value) for value in CircleInvite.objects.values_list()[0]]


@pytest.mark.history
def test_of_many_with_one_code_one_comes_in(alice: str) -> None:
    with ThreadPoolExecutor(JOINERS) as pool:
        for _round in range(ROUNDS):
            given, together = invite(alice), Barrier(JOINERS, timeout=10)
            tries = [
                pool.submit(join_together, given.code, f"Number {number}", together)
                for number in range(JOINERS)
            ]
            assert sum(one.result() for one in tries) == 1
    assert CircleTie.objects.filter(requester=alice).count() == ROUNDS
    assert Person.objects.count() == ROUNDS


def join_together(code: str, name: str, together: Barrier) -> bool:
    try:
        found = by_code(code)
        together.wait()
        assert found is not None
        return circle.join_anew(found, name, ["en"]) is not None
    finally:
        connection.close()


async def test_nobody_is_rung_before_they_are_confirmed(live: Live, alice: str, ravi: str) -> None:
    tie = await in_sql(joined)(alice)
    mum = await in_sql(lambda: Person.objects.get(pk=tie.person_id))()
    await copy(live, mum)
    await live.available(mum.id.hex)
    assert await rung(live, alice) == []
    assert await rung(live, alice, Among.ANYONE) == []
    assert await circle.confirm(live, alice, mum.id.hex)
    assert await rung(live, alice) == [mum.id.hex]
    assert await rung(live, ravi, Among.CIRCLE_FIRST) == []  # she helps in this Circle alone


async def test_who_is_refused_or_removed_is_rung_never(live: Live, alice: str) -> None:
    tie = await in_sql(joined)(alice)
    mum = await in_sql(lambda: Person.objects.get(pk=tie.person_id))()
    await copy(live, mum)
    await live.available(mum.id.hex)
    assert await circle.remove(live, alice, mum.id.hex)
    assert not await circle.confirm(live, alice, mum.id.hex)
    assert await rung(live, alice) == []
    again = await in_sql(by_link)((await in_sql(invite)(alice)).token)
    assert again is not None
    await in_sql(circle.join)(again, mum)
    await circle.confirm(live, alice, mum.id.hex)
    assert await rung(live, alice) == [mum.id.hex]
    await circle.remove(live, alice, mum.id.hex)
    assert await rung(live, alice) == []


async def test_a_foreign_requester_confirms_and_removes_nobody(
    live: Live, alice: str, mallory: str
) -> None:
    tie = await in_sql(joined)(alice)
    person = tie.person_id.hex
    assert not await circle.confirm(live, mallory, person)
    assert not await circle.remove(live, mallory, person)
    assert [one.confirmed for one in await in_sql(circle.ties_of)(alice)] == [False]


async def test_ties_come_back_when_redis_forgot(live: Live, alice: str, ravi: str) -> None:
    noor = await in_sql(volunteer)("Noor")
    found = await in_sql(by_link)((await in_sql(invite)(alice)).token)
    assert found is not None
    await in_sql(circle.join)(found, noor)
    await circle.confirm(live, alice, noor.id.hex)
    await in_sql(joined)(ravi)
    await live.redis.flushall()
    await rebuild(live)
    await live.available(noor.id.hex)
    assert await rung(live, alice) == [noor.id.hex]
    assert await rung(live, ravi) == []


def test_a_volunteer_who_joins_stays_who_they_are(alice: str) -> None:
    noor = volunteer("Noor")
    for _twice in range(2):
        found = by_link(invite(alice).token)
        assert found is not None
        tie = circle.join(found, noor)
        assert tie is not None
        assert tie.name == "Noor"
    assert CircleTie.objects.count() == 1
    assert Person.objects.get().public


def test_a_trusted_name_cannot_be_borrowed(alice: str) -> None:
    noor = volunteer("Noor")
    impostor = joined(alice, "noor")
    assert impostor.person_id != noor.id
    assert [joined(alice, " Noor ").name, joined(alice, "NOOR").name] == ["Noor (2)", "NOOR (3)"]
    # A Volunteer of the same name is still found by it, and by it alone.
    assert Person.objects.named("noor") == noor


@pytest.mark.parametrize(
    "borrowed",
    ["\uff2e\uff4f\uff4f\uff52", "No\u200dor", "Noor\ufe0f", "Noor\u3164", "Noor.", "N o o r"],
)
def test_a_trusted_name_cannot_be_borrowed_by_spelling_it_otherwise(
    alice: str, borrowed: str
) -> None:
    joined(alice, "Noor")
    assert joined(alice, borrowed).name.endswith(" (2)"), "a voice says both alike"


def test_a_circle_that_is_full_takes_in_nobody(
    alice: str, ravi: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(circle, "MOST", 2)
    ties = [joined(alice), joined(alice)]
    with pytest.raises(circle.FullCircle):
        invite(alice)
    assert invite(ravi), "another circle is another matter"
    ties[0].delete()
    assert invite(alice)


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\x07b"])
def test_a_newcomer_has_a_name_that_can_be_said(alice: str, name: str) -> None:
    given = invite(alice)
    found = by_link(given.token)
    assert found is not None
    with pytest.raises(BadName):
        circle.join_anew(found, name, ["en"])
    assert by_link(given.token) is not None
    assert not Person.objects.exists()


def test_who_came_for_a_circle_and_is_of_none_is_forgotten_after_a_day(alice: str) -> None:
    member, stranger = joined(alice), joined(alice, "Dad").person
    CircleTie.objects.filter(person=stranger).delete()
    noor = volunteer("Noor")
    circle.forget_old(timezone.now())
    assert Person.objects.count() == 3
    circle.forget_old(timezone.now() + timedelta(hours=25))
    assert set(Person.objects.all()) == {member.person, noor}
    assert not CircleInvite.objects.exists()
