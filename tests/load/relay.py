"""What does a call cost on the relay? `python -m tests.load.relay [--short] [--calls N]`.

Ours, its peers and a ruler carry the same calls in turn, A B C A B C, each in a process of its own
on a core of its own. A call is a picture of 1 Mbit/s and two voices, with the reports and feedback
that browsers send. Every packet is unprotected at the far side; delay is from just before it is
sent to the kernel's time of its arrival. Ratios are of the same round and are the result: the
figures themselves move with whatever else the machine does.

    ours         `manage.py relay`, through `live`, with an open data channel
    forwarder    C, no keys: the ruler
    janus        Debian's Janus with its VideoCall plugin, where it is installed
    mediarelay   aiortc's MediaRelay, which decodes and encodes, with one or two calls of 480p

A round with a late, saturated or failing generator is void, and then the run is (exit code 2).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from assist.relay.ice import own_addresses
from tests.load import figures
from tests.load.figures import VOID, Figure, rounded
from tests.load.relay_generator import (
    Generator,
    Native,
    NoCompiler,
    Window,
    synthetic_picture,
    synthetic_voice,
)
from tests.load.relay_ours import Ours
from tests.load.relay_peers import Peer
from tests.load.relay_process import LOAD_CORE, RelayProcess, Strace, priority
from tests.load.relay_ruler import Ruler

FEW_CALLS = 10  # where memory begins to be counted, and system calls are
AT_ONCE = 4  # calls that are set up side by side
WARM_SECONDS = 1.0
NOISY = 0.25  # of the ruler's own figures: standard deviation by mean


class Relay(Protocol):
    """One of those that are compared."""

    name: str
    stamped: bool
    process: RelayProcess

    async def ready(self) -> None: ...
    async def call(self) -> tuple[Peer, Peer]: ...
    async def settled(self) -> None: ...
    def complaints(self) -> list[str]: ...
    async def close(self) -> None: ...


KINDS: dict[str, Any] = {"ours": Ours, "forwarder": Ruler}


class Options(argparse.Namespace):
    """What was asked for."""

    short: bool
    calls: int
    rounds: int
    seconds: float
    relays: str
    remb: bool


def options() -> Options:
    """Long by default; the short form has the same load for a shorter time."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.relay")
    parser.add_argument("--short", action="store_true", help="fewer rounds, under 50 s")
    parser.add_argument("--calls", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--seconds", type=float, default=5.0, help="measured, of each relay a round"
    )
    parser.add_argument("--relays", default=",".join(KINDS), help="which, and in which order")
    parser.add_argument("--remb", action="store_true", help="REMB 1/s instead of transport-cc")
    found = parser.parse_args(namespace=Options())
    if found.short:
        found.rounds, found.seconds = min(found.rounds, 2), min(found.seconds, 3.0)
    return found


class Measured(NamedTuple):
    """One relay in one round."""

    calls: int
    window: Window
    mb_per_call: float | None
    threads: int
    syscalls: float | None  # for each packet that it forwarded
    profiles: str

    @property
    def mcores(self) -> float:
        """Thousandths of a core for each call."""
        return 1000 * self.window.relay_core / self.calls


class Trial:
    """One relay under load."""

    def __init__(self, relay: Relay, native: Native, remb: bool) -> None:
        self.relay = relay
        self.peers: list[Peer] = []
        self._generator = Generator(native, relay.stamped, remb)
        self._voice, self._picture = synthetic_voice(), synthetic_picture()

    async def add(self, calls: int) -> None:
        """So many more calls; media flows afterwards."""
        self._generator.stop()
        while calls > 0:
            some = min(AT_ONCE, calls)
            for pair in await asyncio.gather(*(self.relay.call() for _ in range(some))):
                for peer in pair:
                    self._generator.add(peer.seat(self._voice, self._picture))
                    self.peers.append(peer)
            calls -= some
        self._generator.start(LOAD_CORE, priority())
        await self.relay.settled()
        await asyncio.sleep(WARM_SECONDS)

    async def measure(self, seconds: float) -> Window:
        return await self._generator.measure(seconds, self.relay.process.busy_s)

    async def syscalls(self, seconds: float) -> float | None:
        """For each forwarded packet; None where strace cannot look."""
        if not Strace.available():
            return None
        strace = Strace(self.relay.process.pid)
        window = await self.measure(seconds)
        each_s = strace.per_second()
        return None if each_s is None else each_s / (window.forwarded / window.seconds)

    async def close(self) -> None:
        self._generator.close()
        for peer in self.peers:
            await peer.close()
        await self.relay.close()


async def run_trial(kind: str, asked: Options, native: Native, host: str) -> Measured:
    """One relay from its start to its end."""
    trial = Trial(KINDS[kind](native, host), native, asked.remb)
    try:
        await trial.relay.ready()
        few = min(FEW_CALLS, asked.calls)
        await trial.add(few)
        before_mb = trial.relay.process.memory_mb()
        syscalls = await trial.syscalls(2.0)
        await trial.add(asked.calls - few)
        window = await trial.measure(asked.seconds)
        more_mb = trial.relay.process.memory_mb() - before_mb
        for line in trial.relay.complaints()[:20]:
            print(f"{kind}: {line}", file=sys.stderr)
        return Measured(
            calls=asked.calls,
            window=window,
            mb_per_call=more_mb / (asked.calls - few) if asked.calls > few else None,
            threads=trial.relay.process.threads(),
            syscalls=syscalls,
            profiles="/".join(sorted({peer.profile for peer in trial.peers})),
        )
    finally:
        await trial.close()


def say(kind: str, found: Measured) -> None:
    """One line for who watches."""
    window = found.window
    print(
        f"{kind}: {found.mcores:.2f} mcores a call, delay p50 {rounded(window.p50_ms, 3)} "
        f"p99 {rounded(window.p99_ms, 3)} ms, loss {100 * window.loss:.3f} %, "
        f"{rounded(found.syscalls, 2)} system calls a packet, "
        f"{rounded(found.mb_per_call, 2)} MB a call, {found.threads} threads, {found.profiles}; "
        f"{window.forwarded / window.seconds / found.calls:.0f} packets/s a call, generator "
        f"{window.core:.2f} core, {window.late_ms:.1f} ms late",
        flush=True,
    )


def host_address() -> str:
    """Where all is carried: this machine's own address, because some relays refuse loopback."""
    return next(one for one in own_addresses() if ":" not in one)


async def main(asked: Options) -> int:
    """All rounds; the exit code."""
    print(figures.machine(), flush=True)
    try:
        native = Native()
    except NoCompiler as error:
        print(error, file=sys.stderr)
        return VOID
    os.sched_setaffinity(0, {LOAD_CORE})
    kinds = asked.relays.split(",")
    rounds: list[dict[str, Measured]] = []
    try:
        for _ in range(asked.rounds):
            rounds.append({})
            for kind in kinds:
                rounds[-1][kind] = await run_trial(kind, asked, native, host_address())
                say(kind, rounds[-1][kind])
    finally:
        native.close()
    void = [
        f"{kind}: {why}"
        for one in rounds
        for kind, found in one.items()
        for why in found.window.void()
    ]
    return figures.close(summary(asked, rounds), 0, void)


def medians(values: Sequence[float | None]) -> float | None:
    """Of what is known."""
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def summary(asked: Options, rounds: Sequence[dict[str, Measured]]) -> dict[str, Figure]:
    """The last line."""
    ours = [one["ours"] for one in rounds if "ours" in one]

    def ratio(kind: str) -> float | None:
        pairs = [
            one["ours"].mcores / one[kind].mcores for one in rounds if {"ours", kind} <= set(one)
        ]
        return rounded(medians(pairs), 3)

    return {
        "path": "python",
        "calls": asked.calls,
        "ratio_mediarelay": ratio("mediarelay"),
        "ratio_janus": ratio("janus"),
        "ratio_forwarder": ratio("forwarder"),
        "added_p50_ms": rounded(medians([one.window.p50_ms for one in ours]), 3),
        "added_p99_ms": rounded(medians([one.window.p99_ms for one in ours]), 3),
        "mb_per_call": rounded(medians([one.mb_per_call for one in ours]), 2),
        "syscalls_per_packet": rounded(medians([one.syscalls for one in ours]), 2),
        "rounds": len(rounds),
        "mcores_per_call": rounded(medians([one.mcores for one in ours]), 2),
    }


if __name__ == "__main__":
    sys.exit(asyncio.run(main(options())))
