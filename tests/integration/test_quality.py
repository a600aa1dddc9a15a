"""What do the pages' measurements become? Numbers in the Call's Snapshots, for a moment."""

import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from assist.lib.ids import new_id
from assist.live import Live
from assist.live.keys import FAMILIES, key
from assist.protocol.views import LegQuality
from tests.conftest import Clock
from tests.situations import Situation, in_call, reach, wrapping_up

GOOD = LegQuality(
    sent_kbit_s=1200,
    received_kbit_s=40,
    lost_share=0.002,
    round_trip_ms=31,
    width=1280,
    height=720,
    frames_s=24,
    freezes=0,
)
POOR = replace(GOOD, lost_share=0.2, round_trip_ms=None, freezes=3)


@pytest.fixture
async def called(turned: Live, clock: Clock) -> Situation:
    return await reach(in_call, turned, clock)


async def test_each_snapshot_of_a_call_says_how_both_connections_are(called: Situation) -> None:
    live = called.live
    assert await live.report(called.help_request, called.alice, GOOD) == "ok"
    assert await live.report(called.help_request, called.noor, POOR) == "ok"
    hers = (await live.requester_snapshot(called.alice)).help
    noors = (await live.volunteer_snapshot(called.noor)).help
    (line,) = (await live.queue()).helps
    for found in (hers, noors, line):
        assert found is not None
        assert (found.requester_quality, found.volunteer_quality) == (GOOD, POOR)


async def test_what_was_measured_a_while_ago_is_not_told_as_if_it_were_now(
    called: Situation, clock: Clock
) -> None:
    live = called.live
    await live.report(called.help_request, called.alice, GOOD)
    clock.forward(10)
    await live.report(called.help_request, called.noor, POOR)
    clock.forward(10)
    found = (await live.requester_snapshot(called.alice)).help
    assert found is not None
    assert (found.requester_quality, found.volunteer_quality) == (None, POOR)


async def test_only_the_two_people_of_a_call_measure_it(
    called: Situation, redis: Redis, mallory: str
) -> None:
    live = called.live
    assert await live.report(called.help_request, mallory, GOOD) == "not_yours"
    assert await live.report(new_id(), called.alice, GOOD) == "gone"
    assert not await redis.exists(key("quality", called.help_request))


async def test_what_comes_after_the_end_is_kept_nowhere(
    turned: Live, clock: Clock, redis: Redis
) -> None:
    over = await reach(wrapping_up, turned, clock)
    assert await turned.report(over.help_request, over.alice, GOOD) == "gone"
    assert not await redis.exists(key("quality", over.help_request))


async def test_a_measurement_lives_for_seconds_and_is_no_event(
    called: Situation, redis: Redis
) -> None:
    before = await redis.xlen(key("events"))
    await called.live.report(called.help_request, called.alice, GOOD)
    assert await redis.xlen(key("events")) == before
    lives_s = FAMILIES["quality"].ttl_s
    assert lives_s is not None
    assert 0 < await redis.pttl(key("quality", called.help_request)) <= lives_s * 1000
