"""Does everybody hear at once what needs no SQL, and each person in order what does?"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import msgspec
import pytest

from assist.accounts.names import Names
from assist.gateway import fanout
from assist.gateway.fanout import Fanout
from assist.live import Live
from tests.conftest import Clock
from tests.waiting import wait_for

WORDS = "What does this label say?"


class Layer:
    """Hears what is sent to each person's group."""

    def __init__(self) -> None:
        self.heard: dict[str, list[dict[str, Any]]] = defaultdict(list)

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        if message["type"] == "person.fact":
            person = group.removeprefix("person.")
            self.heard[person].append(msgspec.json.decode(message["text"]))

    def types(self, person: str) -> list[str]:
        return [message["type"] for message in self.heard[person]]


class SlowSql(Names):
    """SQL that answers when the test lets it: with one name, and one question."""

    def __init__(self) -> None:
        super().__init__()
        self.answers = asyncio.Event()
        self.asked: list[str] = []

    def name_of(self, _person: str) -> str | None:
        return "Noor" if self.answers.is_set() else None

    async def learn(self, people: Iterable[str]) -> None:
        if list(people):
            await self.answers.wait()

    async def words_of(self, help_request: str | None) -> str | None:
        if help_request is None:
            return None
        self.asked.append(help_request)
        await self.answers.wait()
        return WORDS


class Told:
    """A fan-out over one Redis, and what people heard of it."""

    def __init__(self, live: Live) -> None:
        self.live, self.layer, self.sql = live, Layer(), SlowSql()
        self.fanout = Fanout(live, self.layer, self.sql)

    async def step(self) -> None:
        await self.fanout.step()


@pytest.fixture
async def told(turned: Live, monkeypatch: pytest.MonkeyPatch) -> Told:
    told = Told(turned)
    monkeypatch.setattr(fanout, "words_of", told.sql.words_of)
    return told


async def rung(live: Live, requester: str, *volunteers: str) -> list[str]:
    """Who asks, and the Offers made to these, in their order."""
    asked = await live.ask(requester[:31] + "f", requester, ["en"])
    for volunteer in volunteers:
        assert await live.available(volunteer) == "ok"
    assert await live.offer(asked.help_request, 0, list(volunteers)) == "ok"
    found = [(await live.volunteer_snapshot(one)).offer for one in volunteers]
    return [offer.id for offer in found if offer]


async def test_what_happened_before_it_ever_ran_is_told(told: Told, noor: str) -> None:
    await told.live.available(noor)  # the very first worker is still starting
    await told.step()
    assert told.layer.types(noor) == ["volunteer.changed"]


async def test_who_was_too_late_hears_it_while_a_name_is_still_looked_up(
    told: Told, alice: str, noor: str, bob: str
) -> None:
    noors, _bobs = await rung(told.live, alice, noor, bob)
    await told.live.accept(noors, noor)
    await told.step()
    assert told.layer.types(bob)[-1] == "offer.ended"
    assert told.layer.types(noor)[-1] == "call.changed"
    assert told.layer.types(alice)[-1] == "help.changed"
    told.sql.answers.set()
    await told.fanout.finish()
    assert told.layer.heard[alice][-1]["call"]["peer"] == "Noor"


async def test_what_follows_a_late_message_comes_after_it(
    told: Told, alice: str, noor: str
) -> None:
    (offer,) = await rung(told.live, alice, noor)
    accepted = await told.live.accept(offer, noor)
    await told.step()
    await told.live.end(accepted.help_request or "", alice)
    await told.step()
    assert told.layer.types(noor)[-2:] == ["call.changed", "call.ended"]
    assert told.layer.types(alice)[-1] == "help.changed"
    told.sql.answers.set()
    await told.fanout.finish()
    assert told.layer.types(alice)[-2:] == ["call.changed", "help.ended"]
    seqs = [message["seq"] for message in told.layer.heard[alice]]
    assert seqs == sorted(seqs)


async def test_a_question_rings_with_its_words_which_redis_never_holds(
    told: Told, clock: Clock, alice: str, noor: str, bob: str
) -> None:
    told.sql.answers.set()
    asked = await told.live.ask(alice[:31] + "f", alice, ["en"])
    await told.live.park(asked.help_request, alice, clock.ms + 60_000, question=True)
    for volunteer in (noor, bob):
        await told.live.available(volunteer)
    assert await told.live.offer(asked.help_request, 0, [noor, bob]) == "ok"
    await told.step()
    await told.fanout.finish()
    for volunteer in (noor, bob):
        offer = told.layer.heard[volunteer][-1]["offer"]
        assert (offer["question"], offer["call_back"]) == (WORDS, True)
    assert told.sql.asked == [asked.help_request]
    assert told.layer.heard[alice][-1]["help_request"]["state"] == "parked"
    assert WORDS not in str(await told.live.read_events("0-0"))


async def test_a_ring_whose_words_are_late_is_never_heard_after_its_end(
    told: Told, clock: Clock, alice: str, noor: str
) -> None:
    asked = await told.live.ask(alice[:31] + "f", alice, ["en"])
    await told.live.park(asked.help_request, alice, clock.ms + 60_000, question=True)
    await told.live.available(noor)
    assert await told.live.offer(asked.help_request, 0, [noor]) == "ok"
    await told.step()
    assert told.layer.types(noor) == ["volunteer.changed"]
    await told.live.cancel(asked.help_request, alice)
    await told.step()
    assert told.layer.types(alice)[-1] == "help.ended"
    told.sql.answers.set()
    await told.fanout.finish()
    assert told.layer.types(noor)[-2:] == ["offer.made", "offer.ended"]


async def test_a_ring_without_a_question_asks_nothing_of_sql(
    told: Told, alice: str, noor: str
) -> None:
    await rung(told.live, alice, noor)
    await told.step()
    assert told.layer.heard[noor][-1]["offer"]["question"] is None
    assert told.sql.asked == []


async def test_a_reader_that_stops_tells_what_is_still_to_come(
    told: Told, alice: str, noor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (offer,) = await rung(told.live, alice, noor)
    await told.live.accept(offer, noor)
    monkeypatch.setattr(fanout, "Fanout", lambda _live, _layer: told.fanout)
    stop = asyncio.Event()
    reading = asyncio.create_task(fanout.run_fanout(told.live, told.layer, stop))
    await wait_for(lambda: "" if "call.changed" in told.layer.types(noor) else "not accepted")
    stop.set()
    told.sql.answers.set()
    await reading
    assert told.layer.types(alice)[-1] == "call.changed"
