"""Where are relays attacked? Redis, `live`, and one relay that can be asked how it is.

No web and no worker: people ask and accept through `live` itself, and their descriptions go to the
relay as the web process would take them.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

from assist.lib import parent
from assist.lib.ids import new_id
from assist.lib.redis import connect
from assist.live import Live
from assist.protocol.states import Role
from assist.relay.client import RelayClient
from tests.chaos.attacks_page import AUDIO_TYPE, VIDEO_TYPE, Page
from tests.processes import ROOT
from tests.redis_server import RedisServer

VOICES_PER_S = 50
PICTURES_PER_S = 60
_BEAT_S = 8.0
_LOOK_S = 60.0
_ON_ITS_WAY_S = 5.0  # a packet that is later than that is lost

Look = dict[str, Any]


def own_address() -> str:
    """The IPv4 address from which this machine would reach others; loopback if it has no way out.

    aioice, which the counterparts need, takes no loopback. Nothing is sent to find out.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


class Helper:
    """A program of ours that answers each line with a line of JSON."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.pid = process.pid
        self._turn = asyncio.Lock()

    @classmethod
    async def start(cls, module: str, *arguments: str, fds: Sequence[int] = ()) -> Helper:
        """`python -m module`, which dies with us."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module, *arguments),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            limit=1 << 22,
            pass_fds=fds,
            preexec_fn=parent.die_with_parent() if sys.platform == "linux" else None,
        )
        return cls(process)

    async def line(self, seconds: float = _LOOK_S) -> str:
        """The next one that it prints; TimeoutError if it hangs, ConnectionError if it died."""
        assert self.process.stdout is not None
        found = await asyncio.wait_for(self.process.stdout.readline(), seconds)
        if not found:
            raise ConnectionError(f"{self.process.pid} ended with {await self.process.wait()}")
        return found.decode()

    async def ask(self, text: str, seconds: float = _LOOK_S) -> Any:
        """What it says to one line."""
        assert self.process.stdin is not None
        async with self._turn:
            self.process.stdin.write(text.encode() + b"\n")
            await self.process.stdin.drain()
            return json.loads(await self.line(seconds))

    async def last(self, seconds: float) -> Any:
        """What it says in the end, which it reaches by itself."""
        found = json.loads(await self.line(seconds))
        await self.close()
        return found

    async def close(self) -> None:
        """Let it end by itself, else at once."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.process.wait(), 5)
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()


class Seats:
    """One HelpRequest: who asked and who was rung, and their places at the relay."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.help_request = new_id()
        self.people = {Role.REQUESTER: new_id(), Role.VOLUNTEER: new_id()}
        self._numbers: dict[Role, int] = {}
        self._relay = ""

    async def ask(self) -> None:
        """Somebody asks, and somebody is rung."""
        live, volunteer = self._house.live, self.people[Role.VOLUNTEER]
        self._house.present |= {(role.value, person) for role, person in self.people.items()}
        await live.enlist(volunteer, ["en"])
        await live.beat([(role.value, person, False) for role, person in self.people.items()])
        await live.available(volunteer)
        await live.ask(self.help_request, self.people[Role.REQUESTER], ["en"])
        assert await live.offer(self.help_request, 0, [volunteer]) == "ok"

    async def sit_down(self, role: Role) -> str:
        """The relay's description for that person."""
        person = self.people[role]
        seat = await self._house.live.seat(self.help_request, person)
        assert seat.relay is not None, "no relay takes anybody"
        self._relay, self._numbers[role] = seat.relay, seat.number
        return await self._house.client.open_leg(
            seat.relay, self.help_request, person, role, seat.number
        )

    async def answer(self, role: Role, description: str) -> None:
        """Hand in the page's description; RelayRefused if the relay cannot read it."""
        place = (self._relay, self.help_request, self.people[role], self._numbers[role])
        await self._house.client.answer_leg(*place, description)

    async def accept(self) -> None:
        """The gate between the two opens."""
        live, volunteer = self._house.live, self.people[Role.VOLUNTEER]
        offer = (await live.volunteer_snapshot(volunteer)).offer
        assert offer is not None, "the offer is gone"
        assert (await live.accept(offer.id, volunteer)).is_ == "ok"

    async def end(self) -> None:
        """The call is over."""
        await self._house.live.end(self.help_request, self.people[Role.REQUESTER])
        self._house.present -= {(role.value, person) for role, person in self.people.items()}


class Call:
    """Two lean pages that talk: sound both ways, a picture one way."""

    def __init__(self, house: House) -> None:
        self.seats = Seats(house)
        self.alice = Page(house.address, shows=True)
        self.noor = Page(house.address)
        self._talking: asyncio.Task[None] | None = None

    async def connect(self, setup: str = "active") -> None:
        """Asked, connected, and accepted."""
        await self.seats.ask()
        await asyncio.gather(
            self._sit_down(Role.REQUESTER, self.alice, setup),
            self._sit_down(Role.VOLUNTEER, self.noor, setup),
        )
        await self.seats.accept()

    async def _sit_down(self, role: Role, page: Page, setup: str) -> None:
        page.read(await self.seats.sit_down(role))
        await self.seats.answer(role, page.answer(setup))
        await page.connect(setup)

    def talk(self) -> None:
        """From now on until the end."""
        self._talking = asyncio.get_running_loop().create_task(self._talk())

    async def _talk(self) -> None:
        """By the clock: what was late is said at once, so that every second says as much."""
        loop = asyncio.get_running_loop()
        began_s, voices, pictures = loop.time(), 0, 0
        while True:
            passed_s = loop.time() - began_s
            for _ in range(int(passed_s * VOICES_PER_S) - voices):
                self.alice.speak(AUDIO_TYPE)
                self.noor.speak(AUDIO_TYPE)
                voices += 1
            for _ in range(int(passed_s * PICTURES_PER_S) - pictures):
                self.alice.speak(VIDEO_TYPE, bytes(1000))
                pictures += 1
            await asyncio.sleep(0.01)

    def forget(self) -> None:
        """Count anew from here."""
        self.alice.forget()
        self.noor.forget()

    def lost(self) -> int:
        """Packets that are missing between those that came, of all three streams."""
        streams = [*self.alice.heard.values(), *self.noor.heard.values()]
        return sum(heard.lost for heard in streams)

    async def voice_share(self) -> float:
        """The share of what either has said by now that the other hears, the worse of the two."""
        ways = ((self.alice, self.noor), (self.noor, self.alice))
        shares = await asyncio.gather(*(self._share(*way) for way in ways))
        return min(1.0, *shares)  # what was on its way when counting began may come on top

    @staticmethod
    async def _share(speaker: Page, hearer: Page) -> float:
        """A machine that stalls delivers late: what was said after this moment tells the end."""
        said, newest = speaker.sent[AUDIO_TYPE], speaker.newest(AUDIO_TYPE)
        until_s = time.monotonic() + _ON_ITS_WAY_S
        while time.monotonic() < until_s:
            before, after = hearer.heard_about(AUDIO_TYPE, newest)
            if after:
                break
            await asyncio.sleep(0.02)
        return before / max(1, said)

    async def close(self, goodbye: bool = True) -> None:
        """Everybody hangs up, or is gone without a `goodbye`."""
        if self._talking is not None:
            self._talking.cancel()
        await asyncio.gather(self.alice.close(goodbye), self.noor.close(goodbye))
        await self.seats.end()


def overflowed(*ports: int) -> int:
    """Datagrams that the kernel dropped because whoever has these ports fetched them too late."""
    wanted = {f"{port:04X}" for port in ports}
    with open("/proc/net/udp") as table:
        rows = [line.split() for line in table]
    return sum(int(row[-1]) for row in rows[1:] if row[1].rpartition(":")[2] in wanted)


class House:
    """Everything that a relay needs, and the relay."""

    def __init__(self, server: RedisServer, relay: Helper, port: int, address: str) -> None:
        self.address, self.port, self.relay = address, port, relay
        self.redis = connect(server.url)
        self.live = Live(self.redis)
        self.client = RelayClient(self.redis)
        self.present: set[tuple[str, str]] = set()

    async def call(self, setup: str = "active") -> Call:
        """Two people who are connected."""
        call = Call(self)
        await call.connect(setup)
        return call

    async def look(self) -> Look:
        """How the relay is; TimeoutError if it hangs."""
        found: Look = await self.relay.ask("look")
        return found

    async def states(self) -> dict[str, int]:
        """How many Legs stand where; asking this often costs the relay nothing."""
        found: dict[str, int] = await self.relay.ask("states")
        return found

    async def streams(self) -> int:
        """How many streams the Leg keeps that keeps most."""
        return int(await self.relay.ask("streams"))

    def waited_s(self) -> float:
        """How long the relay has waited for a core since it began, though it had work to do."""
        with open(f"/proc/{self.relay.pid}/schedstat") as told:
            return int(told.read().split()[1]) / 1e9

    async def _keep_present(self) -> None:
        while True:
            await asyncio.sleep(_BEAT_S)
            await self.live.beat([(role, person, False) for role, person in self.present])


@contextlib.asynccontextmanager
async def open_house() -> AsyncIterator[House]:
    """Up, and down again."""
    server = await asyncio.to_thread(RedisServer().start)
    address = own_address()
    relay = await Helper.start("tests.chaos.attacks_relay", server.url, address)
    try:
        ready = re.search(r"UDP (\d+)", await relay.line())
        assert ready is not None
        house = House(server, relay, int(ready[1]), address)
        present = asyncio.create_task(house._keep_present())
        yield house
        present.cancel()
        await house.client.close()
        await house.redis.aclose()
    finally:
        await relay.close()
        server.close()
