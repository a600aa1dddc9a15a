"""Are people forgotten after 90 days, and only they?"""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from channels.db import database_sync_to_async as in_sql
from django.contrib.sessions.models import Session
from django.utils import timezone

from assist.accounts.blocks import block, blocks_of
from assist.accounts.invites import invite
from assist.accounts.models import Invite, Person
from assist.feedback.answers import rate, report
from assist.feedback.models import Rating, Report
from assist.lib.ids import new_id
from assist.live import Live
from assist.protocol.states import EndReason, Role
from assist.records.forgotten import end_forgotten
from assist.records.history import blocked_by_volunteer
from assist.records.models import Call, HelpRequest, Offer
from assist.records.retention import run_retention, sweep
from tests.waiting import PATIENCE_S, wait_for

pytestmark = pytest.mark.history

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def happened(days_ago: float) -> str:
    """One HelpRequest with an Offer and a Call; its id is that of all three."""
    when, name = NOW - timedelta(days=days_ago), new_id()
    wish = HelpRequest.objects.create(id=name, requester=new_id(), languages=["en"], asked_at=when)
    Offer.objects.create(id=name, help_request=wish, volunteer=new_id(), made_at=when)
    Call.objects.create(id=name, help_request=wish, volunteer=new_id(), accepted_at=when)
    return name


def people(name: str) -> list[bool]:
    """Whether Requester, asked Volunteer and calling Volunteer are still known."""
    return [
        HelpRequest.objects.get(id=name).requester is not None,
        Offer.objects.get(id=name).volunteer is not None,
        Call.objects.get(id=name).volunteer is not None,
    ]


@pytest.mark.django_db
def test_rows_lose_their_people_after_90_days_and_nothing_else() -> None:
    old, young = happened(90.01), happened(89.99)
    assert sweep(NOW) == 3
    assert people(old) == [False, False, False]
    assert people(young) == [True, True, True]
    kept = HelpRequest.objects.get(id=old)
    assert (kept.languages, kept.reason) == (["en"], None)
    assert sweep(NOW) == 0


@pytest.mark.django_db
def test_a_block_is_kept_for_good() -> None:
    block("a" * 32, "b" * 32)
    sweep(timezone.now() + timedelta(days=4000))
    assert blocks_of("a" * 32) == [("a" * 32, "b" * 32)]


@pytest.mark.django_db
def test_ratings_stay_and_reports_lose_their_words() -> None:
    rate("c" * 32, Role.REQUESTER, solved="yes")
    report("c" * 32, Role.REQUESTER, "Noor was rude.")
    sweep(timezone.now() + timedelta(days=89))
    assert Report.objects.get().text == "Noor was rude."
    sweep(timezone.now() + timedelta(days=91))
    assert Report.objects.get().text == ""
    assert Rating.objects.get().solved == "yes"


@pytest.mark.django_db
def test_what_opens_no_door_any_more_is_deleted() -> None:
    invite("volunteer", "Noor", ["en"])
    now = timezone.now()
    for name, days in (("gone", -1), ("open", 1)):
        Session.objects.create(session_key=name, expire_date=now + timedelta(days=days))
    sweep(now)
    assert Invite.objects.count() == 1
    assert [session.session_key for session in Session.objects.all()] == ["open"]
    sweep(now + timedelta(hours=25))
    assert not Invite.objects.exists()
    assert Person.objects.count() == 1


@pytest.mark.django_db(transaction=True)
async def test_the_worker_sweeps_at_once_and_stops_when_told(live: Live) -> None:
    old = await in_sql(happened)(365)
    stop = asyncio.Event()
    sweeping = asyncio.create_task(run_retention(live, stop))

    async def why_not() -> str:
        return "people are still known" if any(await in_sql(people)(old)) else ""

    await wait_for(why_not)
    stop.set()
    await asyncio.wait_for(sweeping, PATIENCE_S)


@pytest.mark.django_db(transaction=True)
async def test_what_redis_forgot_and_nobody_asked_for_again_ends_as_lost(
    live: Live, alice: str
) -> None:
    lost, young = await in_sql(happened)(1 / 23), await in_sql(happened)(1 / 25)
    waiting = await in_sql(happened)(2)
    await live.ask(waiting, alice, ["en"])
    assert await end_forgotten(live, NOW) == 1
    assert await in_sql(ends)(lost) == [NOW, NOW, NOW]
    assert await in_sql(ends)(young) == [None, None, None]
    assert await in_sql(ends)(waiting) == [None, None, None]
    assert await in_sql(reasons)(lost) == ["requester_lost", "requester_lost", "withdrawn"]
    assert await end_forgotten(live, NOW) == 0


@pytest.mark.django_db(transaction=True)
async def test_a_call_that_redis_forgot_and_somebody_blocked_stays_one_that_they_blocked(
    live: Live,
) -> None:
    lost, volunteer, at = await in_sql(happened)(1 / 23), new_id(), NOW - timedelta(hours=2)
    call = await in_sql(Call.objects.get)(id=lost)
    call.volunteer, call.accepted_at = volunteer, at
    call.reason = EndReason.VOLUNTEER_BLOCKED.value
    await in_sql(call.save)()
    assert await in_sql(blocked_by_volunteer)(volunteer) == [at]
    assert await end_forgotten(live, NOW) == 1
    assert await in_sql(blocked_by_volunteer)(volunteer) == [NOW]
    assert await in_sql(ends)(lost) == [NOW, NOW, NOW]


def ends(name: str) -> list[datetime | None]:
    return [
        HelpRequest.objects.get(id=name).ended_at,
        Offer.objects.get(id=name).ended_at,
        Call.objects.get(id=name).ended_at,
    ]


def reasons(name: str) -> list[str | None]:
    return [
        HelpRequest.objects.get(id=name).reason,
        Call.objects.get(id=name).reason,
        Offer.objects.get(id=name).outcome,
    ]
