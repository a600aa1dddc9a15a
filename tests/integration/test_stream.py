"""What outlives an outage? The stream, its readers' places, and whoever waits or talks."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from assist.lib.ids import new_id
from assist.lib.redis import connect
from assist.live import Live, events
from assist.live.keys import FAMILIES, key
from assist.live.roles import hold_role
from assist.matching.deadlines import run_deadlines, sweep
from assist.matching.matchmaker import match_all
from tests.conftest import Clock, enlisted, leaked_keys
from tests.invariants import broken
from tests.redis_server import RedisServer
from tests.situations import in_call, reach, waiting, wrapping_up
from tests.waiting import wait_for


@pytest.fixture
def kept() -> Iterator[RedisServer]:
    """A server of its own, that keeps its file as in the house."""
    server = RedisServer(persistent=True).start()
    yield server
    server.close()


@pytest.fixture
async def lasting(kept: RedisServer, clock: Clock) -> AsyncIterator[Live]:
    """What is live on it, on the turned clock."""
    redis = connect(kept.url)
    yield Live(redis, clock)
    await redis.aclose()
    await redis.connection_pool.disconnect()


class Reader:
    """A single reader: it goes on from the place that is saved, and saves its own."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.read: list[str] = []

    async def work(self, over: asyncio.Event) -> None:
        at = await self.live.place_of("fanout")
        while not over.is_set():
            for event in await self.live.read_events(at, 10, 50):
                at = event.id
                self.read.append(at)
            await self.live.heeded("fanout", at)


async def asked(live: Live, count: int) -> list[str]:
    """So many Events; the ids of all there are."""
    for _ in range(count):
        await live.ask(new_id(), new_id(), ["en"])
    return [event.id for event in await live.read_events("0-0", 10_000)]


def has_read(readers: list[Reader], ids: list[str]) -> str:
    """Why these have not read everything yet."""
    missing = set(ids) - {id for reader in readers for id in reader.read}
    return f"{len(missing)} Events were read by nobody" if missing else ""


async def test_another_worker_takes_over_at_the_last_place(live: Live) -> None:
    first, second = Reader(live), Reader(live)
    stop = asyncio.Event()
    dies = asyncio.create_task(hold_role(live, "fanout", first.work, stop))
    ids = await asked(live, 30)
    await wait_for(lambda: has_read([first], ids))
    lives = asyncio.create_task(hold_role(live, "fanout", second.work, stop))
    while not dies.done():  # the client may lose one cancellation on Python 3.11
        dies.cancel()
        await asyncio.wait([dies], timeout=0.2)
    ids = await asked(live, 30)
    assert second.read == [], "the role is still leased to the one who died"
    await live.redis.pexpire(key("role", "fanout"), 1)
    await wait_for(lambda: has_read([first, second], ids))
    assert second.read == ids[30:], "it goes on where the other one stopped"
    stop.set()
    await lives


async def test_a_worker_that_stops_leaves_its_role_at_once(live: Live) -> None:
    first, second = Reader(live), Reader(live)
    stop_first, stop = asyncio.Event(), asyncio.Event()
    leaves = asyncio.create_task(hold_role(live, "fanout", first.work, stop_first))
    ids = await asked(live, 5)
    await wait_for(lambda: has_read([first], ids))
    stop_first.set()
    await leaves
    assert await live.redis.exists(key("role", "fanout")) == 0
    stays = asyncio.create_task(hold_role(live, "fanout", second.work, stop))
    ids = await asked(live, 5)
    await wait_for(lambda: has_read([first, second], ids))
    stop.set()
    await stays


async def test_a_restart_keeps_who_waits_and_who_talks(
    kept: RedisServer, lasting: Live, clock: Clock
) -> None:
    call = await reach(in_call, lasting, clock)
    waits = await reach(waiting, lasting, clock)
    stop = asyncio.Event()
    worker = asyncio.create_task(run_deadlines(lasting, stop))
    before = await waits.look()
    kept.kill()
    clock.forward(40)  # longer than a lease: no page could beat
    kept.start()

    async def spared() -> str:
        late = [one for one, at in (await waits.look()).due.items() if at <= clock()]
        return f"{late} still stand" if late else ""

    await wait_for(spared)
    after = await waits.look()
    stop.set()
    await worker
    assert after.state("help", call.help_request, "") == "in_call"
    assert after.state("help", waits.help_request, "") == "waiting"
    assert after.same() == before.same()
    await call.look()
    assert broken(after, call.history) == []
    assert await lasting.end(call.help_request, call.alice) == "ok"


async def test_a_wiped_redis_gets_everybody_back_in_their_place(
    kept: RedisServer, lasting: Live, clock: Clock
) -> None:
    asks = []
    for _ in range(3):
        asks.append((new_id(), new_id(), clock()))
        await lasting.ask(asks[-1][0], asks[-1][1], ["en"])
        clock.forward(1)
    run = await lasting.run()
    kept.kill()
    kept.wipe()
    kept.start()
    assert await lasting.run() != run
    for help_request, requester, since_ms in reversed(asks):
        asked = await lasting.ask(help_request, requester, ["en"], since_ms)
        assert asked == ("ok", help_request, since_ms)
    assert await lasting.hungry() == [help_request for help_request, _, _ in asks]
    noor = await enlisted(lasting, "en")
    await lasting.available(noor)
    await match_all(lasting)
    rung = (await lasting.volunteer_snapshot(noor)).help
    assert rung is not None
    assert rung.id == asks[0][0]


async def test_a_follower_misses_nothing_over_a_restart(kept: RedisServer, lasting: Live) -> None:
    heard: list[str] = []

    async def follow() -> None:
        async for event in lasting.follow("0-0"):
            heard.append(event.id)

    follower = asyncio.create_task(follow())
    await asked(lasting, 10)
    kept.kill()
    kept.start()
    ids = await asked(lasting, 10)

    def why_not() -> str:
        return "" if len(heard) >= len(ids) else f"{len(heard)} of {len(ids)} Events"

    await wait_for(why_not)
    assert heard == ids
    follower.cancel()


async def test_what_everybody_has_heeded_goes_and_nothing_else(live: Live) -> None:
    ids = await asked(live, 20)
    await live.heeded("fanout", ids[14])
    await live.heeded("push", ids[19])
    await live.acknowledge(ids[11])
    assert [event.id for event in await live.read_events("0-0", 100)] == ids[11:]
    assert [event.id for event in await live.read_events(ids[11], 100)] == ids[12:]


@pytest.mark.parametrize("slow", ["fanout", "push"])
async def test_what_is_written_down_stays_until_it_is_told(live: Live, slow: str) -> None:
    ids = await asked(live, 20)
    (quick,) = {"fanout", "push"} - {slow}
    await live.heeded(quick, ids[19])
    await live.acknowledge(ids[19])
    assert [event.id for event in await live.read_events("0-0", 100)] == ids, "it never began"
    await live.heeded(slow, ids[4])
    await live.acknowledge(ids[19])
    assert [event.id for event in await live.read_events("0-0", 100)] == ids[4:]


async def test_a_stream_that_is_too_long_refuses_new_asks_and_no_other_act(
    turned: Live, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    s = await reach(waiting, turned, clock)
    assert await turned.stream.size_up() is False
    monkeypatch.setattr(events, "STREAM_BYTES", 1)
    assert await turned.stream.size_up() is True
    assert (await turned.ask(new_id(), new_id(), ["en"])).is_ == "full"
    assert (await turned.ask(s.help_request, s.alice, ["en"])).is_ == "known"
    assert await turned.available(s.noor) == "ok"
    assert await turned.cancel(s.help_request, s.alice) == "ok"


async def test_a_whole_life_leaves_only_what_keys_py_says(turned: Live, clock: Clock) -> None:
    for _ in range(3):
        s = await reach(wrapping_up, turned, clock)
        await turned.away(s.noor)
        await turned.away(s.bob)
    clock.forward(61)  # the loser's minute of being first in line is over
    await sweep(turned)
    assert await leaked_keys(turned.redis) == []
    endless = {one async for one in turned.redis.scan_iter() if await turned.redis.ttl(one) == -1}
    families = {one.partition(":")[0] for one in endless}
    assert families == {"events", "odds", "roster", "relays", "run"}, (
        "nothing of a HelpRequest stays"
    )
    assert {name for name in families if FAMILIES[name].ttl_s} == set()
