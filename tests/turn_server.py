"""Where do the tests get a TURN server? A real coturn, set up as docs/relay.md says."""

from __future__ import annotations

import asyncio
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from aioice import stun
from aioice.turn import TurnClientUdpProtocol

from assist.gateway.turn import LIFETIME_S, Turn
from assist.lib.env import ROOT
from assist.lib.ids import new_id
from assist.lib.parent import die_with_parent
from assist.management.tools import coturn
from tests.houses import free_ports
from tests.waiting import PATIENCE_S

FORBIDDEN, QUOTA_REACHED, UNAUTHORIZED = 403, 486, 401
SECRET = "words that only the tests know"
# What a scratch server has of its own instead, or needs a certificate for.
OURS = {
    *("realm", "listening-port", "tls-listening-port", "cert", "pkey", "static-auth-secret"),
    *("allowed-peer-ip", "simple-log", "syslog"),
}


def recipe() -> list[str]:
    """The lines of the recipe, without comments."""
    page = (ROOT / "docs" / "relay.md").read_text(encoding="utf-8")
    found = re.search(r"```ini\n(.*?)```", page, re.DOTALL)
    assert found, "docs/relay.md has no recipe"
    return [line for line in found[1].splitlines() if line and not line.startswith("#")]


class TurnServer:
    """One coturn that leads to these relays and nowhere else; `close` ends it."""

    def __init__(self, relays: Iterable[str], address: str, without: str = "", **more: str) -> None:
        """`address`: where it listens and relays from. `without` these lines of the recipe (a
        pattern), with `more` settings (`_` for `-`)."""
        self._folder = tempfile.TemporaryDirectory(prefix="assist-turn-")
        self.address = address
        [self.port] = free_ports(1)
        self._relays, self._more = list(relays), more
        self._kept = [line for line in recipe() if line.partition("=")[0] not in OURS]
        if without:
            self._kept = [line for line in self._kept if not re.match(without, line)]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """All that it said."""
        return (Path(self._folder.name) / "log").read_text(errors="replace")

    def url(self, transport: str) -> str:
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"turn:{host}:{self.port}?transport={transport}"

    def _settings(self) -> list[str]:
        folder = Path(self._folder.name)
        return [
            *self._kept,
            f"static-auth-secret={SECRET}",
            "realm=tests",
            *(f"allowed-peer-ip={relay}" for relay in self._relays),
            *(f"listening-ip={self.address}", f"relay-ip={self.address}"),
            *(f"listening-port={self.port}", "no-tls", "no-dtls"),
            *(f"pidfile={folder / 'pid'}", f"userdb={folder / 'db'}"),
            *("log-file=stdout", "verbose"),
            *(f"{name.replace('_', '-')}={value}" for name, value in self._more.items()),
        ]

    def start(self) -> TurnServer:
        """Returns when it listens."""
        folder = Path(self._folder.name)
        (folder / "conf").write_text("\n".join(self._settings()) + "\n")
        with (folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [coturn(print), "-c", str(folder / "conf")],
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=die_with_parent() if sys.platform == "linux" else None,
            )
        until = time.monotonic() + PATIENCE_S
        while not self._listens():
            if self._process.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"coturn did not start: {self.log}")
            time.sleep(0.02)
        return self

    def _listens(self) -> bool:
        try:
            with socket.create_connection((self.address, self.port), 1):
                return True
        except OSError:
            return False

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
        self._folder.cleanup()


class Refused(Exception):
    """The server said no; `code` is STUN's."""

    def __init__(self, code: int | None) -> None:
        super().__init__(str(code))
        self.code = code


class Visitor:
    """Somebody with credentials for a server, and perhaps an allocation there."""

    def __init__(
        self, server: TurnServer, ends_s: float, help_request: str = "", person: str = ""
    ) -> None:
        """`ends_s`: the credentials are good until then, in seconds since 1970."""
        turn = Turn([server.url("udp")], SECRET, lambda: ends_s - LIFETIME_S)
        self._server = server
        [self.ice] = turn.servers(help_request or new_id(), person or new_id())
        self._line: TurnClientUdpProtocol

    async def allocate(self) -> Visitor:
        """Raises `Refused`."""
        place = (self._server.address, self._server.port)
        _, self._line = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: TurnClientUdpProtocol(
                place, self.ice.username, self.ice.credential, 600, channel_refresh_time=500
            ),
            remote_addr=place,
        )
        try:
            await self._line.connect()
        except stun.TransactionFailed as failed:
            self._line.transport.close()
            raise Refused(failed.response.error_code) from None
        return self

    async def ask(self, method: stun.Method, **attributes: object) -> None:
        """One request on the allocation. Raises `Refused`."""
        request = stun.Message(message_method=method, message_class=stun.Class.REQUEST)
        request.attributes.update({k.replace("_", "-"): v for k, v in attributes.items()})
        try:
            await self._line.request_with_retry(request)
        except stun.TransactionFailed as failed:
            raise Refused(failed.response.error_code) from None

    async def permit(self, peer: str) -> None:
        """May I send to this address?"""
        await self.ask(stun.Method.CREATE_PERMISSION, XOR_PEER_ADDRESS=(peer, 9))

    async def leave(self) -> None:
        await self._line.delete()

    async def why_not_over(self) -> str:
        """Nothing once the server takes these credentials for nothing new any more."""
        left_s = int(self.ice.username.partition(":")[0]) - time.time()
        if left_s > 0:
            return f"still good for {left_s:.1f} s"
        try:
            await self.allocate()
        except Refused as no:
            return "" if no.code == UNAUTHORIZED else f"refused with {no.code}"
        await self.leave()
        await asyncio.sleep(0.5)  # for a while yet it counts as one of those that a Leg is given
        return "still taken, although their time is over"
