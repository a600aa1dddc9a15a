"""How is our own relay put under load? As the house runs it, and through `live` as pages do."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import tempfile
from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

from assist.lib.ids import new_id
from assist.lib.redis import connect
from assist.live import Live
from assist.live.transitions import Seat
from assist.protocol.states import Role
from assist.relay.client import RelayClient
from tests.load.relay_generator import Native
from tests.load.relay_peers import Peer, remote
from tests.load.relay_process import RelayProcess
from tests.processes import ROOT, free_port
from tests.redis_server import RedisServer
from tests.waiting import wait_for

SEAT_TRIES = 75
P = TypeVar("P", bound=Peer)


class Ours:
    """`manage.py relay`, its Redis, and as many HelpRequests as there are calls."""

    name, stamped, remb = "ours", True, False
    most_calls = 10_000

    # What it bears is to be found out, not what it lets itself be given.
    bounds: Mapping[str, str] = MappingProxyType(
        {"ASSIST_RELAY_MAX_LOAD": "100", "ASSIST_RELAY_MAX_DELAY_MS": "1000"}
    )

    def __init__(self, native: Native, host: str) -> None:
        self._host = host
        self._state = tempfile.TemporaryDirectory(prefix="assist-relay-state-")
        self._server = RedisServer().start()
        self._redis = connect(self._server.url)
        self._live = Live(self._redis)
        self._client = RelayClient(self._redis)
        self.process = RelayProcess(
            [sys.executable, "manage.py", "relay"],
            {
                **{name: text for name, text in os.environ.items() if "ASSIST_" not in name},
                "ASSIST_STATE": self._state.name,
                "ASSIST_RELAY_PORT": str(free_port(socket.SOCK_DGRAM)),
                "ASSIST_RELAY_ADDRESS": host,
                **self.bounds,
                "REDIS_URL": self._server.url,
            },
            ROOT,
        )

    @staticmethod
    def available() -> bool:
        return True

    async def ready(self) -> None:
        await self.process.says("^relay: (ready)")

    async def call(self, kind: type[P] = Peer) -> tuple[P, P]:  # type: ignore[assignment]
        """Somebody asks, somebody accepts, and the relay has opened its gate between them."""
        help_request = new_id()
        pages = {Role.REQUESTER: new_id(), Role.VOLUNTEER: new_id()}
        volunteer = pages[Role.VOLUNTEER]
        await self._live.enlist(volunteer, ["en"])
        await self._live.beat([(role.value, person, False) for role, person in pages.items()])
        await self._live.available(volunteer)
        await self._live.ask(help_request, pages[Role.REQUESTER], ["en"])
        assert await self._live.offer(help_request, 0, [volunteer]) == "ok"
        peers = await asyncio.gather(
            *(self._sit_down(kind, help_request, role, person) for role, person in pages.items())
        )
        offer = (await self._live.volunteer_snapshot(volunteer)).offer
        assert offer is not None
        assert (await self._live.accept(offer.id, volunteer)).is_ == "ok"
        return peers[0], peers[1]

    async def _sit_down(self, kind: type[P], help_request: str, role: Role, person: str) -> P:
        peer = kind(self._host, shows=role is Role.REQUESTER)
        seat = await self._seat(help_request, person)
        assert seat.relay is not None
        place = (seat.relay, help_request, person)
        sdp = await self._client.open_leg(*place, role, seat.number)
        answer = peer.describe("active", channel=True)
        await self._client.answer_leg(*place, seat.number, answer)
        await peer.connect(remote(sdp, self._host), "client", controls=True, channel=True)
        return peer

    async def _seat(self, help_request: str, person: str) -> Seat:
        """As a page does, ask again while the relay is too busy with those who came before."""
        for _ in range(SEAT_TRIES):
            seat = await self._live.seat(help_request, person)
            if seat.relay is not None:
                return seat
            await asyncio.sleep(0.2)
        raise AssertionError(f"the relay takes no more: {seat.is_}")

    async def settled(self) -> None:
        """Once every call of `live` has both people in it."""

        async def why_not() -> str:
            states = {one.state for one in (await self._live.queue()).helps}
            return "" if states == {"in_call"} else f"HelpRequests are {states}"

        await wait_for(why_not)

    def complaints(self) -> list[str]:
        """What the relay warned of."""
        words = ("WARNING", "ERROR", "Traceback", "relay: dropped")
        return [line for line in self.process.said().splitlines() if any(w in line for w in words)]

    async def close(self) -> None:
        self.process.close()
        await self._client.close()
        await self._redis.aclose()
        self._server.close()
        self._state.cleanup()
