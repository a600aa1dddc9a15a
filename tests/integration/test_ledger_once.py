"""Does everything that happened reach history, once, whatever fails on the way?"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from threading import Event as ThreadEvent
from typing import Any

import pytest
from channels.db import database_sync_to_async as in_sql
from django.db import OperationalError, transaction

from assist.lib.ids import new_id
from assist.live import Event, Live
from assist.live.keys import key
from assist.live.live import READERS
from assist.records import draft, ledger
from assist.records.ledger import Ledger, Overtaken, Position, read_position, run_ledger
from assist.records.models import Call, HelpRequest, LedgerPosition, Offer
from tests.conftest import enlisted
from tests.waiting import PATIENCE_S, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.history]

MANY = 5_000


@dataclass
class Memory:
    """What a test knows to have happened: id -> what history must say of it."""

    wishes: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    offers: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    calls: dict[str, tuple[str, str, str | None]] = field(default_factory=dict)

    def __add__(self, more: "Memory") -> "Memory":
        return Memory(self.wishes | more.wishes, self.offers | more.offers, self.calls | more.calls)


class Renamed:
    """The same ids become the same new ids, wherever they stand."""

    def __init__(self, known: dict[str, str]) -> None:
        self._known = dict(known)

    def __call__(self, text: str) -> str:
        return re.sub("[0-9a-f]{32}", self._one, text)

    def _one(self, found: re.Match[str]) -> str:
        return self._known.setdefault(found[0], new_id())

    def memory(self, of: Memory) -> Memory:
        return Memory(*(self._table(table) for table in (of.wishes, of.offers, of.calls)))

    def _table(self, table: dict[str, Any]) -> dict[str, Any]:
        return {
            self(name): tuple(self(word) if word else word for word in row)
            for name, row in table.items()
        }


def history() -> Memory:
    """The same, as SQL says it."""
    return Memory(
        {one.id: (str(one.requester), one.reason) for one in HelpRequest.objects.all()},
        {
            one.id: (one.help_request_id, str(one.volunteer), one.outcome)
            for one in Offer.objects.all()
        },
        {
            one.id: (one.help_request_id, str(one.volunteer), one.reason)
            for one in Call.objects.all()
        },
    )


class Life:
    """Makes things happen and remembers them."""

    def __init__(self, live: Live, noor: str, bob: str) -> None:
        self.live, self.noor, self.bob = live, noor, bob
        self.memory = Memory()

    @classmethod
    async def begin(cls, live: Live) -> "Life":
        await live.relay_announce("relay", "127.0.0.1", 8444, 0.0, 0)
        return cls(live, await enlisted(live, "en"), await enlisted(live, "en"))

    async def go_on(self, rounds: int) -> None:
        """Five kinds of HelpRequest in each round: about 40 Events."""
        kinds = (self.cancelled, self.declined, self.put_back, self.met, self.met)
        for kind in kinds * rounds:
            await kind()

    async def again(self, copies: int) -> None:
        """All of it once more for other Requesters, as often as that: the same Events, new ids."""
        events, kept = await self.live.read_events("0-0", MANY), self.memory
        volunteers = {self.noor: self.noor, self.bob: self.bob}
        for _copy in range(copies):
            renamed = Renamed(volunteers)
            pipeline = self.live.redis.pipeline()
            for event in events:
                fields: Any = {name: renamed(text) for name, text in event.fields.items()}
                pipeline.xadd(key("events"), fields)
            await pipeline.execute()
            self.memory += renamed.memory(kept)

    async def ring(self) -> tuple[str, str, dict[str, str]]:
        """A HelpRequest that rings at both: its id, its Requester, the Offer of each."""
        help_request, requester = new_id(), new_id()
        await self.live.ask(help_request, requester, ["en"])
        both = [self.noor, self.bob]
        for volunteer in both:
            await self.live.available(volunteer)
        assert await self.live.offer(help_request, 0, both) == "ok"
        snapshots = [await self.live.volunteer_snapshot(one) for one in both]
        offers = {
            one: found.offer.id for one, found in zip(both, snapshots, strict=True) if found.offer
        }
        for volunteer, offer in offers.items():
            self.memory.offers[offer] = (help_request, volunteer, "withdrawn")
        return help_request, requester, offers

    async def cancelled(self) -> None:
        help_request, requester, _offers = await self.ring()
        await self.live.cancel(help_request, requester)
        self.memory.wishes[help_request] = (requester, "cancelled")

    async def declined(self) -> None:
        help_request, requester, offers = await self.ring()
        await self.live.decline(offers[self.bob], self.bob)
        self.memory.offers[offers[self.bob]] = (help_request, self.bob, "declined")
        await self.live.cancel(help_request, requester)
        self.memory.wishes[help_request] = (requester, "cancelled")

    async def put_back(self) -> None:
        help_request, requester, call = await self.accepted()
        await self.live.end(help_request, self.noor)
        await self.live.cancel(help_request, requester)
        self.memory.calls[call] = (help_request, self.noor, "volunteer_ended")
        self.memory.wishes[help_request] = (requester, "cancelled")

    async def met(self) -> None:
        help_request, requester, call = await self.accepted()
        for person in (requester, self.noor):
            seat = await self.live.seat(help_request, person)
            await self.live.leg(help_request, person, seat.number, "up", "relay")
        await self.live.end(help_request, requester)
        self.memory.calls[call] = (help_request, self.noor, "requester_ended")
        self.memory.wishes[help_request] = (requester, "requester_ended")

    async def accepted(self) -> tuple[str, str, str]:
        help_request, requester, offers = await self.ring()
        accepted = await self.live.accept(offers[self.noor], self.noor)
        assert accepted.call is not None
        self.memory.offers[offers[self.noor]] = (help_request, self.noor, "accepted")
        return help_request, requester, accepted.call


@asynccontextmanager
async def running(live: Live) -> AsyncIterator[None]:
    """A ledger as the worker runs it."""
    stop = asyncio.Event()
    task = asyncio.create_task(run_ledger(live, stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def drain(live: Live) -> None:
    """A ledger that writes all there is."""
    one = Ledger(live)
    try:
        while await one.step():
            pass
    finally:
        one.close()


def written(life: Life) -> Callable[[], Any]:
    async def why_not() -> str:
        told = await in_sql(history)()
        if told == life.memory:
            return ""
        return f"history has {len(told.wishes)} of {len(life.memory.wishes)}"

    return why_not


async def all_else_is_heeded(live: Live) -> None:
    """The other readers of the stream hold on to nothing."""
    for reader in set(READERS) - {"ledger"}:
        await live.heeded(reader, await live.stream.last_id())


async def position() -> Any:
    return await in_sql(LedgerPosition.objects.get)()


async def test_a_ledger_that_was_away_for_5000_events_has_them_all_afterwards(
    turned: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = await Life.begin(turned)
    await life.go_on(8)
    await life.again(20)
    assert await turned.redis.xlen(key("events")) > MANY
    await all_else_is_heeded(turned)
    statements, write = 0, draft.write_alike

    def write_until_the_power_fails(table: Any, names: Any, rows: Any) -> None:
        nonlocal statements
        statements += 1
        if statements == 20:
            raise SystemError("the power failed")
        write(table, names, rows)

    monkeypatch.setattr(draft, "write_alike", write_until_the_power_fails)
    with pytest.raises(SystemError):
        await drain(turned)
    half = await in_sql(history)()
    assert 0 < len(half.wishes) < len(life.memory.wishes)
    assert await turned.redis.xlen(key("events")) > MANY // 2  # only what is in SQL is let go of

    await drain(turned)
    assert await in_sql(history)() == life.memory
    assert (await position()).last == await turned.stream.last_id()
    assert await turned.redis.xlen(key("events")) == 1


async def test_history_follows_what_happens(turned: Live) -> None:
    life = await Life.begin(turned)
    async with running(turned):
        await life.go_on(1)
        await wait_for(written(life))
        await life.met()
        await wait_for(written(life))


async def test_while_sql_is_away_nothing_is_lost(
    turned: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = await Life.begin(turned)
    away, write = asyncio.Event(), ledger.write_batch

    def fail(where: Position, events: list[Event]) -> Position:
        loop.call_soon_threadsafe(away.set)
        raise OperationalError("the server closed the connection unexpectedly")

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(ledger, "write_batch", fail)
    async with running(turned):
        await life.go_on(3)
        await asyncio.wait_for(away.wait(), PATIENCE_S)
        stream = await turned.redis.xinfo_stream(key("events"))
        assert stream["length"] == stream["entries-added"] > 0
        monkeypatch.setattr(ledger, "write_batch", write)
        await wait_for(written(life))


async def test_a_locked_database_is_waited_for(turned: Live) -> None:
    life = await Life.begin(turned)
    await in_sql(read_position)(await turned.run())
    locked, release = ThreadEvent(), ThreadEvent()

    def hold() -> None:
        with transaction.atomic():
            LedgerPosition.objects.update(last="0-0")
            locked.set()
            assert release.wait(30)

    holding = asyncio.create_task(in_sql(hold, thread_sensitive=False)())
    await asyncio.to_thread(locked.wait, 10)
    async with running(turned):
        await life.go_on(1)
        release.set()
        await holding
        await wait_for(written(life))


async def test_of_two_ledgers_that_hold_the_same_events_one_gives_way(turned: Live) -> None:
    life = await Life.begin(turned)
    await life.met()
    where = await in_sql(read_position)(await turned.run())
    events = await turned.read_events("0-0")
    after = await in_sql(ledger.write_batch)(where, events)
    with pytest.raises(Overtaken):
        await in_sql(ledger.write_batch)(where, events)
    assert (await position()).last == after.last
    assert await in_sql(history)() == life.memory


async def test_many_ledgers_at_once_write_one_history(turned: Live) -> None:
    life = await Life.begin(turned)
    async with running(turned), running(turned), running(turned):
        await life.go_on(8)
        await wait_for(written(life))


async def test_a_redis_that_forgot_everything_is_read_from_its_first_event(turned: Live) -> None:
    life = await Life.begin(turned)
    async with running(turned):
        await life.met()
        await wait_for(written(life))
        run = await turned.run()
        await turned.redis.flushall()
        again = await Life.begin(turned)
        again.memory = life.memory
        # A clock that was set back: the new stream begins below where the old one ended.
        await turned.redis.xadd(key("events"), {"type": "person.suspended"}, id="5-1")
        await again.met()
        await wait_for(written(again))
        assert (await position()).run == await turned.run() != run


async def test_what_is_acknowledged_after_a_lost_connection_is_let_go_of(turned: Live) -> None:
    life = await Life.begin(turned)
    await life.met()
    where = await in_sql(read_position)(await turned.run())
    await in_sql(ledger.write_batch)(where, await turned.read_events("0-0"))
    assert await turned.redis.xlen(key("events")) > 1
    await all_else_is_heeded(turned)
    async with running(turned):

        async def why_not() -> str:
            left = await turned.redis.xlen(key("events"))
            return "" if left == 1 else f"{left} events are kept"

        await wait_for(why_not)


async def test_an_event_that_cannot_be_written_stops_nothing(
    turned: Live, caplog: pytest.LogCaptureFixture
) -> None:
    life = await Life.begin(turned)
    await life.met()
    strange: tuple[Any, ...] = (
        {"type": "help.ended", "reason": "secret", "help_request": "h"},
        {"type": "offer.ended", "offer": "o"},
        {"type": "help.asked", "help_request": new_id(), "since_ms": "soon", "reachable": "1"},
        {"type": "help.asked", "help_request": new_id(), "since_ms": "9" * 30, "reachable": "1"},
        {"type": "call.put_back", "call": "x" * 99},
    )
    for broken in strange:
        await turned.redis.xadd(key("events"), broken)
    await life.cancelled()
    with caplog.at_level(logging.ERROR):
        await drain(turned)
    assert await in_sql(history)() == life.memory
    assert caplog.text.count("is not in history") == 5
    assert "secret" not in caplog.text
