"""Do picture, voice and words get from one person to the other, and only when they may?

The browsers' part is played by aiortc as it is, over real sockets, with a real Redis between.
"""

import time
from collections.abc import AsyncIterator
from struct import pack
from typing import Any, cast

import pytest
from aiortc.rtcsctptransport import Chunk, InitChunk, serialize_packet
from aiortc.rtp import RTP_HISTORY_SIZE
from redis.asyncio import Redis

from assist.lib.ids import new_id
from assist.live import Live
from assist.protocol.states import HelpState, LegState, Role
from assist.relay import machine
from assist.relay.client import RelayClient
from assist.relay.leg import CONSENT_S, MAX_SOURCES, OPEN, SHUT, Leg
from assist.relay.node import Node
from tests.integration.relay_people import GREY, WHITE, Meeting, started
from tests.waiting import wait_for

SOON_S = machine.SET_UP_DEADLINE_S - 3  # before its own deadline would end such a Leg


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


@pytest.fixture
async def meeting(live: Live, node: Node, client: RelayClient) -> AsyncIterator[Meeting]:
    meeting = Meeting(live, node, client)
    yield meeting
    await meeting.close()


@pytest.fixture
def noor() -> str:
    return new_id()


async def state_of(meeting: Meeting) -> Any:
    snapshot = await meeting.live.requester_snapshot(meeting.alice)
    return snapshot.help.state if snapshot.help is not None else None


async def test_nothing_of_the_requesters_passes_before_accept_and_everything_after(
    meeting: Meeting, noor: str
) -> None:
    alice, volunteer = await meeting.warmed(noor)
    alice.channel.send("too early")  # a page that sends although it should not
    await wait_for(
        lambda: "" if meeting.leg(alice.person).counts["gate_refused"] > 60 else "little came"
    )
    assert meeting.leg(noor).sent == 0
    assert (volunteer.brightnesses, volunteer.loudness, volunteer.messages) == ([], 0.0, [])
    refused = meeting.node.sessions.refused_at_gate(meeting.help_request)
    assert refused > 60

    assert await meeting.accept(noor) == "ok"
    await wait_for(lambda: volunteer.sees(WHITE) or volunteer.hears() or alice.hears())
    alice.channel.send("what does it say?")
    volunteer.channel.send(b"milk")
    await wait_for(lambda: volunteer.read("what does it say?") or alice.read(b"milk"))
    assert volunteer.messages == ["what does it say?"]

    async def why_not() -> str:
        state = await state_of(meeting)
        return "" if state is HelpState.IN_CALL else f"it is {state}"

    await wait_for(why_not)


async def test_opening_the_gate_asks_the_camera_for_a_whole_picture(
    meeting: Meeting, noor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, _ = await meeting.warmed(noor)
    asked: list[int] = []
    sender = next(s for s in alice.pc.getSenders() if s.kind == "video")
    monkeypatch.setattr(sender, "_send_keyframe", lambda: asked.append(1))
    await meeting.accept(noor)
    await wait_for(lambda: "" if asked else "the camera was not asked")


async def test_the_requesters_page_hears_of_the_gate_from_the_relay_and_from_nobody_else(
    meeting: Meeting, noor: str
) -> None:
    alice, volunteer = await meeting.warmed(noor)
    assert alice.messages == []
    await meeting.accept(noor)
    await wait_for(lambda: alice.read(OPEN))
    for word in (SHUT, OPEN, "after them"):
        volunteer.channel.send(word)
    await wait_for(lambda: alice.read("after them"))
    meeting.node.sessions.sessions[meeting.help_request].open_gate(None)
    await wait_for(lambda: alice.read(SHUT))
    assert alice.messages[:3] == [OPEN, "after them", SHUT]
    assert volunteer.messages == []


async def test_a_reload_of_the_requesters_page_continues_the_call(
    meeting: Meeting, noor: str
) -> None:
    alice, volunteer = await meeting.connected(noor)
    await alice.close()
    await wait_for(
        lambda: "" if meeting.leg(alice.person).state is LegState.LOST else "not noticed"
    )
    again = await meeting.join(Role.REQUESTER, meeting.alice, GREY)
    await wait_for(lambda: volunteer.sees(GREY) or again.is_connected() or again.hears())
    volunteer.channel.send("still there")
    await wait_for(lambda: again.read("still there"))
    assert await state_of(meeting) is HelpState.IN_CALL


async def test_a_leg_that_replaces_one_and_does_not_come_up_is_told_as_lost(
    meeting: Meeting, noor: str
) -> None:
    await meeting.connected(noor)
    seat = await meeting.live.seat(meeting.help_request, meeting.alice)
    assert seat.relay is not None
    await meeting.client.open_leg(
        seat.relay, meeting.help_request, meeting.alice, Role.REQUESTER, seat.number
    )

    async def why_not() -> str:
        snapshot = await meeting.live.volunteer_snapshot(noor)
        state = snapshot.help.requester_leg if snapshot.help is not None else None
        return "" if state is LegState.LOST else f"the other one is told {state}"

    await wait_for(why_not, SOON_S)
    again = await meeting.join(Role.REQUESTER, meeting.alice, GREY)
    await wait_for(lambda: again.is_connected() or again.hears())


async def test_a_reload_of_the_volunteers_page_continues_the_call(
    meeting: Meeting, noor: str
) -> None:
    alice, volunteer = await meeting.connected(noor)
    alice.loudness, old = 0.0, meeting.leg(noor)
    again = await meeting.join(Role.VOLUNTEER, noor)  # while the old page is still there
    await wait_for(lambda: again.sees(WHITE) or again.hears() or alice.hears())
    sent = old.sent
    alice.channel.send("hello again")
    await wait_for(lambda: again.read("hello again"))
    assert old.sent == sent  # what comes now was on its way
    assert volunteer.messages == []


async def test_lost_packets_are_sent_again_by_the_camera_itself(
    meeting: Meeting, noor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, volunteer = await meeting.connected(noor)
    sender = next(s for s in alice.pc.getSenders() if s.kind == "video")
    history = vars(sender)["_RTCRtpSender__rtp_history"]
    known: list[bool] = []
    resend = sender._retransmit

    async def noted(sequence: int) -> None:
        kept = history.get(sequence % RTP_HISTORY_SIZE)
        known.append(kept is not None and kept.sequence_number == sequence)
        await resend(sequence)

    monkeypatch.setattr(sender, "_retransmit", noted)
    agent = meeting.leg(noor).agent
    send, count = agent.send, 0

    def lossy(datagram: bytes) -> None:
        nonlocal count
        count += 1
        if count % 10:
            send(datagram)

    monkeypatch.setattr(agent, "send", lossy)
    await wait_for(lambda: "" if len(known) > 3 else f"asked again {len(known)} times")
    seen = len(volunteer.brightnesses)
    await wait_for(lambda: "" if len(volunteer.brightnesses) > seen + 10 else "no picture")
    assert all(known)


async def test_the_other_volunteers_leg_ends_when_someone_was_quicker(
    meeting: Meeting, noor: str
) -> None:
    bob = new_id()
    await meeting.ask(noor, bob)
    alice = await meeting.join(Role.REQUESTER, meeting.alice, WHITE)
    first = await meeting.join(Role.VOLUNTEER, noor)
    second = await meeting.join(Role.VOLUNTEER, bob)
    await wait_for(lambda: alice.is_connected() or first.is_connected() or second.is_connected())
    await meeting.accept(bob)
    await wait_for(lambda: second.sees(WHITE))
    legs = meeting.node.sessions.sessions[meeting.help_request].legs
    await wait_for(lambda: "" if noor not in legs else "the leg that lost is still there")
    assert first.brightnesses == []


async def test_the_end_of_a_call_ends_its_session_at_once(meeting: Meeting, noor: str) -> None:
    _, volunteer = await meeting.connected(noor)
    leg = meeting.leg(noor)
    await meeting.live.end(meeting.help_request, meeting.alice)
    await wait_for(lambda: "" if not meeting.node.sessions.sessions else "the session is there")
    sent = leg.sent
    await wait_for(lambda: "" if volunteer.channel.readyState == "closed" else "channel open")
    assert leg.sent == sent  # what comes now was on its way


async def test_hostile_packets_of_a_signed_in_page_do_not_end_the_call(
    meeting: Meeting, noor: str
) -> None:
    alice, volunteer = await meeting.connected(noor)
    transport = alice.pc.getSenders()[0].transport
    leg = meeting.leg(alice.person)
    extension = b"\x90\x60" + bytes(10) + b"\xbe\xde\x00\x01\x3f\xff\xff\xff"
    for number in range(300):
        await transport._send_rtp(extension[:8] + pack("!I", number) + extension[12:])
        await transport._send_rtp(b"\x80\xc8\x00\x01" + pack("!I", number) + b"\xff" * 8)
    two_beginnings = cast(Chunk, bytes(InitChunk()) * 2)  # aiortc asserts that there is one
    await transport._send_data(serialize_packet(5000, 5000, 0, two_beginnings))
    seen = len(volunteer.brightnesses)
    alice.channel.send("and on it goes")
    await wait_for(lambda: volunteer.read("and on it goes"))
    await wait_for(lambda: "" if len(volunteer.brightnesses) > seen + 5 else "no picture")
    await wait_for(lambda: "" if leg.state is LegState.UP else f"the Leg is {leg.state}")
    assert len(leg.sources) <= MAX_SOURCES
    assert leg.counts["unknown_stream"] > 0


async def test_a_voice_without_picture_and_a_page_without_media_are_enough(
    meeting: Meeting, noor: str
) -> None:
    await meeting.ask(noor)
    alice = await meeting.join(Role.REQUESTER, meeting.alice)  # no camera
    volunteer = await meeting.join(Role.VOLUNTEER, noor)
    await wait_for(lambda: alice.is_connected() or volunteer.is_connected())
    await meeting.accept(noor)
    await wait_for(lambda: alice.hears() or volunteer.hears())


async def test_who_was_not_heard_for_half_a_minute_is_sent_nothing(
    meeting: Meeting, noor: str
) -> None:
    await meeting.warmed(noor)
    leg = meeting.leg(noor)
    leg.tick(time.monotonic() + CONSENT_S - 1)
    assert leg.agent.nominated
    leg.tick(time.monotonic() + CONSENT_S + 1)
    assert not leg.agent.nominated


async def test_a_leg_that_never_connects_is_gone_after_its_deadline(
    meeting: Meeting, noor: str
) -> None:
    await meeting.ask(noor)
    seat = await meeting.live.seat(meeting.help_request, meeting.alice)
    assert seat.relay is not None
    await meeting.client.open_leg(
        seat.relay, meeting.help_request, meeting.alice, Role.REQUESTER, seat.number
    )
    leg: Leg = meeting.leg(meeting.alice)
    meeting.node.sessions.tick(time.monotonic() + machine.SET_UP_DEADLINE_S + 1)
    assert leg.state is LegState.CLOSED
    assert meeting.node.sessions.legs == []
