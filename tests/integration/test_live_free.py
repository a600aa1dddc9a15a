"""Is a Volunteer who thinks of handing over told truly how many others could be asked?"""

import pytest

from assist.lib.ids import new_id
from assist.live import Live
from assist.live.keys import key
from assist.live.limits import LIMITS_MS
from assist.live.live import Free
from assist.live.roster import Entry
from assist.matching.deadlines import sweep
from assist.matching.matchmaker import match_all
from assist.protocol.states import Among
from tests.conftest import Clock
from tests.situations import (
    Situation,
    connecting,
    handed_over,
    in_call,
    practice_in_call,
    reach,
)

NOBODY = Free(0, 0)


@pytest.fixture
async def talking(turned: Live, clock: Clock) -> Situation:
    """Alice and Noor are in a Call; nobody else takes calls."""
    s = await reach(in_call, turned, clock)
    await turned.away(s.bob)
    return s


async def comes(s: Situation, *languages: str, **known: object) -> str:
    """Somebody more, with an open page."""
    person = new_id()
    await s.live.enlist(person, Entry(list(languages), **known))  # type: ignore[arg-type]
    assert await s.live.available(person) == "ok"
    return person


async def told(s: Situation, language: str = "", topic: str = "") -> Free | None:
    return await s.live.free(s.help_request, s.noor, language, topic)


async def test_only_others_who_could_be_asked_are_counted(talking: Situation) -> None:
    s = talking
    assert await told(s) == NOBODY, "Noor is not one of the others"
    first = await comes(s, "en", "da")
    await comes(s, "da")
    assert (await told(s), await told(s, "da"), await told(s, "fi")) == ((1, 1), (2, 2), NOBODY)
    await s.live.block(s.alice, first)
    assert (await told(s), await told(s, "da")) == (NOBODY, (1, 1))


async def test_whoever_speaks_two_of_the_languages_is_one(turned: Live, clock: Clock) -> None:
    s = await reach(in_call, turned, clock)
    await turned.redis.hset(key("help", s.help_request), "languages", "en da fi")
    await turned.away(s.bob)
    friend = await comes(s, "da", "en", "fi")
    await turned.tie("circle", s.alice, friend)
    assert await told(s) == (1, 1)


async def test_a_page_is_nobody_once_it_is_gone_unless_a_push_reaches_them(
    talking: Situation, clock: Clock
) -> None:
    s = talking
    await comes(s, "en")
    await comes(s, "en", push=True)
    assert await told(s) == (2, 2)
    clock.forward(LIMITS_MS["LEASE"] / 1000 + 1)
    assert await told(s) == (1, 1), "before any sweep"
    await s.live.beat([("requester", s.alice, False), ("volunteer", s.noor, False)])
    assert await sweep(s.live) > 0
    assert await told(s) == (1, 1), "and after it"


async def test_who_sleeps_is_not_counted(talking: Situation, clock: Clock) -> None:
    s = talking
    await comes(s, "en", awake=((clock() - 1_000, clock() + 5_000),))
    assert await told(s) == (1, 1)
    clock.forward(6)
    assert await told(s) == NOBODY, "before any sweep"


async def test_those_who_know_of_it_come_first_and_the_others_are_counted_too(
    talking: Situation,
) -> None:
    s = talking
    await comes(s, "en", topics=("cooking",))
    assert await told(s, topic="reading") == (1, 0)
    await comes(s, "en", topics=("reading",))
    await comes(s, "en")
    assert await told(s, topic="reading") == (3, 2)
    assert await told(s) == (3, 3)


async def test_a_topic_that_the_person_chose_stays_a_condition(talking: Situation) -> None:
    s = talking
    await s.live.redis.hset(key("help", s.help_request), "topic", "reading")
    await s.live.tie("circle", s.alice, await comes(s, "en", topics=("cooking",), public=False))
    assert await told(s) == NOBODY
    assert await told(s, topic="reading") == (1, 0), "now it is the Volunteer who names it"
    await comes(s, "en")
    assert await told(s) == (1, 1), "who named none takes calls of each"


@pytest.mark.parametrize(
    ("among", "found"), [(Among.CIRCLE, 1), (Among.CIRCLE_FIRST, 2), (Among.ANYONE, 1)]
)
async def test_a_circle_is_asked_as_the_person_chose(
    among: Among, found: int, talking: Situation
) -> None:
    s = talking
    await s.live.redis.hset(key("help", s.help_request), "among", among)
    await comes(s, "en")
    aunt = await comes(s, "en", public=False)
    await s.live.tie("circle", s.alice, aunt)
    assert await told(s) == (found, found)
    assert await told(s, "fi") == NOBODY


async def test_who_handed_over_before_is_not_counted(turned: Live, clock: Clock) -> None:
    s = await reach(handed_over, turned, clock)
    await s.rings(s.bob)
    assert (await turned.accept(s.bobs_offer, s.bob)).is_ == "ok"
    for person in (s.bob, s.alice):
        assert await s.leg_up(person) == "ok"
    await turned.available(s.noor)
    assert await turned.free(s.help_request, s.bob) == NOBODY


async def test_many_are_counted_so_far_and_no_further(talking: Situation) -> None:
    s = talking
    for _ in range(24):
        await comes(s, "en", topics=("cooking",))
    reads = await read_whole(s.live)
    assert await told(s) == (20, 20)
    assert await read_whole(s.live) - reads == 1 + 2 * 20, "the HelpRequest, and twenty people"
    await comes(s, "en", topics=("reading",))
    assert await told(s, topic="reading") == (20, 1), "who knows of it is not left out for others"


async def test_who_is_found_behind_many_in_vain_is_counted(
    talking: Situation, clock: Clock
) -> None:
    s = talking
    for _ in range(33):
        await s.live.block(s.alice, await comes(s, "en"))
    clock.forward(1)
    await comes(s, "en")
    assert await told(s) == (1, 1)


async def read_whole(live: Live) -> int:
    """How many hashes this Redis has read whole."""
    return int((await live.redis.info("commandstats"))["cmdstat_hgetall"]["calls"])


async def test_asking_changes_nothing(talking: Situation) -> None:
    s = talking
    await comes(s, "en")
    before = await s.look()
    assert await told(s, "da", "reading") == NOBODY
    assert (await s.look()).same() == before.same()
    assert await match_all(s.live) == 0


async def test_nobody_else_learns_who_is_free(talking: Situation, mallory: str) -> None:
    s = talking
    for person in (s.alice, s.bob, mallory):
        assert await s.live.free(s.help_request, person) is None
    assert await s.live.free("0" * 32, s.noor) is None
    assert await s.live.hand_over(s.help_request, s.noor) == "ok"
    assert await told(s) is None, "they have gone"


@pytest.mark.parametrize("situation", [connecting, practice_in_call])
async def test_who_has_nothing_to_hand_over_is_told_nothing(
    situation: object, turned: Live, clock: Clock
) -> None:
    s = await reach(situation, turned, clock)  # type: ignore[arg-type]
    assert await told(s) is None
