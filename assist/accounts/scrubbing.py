"""Is what was deleted gone from the database's own files, too?

SQLite writes zeros over a deleted row (`secure_delete`), but the page as it was may still stand in
the log beside its file. PostgreSQL has a vacuum of its own, and backups are its operator's.
"""

from __future__ import annotations

import logging

from django.db import connection

log = logging.getLogger(__name__)


def empty_log() -> bool:
    """Bring SQLite's log into its file and cut it to nothing; whether that is done.

    It waits for whoever reads just now, as long as any writer would. Not within a transaction.
    """
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy = bool(cursor.fetchone()[0])
    if is_busy:
        log.warning("SQLite's log is not emptied yet: it is when nobody reads")
    return not is_busy
