"""Does an invite let exactly one person in, exactly once?"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from assist.accounts.access import suspend
from assist.accounts.invites import NotInvited, find_invite, forget_old, invite, spend
from assist.accounts.models import Invite, Person

SPENDERS = 6
ROUNDS = 10


@pytest.mark.django_db
def test_an_invite_signs_its_person_in_once() -> None:
    token = invite("volunteer", "Noor", ["en", "da"])
    found = find_invite(token)
    assert found is not None
    assert found.person.name == "Noor"
    person = spend(token)
    assert person == found.person
    assert person is not None
    assert (person.volunteers, person.coordinates, person.languages) == (True, False, ["en", "da"])
    assert spend(token) is None
    assert find_invite(token) is None


@pytest.mark.history
@pytest.mark.django_db(transaction=True)
def test_of_many_who_spend_an_invite_at_once_one_comes_in() -> None:
    with ThreadPoolExecutor(SPENDERS) as pool:
        for _round in range(ROUNDS):
            token, together = invite("volunteer", "Noor", ["en"]), Barrier(SPENDERS, timeout=10)
            spending = [pool.submit(spend_together, token, together) for _ in range(SPENDERS)]
            came_in = [one.result() for one in spending]
            assert sum(person is not None for person in came_in) == 1


def spend_together(token: str, together: Barrier) -> Person | None:
    together.wait()
    try:
        return spend(token)
    finally:
        connection.close()


@pytest.mark.django_db
def test_an_invite_is_good_for_a_day() -> None:
    token = invite("volunteer", "Noor", ["en"])
    Invite.objects.update(expires_at=timezone.now() + timedelta(seconds=1))
    assert find_invite(token) is not None
    Invite.objects.update(expires_at=timezone.now())
    assert find_invite(token) is None
    assert spend(token) is None


@pytest.mark.django_db
def test_a_forged_token_opens_nothing() -> None:
    invite("volunteer", "Noor", ["en"])
    digest = Invite.objects.get().digest
    assert find_invite(digest) is None
    assert spend(digest) is None
    assert spend("\x00") is None


@pytest.mark.django_db
def test_the_token_itself_is_not_kept() -> None:
    token = invite("volunteer", "Noor", ["en"])
    assert token not in str(Invite.objects.values())


@pytest.mark.django_db
def test_inviting_a_known_name_is_inviting_the_same_person() -> None:
    first = spend(invite("volunteer", "Åse", ["nb"]))
    again = spend(invite("coordinator", " åse "))
    assert again == first
    assert again is not None
    assert (again.name, again.volunteers, again.coordinates) == ("Åse", True, True)
    assert again.languages == ["nb"]
    assert getattr(spend(invite("volunteer", "Åse", ["fi"])), "languages", None) == ["fi"]


@pytest.mark.django_db
def test_what_an_invite_gives_is_given_when_it_is_spent_and_to_whoever_spends_that_one() -> None:
    volunteer, coordinator = invite("volunteer", "Noor", ["en"]), invite("coordinator", "Noor")
    noor = Person.objects.get()
    assert (noor.volunteers, noor.coordinates, noor.languages) == (False, False, [])
    spend(volunteer)
    noor.refresh_from_db()
    assert (noor.volunteers, noor.coordinates, noor.languages) == (True, False, ["en"])
    invite("volunteer", "Noor", ["da"])
    spend(coordinator)
    noor.refresh_from_db()
    assert (noor.volunteers, noor.coordinates, noor.languages) == (True, True, ["en"])


@pytest.mark.django_db
def test_a_volunteer_speaks_some_language() -> None:
    with pytest.raises(NotInvited, match="Noor speaks"):
        invite("volunteer", "Noor")
    assert not Person.objects.exists()
    assert invite("coordinator", "Clara")


@pytest.mark.django_db
def test_who_is_suspended_is_not_invited_and_no_old_invite_lets_them_in() -> None:
    token = invite("volunteer", "Noor", ["en"])
    suspend("noor")
    assert find_invite(token) is None
    assert spend(token) is None
    with pytest.raises(NotInvited, match="suspended"):
        invite("volunteer", "Noor", ["en"])


@pytest.mark.django_db
def test_invites_that_open_nothing_any_more_are_deleted() -> None:
    invite("volunteer", "Noor", ["en"])
    now = timezone.now()
    assert forget_old(now) == 0
    assert forget_old(now + timedelta(hours=25)) == 1
    assert Person.objects.filter(name="Noor").exists()
