"""Can those whom nobody can help, or who mean no good, keep the others from being helped?"""

from itertools import pairwise

import pytest

from assist.lib.ids import new_id
from assist.live import Live
from assist.live.keys import key
from assist.matching import matchmaker
from assist.matching.deadlines import sweep
from assist.matching.matchmaker import Matchmaker, match_all
from assist.protocol.states import HelpState
from tests.conftest import Clock
from tests.matching_steps import asks, available, help_state, keep_alive

LATER_MS = 7_200_000
FIRST = 50
WEEK_MS = 7 * 86_400_000


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds make a crowd in a house, tens do here."""
    monkeypatch.setattr(matchmaker, "FIRST", FIRST)
    monkeypatch.setattr(matchmaker, "IN_TURN", FIRST)


async def hopeless(live: Live, clock: Clock, count: int) -> None:
    """So many wait to be called back, in a language that nobody speaks."""
    for _ in range(count):
        requester = new_id()
        help_request = await asks(live, requester, "zz")
        assert await live.park(help_request, requester, clock.ms + LATER_MS) == "ok"
    clock.forward(1)


async def test_many_who_wait_in_vain_hide_nobody(turned: Live, clock: Clock, alice: str) -> None:
    await hopeless(turned, clock, 2 * FIRST + 1)
    help_request = await asks(turned, alice, "en")
    await turned.park(help_request, alice, clock.ms + LATER_MS)
    await available(turned, 1, "en")
    rounds = Matchmaker(turned)
    waves = [await rounds.match_all() for _ in range(3)]
    assert sum(waves) == 1, "each has their turn, however long the line before them"


async def test_the_oldest_are_looked_at_in_every_round(
    turned: Live, clock: Clock, alice: str
) -> None:
    help_request = await asks(turned, alice, "en")
    await turned.park(help_request, alice, clock.ms + LATER_MS)
    clock.forward(1)
    await hopeless(turned, clock, 2 * FIRST)
    rounds = Matchmaker(turned)
    assert [await rounds.match_all() for _ in range(3)] == [0, 0, 0]
    await available(turned, 1, "en")
    assert await rounds.match_all() == 1


async def test_a_question_left_by_nobody_costs_each_volunteer_little(
    turned: Live, clock: Clock, alice: str
) -> None:
    help_request = await asks(turned, alice, "en")
    await turned.park(help_request, alice, clock.ms + WEEK_MS, question=True)
    [noor] = await available(turned, 1, "en")
    came: list[float] = []
    began_ms = clock.ms
    while clock.ms < began_ms + LATER_MS:
        await match_all(turned)
        if offer := (await turned.volunteer_snapshot(noor)).offer:
            assert (await turned.accept(offer.id, noor)).is_ == "ok"
            came.append((clock.ms - began_ms) / 60_000)
        clock.forward(15)
        await keep_alive(turned, [], [noor])
        await sweep(turned)
    rests = [after - before for before, after in pairwise(came)]
    assert rests[0] < 5, "a second time soon: they may have been at the door"
    assert all(later >= 1.8 * sooner for sooner, later in pairwise(rests[1:]))
    assert len(came) == 5, "and until somebody answers it keeps its place"
    assert await help_state(turned, alice) == HelpState.PARKED


async def test_who_has_met_hundreds_makes_nobody_wait_for_a_look_at_them_all(
    turned: Live, alice: str
) -> None:
    people = await available(turned, 80, "en")
    for one in people:
        await turned.tie("met", alice, one)
    found = await turned.standing(await asks(turned, alice, "en"))
    assert found is not None
    assert (found.tier, len(found.candidates)) == ("met", 64)
    assert {one.id for one in found.candidates} < set(people)


async def test_one_that_cannot_be_looked_at_keeps_nobody_waiting(
    turned: Live, clock: Clock, alice: str, ravi: str
) -> None:
    # As a house before this one may have left it behind.
    broken = await asks(turned, ravi, "en")
    await turned.redis.hdel(key("help", broken), "among", "topic")
    clock.forward(1)
    await asks(turned, alice, "en")
    await available(turned, 1, "en")
    assert await match_all(turned) == 1
    assert await help_state(turned, alice) == HelpState.RINGING
