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


def _session(key: bytes, direction: int) -> Session:
    policy = Policy(key=key, ssrc_type=direction, srtp_profile=_GCM)
    policy.allow_repeat_tx, policy.window_size = True, 1024
    return Session(policy)


class PlainPeer(Peer):
    """Shares its keys with the other end, because nobody between them has any."""

    async def greet(self, number: int, to: tuple[str, int]) -> None:
        """Say who we are until it is heard."""
        self._to = to
        self._loop.remove_reader(self.socket.fileno())
        hello = b"h" + number.to_bytes(2, "big")
        async with asyncio.timeout(HELLO_SECONDS):
            await self._loop.sock_sendto(self.socket, hello, to)
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
            out = _session(keys[index], Policy.SSRC_ANY_OUTBOUND)
            in_ = _session(keys[1 - index], Policy.SSRC_ANY_INBOUND)
            peer.srtp, peer.profile = (out, in_), "SRTP_AEAD_AES_256_GCM"
            await peer.greet(first + index, (self._host, self._port))
        return pair

    async def settled(self) -> None:
        """It has nothing to settle."""

    def complaints(self) -> list[str]:
        """It never says a word."""
        return []

    async def close(self) -> None:
        self.process.close()
