"""Does everything that Assist promises hold? `python3 manage.py verify`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from assist.lib.env import ROOT
from assist.management.tools import Missing, chromium, compiler, coturn, node

Step = tuple[str, Callable[[], list[list[str]]]]
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
KEPT = ("ASSIST_TEST_DATABASE_URL",)


@dataclass(frozen=True, slots=True)
class Outcome:
    name: str
    passed: bool
    took_s: float


class Command(BaseCommand):
    help = "Installs what the tests need, and runs every check and test."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="assist-verify-") as state:
            self.environ = scratch_environ(state)
            outcomes = [self.take(name, commands) for name, commands in self.steps()]
        self.summarise(outcomes, time.monotonic() - began)
        sys.exit(0 if all(outcome.passed for outcome in outcomes) else 1)

    def steps(self) -> list[Step]:
        """In the order of what is learnt soonest. A step's commands are decided when it begins."""
        manage = [sys.executable, "manage.py"]
        return [
            ("style", lambda: [tool("ruff", "check", "."), tool("ruff", "format", "--check", ".")]),
            ("layers", lambda: [tool("lint-imports")]),
            ("types", lambda: [tool("mypy")]),
            ("migrations", lambda: [[*manage, "makemigrations", "--check", "--dry-run"]]),
            ("protocol", lambda: [[*manage, "protocol", "--check"]]),
            ("pages: types", self.page_types),
            ("pages: tests", lambda: [[node(), "--test", "--test-reporter=spec", *scripts()]]),
            ("unit", lambda: [pytest("tests/unit")]),
            ("integration", self.together),
            ("integration on PostgreSQL", self.on_postgres),
            ("browser", self.in_browser),
        ]

    def page_types(self) -> list[list[str]]:
        node()
        if SYSTEM_CERTIFICATES.exists():  # npm knows only its own, and fails behind a proxy
            self.environ.setdefault("NODE_EXTRA_CA_CERTS", str(SYSTEM_CERTIFICATES))
        install = ["npm", "ci", "--prefix", "frontend", "--loglevel=error"]
        tsc = "frontend/node_modules/.bin/tsc"
        # A service worker has no document, so it is another project.
        return [install, [tsc, "-p", "frontend"], [tsc, "-p", "frontend/tsconfig.worker.json"]]

    def together(self) -> list[list[str]]:
        coturn(self.say)
        compiler(self.say)
        return [pytest("tests/integration")]

    def on_postgres(self) -> list[list[str]]:
        """The tests that touch SQL once more, on the database that a bigger house uses."""
        tests = pytest("tests/integration", "-m", "django_db")
        return [[sys.executable, "-m", "tests.on_postgres", *tests]]

    def in_browser(self) -> list[list[str]]:
        self.environ["CHROMIUM"] = chromium(self.say)
        return [pytest("tests/browser")]

    def take(self, name: str, commands: Callable[[], list[list[str]]]) -> Outcome:
        self.say(f"\n=== {name}")
        began = time.monotonic()
        try:
            passed = all(self.run(command) for command in commands())
        except Missing as missing:
            self.say(str(missing))
            passed = False
        outcome = Outcome(name, passed, time.monotonic() - began)
        self.say(f"=== {name}: {'passed' if passed else 'FAILED'} in {outcome.took_s:.1f} s")
        return outcome

    def run(self, command: list[str]) -> bool:
        return subprocess.run(command, cwd=ROOT, env=self.environ).returncode == 0

    def summarise(self, outcomes: list[Outcome], took_s: float) -> None:
        self.say("")
        for outcome in outcomes:
            mark = "passed" if outcome.passed else "FAILED"
            self.say(f"{mark}  {outcome.took_s:7.1f} s  {outcome.name}")
        failed = sum(not outcome.passed for outcome in outcomes)
        self.say(f"{'All passed' if not failed else f'{failed} failed'} in {took_s:.0f} s.")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def scratch_environ(state: str) -> dict[str, str]:
    """The environment without this house's own settings: tests must not touch what it keeps."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in KEPT or not name.startswith(("ASSIST_", "DATABASE_URL", "REDIS_URL"))
    }
    return {**kept, "ASSIST_STATE": state, "PYTHONUNBUFFERED": "1"}


def tool(name: str, *arguments: str) -> list[str]:
    """A program of this very environment, not one that happens to be on PATH."""
    return [os.path.join(os.path.dirname(sys.executable), name), *arguments]


def pytest(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "-q", *arguments]


def scripts() -> list[str]:
    """By name: what `node --test FOLDER` means differs between Node's versions."""
    found = sorted((ROOT / "tests" / "js").rglob("*.test.js"))
    if not found:
        raise Missing("There are no page tests in tests/js.")
    return [str(path.relative_to(ROOT)) for path in found]
