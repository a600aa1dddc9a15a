"""Does a relay do what it is asked, once, and say why when it does not?"""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from assist.lib.ids import new_id
from assist.lib.redis import connect
from assist.live import Live
from assist.live.keys import key
from assist.protocol.states import LegState, Role
from assist.relay import wire
from assist.relay.client import RelayClient, RelayRefused, RelayTimeout
from assist.relay.node import Node
from assist.relay.session import MAX_VOLUNTEER_LEGS
from assist.relay.sessions import UNKNOWN_KEPT_S, Truth
from assist.relay.strain import Bounds
from assist.relay.wire import AnswerLeg, LegOpened, OpenLeg, RefusalCode, Refused
from tests.integration.relay_people import GREY, WHITE, Meeting, started
from tests.redis_server import RedisServer
from tests.waiting import wait_for

BROKEN = "v=0\r\nm=audio 9 nonsense\r\n"


@pytest.fixture
async def node(redis: Redis, live: Live) -> AsyncIterator[Node]:
    node, task = await started(redis, live)
    yield node
    node.stop()
    await task


@pytest.fixture
async def client(redis: Redis) -> AsyncIterator[RelayClient]:
    client = RelayClient(redis)
    yield client
    await client.close()


ALICE = new_id()


@pytest.fixture
async def request_id(redis: Redis, live: Live) -> str:
    """A HelpRequest of Alice's that `live` knows, so that the relay does not let go of her Leg."""
    identity = new_id()
    await live.beat([("requester", ALICE, False)])
    await live.ask(identity, ALICE, ["en"])
    return identity


def opening(
    help_request: str, person: str = "alice", number: int = 1, role: Role = Role.REQUESTER
) -> OpenLeg:
    return OpenLeg(
        id=new_id(),
        deadline_ms=0,
        reply_to="nowhere",
        help_request=help_request,
        person=person,
        number=number,
        role=role,
    )


def answering(help_request: str, number: int = 1, description: str = BROKEN) -> AnswerLeg:
    return AnswerLeg(
        id=new_id(),
        deadline_ms=0,
        reply_to="nowhere",
        help_request=help_request,
        person="alice",
        number=number,
        description=description,
    )


def code_of(reply: wire.Reply) -> RefusalCode:
    assert isinstance(reply, Refused), reply
    return reply.code


async def test_the_same_request_twice_makes_one_leg_and_one_description(node: Node) -> None:
    request = opening("help")
    first, second = node.sessions.reply_to(request), node.sessions.reply_to(request)
    assert isinstance(first, LegOpened)
    assert first is second
    assert len(node.sessions.legs) == 1


async def test_a_number_that_is_not_newer_changes_nothing(node: Node) -> None:
    node.sessions.reply_to(opening("help", number=5))
    leg = node.sessions.legs[0]
    for number in (4, 5):
        reply = node.sessions.reply_to(opening("help", number=number))
        assert code_of(reply) is RefusalCode.STALE_NUMBER
    assert node.sessions.legs == [leg]


async def test_a_newer_number_replaces_the_leg_and_the_old_one_takes_no_answer(
    node: Node,
) -> None:
    node.sessions.reply_to(opening("help", number=1))
    old = node.sessions.legs[0]
    node.sessions.reply_to(opening("help", number=2))
    assert old.state is LegState.CLOSED
    assert [leg.whose.number for leg in node.sessions.legs] == [2]
    assert code_of(node.sessions.reply_to(answering("help", 1))) is RefusalCode.STALE_NUMBER


async def test_wrong_answers_are_refused_with_a_code_and_leave_the_leg_as_it_was(
    node: Node,
) -> None:
    assert code_of(node.sessions.reply_to(answering("help"))) is RefusalCode.UNKNOWN_LEG
    node.sessions.reply_to(opening("help"))
    assert code_of(node.sessions.reply_to(answering("help", 2))) is RefusalCode.UNKNOWN_LEG
    assert code_of(node.sessions.reply_to(answering("help"))) is RefusalCode.BAD_DESCRIPTION
    assert node.sessions.legs[0].state is LegState.NEW


async def test_no_more_legs_than_can_ring_are_made_for_one_help_request(node: Node) -> None:
    for index in range(MAX_VOLUNTEER_LEGS):
        node.sessions.reply_to(opening("help", f"v{index}", role=Role.VOLUNTEER))
    one_more = opening("help", "one more", role=Role.VOLUNTEER)
    assert code_of(node.sessions.reply_to(one_more)) is RefusalCode.LEGS_FULL
    again = opening("help", "v0", number=2, role=Role.VOLUNTEER)
    assert isinstance(node.sessions.reply_to(again), LegOpened)


async def test_a_second_requester_is_refused(node: Node) -> None:
    node.sessions.reply_to(opening("help", "alice"))
    assert code_of(node.sessions.reply_to(opening("help", "eve"))) is RefusalCode.LEGS_FULL


async def test_a_relay_that_stops_takes_nothing_new(node: Node) -> None:
    await node.sessions.stop()
    assert code_of(node.sessions.reply_to(opening("help"))) is RefusalCode.CLOSING


async def test_a_refusal_reaches_the_asker_as_its_code(
    node: Node, client: RelayClient, live: Live, request_id: str
) -> None:
    # Seated, or the relay would find in `live` that it has nothing to do with her.
    assert (await live.seat(request_id, ALICE)).relay == node.relay
    description = await client.open_leg(node.relay, request_id, ALICE, Role.REQUESTER, 7)
    assert description.startswith("v=0")
    with pytest.raises(RelayRefused, match=RefusalCode.STALE_NUMBER):
        await client.open_leg(node.relay, request_id, ALICE, Role.REQUESTER, 7)
    with pytest.raises(RelayRefused, match=RefusalCode.BAD_DESCRIPTION):
        await client.answer_leg(node.relay, request_id, ALICE, 7, BROKEN)


async def test_a_relay_without_room_is_given_nobody_and_goes_on_with_whom_it_has(
    redis: Redis, live: Live, request_id: str
) -> None:
    node, task = await started(redis, live, Bounds(most_load=0.0))
    assert (await live.seat(request_id, ALICE)).is_ == "no_relay"
    await redis.hset(key("help", request_id), "relay", node.relay)  # from before it was so busy
    assert (await live.seat(request_id, ALICE)).relay == node.relay
    node.stop()
    await task


async def test_a_relay_that_is_gone_is_noticed_in_time(client: RelayClient) -> None:
    with pytest.raises(RelayTimeout):
        await client.open_leg("gone", "help", "alice", Role.REQUESTER, 1, timeout_s=0.5)


async def test_an_unreadable_or_late_request_is_one_line_in_the_log_and_no_more(
    node: Node, redis: Redis, client: RelayClient, request_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "assist.relay")
    await redis.publish(wire.inbox(node.relay), b"{")
    await redis.publish(wire.inbox(node.relay), wire.encode(opening("help")))  # deadline 0
    await client.open_leg(node.relay, request_id, "alice", Role.REQUESTER, 1)
    lines = [record.message for record in caplog.records if record.name == "assist.relay.node"]
    assert lines == ["relay: an unreadable request", "relay: dropped a request that came too late"]
    assert [leg.whose.help_request for leg in node.sessions.legs] == [request_id]


async def test_truth_closes_who_is_not_concerned_and_what_moved_elsewhere(node: Node) -> None:
    sessions = node.sessions
    for person, role in (("alice", Role.REQUESTER), ("noor", Role.VOLUNTEER)):
        sessions.reply_to(opening("help", person, role=role))
    sessions.reply_to(opening("help", "bob", role=Role.VOLUNTEER))
    sessions.reconcile("help", Truth("alice", None, frozenset({"noor"}), here=True), 0)
    assert sorted(sessions.sessions["help"].legs) == ["alice", "noor"]
    gates = [sessions.sessions["help"].gate]
    sessions.reconcile("help", Truth("alice", "noor", frozenset(), here=True), 0)
    gates.append(sessions.sessions["help"].gate)
    assert gates == [None, "noor"]
    sessions.reconcile("help", Truth("alice", "noor", frozenset(), here=False), 0)
    assert sessions.sessions == {}


async def test_what_live_has_never_heard_of_is_kept_for_a_while_only(node: Node) -> None:
    node.sessions.reply_to(opening("help"))
    node.sessions.unknown("help", 100.0)
    node.sessions.unknown("help", 100.0 + UNKNOWN_KEPT_S - 1)
    assert "help" in node.sessions.sessions
    node.sessions.unknown("help", 100.0 + UNKNOWN_KEPT_S)
    assert node.sessions.sessions == {}


async def test_a_redis_that_went_away_and_came_back_is_not_noticed_by_two_who_talk() -> None:
    server = RedisServer(persistent=True).start()
    redis = connect(server.url)
    node, task = await started(redis, Live(redis))
    client = RelayClient(redis)
    meeting = Meeting(Live(redis), node, client)
    noor = new_id()
    try:
        alice, volunteer = await meeting.connected(noor)
        await asyncio.sleep(1.1)  # everysec: what the file must hold is on disk after that
        server.kill()
        seen = len(volunteer.brightnesses)
        await wait_for(lambda: "" if len(volunteer.brightnesses) > seen + 30 else "no picture")
        server.start()
        volunteer.channel.send("did you notice?")
        await wait_for(lambda: alice.read("did you notice?") or volunteer.sees(WHITE))

        async def why_not() -> str:
            return "" if (await meeting.live.queue()).relays else "the relay is not announced"

        await wait_for(why_not)
        again = await meeting.join(Role.REQUESTER, meeting.alice, GREY)
        await wait_for(lambda: volunteer.sees(GREY) or again.hears())
    finally:
        await meeting.close()
        await client.close()
        node.stop()
        await task
        await redis.aclose()
        server.close()


async def test_a_relay_tells_what_it_dropped_also_of_legs_that_are_gone(
    node: Node, live: Live, request_id: str
) -> None:
    assert isinstance(node.sessions.reply_to(opening(request_id, ALICE, 1)), LegOpened)
    first = node.sessions.sessions[request_id].legs[ALICE]
    first.counts["flood"] = 3
    first.counts["messages"] = 5
    assert isinstance(node.sessions.reply_to(opening(request_id, ALICE, 2)), LegOpened)
    second = node.sessions.sessions[request_id].legs[ALICE]
    assert second is not first
    second.counts["flood"] = 4
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.sendto(b"\x80 nobody asked for this", ("127.0.0.1", node.port))

    async def why_not() -> str:
        (line,) = (await live.queue()).relays
        return "" if line.dropped == {"flood": 7, "stranger": 1} else f"{line.dropped}"

    await wait_for(why_not)
