"""Does `verify` find what the tests need, and never pass over what is missing?"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assist.management import tools
from assist.management.commands import verify
from assist.management.tools import Missing


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A machine with no browser, Node, TURN server or compiler, and no means to install."""
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(tools, "install_debian", lambda _package: pytest.fail("not root"))
    monkeypatch.setattr(tools, "install_playwright_chromium", lambda: "")
    return monkeypatch


def test_a_missing_browser_is_an_error_with_a_hint(bare: pytest.MonkeyPatch) -> None:
    with pytest.raises(Missing, match="apt install chromium"):
        tools.chromium(lambda _line: None)


def test_a_missing_node_is_an_error_with_a_hint(bare: pytest.MonkeyPatch) -> None:
    with pytest.raises(Missing, match="apt install nodejs"):
        tools.node()


def test_a_missing_screen_reader_is_an_error_with_a_hint(bare: pytest.MonkeyPatch) -> None:
    with pytest.raises(Missing, match="apt install orca speech-dispatcher xvfb"):
        tools.screen_reader(lambda _line: None)


def test_it_says_which_browser_it_takes(bare: pytest.MonkeyPatch) -> None:
    bare.setattr(shutil, "which", lambda name: "/bin/chromium" if name == "chromium" else None)
    said: list[str] = []
    assert tools.chromium(said.append) == "/bin/chromium"
    assert said == ["Chromium: /bin/chromium"]


def test_a_named_browser_that_cannot_run_is_an_error(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(Missing, match="/nowhere/chromium"):
        tools.chromium(lambda _line: None)


def test_root_on_debian_gets_debians_browser(bare: pytest.MonkeyPatch) -> None:
    present = {"apt-get": "/bin/apt-get"}
    bare.setattr(shutil, "which", present.get)
    bare.setattr(os, "geteuid", lambda: 0)
    bare.setattr(
        tools,
        "install_debian",
        lambda package: present.setdefault(package, f"/usr/bin/{package}"),
    )
    assert tools.chromium(lambda _line: None) == "/usr/bin/chromium"


def test_a_missing_turn_server_is_an_error_with_a_hint(bare: pytest.MonkeyPatch) -> None:
    with pytest.raises(Missing, match="apt install coturn"):
        tools.coturn(lambda _line: None)


def test_root_on_debian_gets_debians_turn_server_and_no_service_with_it(
    bare: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    present = {"apt-get": "/bin/apt-get"}
    done: list[list[str]] = []

    def install(package: str) -> None:
        done.append(["install", package])
        present["turnserver"] = "/usr/bin/turnserver"

    bare.setattr(shutil, "which", present.get)
    bare.setattr(os, "geteuid", lambda: 0)
    bare.setattr(tools, "SYSTEMD", tmp_path)
    bare.setattr(subprocess, "run", lambda command, **_options: done.append(command))
    bare.setattr(tools, "install_debian", install)
    assert tools.coturn(lambda _line: None) == "/usr/bin/turnserver"
    assert done == [["systemctl", "mask", "coturn"], ["install", "coturn"]]


def test_a_missing_compiler_is_an_error_with_a_hint(bare: pytest.MonkeyPatch) -> None:
    with pytest.raises(Missing, match="apt install build-essential"):
        tools.compiler(lambda _line: None)


def test_root_on_debian_gets_debians_compiler(bare: pytest.MonkeyPatch) -> None:
    present = {"apt-get": "/bin/apt-get"}

    def install(package: str) -> None:
        present[{"build-essential": "cc"}[package]] = "/usr/bin/cc"

    bare.setattr(shutil, "which", present.get)
    bare.setattr(os, "geteuid", lambda: 0)
    bare.setattr(tools, "install_debian", install)
    said: list[str] = []
    assert tools.compiler(said.append) == "/usr/bin/cc"
    assert said[-1] == "C compiler: /usr/bin/cc"


@pytest.fixture
def command() -> verify.Command:
    one = verify.Command(stdout=io.StringIO())
    one.environ = dict(os.environ)
    return one


def test_every_kind_of_check_is_a_step(command: verify.Command) -> None:
    assert [name for name, _commands in command.steps()] == [
        *("style", "layers", "types", "migrations", "protocol", "pages: types", "pages: tests"),
        *("unit", "integration", "integration on PostgreSQL", "browser"),
    ]


@pytest.mark.parametrize("code", [0, 1])
def test_a_step_passes_as_its_command_does(command: verify.Command, code: int) -> None:
    outcome = command.take("x", lambda: [[sys.executable, "-c", f"raise SystemExit({code})"]])
    assert outcome.passed is (code == 0)


def test_a_step_that_lacks_something_fails_and_says_what(command: verify.Command) -> None:
    def lacks() -> list[list[str]]:
        raise Missing("Install the thing.")

    assert not command.take("x", lacks).passed
    assert "Install the thing." in command.stdout._out.getvalue()  # type: ignore[attr-defined]


def test_tests_do_not_touch_what_this_house_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://production/")
    monkeypatch.setenv("ASSIST_SECRET_KEY", "secret")
    environ = verify.scratch_environ("/scratch")
    assert "DATABASE_URL" not in environ
    assert "ASSIST_SECRET_KEY" not in environ
    assert environ["ASSIST_STATE"] == "/scratch"
