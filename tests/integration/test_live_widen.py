"""Is somebody who waits in vain found in one more language, and told truly which there are?"""

from string import ascii_lowercase

import pytest

from assist.live import Entry, Live
from assist.live.limits import LANGUAGES, LIMITS_MS
from assist.matching.matchmaker import match_all
from assist.protocol.states import Among
from tests.conftest import Clock, enlisted
from tests.matching_steps import asks, available, ringing
from tests.situations import connecting, parked, reach


async def test_one_more_language_rings_who_speaks_it_at_once(turned: Live, alice: str) -> None:
    [dane] = await available(turned, 1, "da")
    help_request = await asks(turned, alice, "fi")
    assert await match_all(turned) == 0
    assert await turned.others(help_request, alice) == {"da": 1}
    assert await turned.widen(help_request, alice, "da") == "ok"
    assert await match_all(turned) == 1
    assert await ringing(turned, [dane]) == [dane]
    truth = (await turned.requester_snapshot(alice)).help
    assert truth is not None
    assert (truth.languages, truth.reachable) == (["fi", "da"], 0 + 1)
    assert await turned.others(help_request, alice) == {}


async def test_no_wave_that_rings_is_waited_for(turned: Live, clock: Clock, alice: str) -> None:
    finns, danes = await available(turned, 1, "fi"), await available(turned, 1, "da")
    help_request = await asks(turned, alice, "fi")
    assert await match_all(turned) == 1
    clock.forward(1)
    assert await match_all(turned) == 0, "the first Wave has its time"
    assert await turned.widen(help_request, alice, "da") == "ok"
    assert await match_all(turned) == 1
    assert await ringing(turned, [*finns, *danes]) == [*finns, *danes]
    rung = (await turned.volunteer_snapshot(finns[0])).offer
    assert rung is not None
    assert rung.languages == ["fi"], "whoever is rung already was told so"


async def test_saying_it_twice_changes_nothing(turned: Live, alice: str) -> None:
    help_request = await asks(turned, alice, "fi")
    assert await turned.widen(help_request, alice, "da") == "ok"
    seq = (await turned.requester_snapshot(alice)).seq
    assert await turned.widen(help_request, alice, "da") == "ok"
    truth = await turned.requester_snapshot(alice)
    assert truth.seq == seq
    assert truth.help is not None
    assert truth.help.languages == ["fi", "da"]


async def test_there_is_an_end_to_languages(turned: Live, alice: str) -> None:
    spoken = [f"x{letter}" for letter in "abcdefgh"[:LANGUAGES]]
    help_request = await asks(turned, alice, *spoken)
    assert await turned.widen(help_request, alice, "da") == "out_of_turn"


@pytest.mark.parametrize("situation", [parked, connecting])
async def test_who_does_not_stand_there_waiting_is_offered_nothing(
    situation: object, turned: Live, clock: Clock
) -> None:
    s = await reach(situation, turned, clock)  # type: ignore[arg-type]
    assert await turned.others(s.help_request, s.alice) is None
    assert await turned.widen(s.help_request, s.alice, "fi") == "gone"


async def test_nobody_learns_what_others_could_be_asked(
    turned: Live, alice: str, mallory: str
) -> None:
    help_request = await asks(turned, alice, "fi")
    assert await turned.others(help_request, mallory) is None


async def test_only_languages_of_people_who_could_come_are_named(
    turned: Live, clock: Clock, alice: str
) -> None:
    blocked, busy, aunt = [await enlisted(turned, one) for one in ("da", "pl", "nb")]
    await turned.enlist(aunt, Entry(["nb"], public=False))
    for one in (blocked, busy, aunt):
        await turned.available(one)
    await turned.block(alice, blocked)
    await turned.away(busy)
    help_request = await asks(turned, alice, "fi")
    assert await turned.others(help_request, alice) == {}, "the aunt helps only her circles"
    await turned.tie("circle", alice, aunt)
    assert await turned.others(help_request, alice) == {"nb": 1}
    clock.forward(LIMITS_MS["LEASE"] / 1000 + 1)
    assert await turned.others(help_request, alice) == {}, "her page is gone"


async def test_a_friend_who_speaks_none_of_the_languages_is_nobody_to_ask(
    turned: Live, alice: str
) -> None:
    [friend] = await available(turned, 1, "da")
    await turned.tie("circle", alice, friend)
    await turned.ask("1" * 32, alice, ["fi"], among=Among.CIRCLE)
    truth = (await turned.requester_snapshot(alice)).help
    assert truth is not None
    assert truth.reachable == 0


async def test_a_large_circle_of_many_tongues_is_read_once(turned: Live, alice: str) -> None:
    for first in ascii_lowercase[:20]:
        friend = await enlisted(turned, "da")
        await turned.enlist(friend, Entry([f"{first}{x}" for x in "stuvwxyz"], public=False))
        await turned.available(friend)
        await turned.tie("circle", alice, friend)
    help_request = await asks(turned, alice, "fi")
    before = await reads(turned)
    free = await turned.others(help_request, alice)
    assert free is not None
    assert (len(free), set(free.values())) == (64, {1}), "so many are looked at, and no more"
    assert await reads(turned) - before < 3 * 20, "people are read once, not once for each language"


async def reads(live: Live) -> int:
    """How many hashes this Redis has read whole."""
    return int((await live.redis.info("commandstats"))["cmdstat_hgetall"]["calls"])
