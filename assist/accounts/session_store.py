"""Where do sessions live? In Django's table, under keys that can be keys."""

from __future__ import annotations

import re

from django.contrib.sessions.backends import db

KEY = re.compile(r"[0-9a-z]{32}")


class SessionStore(db.SessionStore):
    """A cookie may say anything, and PostgreSQL looks nothing up that has a NUL in it."""

    def _validate_session_key(self, key: str | None) -> bool:
        return KEY.fullmatch(key or "") is not None
