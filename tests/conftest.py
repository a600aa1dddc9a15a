"""What do all tests share? A real Redis-compatible server, a clock they turn, and people."""

from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import settings
from redis.asyncio import Redis

from assist.lib.ids import new_id
from assist.lib.redis import connect
from assist.live import Live
from assist.live.keys import FAMILIES
from tests.redis_server import RedisServer

# A slow machine is no wrong answer; all else is as Hypothesis has it, here or in CI.
settings.register_profile("assist", settings(), deadline=None)
settings.load_profile("assist")
START_MS = 1_763_780_000_000
GONE = -2  # what Redis calls the rest of a life that is over


class Clock:
    """Redis' clock as the tests turn it: milliseconds since 1970."""

    def __init__(self) -> None:
        self.ms = START_MS

    def __call__(self) -> int:
        return self.ms

    def forward(self, seconds: float) -> None:
        """Let this much time pass."""
        self.ms += round(seconds * 1000)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """One server for the whole test process."""
    server = RedisServer().start()
    yield server
    server.close()


@pytest.fixture(scope="session")
def redis_url(redis_server: RedisServer) -> str:
    """Where it listens."""
    return redis_server.url


def family_of(key: str) -> str | None:
    """The family in `keys.py` to which a key belongs."""
    for name, family in FAMILIES.items():
        head, hole, _ = family.pattern.partition("{}")
        if key == head or (hole and key.startswith(head)):
            return name
    return None


async def leaked_keys(redis: "Redis") -> list[str]:
    """Keys that `keys.py` does not know, or that live longer than it says."""
    wrong = []
    async for key in redis.scan_iter(count=500):
        name = family_of(key)
        ttl_s = FAMILIES[name].ttl_s if name else None
        left_ms = await redis.pttl(key)
        if left_ms == GONE:  # it ended since it was found
            continue
        if name is None or (ttl_s is not None and not 0 <= left_ms <= ttl_s * 1000):
            wrong.append(key)
    return wrong


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator["Redis"]:
    """A client on an empty server; afterwards no key has been left without an end."""
    client = connect(redis_url)
    await client.flushall()
    yield client
    leaked = await leaked_keys(client)
    await client.flushall()
    await client.aclose()
    await client.connection_pool.disconnect()
    assert leaked == []  # last: what is left open here fails some later test


@pytest.fixture
def clock() -> Clock:
    """The clock that `turned` obeys."""
    return Clock()


@pytest.fixture
def live(redis: "Redis") -> Live:
    """What is live, on Redis' own clock."""
    return Live(redis)


@pytest.fixture
def turned(redis: "Redis", clock: Clock) -> Live:
    """What is live, on a clock that the test turns."""
    return Live(redis, clock)


@pytest.fixture
def alice() -> str:
    """A Requester."""
    return new_id()


@pytest.fixture
def ravi() -> str:
    """Another Requester."""
    return new_id()


@pytest.fixture
def mallory() -> str:
    """Someone who takes no part."""
    return new_id()


@pytest.fixture
async def noor(turned: Live) -> str:
    """A Volunteer who speaks English and Danish, on the turned clock's roster."""
    return await enlisted(turned, "en", "da")


@pytest.fixture
async def bob(turned: Live) -> str:
    """A Volunteer who speaks English."""
    return await enlisted(turned, "en")


async def enlisted(live: Live, *languages: str) -> str:
    """A new Volunteer in the roster."""
    volunteer = new_id()
    await live.enlist(volunteer, list(languages))
    return volunteer
