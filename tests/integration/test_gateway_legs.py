"""Does a page get its Leg also when the relay that it is seated on was killed a moment ago?"""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from assist.gateway.legs import Legs, NotOpened
from assist.lib.ids import new_id
from assist.live import Live
from assist.protocol.states import Refusal
from assist.relay.client import RelayClient
from tests.integration.relay_people import started


@pytest.fixture
async def client(redis: Redis) -> AsyncIterator[RelayClient]:
    client = RelayClient(redis)
    yield client
    await client.close()


@pytest.fixture
async def help_request(live: Live, alice: str) -> str:
    """Alice waits, and is seated on a relay whose lease has outlived it."""
    identity = new_id()
    await live.beat([("requester", alice, False)])
    await live.ask(identity, alice, ["en"])
    await live.relay_announce("killed", "127.0.0.1", 9, 0.0, 0)
    assert (await live.seat(identity, alice)).relay == "killed"
    return identity


async def test_who_was_on_a_relay_that_was_killed_is_seated_on_another_at_once(
    redis: Redis, live: Live, client: RelayClient, alice: str, help_request: str
) -> None:
    node, task = await started(redis, live)
    opened = await Legs(alice).open(live, client, help_request)
    assert opened.description.startswith("v=0")
    assert [leg.whose.number for leg in node.sessions.legs] == [opened.number]
    assert [line.id for line in (await live.queue()).relays] == [node.relay]
    node.stop()
    await task


async def test_without_another_relay_the_page_is_told_so_and_may_ask_again(
    live: Live, client: RelayClient, alice: str, help_request: str
) -> None:
    with pytest.raises(NotOpened) as refused:
        await Legs(alice).open(live, client, help_request)
    assert refused.value.code is Refusal.NO_RELAY
