"""Is a block heeded of a Call that Redis forgot, once history has named its two people?"""

import pytest

from assist.lib.ids import new_id
from assist.live import Live
from tests.conftest import Clock
from tests.history import History
from tests.invariants import broken
from tests.situations import Situation, in_call, reach


@pytest.fixture
async def forgotten(turned: Live, clock: Clock) -> tuple[Situation, str]:
    """Alice and Noor were in this Call when Redis forgot everything; history told it of them."""
    s = await reach(in_call, turned, clock)
    found = (await turned.requester_snapshot(s.alice)).help
    assert found is not None
    assert found.call is not None
    await turned.redis.flushall()
    s.history, s.at, s.truth = History(), "0-0", None
    await turned.recall(found.call.id, s.help_request, s.alice, s.noor)
    return s, found.call.id


@pytest.mark.parametrize(
    ("who", "reason"), [("alice", "requester_blocked"), ("noor", "volunteer_blocked")]
)
async def test_each_of_the_two_parts_them_once(
    forgotten: tuple[Situation, str], who: str, reason: str
) -> None:
    s, call = forgotten
    assert await s.live.end(s.help_request, getattr(s, who), True, call) == "ok"
    assert (await s.look()).of("blocks") == {s.alice: {s.noor}, s.noor: {s.alice}}
    (event,) = await s.live.read_events("0-0")
    told = ("type", "requester", "volunteer", "parted", "call", "reason")
    assert [event.fields.get(name) for name in told] == [
        *("people.parted", s.alice, s.noor, s.help_request, call, reason)
    ]
    assert await s.live.end(s.help_request, getattr(s, who), True, call) == "gone"
    assert len(await s.live.read_events("0-0")) == 1
    assert broken(await s.look(), s.history) == []


async def test_nobody_else_does_and_not_of_another_wish_or_call(
    forgotten: tuple[Situation, str], mallory: str
) -> None:
    s, call = forgotten
    before = await s.look()
    assert await s.live.end(s.help_request, mallory, True, call) == "not_yours"
    assert await s.live.end(s.help_request, s.bob, True, call) == "not_yours"
    assert await s.live.end(new_id(), s.alice, True, call) == "gone"
    assert await s.live.end(s.help_request, s.alice, True, new_id()) == "gone"
    assert await s.live.end(s.help_request, s.alice, True) == "gone"
    assert await s.live.end(s.help_request, s.alice, False, call) == "gone"
    assert (await s.look()).same() == before.same()


async def test_the_phone_that_rings_for_the_same_person_anew_is_quiet(
    forgotten: tuple[Situation, str],
) -> None:
    """The receipt brings a wish back under its old id, and the same two may be about to meet."""
    s, call = forgotten
    for volunteer in (s.noor, s.bob):
        await s.live.enlist(volunteer, ["en"])
    await s.asks()
    await s.rings(s.noor, s.bob)
    await s.look()
    assert await s.live.end(s.help_request, s.noor, True, call) == "ok"
    truth = await s.look()
    assert [one["volunteer"] for one in truth.pending.values()] == [s.bob]
    assert truth.of("blocks")[s.alice] == {s.noor}
    assert broken(truth, s.history) == []


async def test_what_redis_knows_of_a_call_is_never_recalled(turned: Live, clock: Clock) -> None:
    s = await reach(in_call, turned, clock)
    found = (await turned.requester_snapshot(s.alice)).help
    assert found is not None
    assert found.call is not None
    before = await s.look()
    await turned.recall(found.call.id, new_id(), new_id(), new_id())
    assert (await s.look()).same() == before.same()
    assert await turned.people_of(found.call.id) == (s.alice, s.noor, s.help_request)
