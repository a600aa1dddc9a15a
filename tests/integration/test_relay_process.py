"""Does the relay behave as a process: one line when ready, no media threads, a clean end?"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from assist.lib.ids import new_id
from assist.live import Live
from assist.live.keys import key
from assist.protocol.states import Role
from assist.relay.client import RelayClient
from tests.integration.relay_people import WHITE, Person
from tests.redis_server import RedisServer
from tests.waiting import PATIENCE_S, wait_for

ROOT = Path(__file__).parents[2]


def free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("", 0))
        return int(probe.getsockname()[1])


class Process:
    """`manage.py relay` on a port of its own."""

    def __init__(self, redis_url: str, state: Path) -> None:
        self.port = free_udp_port()
        self.started: list[asyncio.subprocess.Process] = []
        self.environment = {
            **{name: value for name, value in os.environ.items() if "ASSIST" not in name},
            "REDIS_URL": redis_url,
            "ASSIST_STATE": str(state),
            "ASSIST_RELAY_PORT": str(self.port),
        }

    async def start(self) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(ROOT / "manage.py"), "relay"),
            cwd=ROOT,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        self.started.append(process)
        return process

    def end_all(self) -> None:
        """None outlives a test that failed."""
        for process in self.started:
            if process.returncode is None:
                process.kill()

    async def ready(self) -> asyncio.subprocess.Process:
        process = await self.start()
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), 2 * PATIENCE_S)
        assert line.decode() == f"relay: ready on UDP {self.port}\n"
        return process


@pytest.fixture
def relay(redis_server: RedisServer, tmp_path: Path) -> Iterator[Process]:
    relay = Process(redis_server.url, tmp_path)
    yield relay
    relay.end_all()


@pytest.fixture
async def client(redis: Redis) -> AsyncIterator[RelayClient]:
    client = RelayClient(redis)
    yield client
    await client.close()


def threads_of(process: asyncio.subprocess.Process) -> int:
    """As the system counts them, whoever made them."""
    tasks = Path(f"/proc/{process.pid}/task")
    if tasks.is_dir():
        return len(list(tasks.iterdir()))
    listing = subprocess.check_output(["ps", "-M", "-p", str(process.pid)])
    return len(listing.strip().splitlines()) - 1


async def sit_down(live: Live, client: RelayClient, help_request: str, page: Person) -> None:
    seat = await live.seat(help_request, page.person)
    assert seat.relay is not None
    place = (seat.relay, help_request, page.person)
    answer = await page.answer(await client.open_leg(*place, page.role, seat.number))
    await client.answer_leg(*place, seat.number, answer)


async def test_a_call_makes_no_thread_is_not_cut_by_a_drain_and_hears_of_the_end(
    relay: Process, live: Live, client: RelayClient
) -> None:
    process = await relay.ready()
    before = threads_of(process)
    help_request, noor = new_id(), new_id()
    alice = Person(Role.REQUESTER, new_id(), WHITE)
    volunteer = Person(Role.VOLUNTEER, noor)
    await live.enlist(noor, ["en"])
    await live.beat([("requester", alice.person, False), ("volunteer", noor, False)])
    await live.available(noor)
    await live.ask(help_request, alice.person, ["en"])
    await live.offer(help_request, 0, [noor])
    for page in (alice, volunteer):
        await sit_down(live, client, help_request, page)
    offer = (await live.volunteer_snapshot(noor)).offer
    assert offer is not None
    await live.accept(offer.id, noor)
    await wait_for(lambda: volunteer.sees(WHITE) or volunteer.hears() or alice.hears())
    during = threads_of(process)

    process.send_signal(signal.SIGTERM)
    relay_id = (await live.queue()).relays[0].id

    async def why_not_leaving() -> str:
        below = await live.redis.hget(key("relay", relay_id), "takes_below")
        return "" if below == "-1.0" else f"it takes calls below a load of {below!r}"

    await wait_for(why_not_leaving)
    volunteer.brightnesses.clear()
    await wait_for(lambda: volunteer.sees(WHITE))
    process.send_signal(signal.SIGTERM)  # a second one means now
    assert await asyncio.wait_for(process.wait(), PATIENCE_S) == 0
    await wait_for(lambda: "" if alice.channel.readyState == "closed" else "not told")
    assert (await live.queue()).relays == []
    assert (before, during) == (1, 1)
    await asyncio.gather(alice.close(), volunteer.close())


async def test_an_address_that_is_none_is_one_sentence_and_exit_code_2(relay: Process) -> None:
    relay.environment["ASSIST_RELAY_ADDRESS"] = "relay.example"
    process = await relay.start()
    _, error = await asyncio.wait_for(process.communicate(), 2 * PATIENCE_S)
    assert process.returncode == 2
    assert b"'relay.example' does not appear to be an IPv4 or IPv6 address." in error
    assert b"Traceback" not in error


async def test_a_port_in_use_is_one_sentence_and_exit_code_2(relay: Process) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", relay.port))
        process = await relay.start()
        output, error = await asyncio.wait_for(process.communicate(), 2 * PATIENCE_S)
    assert process.returncode == 2
    assert output == b""
    assert (
        error.decode()
        .strip()
        .splitlines()[-1]
        .endswith(f"The relay could not use UDP port {relay.port}: Address already in use.")
    )
    assert b"Traceback" not in error
