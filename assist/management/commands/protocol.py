"""Write the protocol's types and its page, or check that they are what they should be."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assist.lib.env import ROOT
from assist.protocol import generate


class Command(BaseCommand):
    """`manage.py protocol [--check]`."""

    help = __doc__
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own name and type

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One switch."""
        parser.add_argument("--check", action="store_true", help="fail when a file is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write both files, or compare them."""
        wanted = {
            ROOT / "frontend" / "js" / "protocol.d.ts": generate.declarations(),
            ROOT / "docs" / "protocol.md": generate.page(),
        }
        for path, text in wanted.items():
            if options["check"]:
                self._compare(path, text)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)

    def _compare(self, path: Path, text: str) -> None:
        if not path.exists() or path.read_text() != text:
            raise CommandError(f"{path.name} is out of date. Run: python3 manage.py protocol")
