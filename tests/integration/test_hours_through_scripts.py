"""Is somebody rung in their own hours and at no other time, on the nights when the clocks change?

A Volunteer in Copenhagen helps across midnight. SQL's hours become the roster's, the worker's
deadline wakes them and lets them sleep, and the scripts ring them or do not.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from assist.accounts.models import Person
from assist.accounts.roster import REFRESH_MS, entry_of
from assist.lib.ids import new_id
from assist.lib.week import DAYS
from assist.live import Live
from assist.live.keys import key
from assist.matching.deadlines import sweep
from assist.matching.matchmaker import match_all
from assist.protocol.states import HelpState, VolunteerState, WhyAway
from tests.conftest import Clock
from tests.matching_steps import asks, help_state, keep_alive, offer_to

ZONE = "Europe/Copenhagen"
QUARTER_MS = 900_000


def ms(text: str) -> int:
    """An instant, written in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1000


def volunteer(opens: str, closes: str) -> Person:
    """Somebody in Copenhagen with these hours on each day, whom a push reaches."""
    week = {day: [[opens, closes]] for day in DAYS}
    return Person(languages=["en"], hours=week, time_zone=ZONE, push=True)


async def comes(live: Live, person: Person, now_ms: int) -> str:
    """They are copied into the roster, and take calls."""
    noor = new_id()
    await live.enlist(noor, entry_of(person, now_ms))
    assert await live.available(noor) == "ok"
    return noor


async def is_free(live: Live, noor: str) -> bool:
    """Are they available? Otherwise they sleep."""
    truth = await live.volunteer_snapshot(noor)
    expected = (VolunteerState.AVAILABLE, None), (VolunteerState.AWAY, WhyAway.ASLEEP)
    assert (truth.state, truth.why) in expected
    assert truth.taking, "by their own wish they take calls all the time"
    return truth.state == VolunteerState.AVAILABLE


async def can_be_rung(live: Live, noor: str) -> bool:
    """Would they be asked now, and would the ring be made? The two must agree."""
    requester = new_id()
    help_request = await asks(live, requester, "en")
    found = await live.standing(help_request)
    assert found is not None
    made = await live.offer(help_request, found.wave, [noor])
    assert await live.cancel(help_request, requester) == "ok"
    assert [one.id for one in found.candidates] == [noor] * (made == "ok")
    return made == "ok"


async def looks_again_ms(live: Live, noor: str) -> int:
    """When the worker comes next because of their hours."""
    return int(await live.redis.zscore(key("deadlines"), f"rouse:{noor}") or 0)


# Each: the hours, when they were copied, and every instant (UTC) at which they wake or fall asleep.
# Copenhagen goes from 02:00 to 03:00 on 29 March 2026 and from 03:00 to 02:00 on 25 October, both
# at 01:00 UTC.
NIGHTS = {
    # The night ends in the hour that is not there: it ends where that begins.
    "into_the_gap": ("22:00", "02:30", "2026-03-28 18:00", [
        "2026-03-28 21:00", "2026-03-29 01:00", "2026-03-29 20:00", "2026-03-30 00:30",
    ]),
    # It begins in that hour: it begins where that ends.
    "out_of_the_gap": ("02:30", "06:00", "2026-03-28 18:00", [
        "2026-03-29 01:00", "2026-03-29 04:00", "2026-03-30 00:30", "2026-03-30 04:00",
    ]),
    # Across the whole of it: the night is an hour shorter, nobody sleeps in between.
    "across_the_gap": ("21:00", "05:00", "2026-03-28 18:00", [
        "2026-03-28 20:00", "2026-03-29 03:00", "2026-03-29 19:00", "2026-03-30 03:00",
    ]),
    # It ends in the hour that comes twice: so much of both is theirs.
    "into_the_double_hour": ("22:00", "02:30", "2026-10-24 18:00", [
        "2026-10-24 20:00", "2026-10-25 00:30", "2026-10-25 01:00", "2026-10-25 01:30",
        "2026-10-25 21:00", "2026-10-26 01:30",
    ]),
    "out_of_the_double_hour": ("02:30", "06:00", "2026-10-24 18:00", [
        "2026-10-25 00:30", "2026-10-25 01:00", "2026-10-25 01:30", "2026-10-25 05:00",
        "2026-10-26 01:30", "2026-10-26 05:00",
    ]),
    # Across both of them: the night is an hour longer.
    "across_the_double_hour": ("21:00", "05:00", "2026-10-24 18:00", [
        "2026-10-24 19:00", "2026-10-25 04:00", "2026-10-25 20:00", "2026-10-26 04:00",
    ]),
}  # fmt: skip


@pytest.mark.parametrize(("opens", "closes", "copied", "changes"), NIGHTS.values(), ids=NIGHTS)
async def test_the_worker_wakes_them_and_lets_them_sleep_to_the_millisecond(
    opens: str, closes: str, copied: str, changes: list[str], turned: Live, clock: Clock
) -> None:
    clock.ms = ms(copied)
    noor = await comes(turned, volunteer(opens, closes), clock())
    wakes = False
    for change in map(ms, changes):
        assert await looks_again_ms(turned, noor) == change
        clock.ms = change - 1
        await sweep(turned)
        assert await is_free(turned, noor) is wakes
        assert await can_be_rung(turned, noor) is wakes
        clock.ms, wakes = change, not wakes
        await sweep(turned)
        assert await is_free(turned, noor) is wakes
        assert await can_be_rung(turned, noor) is wakes


@pytest.mark.parametrize("begins", ["2026-03-27 06:00", "2026-10-23 06:00"])
async def test_copied_anew_each_hour_they_are_free_when_the_clock_on_their_wall_says_so(
    begins: str, turned: Live, clock: Clock
) -> None:
    clock.ms = ms(begins)
    person = volunteer("22:00", "02:30")
    noor = await comes(turned, person, clock())
    for quarter in range(4 * 24 * 4):
        if quarter * QUARTER_MS % REFRESH_MS == 0:
            await turned.enlist(noor, entry_of(person, clock()))
        await sweep(turned)
        shown = datetime.fromtimestamp(clock() / 1000, ZoneInfo(ZONE)).time()
        inside = shown >= time(22) or shown < time(2, 30)
        assert await is_free(turned, noor) is inside, shown
        assert await can_be_rung(turned, noor) is inside, shown
        clock.ms += QUARTER_MS


async def test_a_worker_that_comes_late_rings_nobody_out_of_bed(turned: Live, clock: Clock) -> None:
    clock.ms = ms("2026-10-24 21:00")
    noor = await comes(turned, volunteer("22:00", "02:30"), clock())
    assert await can_be_rung(turned, noor)
    clock.ms = ms("2026-10-25 00:45")  # nobody swept since
    assert await is_free(turned, noor), "what is live does not know yet that they sleep"
    assert not await can_be_rung(turned, noor)
    clock.ms = ms("2026-10-25 01:15")  # the same quarter once more, on their clock
    assert await can_be_rung(turned, noor)
    await sweep(turned)
    assert await is_free(turned, noor)
    assert await looks_again_ms(turned, noor) == ms("2026-10-25 01:30")


async def test_who_asked_while_they_slept_is_helped_when_their_hour_comes_again(
    turned: Live, clock: Clock, alice: str
) -> None:
    clock.ms = ms("2026-10-25 00:40")
    noor = await comes(turned, volunteer("22:00", "02:30"), clock())
    await asks(turned, alice, "en")
    while clock() < ms("2026-10-25 01:00"):
        await sweep(turned)
        assert await match_all(turned) == 0
        clock.forward(20)
        await keep_alive(turned, [alice], [])
    await sweep(turned)
    assert await match_all(turned) == 1
    assert (await turned.accept(await offer_to(turned, noor), noor)).is_ == "ok"


@pytest.mark.parametrize("answer", ["accept", "decline"])
async def test_a_ring_of_their_last_second_is_theirs_to_answer_and_then_they_sleep(
    answer: str, turned: Live, clock: Clock, alice: str
) -> None:
    clock.ms = ms("2026-03-29 00:59") + 59_000  # the gap begins in a second
    noor = await comes(turned, volunteer("22:00", "02:30"), clock())
    help_request = await asks(turned, alice, "en")
    await match_all(turned)
    offer = await offer_to(turned, noor)
    clock.forward(5)
    await sweep(turned)
    assert (await turned.volunteer_snapshot(noor)).state == VolunteerState.RINGING
    if answer == "accept":
        assert (await turned.accept(offer, noor)).is_ == "ok"
        assert await help_state(turned, alice) == HelpState.CONNECTING
        assert await turned.end(help_request, alice) == "ok"
    else:
        assert await turned.decline(offer, noor) == "ok"
    assert not await is_free(turned, noor)
    assert await looks_again_ms(turned, noor) == ms("2026-03-29 20:00")


async def test_an_open_page_outside_their_hours_waits_with_them(
    turned: Live, clock: Clock, alice: str
) -> None:
    clock.ms = ms("2026-03-28 20:55")
    person = volunteer("22:00", "02:30")
    person.push = False
    noor = await comes(turned, person, clock())
    assert not await is_free(turned, noor)
    while clock() < ms("2026-03-28 21:00"):
        clock.forward(20)
        await keep_alive(turned, [], [noor])
        await sweep(turned)
    assert await is_free(turned, noor), "their page beat all the while"
    await asks(turned, alice, "en")
    assert await match_all(turned) == 1
