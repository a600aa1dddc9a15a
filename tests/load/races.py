"""Can two Volunteers get the same Call? 100,000 races on a real server with the real scripts.

`python -m tests.load.races [--rounds N] [--short]`. Two processes accept the Offers of the same
HelpRequests, released together; a naive twin (GET, look, SET) is raced the same way and must fail.
Exits 1 when somebody won twice, nobody won, an invariant broke or the twin did not fail; 2 when it
was no race, because one process was always first.
"""

import argparse
import asyncio
import json
import multiprocessing
import random
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from assist.lib.ids import new_id
from assist.lib.redis import connect
from assist.live import Entry
from assist.live.events import Stream
from tests.history import History
from tests.invariants import broken
from tests.load.pipe import Pipe, Reply, encode
from tests.redis_server import RedisServer
from tests.truth import read_truth

ROUNDS, SHORT_ROUNDS = 100_000, 3_000
BATCH = 250  # rounds set up, raced and looked at together
PIECE = 3  # accepts in flight a process, so that the two meet all the time
CLOSE_PER_CENT = 10  # of the rounds at least: less often, one process was simply first


@dataclass
class Figures:
    """What the last line says."""

    rounds: int = 0
    seconds: float = 0.0
    accepts_per_second: int = 0
    doubles: int = 0
    nobody: int = 0
    first_won: int = 0
    naive_rounds: int = 0
    naive_doubles: int = 0
    broken: list[str] = field(default_factory=list)


Pairs = list[tuple[str, str]]
Race = Callable[[Pipe, Pairs], list[bool]]


def real(pipe: Pipe, offers: Pairs) -> list[bool]:
    """Accept each (offer, volunteer): did we get the Call?"""
    commands = [pipe.script("accept", offer, volunteer, new_id()) for offer, volunteer in offers]
    return [_is_ok(answer) for answer in pipe.each(commands, PIECE)]


def naive(pipe: Pipe, offers: Pairs) -> list[bool]:
    """What not to do: look whether it is free, then take it. `offer` names the HelpRequest here."""
    won = []
    for at in range(0, len(offers), PIECE):
        part = offers[at : at + PIECE]
        found = pipe.all([encode("GET", f"naive:{help_request}") for help_request, _ in part])
        free = [one for one, taken in zip(part, found, strict=True) if taken is None]
        pipe.all([encode("SET", f"naive:{one}", volunteer) for one, volunteer in free])
        won += [taken is None for taken in found]
    return won


def _is_ok(answer: Reply) -> bool:
    return isinstance(answer, bytes) and json.loads(answer)["is"] == "ok"


def racer(path: Path, race: Race, start: Any, orders: Connection) -> None:
    """One of the two: waits for the other at the line, runs, says which it won."""
    pipe = Pipe(path)
    real(pipe, [("0" * 32, "0" * 32)])  # knows the script before the first race
    while (offers := orders.recv()) is not None:
        start.wait(60)
        orders.send(race(pipe, offers))
    pipe.close()


class Track:
    """Two racers on one server."""

    def __init__(self, path: Path, race: Race) -> None:
        """`race`: how they accept."""
        context = multiprocessing.get_context("spawn")
        self._start = context.Barrier(2)  # held here: a barrier nobody holds is gone
        ends = [context.Pipe() for _ in range(2)]
        self._orders = [here for here, _ in ends]
        self._racers = [
            context.Process(target=racer, args=(path, race, self._start, there), daemon=True)
            for _, there in ends
        ]
        for process in self._racers:
            process.start()

    def run(self, lanes: list[Pairs]) -> list[list[bool]]:
        """Both lanes at once; what each of them won."""
        for orders, lane in zip(self._orders, lanes, strict=True):
            orders.send(lane)
        return [orders.recv() for orders in self._orders]

    def close(self) -> None:
        """They go home."""
        for orders, process in zip(self._orders, self._racers, strict=True):
            orders.send(None)
            process.join(10)


def rung(pipe: Pipe, volunteers: Pairs) -> list[tuple[str, str, str, str]]:
    """One HelpRequest rings each pair: (help_request, requester, offer of one, of the other)."""
    rounds = [(new_id(), new_id(), new_id(), new_id()) for _ in volunteers]
    commands = []
    for (help_request, requester, one, other), (first, second) in zip(
        rounds, volunteers, strict=True
    ):
        commands += [
            pipe.script("ask", help_request, requester, "en", "", "anyone", "", "", "0", "0"),
            pipe.script("offer", help_request, "0", f"{one}:{first} {other}:{second}"),
        ]
    assert all(_is_ok(answer) for answer in pipe.all(commands)), "a round could not be set up"
    return rounds


def race_once(pipe: Pipe, track: Track, volunteers: Pairs) -> list[list[bool]]:
    """Ring, race, and let everybody go again."""
    rounds = rung(pipe, volunteers)
    first = [(one, pair[0]) for (_, _, one, _), pair in zip(rounds, volunteers, strict=True)]
    second = [(other, pair[1]) for (_, _, _, other), pair in zip(rounds, volunteers, strict=True)]
    won = track.run([first, second])
    ends = [pipe.script("end", help_request, who, "0", "") for help_request, who, _, _ in rounds]
    assert all(_is_ok(answer) for answer in pipe.all(ends)), "a round could not be ended"
    return won


def count(figures: Figures, won: list[list[bool]]) -> None:
    """Two winners, or none, is what must never be."""
    for first, second in zip(*won, strict=True):
        figures.doubles += first and second
        figures.nobody += not first and not second
        figures.first_won += first


def available(pipe: Pipe, volunteers: Pairs) -> None:
    """Everybody who races takes calls, for as long as it lasts."""
    wishes = [str(word) for word in Entry(["en"]).told().values()]
    for pair in volunteers:
        for volunteer in pair:
            pipe.all([pipe.script("enlist", volunteer, *wishes)])
            pipe.all([pipe.script("available", volunteer)])


def awake(pipe: Pipe, volunteers: Pairs) -> None:
    """Their pages beat."""
    pages = " ".join(f"volunteer:{one}:0" for pair in volunteers for one in pair)
    pipe.all([pipe.script("beat", pages)])


async def look(url: str) -> list[str]:
    """All invariants over what is left, and over every Event since the last look."""
    redis = connect(url)
    now = await redis.time()
    truth = await read_truth(redis, int(now[0]) * 1000 + int(now[1]) // 1000)
    history = History()
    at = "0-0"
    while events := await Stream(redis).read(at, 500):
        for event in events:
            history.fold(event, truth)
            at = event.id
    await redis.aclose()
    return broken(truth, history)[:5]


def measure(rounds: int) -> Figures:
    """Race the real scripts for so many rounds, and the naive twin for a tenth."""
    figures = Figures()
    server = RedisServer().start()
    pipe = Pipe(server.socket)
    volunteers = [(new_id(), new_id()) for _ in range(BATCH)]
    try:
        available(pipe, volunteers)
        race_real(figures, pipe, server, volunteers, rounds)
        race_naive(figures, server, max(1, rounds // 10))
    finally:
        pipe.close()
        server.close()
    return figures


def race_real(
    figures: Figures,
    pipe: Pipe,
    server: RedisServer,
    volunteers: Pairs,
    rounds: int,
) -> None:
    """The scripts as they are. The first batches' whole history is checked event by event."""
    track = Track(server.socket, real)
    began = time.monotonic()
    while figures.rounds < rounds:
        awake(pipe, volunteers)
        count(figures, race_once(pipe, track, volunteers))
        figures.rounds += BATCH
        if figures.rounds == 2 * BATCH:
            figures.broken = asyncio.run(look(server.url))
        if figures.rounds % (20 * BATCH) == 0:
            pipe.all([encode("FLUSHDB")])  # tombstones of a day would fill the memory
            available(pipe, volunteers)
    figures.seconds = round(time.monotonic() - began, 1)
    figures.accepts_per_second = round(2 * figures.rounds / figures.seconds)
    track.close()


def race_naive(figures: Figures, server: RedisServer, rounds: int) -> None:
    """The twin that must fail, or this program has no teeth."""
    track, twin = Track(server.socket, naive), Figures()
    while figures.naive_rounds < rounds:
        lane = [(new_id(), str(random.random())) for _ in range(BATCH)]
        count(twin, track.run([lane, lane]))
        figures.naive_rounds += BATCH
    figures.naive_doubles = twin.doubles
    track.close()


def verdict(figures: Figures) -> int:
    """0 sound, 1 broken, 2 void."""
    if figures.doubles or figures.nobody or figures.broken or not figures.naive_doubles:
        return 1
    close = CLOSE_PER_CENT * figures.rounds / 100
    return 0 if close <= figures.first_won <= figures.rounds - close else 2


def main() -> int:
    """Run it, print the figures as the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--short", action="store_true", help=f"{SHORT_ROUNDS} rounds")
    options = parser.parse_args()
    figures = measure(SHORT_ROUNDS if options.short else options.rounds)
    print(json.dumps(asdict(figures)))
    return verdict(figures)


if __name__ == "__main__":
    sys.exit(main())
