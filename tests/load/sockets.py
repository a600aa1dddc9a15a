"""And through real sockets? `python -m tests.load.sockets [--short]`: many pages, one web process.

As `tests.load.matching`, but nothing is heard or said behind the web's back: a real Daphne, a real
worker, a real server with its append-only file, and in this process everybody's pages, each a
WebSocket with its own cookie. Measured is from the script's own TIME to the message read from the
person's socket, and from the tap to that TIME.

Whoever asks comes from a network of their own (127.a.b.1, which Linux has and other systems may
not), because the house limits how often one network may ask, also here.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import resource
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence

from tests.load import figures, matching
from tests.load.costs import Costs
from tests.load.figures import Figure, percentile, rounded
from tests.load.matching import House, Options
from tests.load.people import Person, crowd
from tests.load.socket_pages import SocketPages
from tests.load.watch import Watch
from tests.processes import ROOT

FILES = 16_384  # each page is an open file, here and in the web process
SIGN_IN = """
import json, sys
from uuid import UUID
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from assist.accounts.device import DEVICE_COOKIE, new_device, sign_device
from assist.accounts.models import Person
from assist.accounts.promise import WORDING

def signed_in(id, languages):
    person = Person(id=UUID(id), name=f"Person {id}", volunteers=True, languages=languages)
    person.promise = WORDING
    person.save()
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"

told = json.load(sys.stdin)
with transaction.atomic():
    volunteers = {id: signed_in(id, languages) for id, languages in told["volunteers"]}
devices = [new_device() for _ in range(told["devices"])]
requesters = {id: f"{DEVICE_COOKIE}={sign_device(id)}" for id in devices}
json.dump({"volunteer": volunteers, "requester": requesters}, sys.stdout)
"""


def options() -> Options:
    """Long by default; the short form has the same load for a shorter time."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.sockets")
    parser.add_argument("--short", action="store_true", help="one round, under 50 s")
    parser.add_argument("--volunteers", type=int, default=500, help="each with an open page")
    parser.add_argument("--requests", type=float, default=8.0, help="asks a second")
    # Each page is looked at anew a minute after it opened: that, too, is to be measured.
    parser.add_argument("--seconds", type=float, default=60.0, help="measured, in each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--talk", type=float, default=3.0, help="seconds a call lasts on average")
    parser.add_argument("--seed", type=int, default=1)
    found = parser.parse_args(namespace=Options())
    found.pages = found.volunteers
    if found.short:
        found.seconds, found.rounds = min(found.seconds, 8.0), 1
    return found


class SocketHouse(House):
    """With a web process, and everybody signed in."""

    pages: SocketPages

    def __init__(self, asks: int) -> None:
        super().__init__()
        self._asks = asks
        self.cookies: dict[str, dict[str, str]] = {}

    def write_directory(self, people: Sequence[Person]) -> None:
        """In one go: an invitation for each would take longer than the run."""
        self.processes.manage("migrate", "--verbosity", "0")
        told = {"volunteers": [(one.id, one.languages) for one in people], "devices": self._asks}
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "-v", "0", "-c", SIGN_IN],
            cwd=ROOT,
            env=self.processes.environment,
            timeout=300,
            input=json.dumps(told),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        self.cookies = json.loads(done.stdout)

    async def start_worker(self) -> None:
        """And the web: nobody asks before all pages are open."""
        await super().start_worker()
        await asyncio.to_thread(self.processes.start_part, "web")
        await self.pages.everybody()

    def costs(self) -> Costs:
        """Counted from now on, of the web too."""
        parts = {part: self.processes.pid(part) for part in ("worker", "web")}
        return Costs({"redis": self.server.pid, **parts, "people": os.getpid()})

    def complaints(self) -> list[str]:
        """What worker and web have warned of."""
        return [
            f"{part}: {text}"
            for part in ("worker", "web")
            for text in self.processes.said(part).splitlines()
            if text.startswith(("WARNING", "ERROR", "Traceback"))
        ]


@contextlib.asynccontextmanager
async def house(people: Sequence[Person], asked: Options) -> AsyncIterator[SocketHouse]:
    """Everybody may come in, and nobody has."""
    asks = asked.requests * (asked.seconds + matching.WARM_SECONDS)
    made = SocketHouse(round(asks) + 1)
    try:
        await made.redis.config_set("auto-aof-rewrite-percentage", 0)  # the watch reads it
        await asyncio.to_thread(made.write_directory, people)
        yield made
    finally:
        await made.close()


def times(pages: SocketPages, watch: Watch) -> dict[str, Figure]:
    """As without sockets, and the way in."""
    found = matching.times(pages.heard, watch)
    found["tap_to_script_p50_ms"] = rounded(percentile(pages.way_in, 0.5))
    found["tap_to_script_p99_ms"] = rounded(percentile(pages.way_in, 0.99))
    return found


def lost(pages: SocketPages) -> list[str]:
    """Why the figures would not tell of the load that was meant."""
    counts = pages.heard.counts
    refused = sum(count for name, count in counts.items() if name.startswith("refused_help.ask"))
    return [
        *[f"{refused} asks were refused"] * bool(refused),
        *[f"{counts['closed_on_them']} pages were closed"] * bool(counts["closed_on_them"]),
    ]


async def run_round(people: Sequence[Person], asked: Options, seed: int) -> dict[str, Figure]:
    """One round in a house of its own, and whether it stayed sound."""
    async with house(people, asked) as made:
        watch = Watch(made.server, ())
        made.pages = pages = SocketPages(
            made.live, people, seed, asked.talk, made.processes, made.cookies
        )
        done = await matching.live_through(made, pages, asked)
        done["void"] = "; ".join([*[str(done["void"])] * bool(done["void"]), *lost(pages)])
        await pages.all_leave()
        wrong = await watch.verdict()
        for sentence in [*(f"broken: {one[:300]}" for one in wrong[:20]), *made.complaints()[:20]]:
            print(sentence, file=sys.stderr)
    print(f"people: {dict(pages.heard.counts)}", flush=True)
    gaps = {"gaps": pages.heard.counts["gaps"]}
    return {**times(pages, watch), **done, **gaps, "invariants_broken": len(wrong)}


async def main(asked: Options) -> int:
    """All rounds; the exit code."""
    print(figures.machine(), flush=True)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, most), most))
    people = crowd(asked.volunteers, 1.0, asked.seed)
    rounds = []
    for number in range(asked.rounds):
        rounds.append(await run_round(people, asked, asked.seed + number))
        print(f"round {number + 1}: {rounds[-1]}", flush=True)
    last = matching.summary(asked, rounds)
    void = [str(one["void"]) for one in rounds if one["void"]]
    return figures.close(last, int(last["invariants_broken"] or 0), void)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(options())))
