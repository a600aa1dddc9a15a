"""Which Python, with which packages, runs this command? Standard library only.

An interpreter that already has what Assist needs is used as it is, and nothing is made. Otherwise
the checkout gets its own `.venv` with the pinned, hashed set, and the command starts again in it.
Everything here parses on Python 3.7 too, or the one sentence for an old Python would not be said.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "assist" / "requirements"
OLDEST = (3, 11)
CANDIDATES = ("python3.13", "python3.12", "python3.11", "python3")
PACKAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


class BootstrapError(Exception):
    """Why nothing can be started; its text is one sentence for whoever typed the command."""


def find_python(argv: list[str]) -> None:
    """Goes on in a newer Python, if this one is too old; says so and leaves if there is none."""
    if sys.version_info >= OLDEST:
        return
    for name in CANDIDATES:
        path = shutil.which(name)
        if path and is_new_enough(path):
            os.execv(path, [path, *argv])
    major, minor = sys.version_info[:2]
    print(f"Assist needs Python 3.11 or newer; this is {major}.{minor}.", file=sys.stderr)
    sys.exit(2)


def is_new_enough(path: str) -> bool:
    """Asks the program itself: a shim of that name may lead nowhere."""
    check = "import sys; sys.exit(sys.version_info < (3, 11))"
    return subprocess.call([path, "-c", check], stderr=subprocess.DEVNULL) == 0


def take_state(argv: list[str]) -> list[str]:
    """Moves `--state FOLDER` out of any command's line into ASSIST_STATE; returns the rest."""
    rest = list(argv)
    for index, word in enumerate(argv):
        if word == "--state":
            if index + 1 == len(argv):
                raise BootstrapError("--state needs the name of a folder after it.")
            rest = argv[:index] + argv[index + 2 :]
            folder = argv[index + 1]
        elif word.startswith("--state="):
            rest = argv[:index] + argv[index + 1 :]
            folder = word.partition("=")[2]
        else:
            continue
        os.environ["ASSIST_STATE"] = os.path.abspath(os.path.expanduser(folder))
        break
    return rest


def enter_environment(argv: list[str]) -> None:
    """Returns where the packages are; makes .venv and starts the command again in it otherwise."""
    wanted = "test" if argv[1:2] == ["verify"] else "run"
    inside = Path(sys.prefix).resolve() == VENV.resolve()
    if inside and argv[1:2] not in (["up"], ["verify"], ["lock"]):
        return  # a part that `up` started, or somebody who knows what they do
    if not inside and has_packages(wanted):
        return
    if not is_installed(wanted):
        make_environment(wanted)
    if not inside:
        python = venv_python()
        os.execv(python, [python, *argv])


def venv_python() -> str:
    return str(VENV / "bin" / "python")


def has_packages(wanted: str) -> bool:
    """Whether this interpreter, made by somebody else, has each package that we name ourselves."""
    names = [name for part in ("run", wanted) for name in named_packages(part)]
    for name in names:
        try:
            importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            return False
    return True


def named_packages(part: str) -> list[str]:
    lines = (REQUIREMENTS / (part + ".in")).read_text(encoding="utf-8").splitlines()
    return [found.group() for found in map(PACKAGE.match, lines) if found]


def is_installed(wanted: str) -> bool:
    """Whether .venv holds what the lock says: the test set holds the run set as well."""
    try:
        stamp = json.loads((VENV / "assist-installed.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return Path(venv_python()).exists() and stamp.get(wanted) == lock_hash(wanted)


def lock_hash(part: str) -> str:
    return hashlib.sha256((REQUIREMENTS / (part + ".txt")).read_bytes()).hexdigest()


def make_environment(wanted: str) -> None:
    began = time.monotonic()
    if not Path(venv_python()).exists():
        make_venv()
    print(f"Installing the pinned packages of assist/requirements/{wanted}.txt ...", flush=True)
    install(REQUIREMENTS / (wanted + ".txt"))
    parts = ["run", "test"] if wanted == "test" else ["run"]
    stamp = {part: lock_hash(part) for part in parts}
    (VENV / "assist-installed.json").write_text(json.dumps(stamp), encoding="utf-8")
    print(f"Installed in {time.monotonic() - began:.0f} s.", flush=True)


def make_venv() -> None:
    try:
        import ensurepip  # noqa: F401 - Debian ships venv without it, and fails half-way
        import venv
    except ImportError as error:
        raise BootstrapError(
            "This Python cannot make virtual environments;"
            " install that part of it first (on Debian and Ubuntu: apt install python3-venv)."
        ) from error
    print(f"Making the virtual environment {VENV.name} ...", flush=True)
    venv.EnvBuilder(with_pip=True, symlinks=True).create(VENV)


def install(lock: Path) -> None:
    """uv takes 5 s where pip takes 40; pip is the one that every virtual environment has."""
    try:
        run_pip(["install", "--require-hashes", "-r", str(REQUIREMENTS / "tools.txt")])
        uv = [str(VENV / "bin" / "uv"), "pip", "install", "--system-certs"]
        uv += ["--python", venv_python()]
        subprocess.run([*uv, "--require-hashes", "-r", str(lock)], check=True)
    except (BootstrapError, OSError, subprocess.CalledProcessError):
        print("The fast installer does not work here; going on with pip.", flush=True)
        run_pip(["install", "--require-hashes", "-r", str(lock)])


def run_pip(arguments: list[str]) -> None:
    """Runs pip and shows one short line a package: minutes of silence look like a fault."""
    command = [venv_python(), "-m", "pip", "--disable-pip-version-check", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT
    ) as pip:
        assert pip.stdout is not None
        said = []
        for line in pip.stdout:
            said.append(line)
            if line.startswith(("Collecting ", "Installing ")):
                print("  " + line.split(" (from")[0].strip()[:100], flush=True)
    if pip.returncode:
        raise BootstrapError("The packages could not be installed: " + last_error(said))


def last_error(said: list[str]) -> str:
    errors = [line.strip() for line in said if line.startswith("ERROR")]
    return errors[-1] if errors else "pip gave no reason."
