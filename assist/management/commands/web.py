"""One web server of many: prepares tables and static files, then becomes Daphne.

For deployments where something else watches the processes; `up` starts its own.
"""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from assist.lib.env import ROOT, EnvError
from assist.management.prepare import prepare_database, prepare_static
from assist.management.web_server import daphne_command


class Command(BaseCommand):
    help = "Serves pages and sockets with ASSIST_TLS_CERT and ASSIST_TLS_KEY."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        certificate, key = settings.ASSIST_TLS_CERT, settings.ASSIST_TLS_KEY
        if not certificate or not key:
            raise EnvError("ASSIST_TLS_CERT and ASSIST_TLS_KEY are needed; `up` makes its own.")
        prepare_database()
        prepare_static()
        command = daphne_command(settings.ASSIST_PORT, settings.ASSIST_HTTPS_PORT, certificate, key)
        os.chdir(ROOT)
        os.execv(command[0], command)
