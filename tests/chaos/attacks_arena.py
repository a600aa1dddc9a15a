"""What did an attack do to the relay, to the call that it was aimed at, and to another call?

Two calls talk all the time. Around each attack both are counted anew, and the relay is asked
before and after what it holds and what it has complained of.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from tests.chaos.attacks_house import Call, Helper, House, Look, overflowed

LEAST_VOICE = 0.9
MOST_GROWTH_MB = 6.0
HANG_S = 20.0
STARVED = 0.2  # a relay that waits this share of the time for a core says nothing about itself
_SETTLE_S = 0.4


@dataclass(slots=True)
class Outcome:
    """What came of one attack."""

    name: str
    sent: int = 0
    bytes_back: int = 0
    voice_share: float = 1.0
    other_lost: int = 0
    growth_mb: float = 0.0
    stall_ms: float = 0.0
    busy: float = 0.0
    took_s: float = 0.0
    allowed_mb: float = MOST_GROWTH_MB
    broken: list[str] = field(default_factory=list)
    void: list[str] = field(default_factory=list)
    remark: str = ""

    def sentence(self) -> str:
        """For the table."""
        if not self.took_s:  # nothing was measured
            return self.remark
        parts = [f"{self.sent:,} packets in {self.took_s:.1f} s", self.remark]
        parts.append(f"voice {self.voice_share:.0%}, other call lost {self.other_lost}")
        parts.append(f"{self.growth_mb:+.1f} MB, {self.busy:.0%} of a core")
        return "; ".join(parts)


class Arena:
    """The house, the call that is attacked, and one that is left alone."""

    def __init__(self, house: House, attacked: Call, other: Call) -> None:
        self.house, self.attacked, self.other = house, attacked, other
        self._pages = [attacked.alice, attacked.noor, other.alice, other.noor]
        self._page_ports = [page.socket.getsockname()[1] for page in self._pages]

    @contextlib.asynccontextmanager
    async def under(self, outcome: Outcome) -> AsyncIterator[None]:
        """Whatever happens inside is the attack; afterwards the outcome is complete."""
        before = await self.house.look()
        late = overflowed(*self._page_ports), overflowed(self.house.port), self.house.waited_s()
        self.attacked.forget()
        self.other.forget()
        began_s = time.monotonic()
        yield
        await asyncio.sleep(_SETTLE_S)
        outcome.took_s = took_s = time.monotonic() - began_s
        outcome.voice_share = await self.attacked.voice_share()
        outcome.other_lost = self.other.lost()
        try:
            after = await self.house.relay.ask("look", HANG_S)
        except TimeoutError:
            outcome.broken.append(f"the relay was busy with itself for {HANG_S} s")
            raise
        self._compare(outcome, before, after, took_s)
        self._judge(outcome, late, took_s)

    @staticmethod
    def _compare(outcome: Outcome, before: Look, after: Look, took_s: float) -> None:
        outcome.growth_mb = after["memory_mb"] - before["memory_mb"]
        outcome.stall_ms = after["stall_ms"]
        outcome.busy = (after["busy_s"] - before["busy_s"]) / took_s
        outcome.broken += [f"complained: {line[:300]}" for line in after["complaints"]]

    def _judge(self, outcome: Outcome, late: tuple[int, int, float], took_s: float) -> None:
        """What no attack may do; a machine that had no time for us is no attack."""
        pages_late = overflowed(*self._page_ports) - late[0]
        relay_late = overflowed(self.house.port) - late[1]
        starved = (self.house.waited_s() - late[2]) / took_s
        if pages_late:
            outcome.void.append(f"{outcome.name}: the pages fetched {pages_late} packets too late")
        if relay_late and starved > STARVED:
            outcome.void.append(f"{outcome.name}: the relay waited {starved:.0%} for a core")
        if outcome.voice_share < LEAST_VOICE:
            outcome.broken.append(f"only {outcome.voice_share:.0%} of the attacked voice came")
        if outcome.other_lost:
            outcome.broken.append(f"the other call lost {outcome.other_lost} packets")
        if outcome.bytes_back:
            outcome.broken.append(f"{outcome.bytes_back} bytes went to strangers")
        if outcome.growth_mb > outcome.allowed_mb:
            outcome.broken.append(f"the relay grew by {outcome.growth_mb:.1f} MB")
        if outcome.void:  # then neither voice nor losses say anything
            outcome.broken = [why for why in outcome.broken if why.startswith("complained")]

    async def flood(self, kind: str, count: int, rate: float, seed: int) -> dict[str, float]:
        """From sockets of strangers."""
        return await self._flood(kind, count, rate, seed)

    async def flood_as_alice(
        self, kind: str, count: int, rate: float, seed: int
    ) -> dict[str, float]:
        """With the very address of the attacked page, as somebody does who forges it."""
        alice = self.attacked.alice
        fd = alice.socket.fileno()
        named = ("--fd", str(fd), "--ssrc", str(alice.voice), "--ufrag", alice.relay_ufrag)
        return await self._flood(kind, count, rate, seed, *named, fds=(fd,))

    async def _flood(
        self, kind: str, count: int, rate: float, seed: int, *named: str, fds: tuple[int, ...] = ()
    ) -> dict[str, float]:
        numbers = ("--count", str(count), "--rate", str(rate), "--seed", str(seed))
        to = (self.house.address, str(self.house.port))
        flooder = await Helper.start(
            "tests.chaos.attacks_flood", *to, kind, *numbers, *named, fds=fds
        )
        found: dict[str, float] = await flooder.last(count / rate * 4 + 60)
        return found


@contextlib.asynccontextmanager
async def open_arena(house: House) -> AsyncIterator[Arena]:
    """Two calls that talk."""
    calls = [await house.call(), await house.call("passive")]
    for call in calls:
        call.talk()
    await asyncio.sleep(1.0)  # until every stream is under way
    yield Arena(house, *calls)
    await asyncio.gather(*(call.close() for call in calls))
