"""How do tests run single processes of a house? Web, worker and relay, each killed at will."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from assist.lib.parent import die_with_parent
from assist.management.web_server import LARGEST_MESSAGE_BYTES
from tests.redis_server import RedisServer

ROOT = Path(__file__).resolve().parent.parent


def free_port(kind: int = socket.SOCK_STREAM) -> int:
    """A port that is free just now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Processes:
    """The processes of one house over plain HTTP on this machine; `close` ends them all."""

    def __init__(self, redis: RedisServer, **settings: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="assist-house-")
        self.state = Path(self._folder.name)
        self.port = free_port()
        self.origin = f"http://localhost:{self.port}"
        self.redis = redis
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("ASSIST_")},
            "ASSIST_STATE": str(self.state),
            "ASSIST_PORT": str(self.port),
            "ASSIST_RELAY_PORT": str(free_port(socket.SOCK_DGRAM)),
            "ASSIST_SECRET_KEY": "a secret of the tests",
            "ASSIST_RELAY_MAX_DELAY_MS": "1000",  # a busy machine is no full relay
            "DATABASE_URL": "",
            "REDIS_URL": redis.url,
            "PYTHONUNBUFFERED": "1",
            **settings,
        }

    def manage(self, *arguments: str) -> str:
        """Run one command to its end; what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, f"{arguments}: {done.stderr or done.stdout}"
        return done.stdout

    def start(self, *parts: str) -> Processes:
        """Start `web`, `worker`, `relay`, as named, and wait until the web answers."""
        try:
            self.manage("migrate", "--verbosity", "0")
            for part in parts:
                self.start_part(part)
        except BaseException:
            self.close()  # what runs already must not outlive a failed start
            raise
        return self

    def start_part(self, part: str) -> None:
        web = ["-m", "daphne", "-v", "0", "-e", f"tcp:{self.port}:interface=127.0.0.1"]
        bytes_ = str(LARGEST_MESSAGE_BYTES)
        largest = ["--websocket-max-message-size", bytes_, "--websocket-max-frame-size", bytes_]
        arguments: Sequence[str] = ["manage.py", part]
        if part == "web":
            arguments = [*web, *largest, "assist.asgi:application"]
        with self.log(part).open("ab") as log:
            self._running[part] = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                # Also when the tests are killed, and nobody calls `close`.
                preexec_fn=die_with_parent() if sys.platform == "linux" else None,
            )
        if part == "web":
            self._wait_for("/healthz")

    def stop_part(self, part: str) -> None:
        process = self._running.pop(part)
        process.kill()
        process.wait(10)

    def pid(self, part: str) -> int:
        """The process that is this part now."""
        return self._running[part].pid

    def log(self, part: str) -> Path:
        return self.state / f"{part}.log"

    def said(self, part: str) -> str:
        """What this process has printed so far."""
        return self.log(part).read_text(errors="replace")

    def _wait_for(self, path: str) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                with urlopen(self.origin + path, timeout=10):
                    return
            except (URLError, OSError):
                alive = self._running["web"].poll() is None
                if not alive or time.monotonic() > deadline:
                    raise AssertionError(f"no web: {self.said('web')[-3000:]}") from None
                time.sleep(0.05)

    def close(self) -> None:
        for part in list(self._running):
            self.stop_part(part)
        self._folder.cleanup()


@contextmanager
def running(*parts: str, persistent: bool = False, **settings: str) -> Iterator[Processes]:
    """A house of `web`, `worker`, `relay`, as named, with a Redis of its own."""
    server = RedisServer(persistent).start()
    processes = Processes(server, **settings)
    try:
        yield processes.start(*parts)
    finally:
        processes.close()
        server.close()
