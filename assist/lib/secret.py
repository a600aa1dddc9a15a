"""Which secret does this house sign with, when nobody has given it one?"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from assist.lib.env import EnvError


def some_secret() -> str:
    """Long enough for anything."""
    return secrets.token_urlsafe(50)


def kept_secret(path: Path, make: Callable[[], str] = some_secret) -> str:
    """The secret in `path`, made at the first call; only its owner may read it. `make`: ASCII."""
    try:
        return _read_or_make(path, make)
    except OSError as error:
        raise EnvError(f"{path.parent} cannot hold the state ({error.strerror}).") from error


def _read_or_make(path: Path, make: Callable[[], str]) -> str:
    with suppress(FileNotFoundError):
        return path.read_text(encoding="ascii").strip()
    # Often the first to make the state folder, in which names and sessions will lie too.
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(make())
    # web, worker and relay may all be the first to look: a link, unlike a rename, lets one win.
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()
    return path.read_text(encoding="ascii").strip()
