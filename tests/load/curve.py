"""What does one decision cost in a larger house? `python -m tests.load.curve [--short]`.

One server grows from 1,000 to 1,000,000 Volunteers. At each size HelpRequests are asked, looked
at, offered, accepted and ended, script by script. The cost is the server's own processor time, so
that whatever else the machine does changes it little; the round trip, which it does change, is
printed beside it. Exits 0 whatever it finds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from redis.asyncio import Redis

from assist.lib.ids import new_id
from assist.lib.redis import connect
from assist.live import Live
from assist.matching.policy import propose
from tests.load import figures
from tests.load.people import crowd
from tests.load.plot import Series, plot
from tests.load.populate import populate
from tests.redis_server import RedisServer

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
TOGETHER, ROUNDS = 5, 40
SCRIPTS = ("ask", "standing", "offer", "accept", "end")


async def busy_us(redis: Redis) -> float:
    """The server's processor time so far."""
    info: Any = await redis.info("cpu")
    return float(info["used_cpu_user_main_thread"] + info["used_cpu_sys_main_thread"]) * 1e6


class Cost:
    """Of each script: processor time and round trip a call, in microseconds, of every round."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self.busy: dict[str, list[float]] = defaultdict(list)
        self.trip: dict[str, list[float]] = defaultdict(list)

    async def of(self, name: str, calls: Sequence[Callable[[], Awaitable[Any]]]) -> list[Any]:
        """Make these calls one after the other; their answers."""
        before = await busy_us(self._redis)
        answers = []
        for call in calls:
            began_s = time.perf_counter()
            answers.append(await call())
            self.trip[name].append((time.perf_counter() - began_s) * 1e6)
        self.busy[name].append((await busy_us(self._redis) - before) / max(1, len(calls)))
        return answers


async def decide(live: Live, cost: Cost, chance: random.Random) -> None:
    """Some HelpRequests from ask to end."""
    helps = [(new_id(), new_id()) for _ in range(TOGETHER)]
    await cost.of("ask", [partial(live.ask, id, who, ["en"]) for id, who in helps])
    found = await cost.of("standing", [partial(live.standing, id) for id, _ in helps])
    waves: list[tuple[str, list[str]]] = []
    taken: set[str] = set()
    for (id, _), standing in zip(helps, found, strict=True):
        free = [one for one in standing.candidates if one.id not in taken]
        chosen = propose(free, standing.ringing, standing.odds, chance.random)
        taken.update(chosen)
        waves.append((id, chosen))
    await cost.of("offer", [partial(live.offer, id, 0, who) for id, who in waves])
    rings = [(await live.redis.hget(f"volunteer:{who[0]}", "offer"), who[0]) for _, who in waves]
    accepts = [partial(live.accept, str(offer), who) for offer, who in rings]
    accepted = await cost.of("accept", accepts)
    assert all(one.is_ == "ok" for one in accepted), accepted
    await cost.of("end", [partial(live.end, id, who) for id, who in helps])
    await live.redis.xtrim("events", maxlen=0, approximate=False)


async def measure(sizes: tuple[int, ...], seed: int) -> dict[int, Cost]:
    """The cost at each size of the one growing house."""
    people = crowd(sizes[-1], 0.1, seed)
    random.Random(seed).shuffle(people)
    server, found, there = RedisServer().start(), {}, 0
    redis = connect(server.url)
    live, chance = Live(redis), random.Random(seed)
    try:
        for size in sizes:
            await populate(redis, people[there:size], await live.now_ms(), seed + size)
            there = size
            # Pages that nobody beats for would fall silent in a large house.
            pages = [one.id for one in people[:size] if one.reach == "page"]
            for at in range(0, len(pages), 500):
                await live.beat([("volunteer", one, True) for one in pages[at : at + 500]])
                await live.beat([("volunteer", one, False) for one in pages[at : at + 500]])
            found[size] = Cost(redis)
            for _ in range(ROUNDS):
                await decide(live, found[size], chance)
    finally:
        await redis.aclose()
        server.close()
    return found


def rows(found: dict[int, Cost]) -> list[list[figures.Figure]]:
    """A line for each size: processor time of each script, of all, and the whole round trip."""
    lines: list[list[figures.Figure]] = []
    for size, cost in found.items():
        busy = [median(cost.busy[name]) for name in SCRIPTS]
        trip = sum(median(cost.trip[name]) for name in SCRIPTS)
        lines.append([f"{size:,}", *(round(one) for one in [*busy, sum(busy), trip])])
    return lines


def main() -> int:
    """Print the table and one line of JSON, and draw the picture."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.curve")
    parser.add_argument("--short", action="store_true", help="up to 30,000, under 50 s")
    parser.add_argument("--most", type=int, default=SIZES[-1], help="the largest house")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plot", type=Path, help="draw the curve here (SVG)")
    asked = parser.parse_args()
    print(figures.machine())
    most = 30_000 if asked.short else asked.most
    sizes = tuple(size for size in SIZES if size <= most)
    found = asyncio.run(measure(sizes, asked.seed))
    heads = ("volunteers", *(f"{name} µs" for name in SCRIPTS), "decision µs", "round trips µs")
    print(figures.table(heads, rows(found)))
    if asked.plot:
        lines = [
            Series(name, [(size, median(cost.busy[name])) for size, cost in found.items()])
            for name in SCRIPTS
        ]
        title = "Processor time of one decision"
        plot(asked.plot, title, "volunteers", "µs on the server, median", lines)
    total = {size: sum(median(one.busy[name]) for name in SCRIPTS) for size, one in found.items()}
    smallest, largest = min(total), max(total)
    growth = round(total[largest] / total[smallest], 2)
    print(
        json.dumps({"volunteers": largest, "decision_us": round(total[largest]), "growth": growth})
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
