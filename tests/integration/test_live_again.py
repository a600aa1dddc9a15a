"""Is whoever is called again asked first and alone, only if they can come, and not for long?"""

import pytest

from assist.lib.ids import new_id
from assist.live import Entry, Live
from assist.live.limits import LIMITS_MS
from assist.matching.deadlines import sweep
from assist.matching.matchmaker import match_all
from assist.protocol.states import Among, HelpState
from tests.conftest import Clock, enlisted
from tests.matching_steps import available, help_state, offer_to, ringing
from tests.situations import Situation, reach, wrapping_up

ALONE_S = LIMITS_MS["ALONE"] / 1000


@pytest.fixture
async def met(turned: Live, clock: Clock) -> Situation:
    """Alice and Noor have just talked, and Noor is free again; Bob is not taking calls."""
    s = await reach(wrapping_up, turned, clock)
    assert await turned.away(s.bob) == "ok"
    assert await turned.available(s.noor) == "ok"
    return s


async def call_of(s: Situation) -> str:
    return str((await s.look()).helps[s.help_request]["call"])


async def asks_again(s: Situation, among: Among = Among.CIRCLE_FIRST, spoken: str = "en") -> int:
    """Until when Noor alone is asked; 0 when she is not."""
    asked = await s.live.ask(new_id(), s.alice, [spoken], among=among, again=await call_of(s))
    assert asked.is_ == "ok"
    return await first_until(s)


async def first_until(s: Situation) -> int:
    truth = (await s.live.requester_snapshot(s.alice)).help
    assert truth is not None
    return truth.first_until_ms


async def test_who_is_wanted_again_is_rung_alone_and_told_why(met: Situation) -> None:
    others = await available(met.live, 5, "en")
    assert await asks_again(met) == met.clock() + LIMITS_MS["ALONE"]
    assert await match_all(met.live) == 1
    assert await ringing(met.live, [met.noor, *others]) == [met.noor]
    offer = (await met.live.volunteer_snapshot(met.noor)).offer
    assert offer is not None
    assert offer.again
    met.clock.forward(ALONE_S / 2)
    assert await match_all(met.live) == 0
    assert (await met.live.accept(offer.id, met.noor)).is_ == "ok"


async def test_after_twenty_seconds_others_are_asked_too(met: Situation) -> None:
    others = await available(met.live, 1, "en")
    await asks_again(met)
    await match_all(met.live)
    met.clock.forward(ALONE_S - 1)
    await sweep(met.live)
    assert await ringing(met.live, others) == []
    met.clock.forward(1)
    assert await match_all(met.live) == 1, "the matchmaker's beat comes each second"
    assert await ringing(met.live, [met.noor, *others]) == [met.noor, *others]
    offer = (await met.live.volunteer_snapshot(others[0])).offer
    assert offer is not None
    assert not offer.again


async def test_not_now_lets_the_others_be_asked_at_once(met: Situation) -> None:
    others = await available(met.live, 1, "en")
    await asks_again(met)
    await match_all(met.live)
    await met.live.decline(await offer_to(met.live, met.noor), met.noor)
    assert await first_until(met) == 0
    assert await match_all(met.live) == 1
    assert await ringing(met.live, others) == others


async def test_who_still_answers_the_questions_is_rung_when_they_are_done(
    turned: Live, clock: Clock
) -> None:
    s = await reach(wrapping_up, turned, clock)
    assert await asks_again(s) > 0
    assert await match_all(turned) == 0
    assert await turned.available(s.noor) == "ok"
    assert await match_all(turned) == 1
    assert await ringing(turned, [s.noor, s.bob]) == [s.noor]


async def test_who_has_left_is_not_waited_for(met: Situation) -> None:
    await met.live.away(met.noor)
    others = await available(met.live, 1, "en")
    assert await asks_again(met) == 0
    assert await match_all(met.live) == 1
    assert await ringing(met.live, others) == others


async def test_who_talks_to_somebody_else_is_not_waited_for(met: Situation) -> None:
    other = new_id()
    await met.live.ask(new_id(), other, ["en"])
    await match_all(met.live)
    assert await asks_again(met) == 0


async def test_nobody_is_asked_across_a_block(met: Situation) -> None:
    await met.live.block(met.alice, met.noor)
    assert await asks_again(met) == 0


async def test_a_block_that_comes_later_is_heeded_too(met: Situation) -> None:
    assert await asks_again(met) > 0
    await met.live.block(met.alice, met.noor)
    assert await match_all(met.live) == 0


async def test_who_has_understood_each_other_once_does_so_again(met: Situation) -> None:
    assert await asks_again(met, spoken="fi") > 0
    truth = (await met.live.requester_snapshot(met.alice)).help
    assert truth is not None
    assert truth.reachable == 1, "nobody is told that nobody can be asked"
    assert await match_all(met.live) == 1
    assert await ringing(met.live, [met.noor]) == [met.noor]


async def call_again(s: Situation, requester: str, call: str) -> int:
    await s.live.ask(new_id(), requester, ["en"], again=call)
    truth = (await s.live.requester_snapshot(requester)).help
    assert truth is not None
    return truth.first_until_ms


async def test_a_call_of_others_or_of_long_ago_opens_nothing(met: Situation, mallory: str) -> None:
    call = await call_of(met)
    assert await call_again(met, mallory, call) == 0
    assert await call_again(met, mallory, new_id()) == 0
    met.clock.forward(LIMITS_MS["AGAIN"] / 1000 + 1)
    await met.live.available(met.noor)
    assert await call_again(met, met.alice, call) == 0


async def test_who_helps_only_her_circles_is_called_again_only_from_one(met: Situation) -> None:
    await met.live.enlist(met.noor, Entry(["en"], public=False))
    assert await asks_again(met) == 0


async def test_the_wish_for_this_one_goes_beyond_the_circle_and_then_back_to_it(
    met: Situation,
) -> None:
    others = await available(met.live, 1, "en")
    assert await asks_again(met, Among.CIRCLE) > 0
    assert await match_all(met.live) == 1
    assert await ringing(met.live, [met.noor]) == [met.noor]
    await met.live.decline(await offer_to(met.live, met.noor), met.noor)
    assert await match_all(met.live) == 0
    assert await ringing(met.live, others) == []


async def test_who_hung_up_before_it_began_is_not_asked_alone_again(met: Situation) -> None:
    await asks_again(met)
    await match_all(met.live)
    assert (await met.live.accept(await offer_to(met.live, met.noor), met.noor)).is_ == "ok"
    truth = (await met.live.requester_snapshot(met.alice)).help
    assert truth is not None
    assert await met.live.end(truth.id, met.noor) == "ok"
    assert await help_state(met.live, met.alice) == HelpState.WAITING
    assert await first_until(met) == 0


async def test_a_call_back_is_for_everybody(met: Situation) -> None:
    await asks_again(met)
    truth = (await met.live.requester_snapshot(met.alice)).help
    assert truth is not None
    assert await met.live.park(truth.id, met.alice, met.clock() + 60_000) == "ok"
    assert await first_until(met) == 0


async def test_only_the_one_may_be_offered_it_whoever_proposes(met: Situation) -> None:
    [other] = [await enlisted(met.live, "en")]
    await met.live.available(other)
    await asks_again(met)
    truth = (await met.live.requester_snapshot(met.alice)).help
    assert truth is not None
    assert await met.live.offer(truth.id, 0, [other]) == "nobody"
