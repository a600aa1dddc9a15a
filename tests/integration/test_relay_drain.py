"""Does a relay that is told to leave cut nobody? People move to another one, or it waits."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from assist.lib.ids import new_id
from assist.live import Live
from assist.protocol.states import HelpState, LegState, Role
from assist.relay.client import RelayClient
from assist.relay.leg import MOVE
from assist.relay.node import Node
from tests.integration.relay_people import GREY, WHITE, Meeting, started
from tests.waiting import PATIENCE_S, wait_for

Relay = tuple[Node, "asyncio.Task[None]"]
LONG_S = 4 * PATIENCE_S


@pytest.fixture
async def relay(redis: Redis, live: Live) -> AsyncIterator[Relay]:
    node, task = await started(redis, live)
    yield node, task
    node.stop()
    await task


@pytest.fixture
async def meeting(redis: Redis, live: Live, relay: Relay) -> AsyncIterator[Meeting]:
    client = RelayClient(redis)
    meeting = Meeting(live, relay[0], client)
    yield meeting
    await meeting.close()
    await client.close()


@pytest.fixture
def noor() -> str:
    return new_id()


def are_up(node: Node, many: int) -> str:
    """Nothing once so many Legs are, and no other. A stalled machine hears nobody for a moment."""
    states = [leg.state for leg in node.sessions.legs]
    return "" if states == [LegState.UP] * many else f"the Legs are {states}"


async def test_people_move_to_another_relay_and_stay_together(
    redis: Redis, live: Live, relay: Relay, meeting: Meeting, noor: str
) -> None:
    alice, volunteer = await meeting.connected(noor)
    call = (await live.queue()).helps[0].call
    other, other_task = await started(redis, live)
    node, task = relay
    node.drain(LONG_S)
    await wait_for(lambda: alice.read(MOVE) or volunteer.read(MOVE))
    await wait_for(lambda: are_up(node, 2))
    meeting.node = other
    again = await meeting.join(Role.REQUESTER, meeting.alice, GREY)
    noor_again = await meeting.join(Role.VOLUNTEER, noor)
    await wait_for(lambda: noor_again.sees(GREY) or noor_again.hears() or again.hears())
    await asyncio.wait_for(task, PATIENCE_S)
    truth = (await live.queue()).helps[0]
    assert (truth.state, truth.call) == (HelpState.IN_CALL, call)
    assert [line.id for line in (await live.queue()).relays] == [other.relay]
    other.stop()
    await other_task


async def test_without_another_it_takes_nobody_new_and_waits_for_the_end_of_the_call(
    live: Live, relay: Relay, meeting: Meeting, noor: str
) -> None:
    alice, volunteer = await meeting.connected(noor)
    node, task = relay
    node.drain(LONG_S)

    async def why_not_refused() -> str:
        newcomer, request = new_id(), new_id()
        await live.beat([("requester", newcomer, False)])
        await live.ask(request, newcomer, ["en"])
        seat = await live.seat(request, newcomer)
        return "" if seat.is_ == "no_relay" else f"a newcomer got {seat}"

    await wait_for(why_not_refused)
    volunteer.brightnesses.clear()
    alice.channel.send("still here")
    await wait_for(lambda: volunteer.sees(WHITE) or volunteer.read("still here"))
    again = await meeting.join(Role.REQUESTER, meeting.alice, GREY)  # also a reload finds it
    await wait_for(lambda: volunteer.sees(GREY) or again.hears())
    assert MOVE not in [*alice.messages, *volunteer.messages, *again.messages]
    await live.end(meeting.help_request, meeting.alice)
    await asyncio.wait_for(task, PATIENCE_S)


async def test_when_its_time_is_over_it_ends_all_the_same(
    relay: Relay, meeting: Meeting, noor: str
) -> None:
    alice, _ = await meeting.connected(noor)
    node, task = relay
    node.drain(0.0)
    await asyncio.wait_for(task, PATIENCE_S)
    await wait_for(lambda: "" if alice.channel.readyState == "closed" else "not told")


async def test_told_twice_it_ends_at_once(relay: Relay, meeting: Meeting, noor: str) -> None:
    await meeting.connected(noor)
    node, task = relay
    node.drain(LONG_S)
    node.drain(LONG_S)
    await asyncio.wait_for(task, PATIENCE_S)


async def test_nobody_on_it_nothing_to_wait_for(relay: Relay) -> None:
    node, task = relay
    node.drain(LONG_S)
    await asyncio.wait_for(task, PATIENCE_S)


async def test_a_page_cannot_send_the_other_one_about(meeting: Meeting, noor: str) -> None:
    alice, volunteer = await meeting.connected(noor)
    alice.channel.send(MOVE)
    alice.channel.send("what comes after it")
    await wait_for(lambda: volunteer.read("what comes after it"))
    assert volunteer.messages == ["what comes after it"]
