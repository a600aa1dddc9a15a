"""What does a relay's process cost? It has a core to itself, and the kernel keeps the books."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

PRIORITY = 5
START_SECONDS = 30
_CORES = sorted(os.sched_getaffinity(0))
RELAY_CORE, LOAD_CORE = _CORES[0], _CORES[-1]
_PAGE = os.sysconf("SC_PAGE_SIZE")


def priority() -> int:
    """Of the relay and the generator, in the queue of those that wait for nobody; 0: not ours."""
    return PRIORITY if os.geteuid() == 0 else 0


def settle() -> None:
    """In the new process: on its core, before everybody else, and never longer than its parent."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    os.sched_setaffinity(0, {RELAY_CORE})
    if priority():
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(priority()))
    else:
        with contextlib.suppress(PermissionError):
            os.nice(-10)


class RelayProcess:
    """One relay, whoever wrote it; `close` ends it."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], cwd: Path) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="assist-relay-")
        self._log = Path(self._folder.name) / "log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                cwd=cwd,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                preexec_fn=settle,
            )
        self.pid = self._process.pid

    def said(self) -> str:
        """All that it printed so far."""
        return self._log.read_text(errors="replace")

    async def says(self, pattern: str) -> str:
        """The first group of `pattern`, once it was printed; AssertionError if it never is."""
        deadline = time.monotonic() + START_SECONDS
        while (found := re.search(pattern, self.said(), re.MULTILINE)) is None:
            alive = self._process.poll() is None and time.monotonic() < deadline
            assert alive, f"no relay: {self.said()[-3000:]}"
            await asyncio.sleep(0.02)
        return found[1]

    def tell(self, line: str) -> None:
        """Write one line to its standard input."""
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()

    def busy_s(self) -> float:
        """The time on a core that all its threads have used."""
        tasks = Path(f"/proc/{self.pid}/task").iterdir()
        return sum(int((one / "schedstat").read_text().split()[0]) for one in tasks) / 1e9

    def sleeps(self) -> int:
        """How often its threads went to sleep; on a virtual machine, waking up costs the most."""
        tasks = Path(f"/proc/{self.pid}/task").iterdir()
        texts = [(one / "status").read_text() for one in tasks]
        return sum(int(re.findall(r"^voluntary_ctxt_switches:\s+(\d+)", t, re.M)[0]) for t in texts)

    def memory_mb(self) -> float:
        """What it holds in memory, in MiB."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * _PAGE / 2**20

    def threads(self) -> int:
        return len(list(Path(f"/proc/{self.pid}/task").iterdir()))

    def close(self) -> None:
        self._process.kill()
        self._process.communicate(timeout=10)
        self._folder.cleanup()
