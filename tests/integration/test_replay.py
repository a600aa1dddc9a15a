"""Does a Snapshot with the messages after it give the later Snapshot? For every transition."""

import shutil
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import pytest

from assist.live import Live
from tests.acts import ACTS
from tests.conftest import Clock
from tests.machine import run_machine
from tests.pages import Pages, Tape
from tests.situations import SITUATIONS, Situation, reach, ringing
from tests.world import World

ROOT = Path(__file__).parents[2]
EXAMPLES, STEPS = 12, 40


async def tapes_of(
    situation: Callable[[Situation], Awaitable[None]], live: Live, clock: Clock
) -> list[Tape]:
    """Every act from one situation: each page ends with what is true."""
    tapes: list[Tape] = []
    for (script, who), act in ACTS.items():
        await live.redis.flushall()
        s = await reach(situation, live, clock)
        pages = Pages()
        wrong = await pages.watch(live, await live.read_events("0-0", 1_000))
        assert wrong == [], situation.__name__
        await act(s)
        wrong = await pages.watch(live, await live.read_events(s.at_reached, 1_000))
        assert wrong == [], (situation.__name__, script, who)
        tapes += pages.tapes.values()
    return tapes


def ends_of_the_pages_own_reducers(tapes: list[Tape]) -> tuple[int, list[str]]:
    """How many tapes the pages' reducers took in, and what they then know that is not so."""
    node = shutil.which("node")
    assert node, "install Node.js 20 or later: the pages' reducers are held to the Snapshots"
    done = subprocess.run(
        [node, str(ROOT / "tests/js/tapes.js")],
        input=msgspec.json.encode([vars(tape) for tape in tapes]),
        capture_output=True,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr.decode()
    found = msgspec.json.decode(done.stdout)
    return found["tapes"], found["wrong"]


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda how: how.__name__)
async def test_a_snapshot_and_its_messages_give_the_later_snapshot(
    situation: Callable[[Situation], Awaitable[None]], turned: Live, clock: Clock
) -> None:
    tapes = await tapes_of(situation, turned, clock)
    assert ends_of_the_pages_own_reducers(tapes) == (len(tapes), [])


@pytest.mark.timeout(240)
def test_pages_know_what_is_true_whatever_happens(redis_url: str) -> None:
    pages = Pages()
    world = World(redis_url, [pages])
    try:
        run_machine(world, 7, EXAMPLES, STEPS)
    finally:
        world.close()


async def test_a_message_that_is_left_out_is_noticed(turned: Live, clock: Clock) -> None:
    s = await reach(ringing, turned, clock)
    events = await turned.read_events("0-0", 1_000)
    missing = [event for event in events if event.type != "help.asked"]
    wrong = await Pages().watch(turned, missing)
    assert any("number 2 after 0" in sentence for sentence in wrong), s
