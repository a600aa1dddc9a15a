"""Which exact packages does Assist stand on? Writes the locks from what we name ourselves."""

from __future__ import annotations

import subprocess
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assist.lib.bootstrap import REQUIREMENTS, VENV, run_pip

OPTIONS = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--quiet")


class Command(BaseCommand):
    help = "Pins and hashes assist/requirements/*.in into *.txt, without index addresses."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        run_pip(["install", "--require-hashes", "-r", str(REQUIREMENTS / "tools.txt")])
        self.pin("tools")
        self.pin("run")
        # The test set must hold the run set unchanged, or the tests would test something else.
        self.pin("test", "--constraints", "run.txt")

    def pin(self, part: str, *more: str) -> None:
        uv = str(VENV / "bin" / "uv")
        command = [uv, "pip", "compile", f"{part}.in", "-o", f"{part}.txt", *OPTIONS, *more]
        done = subprocess.run(command, cwd=REQUIREMENTS, text=True, stderr=subprocess.PIPE)
        if done.returncode:
            raise CommandError(f"{part}.in could not be locked: {done.stderr}", returncode=2)
        self.stdout.write(f"{part}.txt is locked.")
