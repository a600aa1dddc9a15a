"""Which database do DATABASE_URL and the state folder mean, in Django's words?"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# IMMEDIATE: a transaction that reads and then writes would otherwise fail at once with "database is
# locked" instead of waiting its turn. WAL: pages read while the ledger writes. secure_delete: what
# somebody deletes is written over, not left in the file until something else needs the room.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;"
    ),
}


def database(url: str, state: Path) -> dict[str, Any]:
    """One entry of DATABASES. `url` is empty, sqlite:///FILE or postgresql://...?host=/socket."""
    parts = urlsplit(url)
    if parts.scheme in ("", "sqlite"):
        name = unquote(parts.path)[1:] if url else str(state / "assist.sqlite3")
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": SQLITE_OPTIONS}
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path)[1:] or "assist",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": 0,  # async views change threads: a kept connection is one nobody closes
        "OPTIONS": {"connect_timeout": 5, **options},
    }
