"""Does a call live through a bad network? `python -m tests.chaos.networks [--short]`

One relay, and for each kind of bad network a call of its own, all at the same time: both people
speak through it, both ways. A call lives when neither Leg was closed or replaced, and picture,
sound and words pass once the network is good again.

The relay only answers checks; whether a call goes on is asked by the client (RFC 7675). So the
people here are aiortc whose own asking (six misses in a row, each of half a second) is replaced by
one on a fixed beat that gives up 30 s after the last answer, as browsers do. Like browsers, they
also ask again for a lost packet; aiortc asks once, and when that is lost as well it shows nothing
until 512 packets have come. Beside them, in the same networks, aiortc as it is.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from aioice.stun import TransactionError
from aiortc.rtcrtpreceiver import NackGenerator
from aiortc.rtp import RtpPacket

from assist.lib.ids import new_id
from assist.lib.redis import connect
from assist.live import Live
from assist.protocol.states import LegState, Role
from assist.relay.client import RelayClient
from assist.relay.leg import Leg
from assist.relay.node import Node
from tests.impair import BadNetwork, bad_network, detour
from tests.integration.relay_people import WHITE, Meeting, Person, started
from tests.load import figures
from tests.load.figures import Figure, rounded
from tests.redis_server import RedisServer
from tests.waiting import wait_for

LOOK_S = 0.1
BEAT_S = 2.5
CONSENT_S = 30.0
RETRIES = 2  # after 0.5 and 1.5 s; the last waits two seconds more
GOOD_AGAIN_S = 30.0
DARK_S, DARK_EVERY_S = 8.0, 40.0


@dataclass(frozen=True, slots=True)
class Weather:
    """One kind of bad network, each way; how long the issue wants it to be lived through."""

    minutes: float
    loss: float = 0.0
    delay_s: float = 0.0
    jitter_s: float = 0.0
    dark: bool = False  # for eight seconds, again and again


WEATHERS = {
    "lossy": Weather(10, loss=0.2),
    "far": Weather(10, delay_s=0.9),
    "dark": Weather(10, dark=True),
    "reordered": Weather(10, jitter_s=0.06),
    "stormy": Weather(5, loss=0.4),
}
STOCK = ("far", "stormy")  # where the notes say that aiortc as it is loses the call


class Options(argparse.Namespace):
    short: bool
    seconds: float
    only: list[str]
    stock: bool


def options() -> Options:
    """Long by default: as many minutes as are promised."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.networks")
    parser.add_argument("--short", action="store_true", help="35 s of each, under 50 s in all")
    parser.add_argument(
        "--seconds", type=float, default=0.0, help="of each, instead of its minutes"
    )
    parser.add_argument("--only", nargs="+", choices=list(WEATHERS), default=list(WEATHERS))
    parser.add_argument("--no-stock", dest="stock", action="store_false")
    found = parser.parse_args(namespace=Options())
    if found.short:
        found.seconds = min(35.0, found.seconds or 35.0)
    return found


async def ask_on_a_beat(connection: Any) -> None:
    """In the place of aioice's `query_consent`: no ask waits for the answer to the one before."""
    heard_s = time.monotonic()
    asking: set[asyncio.Task[None]] = set()

    async def ask(pair: Any) -> None:
        nonlocal heard_s
        key = connection.remote_password.encode()
        request = connection.build_request(pair, nominate=False)
        try:
            await pair.protocol.request(
                request, pair.remote_addr, integrity_key=key, retransmissions=RETRIES
            )
            heard_s = time.monotonic()
        except TransactionError:
            return

    try:
        while time.monotonic() - heard_s < CONSENT_S:
            for pair in connection._nominated.values():
                asking.add(task := asyncio.create_task(ask(pair)))
                task.add_done_callback(asking.discard)
            await asyncio.sleep(BEAT_S)
    finally:
        for task in asking:
            task.cancel()
    connection._query_consent_task = None  # it is this one, which must not wait for itself
    await connection.close()


class Insistent(NackGenerator):
    """Asks for what is missing with each packet, until it came or is too old to be had."""

    def add(self, packet: RtpPacket) -> bool:
        return super().add(packet) or bool(self.missing)


class Traveller(Person):
    """Speaks through a bad network."""

    network: BadNetwork
    stock = False

    async def answer(self, description: str) -> str:
        answer = await super().answer(detour(description, self.network.address))
        if not self.stock:
            self._be_like_a_browser()
        return answer

    def _be_like_a_browser(self) -> None:
        speaks, shows = self.pc.getTransceivers()[:2]
        connection: Any = speaks.sender.transport.transport._connection
        connection.query_consent = functools.partial(ask_on_a_beat, connection)
        assert shows.kind == "video"
        receiver: Any = shows.receiver
        receiver._RTCRtpReceiver__nack_generator = Insistent()


class Journey(Meeting):
    """One call whose people each have a network of the same kind."""

    def __init__(
        self, live: Live, node: Node, client: RelayClient, networks: list[BadNetwork]
    ) -> None:
        super().__init__(live, node, client)
        self.networks = networks
        self.stock = False

    async def join(self, role: Role, person: str, brightness: int = 0) -> Traveller:
        page = Traveller(role, person, brightness)
        page.network, page.stock = self.networks[len(self.people)], self.stock
        self.people.append(page)
        seat = await self.live.seat(self.help_request, person)
        assert seat.relay is not None
        place = (seat.relay, self.help_request, person)
        answer = await page.answer(await self.client.open_leg(*place, role, seat.number))
        await self.client.answer_leg(*place, seat.number, answer)
        return page

    def both(self, **changes: float) -> None:
        for network in self.networks:
            network.both(**changes)


@dataclass(slots=True)
class Watch:
    """What became of one call."""

    seconds: float = 0.0
    lost: int = 0  # times when a Leg fell silent
    died_s: float | None = None
    frames: int = 0
    trouble: list[str] = field(default_factory=list)

    def said(self) -> str:
        return "; ".join(self.trouble) or "lived"


async def live_through(journey: Journey, noor: str, weather: Weather, seconds: float) -> Watch:
    """Two who are connected bear the bad weather; is all well afterwards?"""
    watch = Watch()
    alice, volunteer = journey.people
    legs = [journey.leg(alice.person), journey.leg(noor)]
    journey.both(loss=weather.loss, delay_s=weather.delay_s, jitter_s=weather.jitter_s)
    began_s, seen = time.monotonic(), len(volunteer.brightnesses)
    darkness = asyncio.create_task(dark_now_and_then(journey)) if weather.dark else None
    await bear(watch, journey, legs, began_s + seconds)
    if darkness:
        darkness.cancel()
    journey.both(loss=0.0, delay_s=0.0, jitter_s=0.0, dark=False)
    watch.seconds, watch.frames = time.monotonic() - began_s, len(volunteer.brightnesses) - seen
    if watch.died_s is None:
        watch.trouble += await why_not_well(alice, volunteer)
        watch.trouble += [f"leg {leg.whose.number} is {leg.state}" for leg in legs if not up(leg)]
    return watch


def up(leg: Leg) -> bool:
    return leg.state is LegState.UP


async def dark_now_and_then(journey: Journey) -> None:
    while True:
        await asyncio.sleep(DARK_EVERY_S / 8)
        journey.both(dark=True)
        await asyncio.sleep(DARK_S)
        journey.both(dark=False)
        await asyncio.sleep(DARK_EVERY_S * 7 / 8 - DARK_S)


async def bear(watch: Watch, journey: Journey, legs: Sequence[Leg], until_s: float) -> None:
    """Watch the Legs and connections; ends early when one has died."""
    began_s = time.monotonic()
    silent = [False, False]
    while time.monotonic() < until_s:
        for index, leg in enumerate(legs):
            watch.lost += leg.state is LegState.LOST and not silent[index]
            silent[index] = leg.state is LegState.LOST
        gone = [leg for leg in legs if leg.state is LegState.CLOSED]
        ended = [page for page in journey.people if page.pc.connectionState != "connected"]
        if gone or ended:
            watch.died_s = time.monotonic() - began_s
            watch.trouble.append(f"died after {watch.died_s:.0f} s")
            return
        await asyncio.sleep(LOOK_S)


async def why_not_well(alice: Person, volunteer: Person) -> list[str]:
    """Nothing once picture, both voices and words of now have passed."""
    volunteer.brightnesses.clear()
    alice.loudness = volunteer.loudness = 0.0
    words = f"are you there? {new_id()}"
    volunteer.channel.send(words)
    try:
        await wait_for(
            lambda: (
                volunteer.sees(WHITE) or volunteer.hears() or alice.hears() or alice.read(words)
            ),
            GOOD_AGAIN_S,
        )
    except AssertionError as error:
        return [str(error)]
    return []


class Relay:
    """The one relay, and who asks it for Legs."""

    def __init__(self, live: Live, node: Node, client: RelayClient, asked: Options) -> None:
        self.live, self.node, self.client, self.asked = live, node, client, asked
        self._connecting = asyncio.Lock()  # one call after the other

    async def watch(self, name: str, stock: bool) -> Watch:
        """One call from its beginning to its end."""
        weather = WEATHERS[name]
        seconds = self.asked.seconds or 60 * weather.minutes
        place = ("127.0.0.1", self.node.port)
        async with bad_network(place) as one, bad_network(place, seed=2) as other:
            journey = Journey(self.live, self.node, self.client, [one, other])
            journey.stock = stock
            noor = new_id()
            try:
                async with self._connecting:
                    await journey.connected(noor)
                return await live_through(journey, noor, weather, seconds)
            finally:
                await journey.close()


async def main(asked: Options) -> int:
    """All weathers at once; the exit code."""
    print(figures.machine(), flush=True)
    server = RedisServer().start()
    redis = connect(server.url)
    live = Live(redis)
    node, task = await started(redis, live)
    client = RelayClient(redis)
    relay = Relay(live, node, client, asked)
    stock = [name for name in STOCK if name in asked.only and asked.stock]
    calls = [*((name, False) for name in asked.only), *((name, True) for name in stock)]
    try:
        watches = await asyncio.gather(*(relay.watch(*call) for call in calls))
    finally:
        await client.close()
        node.stop()
        await task
        await redis.aclose()
        server.close()
    return tell(asked, dict(zip(calls, watches, strict=True)))


def tell(asked: Options, watches: dict[tuple[str, bool], Watch]) -> int:
    """A table, the last line, and the exit code: aiortc as it is may lose its calls."""
    last: dict[str, Figure] = {}
    broken = 0
    rows: list[list[Figure]] = []
    for (name, stock), watch in watches.items():
        who = f"{name}, aiortc as it is" if stock else name
        rate = watch.frames / max(0.1, watch.seconds)
        rows.append([who, rounded(watch.seconds, 0), rounded(rate, 1), watch.lost, watch.said()])
        if stock:
            last[f"stock_{name}_died_s"] = rounded(watch.died_s, 0)
            continue
        broken += bool(watch.trouble)
        last |= {
            f"{name}_lived": int(not watch.trouble),
            f"{name}_s": rounded(watch.seconds, 0),
            f"{name}_frames_per_s": rounded(rate, 1),
            f"{name}_silences": watch.lost,
        }
    heads = ("network", "seconds", "pictures a second", "legs fell silent", "call")
    print(figures.table(heads, rows))
    return figures.close(last, broken, ())


if __name__ == "__main__":
    sys.exit(asyncio.run(main(options())))
