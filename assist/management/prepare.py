"""Are the tables and the static files as this version wants them? Quick when they are."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from assist.lib.env import ROOT, EnvError


def prepare_database() -> str:
    """Migrates what is not; returns what there is, in a few words."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0].rstrip(".")
        raise EnvError(f"The database cannot be used: {reason}.") from error
    finally:
        connection.close()
    return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]


def prepare_static() -> None:
    """Collects the static files, only if one of them is not the one collected last."""
    stamp = settings.STATIC_ROOT / ".collected"
    now = sources_hash()
    if stamp.exists() and stamp.read_text(encoding="ascii") == now:
        return
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    # Not cleared: a page opened before the change still loads the modules that it names.
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(now, encoding="ascii")


def sources_hash() -> str:
    """Sizes and times, not contents: this runs at every start."""
    digest = hashlib.sha256()
    makers = [ROOT / "assist" / part for part in ("responses.py", "lib/bundle.py")]
    for path in [*makers, *static_sources()]:
        status = path.stat()
        digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def static_sources() -> list[Path]:
    folders = [Path(folder) for _prefix, folder in settings.STATICFILES_DIRS]
    return sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
