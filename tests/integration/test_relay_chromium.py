"""Does a real browser get along with the relay's description, and does its feedback get through?

What the people see and hear is for the browser tests; here it is the transport alone.
"""

from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright
from redis.asyncio import Redis

from assist.lib.ids import new_id
from assist.live import Live
from assist.management.tools import chromium
from assist.protocol.states import LegState, Role
from assist.relay import stock
from assist.relay.client import RelayClient
from assist.relay.leg import Leg
from assist.relay.node import Node
from tests.integration.relay_people import Meeting, started
from tests.waiting import wait_for

ADDRESS = "http://localhost/"
FLAGS = [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--no-sandbox",
    "--autoplay-policy=no-user-gesture-required",
]
SCRIPT = """() => {
  const messages = [];
  let pc, channel;
  const play = (track) => {
    const element = document.createElement(track.kind);
    element.autoplay = true;
    element.srcObject = new MediaStream([track]);
    document.body.append(element);
  };
  const activate = async (active) => {
    for (const sender of pc.getSenders()) {
      const parameters = sender.getParameters();
      for (const encoding of parameters.encodings) encoding.active = active;
      if (sender.track) await sender.setParameters(parameters);
    }
  };
  window.answer = async ([description, camera]) => {
    pc = new RTCPeerConnection({ iceServers: [] });
    pc.ontrack = (event) => play(event.track);
    channel = pc.createDataChannel("assist", { negotiated: true, id: 0 });
    channel.onmessage = (event) => messages.push(event.data);
    setInterval(() => channel.readyState == "open" && channel.send("b"), 250);
    await pc.setRemoteDescription({ type: "offer", sdp: description });
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: camera });
    for (const transceiver of pc.getTransceivers()) {
      const kind = transceiver.receiver.track.kind;
      const track = stream.getTracks().find((each) => each.kind == kind);
      if (!track) continue;
      transceiver.direction = kind == "video" ? "sendonly" : "sendrecv";
      await transceiver.sender.replaceTrack(track);
    }
    await pc.setLocalDescription();
    await activate(false);
    return pc.localDescription.sdp;
  };
  window.begin = () => activate(true);
  window.say = (text) => channel.send(text);
  window.report = async () => {
    const found = { state: pc.connectionState, messages, sent: 0, frames: 0, energy: 0, rtt: 0 };
    for (const each of (await pc.getStats()).values()) {
      if (each.type == "outbound-rtp") found.sent += each.packetsSent;
      if (each.type == "inbound-rtp") found.frames += each.framesDecoded ?? 0;
      if (each.type == "inbound-rtp") found.energy += each.totalAudioEnergy ?? 0;
      if (each.type == "remote-inbound-rtp") found.rtt ||= each.roundTripTime ?? 0;
    }
    return found;
  };
}"""


@pytest.fixture
async def meeting(redis: Redis, live: Live) -> AsyncIterator[Meeting]:
    node, task = await started(redis, live)
    client = RelayClient(redis)
    yield Meeting(live, node, client)
    await client.close()
    node.stop()
    await task


@pytest.fixture
async def pages() -> AsyncIterator[list[Page]]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(print), args=FLAGS)
        made = []
        for _ in range(2):
            page = await (await browser.new_context()).new_page()
            await page.route("**/*", lambda route: route.fulfill(body="<!doctype html><p>x"))
            await page.goto(ADDRESS)
            await page.evaluate(SCRIPT)
            made.append(page)
        yield made
        await browser.close()


@pytest.fixture
def feedback(monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[Role, int, int]]:
    """Counts what RTCP the relay passes on: (to whom, packet type, format)."""
    counts: Counter[tuple[Role, int, int]] = Counter()
    send = Leg.send_open_report

    def counting(leg: Leg) -> None:
        packet = stock._buffer.view  # where it lies open, about to be sealed
        counts[leg.whose.role, packet[1], packet[0] & 0x1F] += 1
        send(leg)

    monkeypatch.setattr(Leg, "send_open_report", counting)
    return counts


async def sit_down(meeting: Meeting, page: Page, person: str, role: Role) -> None:
    seat = await meeting.live.seat(meeting.help_request, person)
    assert seat.relay is not None
    place = (seat.relay, meeting.help_request, person)
    description = await meeting.client.open_leg(*place, role, seat.number)
    answer = await page.evaluate("answer", [description, role is Role.REQUESTER])
    await meeting.client.answer_leg(*place, seat.number, answer)
    node: Node = meeting.node
    leg = node.sessions.sessions[meeting.help_request].legs[person]
    await wait_for(lambda: "" if leg.state is LegState.UP else f"{role} is {leg.state}")


async def holds(page: Page, **wanted: Any) -> str:
    """Nothing once each figure of the page's report is above what is wanted."""
    report = await page.evaluate("report()")
    missing = {name: report[name] for name, least in wanted.items() if report[name] <= least}
    return f"so far {missing}" if missing else ""


def without_estimate(feedback: Counter[tuple[Role, int, int]]) -> str:
    """Who has not been told yet, by transport-wide feedback, how their packets arrive."""
    waiting = [role.value for role in Role if not feedback[role, 205, 15]]
    return f"{waiting} got no transport-cc: {feedback}" if waiting else ""


async def test_chromium_sends_nothing_before_accept_and_adapts_by_the_other_ends_feedback(
    meeting: Meeting, pages: list[Page], feedback: Counter[tuple[Role, int, int]]
) -> None:
    alice, volunteer = pages
    noor = new_id()
    await meeting.ask(noor)
    await sit_down(meeting, alice, meeting.alice, Role.REQUESTER)
    await sit_down(meeting, volunteer, noor, Role.VOLUNTEER)
    assert [(await page.evaluate("report()"))["sent"] for page in pages] == [0, 0]
    assert meeting.node.sessions.refused_at_gate(meeting.help_request) == 0
    assert await meeting.accept(noor) == "ok"
    await alice.evaluate("begin()")
    await volunteer.evaluate("begin()")
    await wait_for(lambda: holds(volunteer, frames=10, energy=0.001, rtt=0))
    await wait_for(lambda: holds(alice, energy=0.001, rtt=0))
    await wait_for(lambda: without_estimate(feedback))
    # A reload gives new streams; the other page goes on with those it has.
    await volunteer.reload()
    await volunteer.evaluate(SCRIPT)
    await sit_down(meeting, volunteer, noor, Role.VOLUNTEER)
    await volunteer.evaluate("begin()")
    await wait_for(lambda: holds(volunteer, frames=10, energy=0.001))
    await alice.reload()
    await alice.evaluate(SCRIPT)
    before = await volunteer.evaluate("report()")
    await sit_down(meeting, alice, meeting.alice, Role.REQUESTER)
    await alice.evaluate("begin()")
    await wait_for(lambda: holds(volunteer, frames=before["frames"] + 10, energy=before["energy"]))
    await volunteer.evaluate("say('milk')")
    await wait_for(lambda: holds(alice, messages=[]))
