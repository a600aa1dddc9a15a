"""What would it cost to move the same packets and do nothing else? The ruler of every round."""

from __future__ import annotations

import asyncio
import secrets

from pylibsrtp import Policy, Session

from tests.load.relay_generator import Native
from tests.load.relay_peers import Peer
from tests.load.relay_process import RelayProcess
from tests.processes import ROOT

_GCM = Policy.SRTP_PROFILE_AEAD_AES_256_GCM
HELLO_SECONDS = 5


def session(key: bytes, direction: int) -> Session:
    """A libsrtp context for `key` (44 bytes), for whatever streams go that way."""
    policy = Policy(key=key, ssrc_type=direction, srtp_profile=_GCM)
    policy.allow_repeat_tx, policy.window_size = True, 1024
    return Session(policy)


class PlainPeer(Peer):
    """Shares its keys with the other end, because nobody between them has any."""

    def share(self, out: bytes, in_: bytes) -> None:
        """Protect with the one key, unprotect with the other."""
        ways = ((out, Policy.SSRC_ANY_OUTBOUND), (in_, Policy.SSRC_ANY_INBOUND))
        self.srtp = session(*ways[0]), session(*ways[1])
        self.profile = "SRTP_AEAD_AES_256_GCM"

    def aim(self, to: tuple[str, int]) -> None:
        """Send there."""
        self._to = to

    async def greet(self, number: int) -> None:
        """Say who we are until it is heard."""
        self._loop.remove_reader(self.socket.fileno())
        hello = b"h" + number.to_bytes(2, "big")
        async with asyncio.timeout(HELLO_SECONDS):
            await self._loop.sock_sendto(self.socket, hello, self._to)
            assert await self._loop.sock_recv(self.socket, 16) == hello


class Ruler:
    """`native/forwarder.c`."""

    name, stamped, remb = "forwarder", True, False
    most_calls = 10_000

    def __init__(self, native: Native, host: str) -> None:
        self._host = host
        self._people = 0
        self._port = 0
        self.process = RelayProcess([str(native.forwarder), host], {}, ROOT)

    @staticmethod
    def available() -> bool:
        return True

    async def ready(self) -> None:
        self._port = int(await self.process.says(r"^(\d+)$"))

    async def call(self) -> tuple[Peer, Peer]:
        """Two people with each other's keys."""
        pair = PlainPeer(self._host, shows=True), PlainPeer(self._host, shows=False)
        keys = [secrets.token_bytes(44) for _ in pair]
        first, self._people = self._people, self._people + 2
        for index, peer in enumerate(pair):
            peer.share(keys[index], keys[1 - index])
            peer.aim((self._host, self._port))
            await peer.greet(first + index)
        return pair

    async def settled(self) -> None:
        """It has nothing to settle."""

    def complaints(self) -> list[str]:
        """It never says a word."""
        return []

    async def close(self) -> None:
        self.process.close()
