"""Is what is live sound in whatever order things happen? Hypothesis looks for a way to break it.

The real scripts on a real server, on a clock that it turns; every invariant after every step.
"""

import secrets

import pytest

from tests.machine import run_machine
from tests.world import World

EXAMPLES, STEPS = 40, 40


@pytest.mark.timeout(300)
def test_no_order_of_things_breaks_an_invariant(redis_url: str) -> None:
    seed = secrets.randbelow(2**32)
    print(f"the machine's seed is {seed}")
    world = World(redis_url)
    try:
        run_machine(world, seed, EXAMPLES, STEPS)
    finally:
        world.close()
