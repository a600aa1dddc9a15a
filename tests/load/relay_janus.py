"""How is Debian's Janus put under the same load? Its VideoCall plugin, by its own JSON API."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import socket
import tempfile
from pathlib import Path
from typing import Any

from assist.lib.ids import new_id
from tests.load.relay_generator import Native
from tests.load.relay_peers import Peer, remote
from tests.load.relay_process import RelayProcess
from tests.processes import ROOT

JANUS_SECONDS = 10
_HOME = Path("/usr/lib/x86_64-linux-gnu/janus")
_CONFIGURATION = """
general: {{
    configs_folder = "{folder}"
    plugins_folder = "{home}/plugins"
    transports_folder = "{home}/transports"
    events_folder = "{folder}"
    loggers_folder = "{folder}"
    debug_level = 2
    admin_secret = "none"
    session_timeout = 0
}}
media: {{ ipv6 = false }}
nat: {{ ice_enforce_list = "{host}" }}
plugins: {{ disable = "{plugins}" }}
transports: {{ disable = "{transports}" }}
events: {{ broadcast = false }}
"""
_TRANSPORT = """
general: {{ enabled = true, json = "compact", path = "{socket}", type = "SOCK_SEQPACKET" }}
admin: {{ admin_enabled = false }}
"""


class Janus:
    """Janus with one plugin and one transport, and a connection to it."""

    name, stamped, remb = "janus", True, False
    most_calls = 10_000
    newest = False  # whether its callers take the newest cipher that they can get

    def __init__(self, native: Native, host: str) -> None:
        self._host = host
        self._folder = tempfile.TemporaryDirectory(prefix="assist-janus-")
        folder = Path(self._folder.name)
        self._path = folder / "api"
        self._configure(folder)
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._session = 0
        self._callers: dict[int, asyncio.Queue[Any]] = {}
        self.process = RelayProcess(["janus", "-F", str(folder)], {}, ROOT)

    @staticmethod
    def available() -> bool:
        return shutil.which("janus") is not None

    def _configure(self, folder: Path) -> None:
        def others(kind: str, kept: str) -> str:
            names = [path.name for path in (_HOME / kind).glob("*.so")]
            return ",".join(name for name in names if kept not in name)

        (folder / "janus.jcfg").write_text(
            _CONFIGURATION.format(
                folder=folder,
                home=_HOME,
                host=self._host,
                plugins=others("plugins", "videocall"),
                transports=others("transports", "pfunix"),
            )
        )
        text = _TRANSPORT.format(socket=self._path)
        (folder / "janus.transport.pfunix.jcfg").write_text(text)

    async def ready(self) -> None:
        async with asyncio.timeout(JANUS_SECONDS):
            while True:
                with contextlib.suppress(OSError):
                    self._socket.connect(str(self._path))
                    break
                await asyncio.sleep(0.05)
        self._socket.setblocking(False)
        asyncio.get_running_loop().add_reader(self._socket.fileno(), self._read)
        self._session = (await self._ask({"janus": "create"}))["data"]["id"]

    def _read(self) -> None:
        with contextlib.suppress(BlockingIOError):
            said = json.loads(self._socket.recv(65_536))
            waiting = self._waiting.get(said.get("transaction", ""))
            if waiting is not None and not waiting.done():
                waiting.set_result(said)
            elif said["janus"] == "event":
                self._callers[said["sender"]].put_nowait(said)

    async def _ask(self, message: dict[str, Any]) -> Any:
        """Its reply, which for a plugin's message is only that it was heard."""
        transaction = new_id()
        loop = asyncio.get_running_loop()
        self._waiting[transaction] = waiting = loop.create_future()
        addressed = {"session_id": self._session, **message, "transaction": transaction}
        if not self._session:
            del addressed["session_id"]
        await loop.sock_sendall(self._socket, json.dumps(addressed).encode())
        said = await asyncio.wait_for(waiting, JANUS_SECONDS)
        assert said["janus"] in ("success", "ack"), said
        del self._waiting[transaction]
        return said

    async def _attach(self, name: str) -> int:
        told = await self._ask({"janus": "attach", "plugin": "janus.plugin.videocall"})
        handle = int(told["data"]["id"])
        self._callers[handle] = asyncio.Queue()
        await self._say(handle, {"request": "register", "username": name})
        await self._hear(handle, "registered")
        return handle

    async def _say(self, handle: int, body: dict[str, Any], *description: str) -> None:
        """To the plugin; `description` is the kind of an SDP and the SDP."""
        message: dict[str, Any] = {"janus": "message", "handle_id": handle, "body": body}
        if description:
            message["jsep"] = dict(zip(("type", "sdp"), description, strict=True))
        await self._ask(message)

    async def _hear(self, handle: int, wanted: str) -> str:
        """Wait for this event; the SDP that came with it, or nothing."""
        while True:
            said = await asyncio.wait_for(self._callers[handle].get(), JANUS_SECONDS)
            data = said["plugindata"]["data"]
            assert "error" not in data, data
            if data.get("result", {}).get("event") == wanted:
                return str(said.get("jsep", {}).get("sdp", ""))

    async def call(self) -> tuple[Peer, Peer]:
        """One calls the other, who accepts."""
        names = new_id(), new_id()
        caller, callee = [await self._attach(name) for name in names]
        alice, noor = Peer(self._host, shows=True), Peer(self._host, shows=False)
        alice.newest = self.newest
        offer = alice.describe("actpass")
        await self._say(caller, {"request": "call", "username": names[1]}, "offer", offer)
        offered = remote(await self._hear(callee, "incomingcall"), self._host)
        await self._say(callee, {"request": "accept"}, "answer", noor.describe("active"))
        answered = remote(await self._hear(caller, "accepted"), self._host)
        role = "server" if answered.setup == "active" else "client"
        await asyncio.gather(
            alice.connect(answered, role, controls=True),
            noor.connect(offered, "client", controls=False),
        )
        return alice, noor

    async def settled(self) -> None:
        """Both ends have their keys, and so has Janus."""

    def complaints(self) -> list[str]:
        """What it warned of."""
        return [line for line in self.process.said().splitlines() if "[ERR]" in line]

    async def close(self) -> None:
        if self._session:
            asyncio.get_running_loop().remove_reader(self._socket.fileno())
        self._socket.close()
        self.process.close()
        self._folder.cleanup()


class JanusGcm(Janus):
    """The same with AES-GCM on both sides, as ours has it; Chromium gets that on one only."""

    name, newest = "janus_gcm", True
