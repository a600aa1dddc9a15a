"""How many system calls does a process make? Asked of the kernel, or else of strace."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import re
import shutil
import signal
import struct
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Protocol

from tests.load.relay_process import settle

_TRACEPOINT = Path("/sys/kernel/tracing/events/raw_syscalls/sys_enter/id")
_PERF_EVENT_OPEN = {"x86_64": 298, "aarch64": 241}
_TYPE_TRACEPOINT, _ATTRIBUTE_BYTES = 2, 64


class Counter(Protocol):
    """Counts from when it is made."""

    def per_second(self) -> float | None:
        """Stop; how many calls there were a second, None if it was not let in."""


class Tracepoint:
    """The kernel's own counter, of each thread that there is now. It hardly slows them down."""

    def __init__(self, pid: int) -> None:
        """OSError where the kernel does not count, or not for us."""
        attribute = struct.pack(
            "IIQQQQQIIQ",
            *(_TYPE_TRACEPOINT, _ATTRIBUTE_BYTES, int(_TRACEPOINT.read_text())),
            *(0, 0, 0, 0, 0, 0, 0),
        )
        number = _PERF_EVENT_OPEN.get(platform.machine(), -1)
        open_ = ctypes.CDLL(None, use_errno=True).syscall
        self._files: list[int] = []
        for thread in sorted(int(one.name) for one in Path(f"/proc/{pid}/task").iterdir()):
            file = open_(number, attribute, thread, -1, -1, 0)
            if file < 0:
                self._close()
                raise OSError(ctypes.get_errno(), "perf_event_open")
            self._files.append(file)
        self._began_s = time.monotonic()

    def per_second(self) -> float | None:
        passed_s = time.monotonic() - self._began_s
        total = sum(int.from_bytes(os.read(file, 8), "little") for file in self._files)
        self._close()
        return total / passed_s

    def _close(self) -> None:
        for file in self._files:
            os.close(file)


class Strace:
    """Stops the process at each call, so that it finds more to do whenever it wakes up."""

    def __init__(self, pid: int) -> None:
        self._said = tempfile.NamedTemporaryFile(prefix="assist-strace-")  # noqa: SIM115
        command = ["strace", "-c", "-f", "-o", self._said.name, "-p", str(pid)]
        self._process = subprocess.Popen(command, preexec_fn=settle, stderr=subprocess.PIPE)
        assert self._process.stderr is not None
        self._let_in = b"attached" in self._process.stderr.readline()
        self._began_s = time.monotonic()

    def per_second(self) -> float | None:
        self._process.send_signal(signal.SIGINT)
        passed_s = time.monotonic() - self._began_s
        self._process.communicate(timeout=10)
        total = re.search(r"(\d+)\s+(?:\d+ )?total$", Path(self._said.name).read_text())
        self._said.close()
        return int(total[1]) / passed_s if total and self._let_in else None


def counter(pid: int) -> Counter | None:
    """The best there is on this machine."""
    with contextlib.suppress(OSError):
        return Tracepoint(pid)
    return Strace(pid) if shutil.which("strace") else None
