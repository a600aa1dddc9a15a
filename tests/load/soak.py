"""Does a relay get heavier with each call? `python -m tests.load.soak [--short]`: many in a row.

One real relay process, and one call after the other: connect, talk, type a word, leave, every third
time without a goodbye. Whenever nobody is connected the relay is asked what it holds: files, tasks,
threads, objects and memory must not tell how many calls there have been. Broken is one file, task
or thread more, and for each call more than a few objects or, once the collector has come by (in the
long form only), 20 kB.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence

from tests.chaos.attacks_house import House, Look, open_house
from tests.load import figures
from tests.load.figures import Figure
from tests.waiting import wait_for

MOST_KB, MOST_OBJECTS = 20.0, 20.0  # for each call; one that is kept holds hundreds of objects
COLLECTED = 150  # calls before the collector comes by, as the house sets it
HEADS = ["calls", "memory_mb", "objects", "files", "tasks", "threads"]


class Options(argparse.Namespace):
    """What the command line says."""

    short: bool
    calls: int
    settled: int
    every: int


def options() -> Options:
    """Long by default."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.soak")
    parser.add_argument("--short", action="store_true", help="60 calls, under 50 s")
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--settled", type=int, default=0, help="calls before the slope counts")
    parser.add_argument("--every", type=int, default=50, help="calls between two looks")
    asked = parser.parse_args(namespace=Options())
    if asked.short:
        asked.calls, asked.every = min(asked.calls, 60), min(asked.every, 5)
    asked.settled = asked.settled or (20 if asked.short else 200)
    return asked


async def one_call(house: House, number: int) -> None:
    """From asking to hanging up."""
    call = await house.call("passive" if number % 10 == 0 else "active")
    call.talk()
    await wait_for(lambda: "" if call.alice.heard and call.noor.heard else "a voice is missing")
    assert call.alice.channel is not None
    call.alice.channel.send("milk")
    await wait_for(lambda: "" if "milk" in call.noor.messages else "the word did not come")
    await call.close(goodbye=number % 3 > 0)


async def emptied(house: House) -> Look:
    """How the relay is once it holds no Leg."""

    async def why_not() -> str:
        return str(await house.states() or "")

    await wait_for(why_not, 20)
    await asyncio.sleep(0.2)  # the last goodbyes
    return await house.look()


def slope(looks: Sequence[Look], what: str) -> float:
    """How much more of it each call leaves behind (least squares)."""
    xs, ys = [look["calls"] for look in looks], [look[what] for look in looks]
    middle = sum(xs) / len(xs)
    spread = sum((x - middle) ** 2 for x in xs)
    return float(sum((x - middle) * y for x, y in zip(xs, ys, strict=True)) / spread)


def verdict(looks: Sequence[Look], settled: Sequence[Look]) -> dict[str, Figure]:
    """The figures of the last line, but for whether they are broken."""
    kb = 1024 * slope(settled, "memory_mb")
    few = max(1, len(settled) // 4)  # a connection to Redis may come and go in between
    more = {
        f"{what}_more": _least(settled[-few:], what) - _least(settled[:few], what)
        for what in ("files", "tasks", "threads")
    }
    return {
        "calls": looks[-1]["calls"],
        **more,
        "objects_per_call": round(slope(settled, "objects"), 2),
        "memory_kb_per_call": round(kb, 2) if settled[0]["calls"] >= COLLECTED else None,
        "memory_mb": round(looks[-1]["memory_mb"], 1),
        "complaints": sum(len(look["complaints"]) for look in looks),
    }


def _least(looks: Sequence[Look], what: str) -> float:
    return float(min(look[what] for look in looks))


def wrong(found: dict[str, Figure]) -> list[str]:
    """What must not be."""
    exact = ("files_more", "tasks_more", "threads_more", "complaints")
    bounds = {**dict.fromkeys(exact, 0.0), "objects_per_call": MOST_OBJECTS}
    bounds["memory_kb_per_call"] = MOST_KB
    return [
        f"{name}: {found[name]}, at most {most} is fine"
        for name, most in bounds.items()
        if float(found[name] or 0) > most
    ]


async def main(asked: Options) -> int:
    """All calls; the exit code."""
    print(figures.machine(), flush=True)
    looks: list[Look] = []
    began_s = time.monotonic()
    async with open_house() as house:
        for number in range(asked.calls):
            await one_call(house, number)
            if (number + 1) % asked.every == 0:
                looks.append({"calls": number + 1, **await emptied(house)})
                print({name: looks[-1][name] for name in HEADS}, flush=True)
                for line in looks[-1]["complaints"]:
                    print(f"complained: {line}", file=sys.stderr)
    found = verdict(looks, [look for look in looks if look["calls"] >= asked.settled])
    found["calls_per_s"] = round(asked.calls / (time.monotonic() - began_s), 1)
    rows = [[round(look[name], 1) for name in HEADS] for look in looks]
    print(figures.table(HEADS, rows))
    broken = wrong(found)
    for sentence in broken:
        print(f"broken: {sentence}", file=sys.stderr)
    return figures.close({**found, "invariants_broken": len(broken)}, len(broken), [])


if __name__ == "__main__":
    sys.exit(asyncio.run(main(options())))
