"""Does the program of the bad networks run, and would it notice a call that does not live?"""

import asyncio
import json
import sys

from redis.asyncio import Redis

from assist.live import Live
from assist.protocol.states import LegState
from assist.relay.client import RelayClient
from tests.chaos.networks import Journey, Weather, live_through
from tests.impair import bad_network
from tests.integration.relay_people import started
from tests.processes import ROOT


async def test_calls_live_through_loss_and_reordering_and_the_last_line_says_so() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.chaos.networks", "--short", "--no-stock"),
        *("--seconds", "4", "--only", "lossy", "reordered"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    last = json.loads(out.decode().splitlines()[-1])
    assert await process.wait() == 0, out.decode()
    assert [last["lossy_lived"], last["reordered_lived"]] == [1, 1]
    assert last["lossy_s"] >= 4


async def test_a_call_that_was_ended_is_noticed(redis: Redis, live: Live, alice: str) -> None:
    node, task = await started(redis, live)
    client = RelayClient(redis)
    place = ("127.0.0.1", node.port)
    async with bad_network(place) as one, bad_network(place) as other:
        journey = Journey(live, node, client, [one, other])
        noor = "0" * 31 + "1"
        await journey.connected(noor)
        watching = asyncio.create_task(live_through(journey, noor, Weather(1), 30.0))
        leg = journey.leg(noor)
        await live.end(journey.help_request, noor)
        watch = await asyncio.wait_for(watching, 20)
        await journey.close()
    assert leg.state is LegState.CLOSED
    assert watch.died_s is not None
    assert watch.said().startswith("died after")
    await client.close()
    node.stop()
    await task
