"""Who plays the browsers in the relay's tests? aiortc as it is, with a grey picture and a tone."""

import asyncio
import fractions
import math
from typing import Any

import av
import numpy
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from redis.asyncio import Redis

from assist.lib.ids import new_id
from assist.live import Live
from assist.protocol.states import Role
from assist.relay.client import RelayClient
from assist.relay.leg import Leg
from assist.relay.node import Node
from assist.relay.strain import Bounds
from tests.waiting import wait_for

PATIENT = Bounds(most_load=1.0, most_delay_s=60.0)  # however busy the tests' machine is
WHITE, GREY = 235, 110  # brightness of pictures
FRAMES_PER_S = 15
RATE_HZ = 48_000
TONE_SAMPLES = RATE_HZ // 50


async def started(
    redis: "Redis",
    live: Live,
    bounds: Bounds = PATIENT,
    addresses: list[str] | None = None,
) -> tuple[Node, "asyncio.Task[None]"]:
    """A relay that is ready, and the task that runs it."""
    said: list[str] = []
    node = Node(redis, live, 0, addresses, said.append, bounds=bounds)
    task = asyncio.create_task(node.run())

    def why_not() -> str:
        if task.done():
            task.result()
        return "" if said else "the relay did not become ready"

    await wait_for(why_not)
    assert said == [f"relay: ready on UDP {node.port}"]
    return node, task


class Picture(MediaStreamTrack):
    """A small grey picture of one brightness, 0 to 255."""

    kind = "video"

    def __init__(self, brightness: int) -> None:
        super().__init__()
        self._pixels = numpy.full((120, 160, 3), brightness, dtype=numpy.uint8)
        self._count = 0

    async def recv(self) -> av.VideoFrame:
        await asyncio.sleep(1 / FRAMES_PER_S)
        frame = av.VideoFrame.from_ndarray(self._pixels, format="rgb24")
        frame.pts, frame.time_base = self._count, fractions.Fraction(1, FRAMES_PER_S)
        self._count += 1
        return frame


class Tone(MediaStreamTrack):
    """A tone of 440 Hz."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._count = 0

    async def recv(self) -> av.AudioFrame:
        await asyncio.sleep(TONE_SAMPLES / RATE_HZ)
        moments = numpy.arange(self._count, self._count + TONE_SAMPLES) / RATE_HZ
        wave = (numpy.sin(2 * math.pi * 440 * moments) * 12_000).astype(numpy.int16)
        frame = av.AudioFrame.from_ndarray(wave.reshape(1, -1), format="s16", layout="mono")
        frame.pts, frame.sample_rate = self._count, RATE_HZ
        frame.time_base = fractions.Fraction(1, RATE_HZ)
        self._count += TONE_SAMPLES
        return frame


class Person:
    """One page: a peer connection that looks, listens and speaks."""

    def __init__(self, role: Role, person: str, brightness: int = 0) -> None:
        self.role, self.person = role, person
        self.brightnesses: list[float] = []
        self.loudness = 0.0
        self.messages: list[Any] = []
        self.number = -1
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.pc.addTrack(Tone())
        if brightness:
            self.pc.addTrack(Picture(brightness))
        self.channel = self.pc.createDataChannel("assist", negotiated=True, id=0)
        self.channel.on("message", self.messages.append)
        self.pc.on("track", self._watch)
        self._watchers: list[asyncio.Task[None]] = []

    def _watch(self, track: MediaStreamTrack) -> None:
        self._watchers.append(asyncio.ensure_future(self._perceive(track)))

    async def _perceive(self, track: MediaStreamTrack) -> None:
        try:
            while True:
                frame: Any = await track.recv()
                if track.kind == "video":
                    self.brightnesses.append(float(frame.to_ndarray(format="gray").mean()))
                else:
                    self.loudness = max(self.loudness, float(abs(frame.to_ndarray()).max()))
        except MediaStreamError:
            return

    async def answer(self, description: str) -> str:
        """The answer to the relay's description."""
        await self.pc.setRemoteDescription(RTCSessionDescription(description, "offer"))
        await self.pc.setLocalDescription(await self.pc.createAnswer())
        return self.pc.localDescription.sdp

    def sees(self, brightness: int) -> str:
        """Nothing once the newest picture is about that bright, else what is seen instead."""
        newest = self.brightnesses[-1] if self.brightnesses else None
        close = newest is not None and abs(newest - brightness) < 12
        return "" if close else f"{self.role} sees {newest}, not {brightness}"

    def hears(self) -> str:
        """Nothing once a tone was heard."""
        return "" if self.loudness > 3000 else f"{self.role} hears only {self.loudness}"

    def read(self, message: Any) -> str:
        """Nothing once that message came."""
        return "" if message in self.messages else f"{self.role} read only {self.messages}"

    def is_connected(self) -> str:
        """Nothing once picture, sound and words could flow."""
        state = (self.pc.connectionState, self.channel.readyState)
        return "" if state == ("connected", "open") else f"{self.role} is {state}"

    async def close(self) -> None:
        """Leave without a word to the server."""
        for watcher in self._watchers:
            watcher.cancel()
        await self.pc.close()


class Meeting:
    """One HelpRequest on one relay, and the people in it."""

    def __init__(self, live: Live, node: Node, client: RelayClient) -> None:
        self.live, self.node, self.client = live, node, client
        self.help_request, self.alice = new_id(), new_id()
        self.people: list[Person] = []

    async def ask(self, *volunteers: str) -> None:
        """Alice asks, and all of `volunteers` are rung."""
        await self.live.beat([("requester", self.alice, False)])
        for volunteer in volunteers:
            await self.live.enlist(volunteer, ["en"])
            await self.live.beat([("volunteer", volunteer, False)])
            await self.live.available(volunteer)
        await self.live.ask(self.help_request, self.alice, ["en"])
        assert await self.live.offer(self.help_request, 0, list(volunteers)) == "ok"

    async def join(self, role: Role, person: str, brightness: int = 0) -> Person:
        """A page of that person opens its Leg; connecting goes on by itself."""
        page = Person(role, person, brightness)
        self.people.append(page)
        seat = await self.live.seat(self.help_request, person)
        assert seat.relay is not None
        page.number = seat.number
        description = await self.client.open_leg(
            seat.relay, self.help_request, person, role, seat.number
        )
        answer = await page.answer(description)
        await self.client.answer_leg(seat.relay, self.help_request, person, seat.number, answer)
        return page

    async def accept(self, volunteer: str) -> str:
        """That Volunteer takes the call."""
        snapshot = await self.live.volunteer_snapshot(volunteer)
        assert snapshot.offer is not None
        return (await self.live.accept(snapshot.offer.id, volunteer)).is_

    def leg(self, person: str) -> Leg:
        """That person's Leg on the relay."""
        return self.node.sessions.sessions[self.help_request].legs[person]

    async def warmed(self, volunteer: str) -> tuple[Person, Person]:
        """Asked and rung, both pages connected to the relay, nobody accepted."""
        await self.ask(volunteer)
        alice = await self.join(Role.REQUESTER, self.alice, WHITE)
        noor = await self.join(Role.VOLUNTEER, volunteer)
        await wait_for(lambda: alice.is_connected() or noor.is_connected())
        return alice, noor

    async def connected(self, volunteer: str) -> tuple[Person, Person]:
        """Accepted, and both see and hear."""
        alice, noor = await self.warmed(volunteer)
        assert await self.accept(volunteer) == "ok"
        await wait_for(lambda: noor.sees(WHITE) or noor.hears() or alice.hears())
        return alice, noor

    async def close(self) -> None:
        """Everybody leaves."""
        await asyncio.gather(*(page.close() for page in self.people))
