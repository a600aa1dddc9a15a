"""How does a test run a whole house? `manage.py up` in a scratch folder, on ports nobody has."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from assist.lib.env import ROOT
from assist.lib.parent import die_with_parent
from tests.waiting import PATIENCE_S

READY = "On this machine:"


def free_ports(count: int) -> list[int]:
    """TCP ports that nobody listens on now; all differ."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("0.0.0.0", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def clean_environ(**more: str) -> dict[str, str]:
    """Ours, without any setting of Assist."""
    names = ("ASSIST_", "DATABASE_URL", "REDIS_URL", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(names)}
    return {**kept, **more}


@dataclass(slots=True)
class RunningHouse:
    """One `up`. Its words are gathered as it says them."""

    state: Path
    port: int
    https_port: int
    relay_port: int
    process: subprocess.Popen[str]
    began: float
    said: list[str] = field(default_factory=list)

    def listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.said.append(line)

    def why_not_ready(self) -> str:
        if any(READY in line for line in self.said):
            return ""
        return f"exit code {self.process.poll()}; it said:\n{''.join(self.said[-40:])}"

    def wait_until_ready(self, seconds: float = 2 * PATIENCE_S) -> float:
        """How long it took, in seconds."""
        return self._wait(self.why_not_ready, seconds)

    def wait_until_nothing_is_left(self, seconds: float = PATIENCE_S) -> float:
        """Until each process of this house has ended; how long it took, in seconds."""
        return self._wait(
            lambda: f"still there: {self.processes()}" * bool(self.processes()), seconds
        )

    def _wait(self, why_not: object, seconds: float) -> float:
        began = time.monotonic()
        while reason := why_not():  # type: ignore[operator]
            if time.monotonic() - began > seconds:
                raise AssertionError(f"not within {seconds} s: {reason}")
            if why_not == self.why_not_ready and self.process.poll() is not None:
                raise AssertionError(reason)
            time.sleep(0.02)
        return time.monotonic() - began

    def processes(self) -> dict[int, str]:
        """Pid and command of each process that belongs to this state folder."""
        pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
        commands = {pid: command_in(self.state, pid) for pid in pids}
        return {pid: command for pid, command in commands.items() if command}

    def pid_of(self, words: str) -> int:
        """The one process whose command holds these words."""
        (pid,) = (pid for pid, command in self.processes().items() if words in command)
        return pid

    def stop(self) -> None:
        """As Ctrl-C does; by force if that is not enough."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def start_house(state: Path, **environ: str) -> RunningHouse:
    """Returns at once; see `wait_until_ready`."""
    port, https_port, relay_port = free_ports(3)
    command = [sys.executable, "manage.py", "up", "--state", str(state)]
    ports = [f"--port={port}", f"--https-port={https_port}", f"--relay-port={relay_port}"]
    process = subprocess.Popen(
        [*command, *ports],
        cwd=ROOT,
        env=clean_environ(ASSIST_STATE=str(state), **environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=die_with_parent() if sys.platform == "linux" else None,
    )
    house = RunningHouse(state, port, https_port, relay_port, process, time.monotonic())
    threading.Thread(target=house.listen, daemon=True).start()
    return house


def command_in(state: Path, pid: int) -> str:
    """The command of a process, if it was started for this folder or works in it; else nothing.

    Redis writes its title over its own environment, but it works in its folder.
    """
    about = Path("/proc", str(pid))
    try:
        told = f"ASSIST_STATE={state}\0".encode() in (about / "environ").read_bytes() + b"\0"
        inside = Path(os.readlink(about / "cwd")).is_relative_to(state)
        command = (about / "cmdline").read_bytes()  # a zombie has none
    except OSError:
        return ""
    return command.replace(b"\0", b" ").decode() if told or inside else ""


@contextmanager
def running_house(**environ: str) -> Iterator[RunningHouse]:
    """A house that is ready; it and its folder go with the block."""
    with tempfile.TemporaryDirectory(prefix="assist-house-") as folder:
        house = start_house(Path(folder), **environ)
        try:
            house.wait_until_ready()
            yield house
        finally:
            house.stop()
            house.wait_until_nothing_is_left()
