"""How do tests make a network bad? A UDP proxy in user space between people and one relay.

It loses, delays, reorders and throttles datagrams each way, goes dark, hands out new outgoing
ports as a NAT does, and drops for good whoever was there before, as when a phone leaves its Wi-Fi.
It needs no privilege. What is changed while it runs holds for the datagrams that come after.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

MAX_DATAGRAM_BYTES = 2048
BUFFER_BYTES = 1 << 20
_CANDIDATES = re.compile(r"a=candidate:.*\r\n")

Address = tuple[str, int]

# Every relay's description that the page reads names this place alone as the one to speak to.
_DETOUR = """
(() => {
  const line = "a=candidate:1 1 udp 2130706431 " + %s + " typ host\\r\\n";
  const set = RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
    const bare = sdp.replace(/a=candidate:.*\\r\\n/g, "");
    return set.call(this, { type, sdp: bare.replace("a=end-of-candidates", line + "$&") });
  };
})();
"""


def detour_script(address: Address) -> str:
    """An init script that leads a page's connections to `address`, whatever the relay announces."""
    return _DETOUR % json.dumps(f"{address[0]} {address[1]}")


def detour(description: str, address: Address) -> str:
    """The relay's description with `address` as its only candidate."""
    line = f"a=candidate:1 1 udp 2130706431 {address[0]} {address[1]} typ host\r\n"
    bare = _CANDIDATES.sub("", description)
    return bare.replace("a=end-of-candidates", line + "a=end-of-candidates", 1)


@dataclass(slots=True)
class Way:
    """What happens to datagrams in one direction."""

    loss: float = 0.0  # the share that never arrives, 0 to 1
    delay_s: float = 0.0
    jitter_s: float = 0.0  # up to so much more, for each by itself: later ones overtake
    rate_bit_s: float = 0.0  # 0: as fast as they come
    queue_s: float = 0.3  # what would wait longer than this for its turn is dropped
    dark: bool = False  # nothing passes
    counts: Counter[str] = field(default_factory=Counter)
    _free_at_s: float = 0.0

    def plan(self, size: int, now_s: float, chance: random.Random) -> float | None:
        """In how many seconds a datagram of `size` bytes arrives; None if it never does."""
        if self.dark or chance.random() < self.loss:
            self.counts["lost"] += 1
            return None
        turn_s = self._turn(size, now_s)
        if turn_s is None:
            self.counts["queue_full"] += 1
            return None
        self.counts["passed"] += 1
        return turn_s + self.delay_s + chance.random() * self.jitter_s

    def _turn(self, size: int, now_s: float) -> float | None:
        """How long the narrow line takes to send it, those before it included."""
        if not self.rate_bit_s:
            return 0.0
        begins_s = max(now_s, self._free_at_s)
        if begins_s - now_s > self.queue_s:
            return None
        self._free_at_s = begins_s + 8 * size / self.rate_bit_s
        return self._free_at_s - now_s


class _Caller:
    """One address of somebody's, and the socket by which the relay knows them."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.outside: socket.socket
        self.stranded = False


class BadNetwork:
    """The proxy. `up` leads to the relay, `down` to the people; both are good at first."""

    def __init__(self, relay: Address, host: str = "127.0.0.1", seed: int = 1) -> None:
        """Listens on `host`, on any port, and speaks to `relay`. Needs a running event loop."""
        self.up, self.down = Way(), Way()
        self._relay, self._host = relay, host
        self._chance = random.Random(seed)
        self._loop = asyncio.get_running_loop()
        self._callers: dict[Address, _Caller] = {}
        self._timers: set[asyncio.TimerHandle] = set()
        self._inside = self._socket()
        self._loop.add_reader(self._inside, self._from_people)

    @property
    def address(self) -> Address:
        """Where people find the relay through this network."""
        host, port = self._inside.getsockname()[:2]
        return str(host), int(port)

    @property
    def callers(self) -> int:
        """How many addresses have spoken and still get through."""
        return sum(not caller.stranded for caller in self._callers.values())

    def both(self, **changes: float) -> None:
        """Change both ways alike, as `both(loss=0.2)`."""
        for way in (self.up, self.down):
            for name, value in changes.items():
                setattr(way, name, value)

    def rebind(self) -> None:
        """Whoever speaks leaves by another port from now on, and nothing comes in by the old."""
        for caller in self._callers.values():
            self._close(caller.outside)
            self._open(caller)

    def strand(self) -> None:
        """All addresses that have spoken so far are cut off for good; new ones get through."""
        for caller in self._callers.values():
            caller.stranded = True

    def close(self) -> None:
        """Give every socket back; what was on its way is gone."""
        for timer in self._timers:
            timer.cancel()
        for one in (self._inside, *(caller.outside for caller in self._callers.values())):
            self._close(one)

    # -- sockets ------------------------------------------------------------------

    def _socket(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        made = socket.socket(family, socket.SOCK_DGRAM)
        made.setblocking(False)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        made.bind((self._host, 0))
        return made

    def _open(self, caller: _Caller) -> None:
        caller.outside = self._socket()
        caller.outside.connect(self._relay)
        self._loop.add_reader(caller.outside, self._from_relay, caller)

    def _close(self, one: socket.socket) -> None:
        self._loop.remove_reader(one)
        one.close()

    # -- datagrams ----------------------------------------------------------------

    def _from_people(self) -> None:
        while True:
            try:
                datagram, address = self._inside.recvfrom(MAX_DATAGRAM_BYTES)
            except OSError:  # nothing more, or a note that somebody's port is closed
                return
            caller = self._callers.get(address) or self._meet(address)
            self._carry(datagram, self.up, caller)

    def _meet(self, address: Address) -> _Caller:
        caller = self._callers[address] = _Caller(address)
        self._open(caller)
        return caller

    def _from_relay(self, caller: _Caller) -> None:
        while True:
            try:
                datagram = caller.outside.recv(MAX_DATAGRAM_BYTES)
            except OSError:
                return
            self._carry(datagram, self.down, caller)

    def _carry(self, datagram: bytes, way: Way, caller: _Caller) -> None:
        if caller.stranded:
            way.counts["stranded"] += 1
            return
        wait_s = way.plan(len(datagram), time.monotonic(), self._chance)
        if wait_s is None:
            return
        if wait_s == 0:
            self._deliver(datagram, way, caller)
            return

        def arrive() -> None:
            self._timers.discard(timer)
            self._deliver(datagram, way, caller)

        timer = self._loop.call_later(wait_s, arrive)
        self._timers.add(timer)

    def _deliver(self, datagram: bytes, way: Way, caller: _Caller) -> None:
        try:
            if way is self.up:
                caller.outside.send(datagram)
            else:
                self._inside.sendto(datagram, caller.address)
        except OSError:  # the other end is closed just now: UDP tells nobody
            way.counts["undeliverable"] += 1


@asynccontextmanager
async def bad_network(
    relay: Address, host: str = "127.0.0.1", seed: int = 1
) -> AsyncIterator[BadNetwork]:
    """A network that is good until the block says otherwise, and is gone after it."""
    network = BadNetwork(relay, host, seed)
    try:
        yield network
    finally:
        network.close()
