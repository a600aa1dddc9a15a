"""How is one relay put under load, and what is counted while it is?"""

from __future__ import annotations

import asyncio
import functools
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, Protocol

from tests.load import figures
from tests.load.figures import Figure
from tests.load.relay_generator import (
    DRAIN_SECONDS,
    Generator,
    Measurement,
    Media,
    Native,
    NoCompiler,
    synthetic_picture,
    synthetic_voice,
)
from tests.load.relay_janus import Janus, JanusGcm
from tests.load.relay_naive import Naive, encoded_picture, encoded_voice
from tests.load.relay_ours import Ours
from tests.load.relay_peers import Peer
from tests.load.relay_process import LOAD_CORE, RelayProcess, priority
from tests.load.relay_ruler import Ruler
from tests.load.relay_syscalls import counter

FEW_CALLS = 10  # where memory begins to be counted, and system calls are
AT_ONCE = 4  # calls that are set up side by side
WARM_SECONDS = 1.0

# The last line, how many promises broke, and why the run would say nothing.
Outcome = tuple[dict[str, Figure], int, list[str]]


class Relay(Protocol):
    """One of those that are compared."""

    name: str
    stamped: bool  # whether payloads pass it unread
    remb: bool  # whether it knows no other feedback on bandwidth
    most_calls: int
    process: RelayProcess

    @staticmethod
    def available() -> bool: ...
    async def ready(self) -> None: ...
    async def call(self) -> tuple[Peer, Peer]: ...
    async def settled(self) -> None: ...
    def complaints(self) -> list[str]: ...
    async def close(self) -> None: ...


KINDS: dict[str, Any] = {
    "ours": Ours,
    "forwarder": Ruler,
    "janus": Janus,
    "mediarelay": Naive,
    "janus_gcm": JanusGcm,
}


class Load(Protocol):
    """What is asked of a run."""

    calls: int
    seconds: int
    remb: bool


class Measured(NamedTuple):
    """One relay in one round."""

    calls: int
    window: Measurement
    mb_per_call: float | None
    threads: int
    syscalls: float | None  # for each packet that it forwarded
    sleeps_s: float  # how often a second it went to sleep
    profiles: str

    @property
    def mcores(self) -> float | None:
        """Thousandths of a core for each call; None where no second was sound."""
        return 1000 * self.window.relay_core / self.calls if self.window.sound else None


@functools.cache
def media(stamped: bool) -> tuple[Media, Media]:
    """A voice and a picture; who decodes them must get real ones."""
    if stamped:
        return synthetic_voice(), synthetic_picture()
    return encoded_voice(), encoded_picture()


class Trial:
    """One relay under load."""

    def __init__(self, relay: Relay, native: Native, remb: bool, beat_us: int = 100) -> None:
        self.relay = relay
        self.peers: list[Peer] = []
        self._generator = Generator(native, relay.stamped, remb or relay.remb, beat_us)
        self._voice, self._picture = media(relay.stamped)

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

    async def measure(self, seconds: int, at_most: int | None = None) -> Measurement:
        return await self._generator.measure(seconds, self.relay.process.busy_s, at_most)

    async def syscalls(self, seconds: int) -> float | None:
        """For each forwarded packet; None where nothing counts them."""
        counting = counter(self.relay.process.pid)
        window = await self.measure(seconds)
        each_s = counting.per_second() if counting else None
        return each_s / (window.forwarded / window.seconds) if each_s and window.forwarded else None

    async def close(self) -> None:
        self._generator.close()
        for peer in self.peers:
            await peer.close()
        await self.relay.close()


async def conduct(run: Callable[[Native], Awaitable[Outcome]]) -> int:
    """A whole program, beside the core that the relays have: the exit code."""
    print(figures.machine(), flush=True)
    try:
        native = Native()
    except NoCompiler as error:
        print(error, file=sys.stderr)
        return figures.VOID
    os.sched_setaffinity(0, {LOAD_CORE})
    try:
        last, broken, void = await run(native)
    finally:
        native.close()
    return figures.close(last, broken, void)


async def run_trial(kind: str, asked: Load, native: Native, host: str) -> Measured:
    """One relay from its start to its end."""
    trial = Trial(KINDS[kind](native, host), native, asked.remb)
    try:
        await trial.relay.ready()
        calls = min(asked.calls, trial.relay.most_calls)
        few = min(FEW_CALLS, calls)
        await trial.add(few)
        before_mb = trial.relay.process.memory_mb()
        syscalls = await trial.syscalls(min(2, asked.seconds))
        await trial.add(calls - few)
        slept = trial.relay.process.sleeps()
        window = await trial.measure(asked.seconds)
        slept = trial.relay.process.sleeps() - slept
        more_mb = trial.relay.process.memory_mb() - before_mb
        for line in trial.relay.complaints()[:20]:
            print(f"{kind}: {line}", file=sys.stderr)
        return Measured(
            calls=calls,
            window=window,
            mb_per_call=more_mb / (calls - few) if calls > few else None,
            threads=trial.relay.process.threads(),
            syscalls=syscalls,
            sleeps_s=slept / (window.seconds + DRAIN_SECONDS),
            profiles="/".join(sorted({peer.profile for peer in trial.peers})),
        )
    finally:
        await trial.close()
