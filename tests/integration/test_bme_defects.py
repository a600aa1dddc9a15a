"""What failed people in Be My Eyes' published server of 2016: does none of it happen here?

One test for each defect that its code had, under the number that our notes give it; then what
else its way of matching did to people. The real scripts on a real server, and the worker's steps.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from channels.db import database_sync_to_async as in_sql
from django.contrib.auth import authenticate
from django.test import Client
from pytest_django import Settings

from assist.accounts.device import DEVICE_COOKIE, sign_device
from assist.accounts.invites import invite, spend
from assist.accounts.models import Invite, Person
from assist.accounts.roster import copy, entry_of
from assist.feedback.models import Report
from assist.gateway import process
from assist.lib.ids import new_id
from assist.lib.week import DAYS
from assist.live import Live
from assist.live.limits import LIMITS_MS
from assist.matching.deadlines import sweep
from assist.matching.matchmaker import match_all, run_matchmaker
from assist.protocol.states import HelpState, VolunteerState
from tests import situations
from tests.conftest import Clock, enlisted
from tests.invariants import broken
from tests.matching_steps import asks, available, help_state, keep_alive, offer_to, ringing
from tests.situations import RELAY, Situation, reach
from tests.waiting import wait_for

Way = Callable[[Situation], Awaitable[None]]


async def worked(live: Live) -> None:
    """What a worker does a few times a second."""
    await sweep(live)
    await match_all(live)


async def met(live: Live, requester: str, volunteer: str) -> str:
    """These two see and hear each other; their HelpRequest."""
    help_request = await asks(live, requester, "en")
    await match_all(live)
    assert (await live.accept(await offer_to(live, volunteer), volunteer)).is_ == "ok"
    await live.relay_announce(RELAY, "127.0.0.1", 1, 0.1, 0)
    for person in (requester, volunteer):
        seat = await live.seat(help_request, person)
        assert await live.leg(help_request, person, seat.number, "up", RELAY) == "ok"
    return help_request


# (i) The filter for people in a call compared two kinds of ids: it never held.


async def test_i_a_volunteer_in_a_call_is_not_rung(
    turned: Live, clock: Clock, alice: str, ravi: str, bob: str
) -> None:
    await turned.available(bob)
    help_request = await met(turned, alice, bob)
    await turned.tie("circle", ravi, bob)  # nobody would be asked sooner
    waiting = await asks(turned, ravi, "en")
    for _ in range(12):
        clock.forward(10)
        await keep_alive(turned, [alice, ravi], [bob])
        await worked(turned)
        assert (await turned.volunteer_snapshot(bob)).state == VolunteerState.IN_CALL
        assert await turned.offer(waiting, 0, [bob]) == "nobody", "not even by name"
        assert await help_state(turned, ravi) == HelpState.WAITING
    await turned.end(help_request, alice)
    await turned.available(bob)
    await match_all(turned)
    assert await ringing(turned, [bob]) == [bob], "the moment they are free again they are"


# (ii) Who was left by their volunteer before the call waited for ever.


async def test_ii_whom_a_volunteer_left_is_rung_for_again_at_once(
    turned: Live, clock: Clock, alice: str, ravi: str, bob: str, noor: str
) -> None:
    await turned.available(bob)
    help_request = await asks(turned, alice, "en")
    await match_all(turned)
    await turned.accept(await offer_to(turned, bob), bob)
    clock.forward(1)
    await asks(turned, ravi, "en")
    assert await turned.end(help_request, bob) == "ok"
    await turned.available(noor)
    await match_all(turned)
    offered = (await turned.volunteer_snapshot(noor)).help
    assert offered is not None
    assert offered.id == help_request, "and before whoever came later"


async def test_ii_and_by_the_same_volunteer_when_there_is_no_other(
    turned: Live, clock: Clock, alice: str, bob: str
) -> None:
    await turned.available(bob)
    help_request = await asks(turned, alice, "en")
    await match_all(turned)
    await turned.accept(await offer_to(turned, bob), bob)
    await turned.end(help_request, bob)
    for _ in range(6):
        clock.forward(10)
        await keep_alive(turned, [alice], [bob])
        await worked(turned)
    assert await ringing(turned, [bob]) == [bob]


# (iii) Each waiting request lived in a thread: a restart lost them all.


@asynccontextmanager
async def working(live: Live) -> AsyncIterator[None]:
    """A worker matches meanwhile."""
    stop = asyncio.Event()
    task = asyncio.create_task(run_matchmaker(live, stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def rung(live: Live, volunteer: str) -> None:
    """Wait until this phone rings."""

    async def why_not() -> str:
        return "" if await ringing(live, [volunteer]) else "nobody's phone rings"

    await wait_for(why_not)


async def test_iii_who_asked_while_the_worker_restarted_is_helped(
    live: Live, alice: str, ravi: str
) -> None:
    [noor] = await available(live, 1, "en")
    async with working(live):
        await asks(live, ravi, "en")
        await rung(live, noor)
    [bob] = await available(live, 1, "en")
    await asks(live, alice, "en")
    async with working(Live(live.redis)):  # it remembers nothing of its own
        await rung(live, bob)
    offered = (await live.volunteer_snapshot(bob)).help
    assert offered is not None
    assert offered.requester == alice


async def test_iii_not_even_a_memory_that_forgot_all_costs_anybody_their_place(
    turned: Live, clock: Clock, alice: str, ravi: str
) -> None:
    asked = await turned.ask(new_id(), alice, ["en"])
    clock.forward(60)
    await turned.redis.flushall()
    await asks(turned, ravi, "en")
    again = await turned.ask(asked.help_request, alice, ["en"], asked.since_ms)
    assert again == asked, "her page asks with what it was given when she asked"
    [noor] = await available(turned, 1, "en")
    await match_all(turned)
    offered = (await turned.volunteer_snapshot(noor)).help
    assert offered is not None
    assert offered.requester == alice


# (iv) Hours were compared in UTC and not wrapped at midnight: whole evenings were never rung.


@pytest.mark.parametrize(("zone", "evening"), [("America/Los_Angeles", 16), ("Asia/Tokyo", 7)])
async def test_iv_far_from_utc_people_are_rung_in_all_of_their_hours_and_no_other(
    turned: Live, clock: Clock, zone: str, evening: int
) -> None:
    week = {day: [["07:00", "22:00"]] for day in DAYS}
    person = Person(languages=["en"], hours=week, time_zone=zone, push=True)
    noor = new_id()
    await turned.enlist(noor, entry_of(person, clock()))
    await turned.available(noor)
    free = set()
    for _ in range(24):
        clock.forward(3_600)
        await sweep(turned)
        if (await turned.volunteer_snapshot(noor)).state == VolunteerState.AVAILABLE:
            free.add(datetime.fromtimestamp(clock() / 1000, ZoneInfo(zone)).hour)
    assert evening in free
    assert free == set(range(7, 22))


# (v) Requests that hung were ended by a program that somebody had to start.


@pytest.mark.parametrize(
    ("way", "most_s"),
    [
        (situations.waiting, 25),
        (situations.ringing, 25),
        (situations.connecting, 120),
        (situations.half_connected, 120),
        (situations.in_call, 120),
        (situations.parked, 600),
        (situations.parked_ringing, 600),
        (situations.confirming, 600),
    ],
    ids=lambda way: way.__name__ if callable(way) else None,
)
async def test_v_whatever_hangs_ends_by_itself_and_frees_everybody(
    way: Way, most_s: int, turned: Live, clock: Clock
) -> None:
    s = await reach(way, turned, clock)
    for _ in range(most_s + 1):  # no page is heard of any more
        clock.forward(1)
        await sweep(turned)
    truth = await s.look()
    assert truth.open_helps == {}
    assert s.history.help_state == {s.help_request: "ended"}
    clock.forward(LIMITS_MS["LEASE_KEPT"] / 1000)
    await sweep(turned)
    truth = await s.look()
    assert {is_["state"] for is_ in truth.volunteers.values()} <= {"away"}
    assert broken(truth, s.history) == []


# (vi) The caller's app never said that it lived: volunteers were rung for people long gone.


async def test_vi_for_a_caller_who_closed_the_page_nobody_is_rung(
    turned: Live, clock: Clock, alice: str
) -> None:
    await asks(turned, alice, "en")
    clock.forward(LIMITS_MS["LEASE"] / 1000 + 0.1)
    await sweep(turned)
    await available(turned, 3, "en")
    assert await match_all(turned) == 0
    assert await help_state(turned, alice) is None


async def test_vi_phones_fall_silent_when_the_callers_page_is_gone(
    turned: Live, clock: Clock, alice: str
) -> None:
    await asks(turned, alice, "en")
    people = await available(turned, 3, "en")
    await match_all(turned)
    assert await ringing(turned, people) == people
    clock.forward(24)
    await keep_alive(turned, [], people)
    clock.forward(1.1)
    await turned.lapse("requester", alice)
    assert await ringing(turned, people) == []


# (vii) Anybody could report anybody; three posts of one account shut a person out.


def browser_of(device: str) -> Client:
    client = Client()
    client.cookies[DEVICE_COOKIE] = sign_device(device)
    return client


async def reports(client: Client, call: str) -> int:
    send = in_sql(client.post)
    answer: Any = await send("/report/", {"call": call, "text": "I did not like it."})
    return int(answer.status_code)


@pytest.mark.django_db(transaction=True)
async def test_vii_only_who_took_part_reports_and_no_number_of_reports_shuts_anybody_out(
    live: Live, alice: str, mallory: str, monkeypatch: pytest.MonkeyPatch, settings: Settings,
    tmp_path: Path,
) -> None:  # fmt: skip
    settings.STATIC_ROOT = tmp_path
    monkeypatch.setattr(process, "live", lambda: live)
    noor = await in_sql(newcomer)("Noor")
    await copy(live, noor)
    await live.available(noor.id.hex)
    help_request = await met(live, alice, noor.id.hex)
    call = str(await live.redis.hget(f"help:{help_request}", "call"))
    await live.end(help_request, alice)
    assert [await reports(browser_of(mallory), call) for _ in range(3)] == [404] * 3
    assert await in_sql(Report.objects.count)() == 0
    assert [await reports(browser_of(alice), call) for _ in range(3)] == [204] * 3
    await in_sql(noor.refresh_from_db)()
    assert noor.is_active, "a Coordinator reads them and decides"
    assert await live.available(noor.id.hex) == "ok"


# (viii) Passwords were kept so that they could be read back, with one salt for all, in the app.


def newcomer(name: str) -> Person:
    person = spend(invite("volunteer", name, ["en"]))
    assert person is not None
    return person


@pytest.mark.django_db
def test_viii_there_is_no_password_to_steal_and_nothing_kept_opens_a_door() -> None:
    noor, bob = newcomer("Noor"), newcomer("Bob")
    assert not noor.has_usable_password()
    assert noor.password != bob.password, "what signs their sessions is each one's own"
    for guess in ("", "noor", noor.password, noor.password.lstrip("!")):
        assert authenticate(username=noor.name_key, password=guess) is None
    kept = invite("volunteer", "Noor"), Invite.objects.latest("pk").digest
    assert spend(kept[1]) is None
    assert spend(kept[0]) == noor


# What else its matching did


async def test_two_who_answer_at_once_do_not_both_get_the_call(turned: Live, alice: str) -> None:
    people = await available(turned, 4, "en")
    await asks(turned, alice, "en")
    await match_all(turned)
    offers = [await offer_to(turned, one) for one in people]
    answers = await asyncio.gather(*map(turned.accept, offers, people))
    assert sorted(one.is_ for one in answers) == ["ok", "quicker", "quicker", "quicker"]
    assert await ringing(turned, people) == [], "nobody's phone goes on ringing for nothing"


async def test_who_has_waited_longest_is_not_mixed_with_the_others_again(
    turned: Live, clock: Clock, alice: str
) -> None:
    people = []
    for _ in range(12):
        people.append(await enlisted(turned, "en"))
        clock.forward(60)
    for one in reversed(people):
        await turned.available(one)
    await asks(turned, alice, "en")
    await match_all(turned)
    assert await ringing(turned, people) == people[:4]


async def test_who_waits_longer_than_half_an_hour_is_not_forgotten(
    turned: Live, clock: Clock, alice: str
) -> None:
    await asks(turned, alice, "en")
    for _ in range(45 * 3):
        clock.forward(20)
        await keep_alive(turned, [alice], [])
        await worked(turned)
    assert await help_state(turned, alice) == HelpState.WAITING
    [noor] = await available(turned, 1, "en")
    await match_all(turned)
    assert await ringing(turned, [noor]) == [noor]
