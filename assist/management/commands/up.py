"""Everything on one machine: `python3 manage.py up`."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from assist.lib.env import Env
from assist.management.house import House


class Command(BaseCommand):
    help = (
        "Starts and watches everything: Redis, web, worker and relay. Ctrl-C stops it;"
        " SIGTERM first lets calls end (ASSIST_DRAIN_SECONDS)."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--port",
            help="plain HTTP: the app for this machine alone, to others how to trust it (8000)",
        )
        parser.add_argument("--https-port", help="HTTPS, for phones (8443)")
        parser.add_argument("--relay-port", help="the relay's UDP port (8444)")

    def handle(self, *args: Any, **options: Any) -> None:
        for option in ("port", "https_port", "relay_port"):
            if options[option] is not None:
                os.environ[f"ASSIST_{option.upper()}"] = options[option]
        sys.exit(House(Env(os.environ), self.say).run())

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
