"""Is matching quick when there are many? `python -m tests.load.matching [--short]`.

A real Redis-compatible server with its append-only file, a real worker process (matchmaker,
deadlines, fan-out over the channel layer, ledger into SQLite), and in this process all the people.
Measured is from the script's own TIME, which each message carries, to the message heard on the
person's group. Afterwards every Event of the run is folded, and all that is live compared with it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from statistics import median

from redis.asyncio import Redis

from assist.lib.redis import connect
from assist.live import Live
from assist.live.keys import key
from tests.load import figures
from tests.load.costs import Costs
from tests.load.figures import Figure, percentile, rounded
from tests.load.pages import Heard, Pages
from tests.load.people import Person, crowd
from tests.load.populate import populate
from tests.load.watch import Watch
from tests.processes import ROOT, Processes
from tests.redis_server import RedisServer

LATE_MS = 50.0  # an ask that began later than this after its time came late
LATE_SHARE = 0.01
WARM_SECONDS = 4.0
DIRECTORY = """
import sys
from assist.accounts.models import Person
Person.objects.bulk_create(
    [Person(id=i, name=f"Person {i}", name_key=f"person {i}") for i in sys.stdin.read().split()],
    batch_size=2000,
)
"""


class Options(argparse.Namespace):
    """What the command line says."""

    short: bool
    volunteers: int
    pages: int
    requests: float
    seconds: float
    rounds: int
    talk: float
    seed: int


def options() -> Options:
    """Long by default; the short form has the same load for a shorter time."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.matching")
    parser.add_argument("--short", action="store_true", help="one round, under 50 s")
    parser.add_argument("--volunteers", type=int, default=100_000)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--requests", type=float, default=50.0, help="asks a second")
    parser.add_argument("--seconds", type=float, default=30.0, help="measured, in each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--talk", type=float, default=3.0, help="seconds a call lasts on average")
    parser.add_argument("--seed", type=int, default=1)
    found = parser.parse_args(namespace=Options())
    if found.short:
        found.seconds, found.rounds = min(found.seconds, 8.0), 1
    return found


class House:
    """One server and the processes on it, for one round."""

    def __init__(self) -> None:
        self.server = RedisServer(persistent=True).start()
        self.processes = Processes(self.server)
        self.redis = connect(self.server.url)
        self.live = Live(self.redis)

    def write_directory(self, people: Sequence[Person]) -> None:
        """Names are read from SQL when people meet, so everybody must have one."""
        self.processes.manage("migrate", "--verbosity", "0")
        subprocess.run(
            [sys.executable, "manage.py", "shell", "-v", "0", "-c", DIRECTORY],
            cwd=ROOT,
            env=self.processes.environment,
            timeout=300,
            input=" ".join(one.id for one in people),
            text=True,
            check=True,
        )

    async def start_worker(self) -> None:
        """Until it follows the stream for all."""
        self.processes.start_part("worker")
        deadline_s = time.monotonic() + 60
        while not await self.redis.exists(key("role", "fanout")):
            if time.monotonic() > deadline_s:
                raise SystemExit(f"no worker: {self.processes.said('worker')[-2000:]}")
            await asyncio.sleep(0.1)

    def costs(self) -> Costs:
        """Counted from now on."""
        return Costs(
            {
                "redis": self.server.pid,
                "worker": self.processes.pid("worker"),
                "people": os.getpid(),
            }
        )

    async def close(self) -> None:
        await self.redis.aclose()
        self.processes.close()
        self.server.close()


@contextlib.asynccontextmanager
async def house(people: Sequence[Person], seed: int) -> AsyncIterator[House]:
    """Everybody is available, and nobody works yet."""
    made = House()
    try:
        began_s = time.monotonic()
        await made.redis.config_set("auto-aof-rewrite-percentage", 0)  # the watch reads it
        await asyncio.gather(
            asyncio.to_thread(made.write_directory, people),
            populate(made.redis, people, int(time.time() * 1000), seed),
        )
        await made.redis.xtrim(key("events"), maxlen=0, approximate=False)
        took_s = time.monotonic() - began_s
        print(f"{len(people)} Volunteers available after {took_s:.1f} s", flush=True)
        yield made
    finally:
        await made.close()


async def ask_steadily(pages: Pages, requests: float, seconds: float) -> list[float]:
    """Ask on a beat, whatever became of the asks before; how late each began, in ms."""
    began_s, late = time.monotonic(), []
    asking: set[asyncio.Task[None]] = set()
    for number in range(round(requests * seconds)):
        due_s = began_s + number / requests
        await asyncio.sleep(max(0.0, due_s - time.monotonic()))
        late.append((time.monotonic() - due_s) * 1000)
        task = asyncio.create_task(pages.ask())
        asking.add(task)
        task.add_done_callback(asking.discard)
    return late


async def live_through(house: House, pages: Pages, asked: Options) -> dict[str, Figure]:
    """Warm up, measure, let everybody end. What the generator and the processes did."""
    ears = Redis.from_url(house.server.url)
    parts = [asyncio.create_task(one) for one in (pages.listen(ears), pages.beat(), pages.relay())]
    try:
        await house.start_worker()
        await ask_steadily(pages, asked.requests, WARM_SECONDS)
        pages.measuring, costs = True, house.costs()
        late = await ask_steadily(pages, asked.requests, asked.seconds)
        spent = costs.so_far()
        await asyncio.sleep(2.0)
        pages.measuring = False
        await pages.finish()
        await asyncio.sleep(0.5)
    finally:
        ended = [one for one in parts if one.done()]
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)
        await ears.aclose()
        house.processes.stop_part("worker")
    tardy = sum(one > LATE_MS for one in late) / max(1, len(late))
    void = [f"{tardy:.1%} of the asks began over {LATE_MS:.0f} ms late"] * (tardy > LATE_SHARE)
    void += [f"a part of the generator ended: {one.exception()!r}" for one in ended]
    late_p99 = rounded(percentile(late, 0.99))
    return {"generator_late_p99_ms": late_p99, **spent, "void": "; ".join(void)}


def times(heard: Heard, watch: Watch) -> dict[str, Figure]:
    """What was measured, in milliseconds."""
    found: dict[str, Figure] = {}
    for name, values in (
        ("ask_to_first_offer", heard.first_offer),
        ("accept_to_both_told", heard.both_told),
        ("losers_told", heard.losers_told),
    ):
        found[f"{name}_p50_ms"] = rounded(percentile(values, 0.5))
        found[f"{name}_p99_ms"] = rounded(percentile(values, 0.99))
        found[f"{name}_samples"] = len(values)
    found["ask_to_wave_p50_ms"] = watch.decided_ms(0.5)
    found["ask_to_wave_p99_ms"] = watch.decided_ms(0.99)
    return found


async def run_round(people: Sequence[Person], asked: Options, seed: int) -> dict[str, Figure]:
    """One round in a house of its own, and whether it stayed sound."""
    async with house(people, seed) as made:
        watch = Watch(made.server, people)
        pages = Pages(made.live, people, seed, asked.talk)
        done = await live_through(made, pages, asked)
        wrong = await watch.verdict()
        for sentence in wrong[:20]:
            print(f"broken: {sentence[:300]}", file=sys.stderr)
        for text in made.processes.said("worker").splitlines():
            if " INFO " not in f" {text}":
                print(f"worker: {text}", file=sys.stderr)
    print(f"people: {dict(pages.heard.counts)}", flush=True)
    events = {"events": watch.history.events}
    return {**times(pages.heard, watch), **done, **events, "invariants_broken": len(wrong)}


def summary(asked: Options, rounds: Sequence[dict[str, Figure]]) -> dict[str, Figure]:
    """The last line: medians of the rounds, and the spread where there were several."""
    found: dict[str, Figure] = {
        "volunteers": asked.volunteers,
        "pages": asked.pages,
        "requests_per_s": asked.requests,
    }
    for name in ("ask_to_first_offer_p99_ms", "accept_to_both_told_p99_ms", "losers_told_p99_ms"):
        values = [float(one[name] or 0) for one in rounds if one[name] is not None]
        found[name] = rounded(median(values)) if values else None
        ends = sorted({min(values), max(values)}) if values else []
        found[name.replace("_ms", "_spread_ms")] = "-".join(str(one) for one in ends) or None
    found["invariants_broken"] = sum(int(one["invariants_broken"] or 0) for one in rounds)
    return found


async def main(asked: Options) -> int:
    """All rounds; the exit code."""
    print(figures.machine(), flush=True)
    people = crowd(asked.volunteers, asked.pages / asked.volunteers, asked.seed)
    rounds = []
    for number in range(asked.rounds):
        rounds.append(await run_round(people, asked, asked.seed + number))
        print(f"round {number + 1}: {rounds[-1]}", flush=True)
    last = summary(asked, rounds)
    void = [str(one["void"]) for one in rounds if one["void"]]
    return figures.close(last, int(last["invariants_broken"] or 0), void)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(options())))
