"""With what does the `up` of this state folder serve? Told to commands that are typed beside it.

They are started in another terminal, without the ports that `up` was given and without the socket
of the Redis that it started.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """What a command must share with the house to be of use to it."""

    redis_url: str
    http_port: int
    https_port: int


def note_running(state: Path, running: Running) -> None:
    """Write it down before the first part starts; the Redis address may hold a password."""
    fresh = state / f"running.{os.getpid()}"
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(msgspec.json.encode(running))
    fresh.replace(_path(state))


def read_running(state: Path) -> Running | None:
    """What the newest `up` noted, whether it still runs or not; nothing if there never was one."""
    try:
        return msgspec.json.decode(_path(state).read_bytes(), type=Running)
    except (OSError, msgspec.DecodeError):
        return None


def _path(state: Path) -> Path:
    return state / "running.json"
