"""Which house do the browsers visit? A real one: `manage.py up` on ports and a state of its own."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any

from assist.lib.addresses import lan_addresses
from assist.lib.env import ROOT
from assist.lib.parent import die_with_parent
from assist.lib.redis import connect
from assist.live import Live
from assist.live.keys import key
from tests.redis_server import RedisServer
from tests.waiting import wait_for

START_S = 60
STOP_S = 15
COMMAND_S = 30
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV", "CHROMIUM")
OPERATOR = "The House of Tests"


class House:
    """Everything that runs for one person's `up`, and what a test may do to it."""

    def __init__(self, folder: Path, **settings: str) -> None:
        """`settings`: what its keeper has chosen besides, as ASSIST_HOURS."""
        self.state, self._settings = folder / "state", settings
        self.port, self.https_port, self.relay_port = free_ports()
        self.redis = RedisServer(persistent=True)
        self.live = Live(connect(self.redis.url))
        self._log_path = folder / "up.log"
        self._up: asyncio.subprocess.Process | None = None

    @property
    def address(self) -> str:
        """Without a slash at its end."""
        return f"http://localhost:{self.port}"

    @property
    def phone_address(self) -> str:
        """As phones in the same network know it, under the certificate of its own authority."""
        return f"https://{(lan_addresses() or ['localhost'])[0]}:{self.https_port}"

    @property
    def log(self) -> str:
        """All that the house has printed."""
        return self._log_path.read_text(errors="replace")

    async def start(self) -> House:
        """Returns when it is ready."""
        self.redis.start()
        ports = ("--port", str(self.port), "--https-port", str(self.https_port))
        with self._log_path.open("wb") as log:
            self._up = await asyncio.create_subprocess_exec(
                *(sys.executable, "manage.py", "up", *ports),
                *("--relay-port", str(self.relay_port)),
                cwd=ROOT,
                env=self.environ(),
                stdout=log,
                stderr=asyncio.subprocess.STDOUT,
                preexec_fn=die_with_parent() if sys.platform == "linux" else None,
            )
        await self.wait_until_ready()
        return self

    async def wait_until_ready(self) -> None:
        await wait_for(self._why_not_ready, START_S)

    async def _why_not_ready(self) -> str:
        assert self._up is not None
        if self._up.returncode is not None:
            raise AssertionError(f"`up` ended with {self._up.returncode}:\n{self.log}")
        said = await asyncio.to_thread(answer_of, f"{self.address}/readyz")
        return "" if said == "200 ready" else f"/readyz says {said}; the house said:\n{self.log}"

    async def why_not_linked(self, *roles: str) -> str:
        """Which of these pages have no socket with the web that runs now."""
        figures = await asyncio.to_thread(answer_of, f"{self.address}/metrics")
        found = re.findall(r'^assist_sockets{role="(\w+)"} ([1-9])', figures, re.MULTILINE)
        missing = set(roles) - {role for role, _ in found}
        return f"no socket of {sorted(missing)}" if missing else ""

    def environ(self) -> dict[str, str]:
        """What each of its processes finds, and whatever else is started beside them."""
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        return {
            **kept,
            "ASSIST_STATE": str(self.state),
            "ASSIST_OPERATOR": OPERATOR,
            "REDIS_URL": self.redis.url,
            "ASSIST_PORT": str(self.port),
            "ASSIST_HTTPS_PORT": str(self.https_port),
            "ASSIST_RELAY_PORT": str(self.relay_port),
            "ASSIST_RELAY_MAX_DELAY_MS": "1000",  # a busy machine is no full relay
            **self._settings,
        }

    def pid(self, part: str) -> int:
        """The process that is this part now."""
        assert self._up is not None
        word = {"web": "daphne", "relay": "relay", "worker": "worker"}[part]
        (found,) = (pid for pid, command in children_of(self._up.pid) if word in command)
        return found

    def kill(self, part: str) -> None:
        """End this part as a crash would."""
        os.kill(self.pid(part), signal.SIGKILL)

    async def hurry(self, kind: str) -> None:
        """What waits for such deadlines waits no longer: nobody can turn the clock of this house.

        The worker finds them passed, as it would have later.
        """
        now_ms = await self.live.now_ms()
        async for deadline, _ in self.live.redis.zscan_iter(key("deadlines"), match=f"{kind}:*"):
            await self.live.redis.zadd(key("deadlines"), {deadline: now_ms}, xx=True)

    async def close(self) -> None:
        """As Ctrl-C does, and by force if that takes too long."""
        await self.live.redis.aclose()
        await self.live.redis.connection_pool.disconnect()
        if self._up is not None and self._up.returncode is None:
            self._up.send_signal(signal.SIGINT)
            try:
                await asyncio.wait_for(self._up.wait(), STOP_S)
            except TimeoutError:
                self._up.kill()
                await self._up.wait()
        self.redis.close()

    # --- What those who run it do ----------------------------------------------------------------

    async def invite(self, role: str, name: str, *languages: str) -> str:
        """An address on this machine that signs this person in, once."""
        spoken = ("--languages", *languages) if languages else ()
        said = await self.manage("invite", "--role", role, "--name", name, *spoken)
        found = re.search(rf"{re.escape(self.address)}/invite/\S+", said)
        assert found, f"no address for {self.address} in: {said}"
        return found.group()

    async def manage(self, *words: str) -> str:
        """What the command printed; fails if it did."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "manage.py", *words),
            cwd=ROOT,
            env=self.environ(),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout(COMMAND_S):
            output, _ = await process.communicate()
        assert process.returncode == 0, f"manage.py {words}: {output.decode()}"
        return output.decode()

    # --- What is remembered ----------------------------------------------------------------------

    def history(self, question: str, *values: str) -> list[tuple[Any, ...]]:
        """The rows that SQL answers, read beside the running house."""
        file = f"file:{self.state / 'assist.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(file, uri=True)) as database:
            return database.execute(question, values).fetchall()

    async def why_unwritten(self) -> str:
        """How much of what has happened is not in history yet."""
        events = await self.live.read_events(await self.live.place_of("ledger"))
        return f"history lacks {[event.type for event in events]}" if events else ""

    async def tidy(self) -> None:
        """Nobody waits, nobody takes calls, and nobody has asked too often."""
        await self.live.stop_service()
        for line in (await self.live.queue()).volunteers:
            await self.live.away(line.id)
        await self.tidy_limits()

    async def tidy_limits(self) -> None:
        """Nobody has asked too often."""
        async for limit in self.live.redis.scan_iter("rate:*"):
            await self.live.redis.delete(limit)


def answer_of(address: str) -> str:
    """Status and text of an answer, or why there is none."""
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return f"{answer.status} {answer.read(64_000).decode().strip()}"
    except urllib.error.HTTPError as error:
        with error:
            return f"{error.code} {error.read(100).decode(errors='replace').strip()}"
    except OSError as error:
        return str(error)


def children_of(parent: int) -> list[tuple[int, list[str]]]:
    """Their ids and command lines: from /proc, and from ps where there is none."""
    if not Path("/proc/self/stat").exists():
        listing = ["ps", "-A", "-o", "pid=,ppid=,args="]
        said = subprocess.run(listing, capture_output=True, text=True, check=True).stdout
        lines = [line.split() for line in said.splitlines()]
        return [(int(pid), args) for pid, of, *args in lines if of == str(parent)]
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # After the name, which may hold anything but ends with the last bracket: state, parent.
            of = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            args = (folder / "cmdline").read_text().split("\0")
        except OSError:
            continue  # it ended meanwhile
        if of == str(parent):
            found.append((int(folder.name), args))
    return found


def free_ports() -> tuple[int, int, int]:
    """Two TCP ports and one UDP port that nobody has at the moment."""
    kinds = (socket.SOCK_STREAM, socket.SOCK_STREAM, socket.SOCK_DGRAM)
    sockets = [socket.socket(socket.AF_INET, kind) for kind in kinds]
    try:
        for one in sockets:
            one.bind(("0.0.0.0", 0))
        first, second, third = (one.getsockname()[1] for one in sockets)
        return first, second, third
    finally:
        for one in sockets:
            one.close()
