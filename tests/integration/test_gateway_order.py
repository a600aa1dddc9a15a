"""Does a page hear each fact once and in order, and is a lease renewed without a crowd?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any

import msgspec
import pytest
from channels.layers import InMemoryChannelLayer
from channels.testing import WebsocketCommunicator
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from assist.accounts.device import sign_device
from assist.gateway import process
from assist.gateway.beats import Beats
from assist.gateway.consumers import RequesterConsumer
from assist.lib.ids import new_id
from assist.live import Live
from assist.live.snapshot import RequesterTruth
from tests.waiting import PATIENCE_S, wait_for


class SlowLive(Live):
    """What is live, with a reply that can be held back on its way to us."""

    def __init__(self, redis: Redis) -> None:
        super().__init__(redis)
        self.on_its_way = asyncio.Event()
        self.arrives = asyncio.Event()
        self.arrives.set()

    async def requester_snapshot(self, requester: str) -> RequesterTruth:
        truth = await super().requester_snapshot(requester)
        self.on_its_way.set()
        await self.arrives.wait()
        return truth


class Socket:
    """Alice's socket, without a server or a network between."""

    def __init__(self, layer: InMemoryChannelLayer, person: str) -> None:
        self.layer, self.person = layer, person
        self.wire = WebsocketCommunicator(
            RequesterConsumer.as_asgi(),
            "/ws/requester/",
            headers=[(b"cookie", f"assist-device={sign_device(person)}".encode())],
            subprotocols=["assist.v1"],
        )

    async def fact(self, seq: int) -> None:
        """A fact of this number, as the fan-out sends it."""
        fact = {"type": "person.fact", "seq": seq, "text": f'{{"type":"fact","seq":{seq}}}'}
        await self.layer.group_send(f"person.{self.person}", fact)

    async def hear(self) -> dict[str, Any]:
        heard: dict[str, Any] = msgspec.json.decode(
            await self.wire.receive_from(timeout=PATIENCE_S)
        )
        return heard

    async def say(self, text: str) -> None:
        await self.wire.send_to(text_data=text)


@pytest.fixture
async def slow(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> SlowLive:
    live = SlowLive(redis)
    monkeypatch.setattr(process, "live", lambda: live)
    monkeypatch.setattr(process, "beats", lambda: Beats(live, round_s=0))
    return live


@pytest.fixture
async def alices(
    slow: SlowLive, alice: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Socket]:
    layer = InMemoryChannelLayer()
    monkeypatch.setattr("channels.consumer.get_channel_layer", lambda _alias: layer)
    socket = Socket(layer, alice)
    yield socket
    await socket.wire.disconnect()


async def test_a_fact_that_the_snapshot_knows_is_not_told_again(
    slow: SlowLive, alices: Socket
) -> None:
    await slow.ask(new_id(), alices.person, ["en"])
    await alices.wire.connect()
    assert (await alices.hear())["seq"] == 1
    for seq in (1, 2, 2, 1, 3):
        await alices.fact(seq)
    assert [(await alices.hear())["seq"] for _ in range(2)] == [2, 3]
    assert await alices.wire.receive_nothing()


async def test_what_happens_while_the_first_snapshot_is_read_is_told_after_it(
    slow: SlowLive, alices: Socket
) -> None:
    slow.arrives.clear()
    connecting = asyncio.create_task(alices.wire.connect())
    await slow.on_its_way.wait()
    await alices.fact(1)
    slow.arrives.set()
    await connecting
    assert [(await alices.hear())["type"] for _ in range(2)] == ["snapshot.requester", "fact"]


async def test_what_happens_while_a_pulse_reads_a_snapshot_is_told_after_it(
    slow: SlowLive, alices: Socket
) -> None:
    await alices.wire.connect()
    await alices.hear()
    await alices.fact(5)  # a number that this Redis never gave: it has forgotten everything
    await alices.hear()
    slow.on_its_way.clear()
    slow.arrives.clear()
    await alices.say('{"type":"beat"}')
    await slow.on_its_way.wait()
    await alices.fact(6)
    slow.arrives.set()
    heard = [await alices.hear() for _ in range(3)]
    kinds = [one["type"] for one in heard if one["type"] != "pulse"]
    assert kinds == ["snapshot.requester", "fact"]


# --- leases --------------------------------------------------------------------------------------
class CountingLive(Live):
    """What is live, counting the calls that renew leases; `down` makes them fail."""

    rounds: list[list[tuple[str, str, bool]]]
    down = False

    async def beat(self, pages: Iterable[tuple[str, str, bool]]) -> list[int]:
        self.rounds.append(list(pages))
        if self.down:
            raise RedisConnectionError("down")
        return await super().beat(self.rounds[-1])


@pytest.fixture
def counting(redis: Redis) -> CountingLive:
    live = CountingLive(redis)
    live.rounds = []
    return live


async def test_many_pages_renew_their_leases_in_one_call(counting: CountingLive) -> None:
    beats = Beats(counting, round_s=0.01)
    people = [new_id() for _ in range(50)]
    await counting.ask(new_id(), people[7], ["en"])
    told = await asyncio.gather(*(beats.beat("requester", who, False) for who in people))
    assert len(counting.rounds) == 1
    assert [seq for seq, _now_ms in told] == [int(who == people[7]) for who in people]
    assert {now_ms > 0 for _seq, now_ms in told} == {True}


async def test_a_person_is_hidden_only_when_all_their_pages_are(counting: CountingLive) -> None:
    beats = Beats(counting, round_s=0.01)
    one, other = new_id(), new_id()
    pages = [(one, True), (one, False), (one, True), (other, True), (other, True)]
    await asyncio.gather(*(beats.beat("volunteer", who, hidden) for who, hidden in pages))
    (renewed,) = counting.rounds
    assert {who: hidden for _role, who, hidden in renewed} == {one: False, other: True}


async def test_a_failed_round_fails_for_all_and_the_next_one_works(
    counting: CountingLive,
) -> None:
    beats = Beats(counting, round_s=0.01)
    counting.down = True
    answers = await asyncio.gather(
        *(beats.beat("requester", new_id(), False) for _ in range(3)), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [RedisConnectionError] * 3
    counting.down = False
    assert (await beats.beat("requester", new_id(), False))[0] == 0


async def test_a_page_that_goes_away_in_mid_round_disturbs_nobody(counting: CountingLive) -> None:
    beats = Beats(counting, round_s=0.05)
    person = new_id()
    leaving = asyncio.create_task(beats.beat("requester", person, False))
    staying = asyncio.create_task(beats.beat("requester", person, False))
    await wait_for(lambda: "" if beats._waiting else "no beat has come yet")
    leaving.cancel()
    assert (await staying)[0] == 0
