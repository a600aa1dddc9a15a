"""Does a bare Python find its way, or say in one sentence why it cannot?"""

from __future__ import annotations

import builtins
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assist.lib import bootstrap
from assist.lib.bootstrap import BootstrapError
from assist.lib.env import ROOT


class Gone(Exception):
    """Stands for a process that became another one."""


@pytest.fixture
def became(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What this process would have gone on as."""
    lives: list[list[str]] = []

    def execv(_path: str, command: list[str]) -> None:
        lives.append(command)
        raise Gone

    monkeypatch.setattr(os, "execv", execv)
    return lives


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh checkout: locks, and no environment."""
    (tmp_path / "requirements").mkdir()
    for part in ("run", "test"):
        (tmp_path / "requirements" / f"{part}.in").write_text("no-such-package==1\n")
        (tmp_path / "requirements" / f"{part}.txt").write_text(f"{part} lock")
    monkeypatch.setattr(bootstrap, "REQUIREMENTS", tmp_path / "requirements")
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    return tmp_path


def installed(checkout: Path, *parts: str) -> None:
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").touch()
    stamp = {part: bootstrap.lock_hash(part) for part in parts}
    (checkout / ".venv" / "assist-installed.json").write_text(json.dumps(stamp))


def test_an_old_python_goes_on_in_a_newer_one(
    monkeypatch: pytest.MonkeyPatch, became: list[list[str]]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(bootstrap, "is_new_enough", lambda path: path == "/bin/python3.12")
    with pytest.raises(Gone):
        bootstrap.find_python(["manage.py", "up"])
    assert became == [["/bin/python3.12", "manage.py", "up"]]


def test_an_old_python_alone_says_so_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(SystemExit) as left:
        bootstrap.find_python(["manage.py", "up"])
    assert left.value.code == 2
    assert capsys.readouterr().err == "Assist needs Python 3.11 or newer; this is 3.9.\n"


def test_a_shim_that_leads_nowhere_is_no_python(tmp_path: Path) -> None:
    shim = tmp_path / "python3.12"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    assert not bootstrap.is_new_enough(str(shim))
    assert bootstrap.is_new_enough(sys.executable)


def test_an_environment_that_has_all_is_used_as_it_is(
    monkeypatch: pytest.MonkeyPatch, checkout: Path, became: list[list[str]]
) -> None:
    for part in ("run", "test"):
        (checkout / "requirements" / f"{part}.in").write_text("pytest>=1\n# a remark\n-r run.in\n")
    bootstrap.enter_environment(["manage.py", "verify"])
    assert became == []
    assert not (checkout / ".venv").exists()


def test_the_checkouts_own_environment_is_entered_without_installing(
    checkout: Path, became: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(checkout, "run")
    monkeypatch.setattr(bootstrap, "make_environment", lambda _wanted: pytest.fail("installed"))
    with pytest.raises(Gone):
        bootstrap.enter_environment(["manage.py", "up", "--port", "1"])
    assert became == [[bootstrap.venv_python(), "manage.py", "up", "--port", "1"]]


def test_what_serves_does_not_suffice_to_verify(checkout: Path) -> None:
    installed(checkout, "run")
    assert bootstrap.is_installed("run")
    assert not bootstrap.is_installed("test")


def test_a_new_lock_is_installed(checkout: Path) -> None:
    installed(checkout, "run")
    (checkout / "requirements" / "run.txt").write_text("another lock")
    assert not bootstrap.is_installed("run")


def test_a_python_that_cannot_make_environments_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, checkout: Path
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "ensurepip":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(BootstrapError, match="python3-venv"):
        bootstrap.make_venv()


def test_a_failing_installer_is_one_sentence_with_its_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bootstrap, "venv_python", lambda: sys.executable)
    with pytest.raises(BootstrapError, match="could not be installed: ERROR"):
        bootstrap.run_pip(["install", "--no-index", "no-such-package-at-all"])


def test_the_bootstrap_stands_on_the_standard_library_alone() -> None:
    lone = "import sys; sys.path[:] = [p for p in sys.path if 'site-packages' not in p];"
    lone += "sys.path.insert(0, '.'); import assist.lib.bootstrap, assist.lib.env"
    done = subprocess.run(
        [sys.executable, "-S", "-c", lone], cwd=ROOT, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 0, done.stderr
