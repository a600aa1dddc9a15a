"""Does nothing ring after a call for as long as its Volunteer likes, and no longer?"""

import pytest

from assist.lib.ids import new_id
from assist.live import Entry, Live
from assist.live.limits import LIMITS_MS
from assist.matching.deadlines import sweep
from assist.matching.matchmaker import match_all
from assist.protocol.states import VolunteerState
from tests.conftest import Clock
from tests.invariants import broken
from tests.situations import Situation, in_call, reach

MOST_S = LIMITS_MS["WRAP_UP_MOST"] / 1000


async def talked(live: Live, clock: Clock, pause_s: float) -> Situation:
    """Noor likes such a pause, and has just had a call; somebody else asks."""
    s = await reach(in_call, live, clock)
    await s.enlists(Entry([], wrap_ms=int(pause_s * 1000)))
    assert await live.away(s.bob) == "ok"
    assert await live.end(s.help_request, s.alice) == "ok"
    assert (await live.ask(new_id(), new_id(), ["en"])).is_ == "ok"
    return s


async def state_of(s: Situation) -> VolunteerState:
    assert broken(await s.look(), s.history) == []
    return (await s.live.volunteer_snapshot(s.noor)).state


async def test_who_likes_no_pause_is_rung_at_once(turned: Live, clock: Clock) -> None:
    s = await talked(turned, clock, 0)
    assert await state_of(s) == VolunteerState.AVAILABLE
    assert await match_all(turned) == 1
    assert await state_of(s) == VolunteerState.RINGING


@pytest.mark.parametrize("pause_s", [60, MOST_S])
async def test_a_pause_lasts_as_long_as_was_chosen(
    turned: Live, clock: Clock, pause_s: float
) -> None:
    s = await talked(turned, clock, pause_s)
    until_ms = clock() + int(pause_s * 1000)
    while (left_s := (until_ms - clock()) / 1000) > 1:
        assert await state_of(s) == VolunteerState.WRAPPING_UP
        await passes(s, min(20, left_s - 1))
    assert await state_of(s) == VolunteerState.WRAPPING_UP
    await passes(s, 1)
    assert await state_of(s) == VolunteerState.AVAILABLE


async def passes(s: Situation, seconds: float) -> None:
    """Noor's page stays open meanwhile."""
    s.clock.forward(seconds)
    await s.live.beat([("volunteer", s.noor, False)])
    await sweep(s.live)


async def test_ready_ends_the_pause_at_once(turned: Live, clock: Clock) -> None:
    s = await talked(turned, clock, MOST_S)
    assert await turned.available(s.noor) == "ok"
    assert await state_of(s) == VolunteerState.AVAILABLE
    assert await match_all(turned) == 1
    assert await turned.wrapped(s.noor) == "gone"


async def test_nobody_rests_longer_than_the_longest_pause(turned: Live, clock: Clock) -> None:
    s = await talked(turned, clock, 10 * MOST_S)
    assert await turned.wraps_until_ms(s.noor) == clock() + MOST_S * 1000


async def test_a_pause_chosen_later_is_for_the_next_call(turned: Live, clock: Clock) -> None:
    s = await talked(turned, clock, 60)
    until_ms = await turned.wraps_until_ms(s.noor)
    await s.enlists(Entry([], wrap_ms=0))
    assert await state_of(s) == VolunteerState.WRAPPING_UP
    assert await turned.wraps_until_ms(s.noor) == until_ms
