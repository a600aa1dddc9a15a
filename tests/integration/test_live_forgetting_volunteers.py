"""Is a Volunteer who is forgotten nowhere in Redis, and does all that is others' go on?"""

from __future__ import annotations

import pytest

from assist.lib.ids import new_id
from assist.live import Live, forgetting
from assist.live.forgetting import Behind
from assist.live.forgetting_volunteers import erase, settle
from assist.protocol.states import HelpState
from tests.integration.test_live_forgetting import everything, lives


async def test_nothing_is_left_of_them_and_others_are_served(
    turned: Live, alice: str, ravi: str, noor: str, bob: str
) -> None:
    await lives(turned, alice, noor)
    await turned.tie("circle", ravi, noor)
    await turned.tie("circle", ravi, bob)
    await turned.block(ravi, new_id())
    asked = new_id()
    await turned.ask(asked, ravi, ["en"])
    await turned.available(noor)
    await turned.available(bob)
    await turned.offer(asked, 0, [noor, bob])
    before = await everything(turned.redis)
    assert before.count(noor) > 20
    await turned.heeded("ledger", "9999999999999-0")
    await settle(turned, noor)
    await erase(turned, noor)
    left = await everything(turned.redis)
    assert [line for line in left.splitlines() if noor in line] == []
    # Whoever was asked beside them still rings, and takes the call.
    offer = (await turned.volunteer_snapshot(bob)).offer
    assert offer is not None
    assert (await turned.accept(offer.id, bob)).is_ == "ok"
    assert f"circle:{ravi}" in left
    assert (await turned.requester_snapshot(alice)).help is None


async def test_who_is_with_them_goes_back_to_the_front_and_history_is_waited_for(
    turned: Live, ravi: str, noor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "HISTORY_LOOKS", 2)
    asked = new_id()
    await turned.ask(asked, ravi, ["en"])
    await turned.available(noor)
    await turned.offer(asked, 0, [noor])
    offer = (await turned.volunteer_snapshot(noor)).offer
    assert offer is not None
    await turned.accept(offer.id, noor)
    with pytest.raises(Behind):
        await settle(turned, noor)
    waits = (await turned.requester_snapshot(ravi)).help
    assert waits is not None
    assert (waits.state, waits.call) == (HelpState.WAITING, None)
    assert not (await turned.volunteer_snapshot(noor)).taking


@pytest.mark.parametrize("accepts", [False, True], ids=["rung", "accepted"])
async def test_who_is_rung_by_them_in_that_moment_is_not_lost(
    turned: Live, ravi: str, noor: str, accepts: bool
) -> None:
    """Another page of theirs said "Start taking calls" once more, after all had been settled."""
    await turned.heeded("ledger", "9999999999999-0")
    await settle(turned, noor)
    asked = new_id()
    await turned.ask(asked, ravi, ["en"])
    await turned.available(noor)
    await turned.offer(asked, 0, [noor])
    offer = (await turned.volunteer_snapshot(noor)).offer
    assert offer is not None
    if accepts:
        await turned.accept(offer.id, noor)
    await erase(turned, noor)
    assert noor not in await everything(turned.redis)
    assert await turned.available(noor) == "unknown"
    waits = (await turned.requester_snapshot(ravi)).help
    assert waits is not None
    assert (waits.state, waits.call) == (HelpState.WAITING, None)
    assert await turned.cancel(asked, ravi) == "ok"


async def test_what_they_were_in_at_the_last_moment_is_read_before_it_is_gone(
    turned: Live, ravi: str, noor: str, bob: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever was rung beside them keeps their place in history, too."""
    monkeypatch.setattr(forgetting, "HISTORY_LOOKS", 2)
    await turned.heeded("ledger", await turned.stream.last_id())
    await settle(turned, noor)
    await turned.ask(new_id(), ravi, ["en"])
    for one in (noor, bob):
        await turned.available(one)
    asked = (await turned.requester_snapshot(ravi)).help
    assert asked is not None
    await turned.offer(asked.id, 0, [noor, bob])
    with pytest.raises(Behind):
        await erase(turned, noor)
    assert "offers.made" in [one.type for one in await turned.read_events("0-0")]
    await turned.heeded("ledger", await turned.stream.last_id())
    await erase(turned, noor)
    assert noor not in await everything(turned.redis)
