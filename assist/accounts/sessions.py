"""Whose session is this, and does it still stand?

Sockets outlive the request that opened them, so they ask again and again: a person who was
suspended or signed out elsewhere must not keep an open line.
"""

from __future__ import annotations

import hashlib
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from assist.accounts.models import Person


def person_of(session_key: str) -> Person | None:
    """The active person who is signed in with this session; reads SQL afresh each time."""
    if not session_key:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    person = get_user(request)
    return person if person.is_authenticated else None


def group_of(session_key: str) -> str:
    """The channel group of a session's sockets; the key itself never leaves the cookie."""
    return "session." + hashlib.sha256(session_key.encode()).hexdigest()[:32]
