"""Whose session is this, and does it still stand?

Sockets outlive the request that opened them, so they ask again and again: a person who was
suspended or signed out elsewhere must not keep an open line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from importlib import import_module
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from assist.accounts.models import Person

BROWSER, DAY = "browser", "day"  # in the session


class SignedIn(NamedTuple):
    """One browser of somebody's. `day`: when it was last used; `browser`: "Chrome on Android"."""

    key: str
    browser: str
    day: date | None


def person_of(session_key: str) -> Person | None:
    """The active person who is signed in with this session; reads SQL afresh each time."""
    if not session_key:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    person = get_user(request)
    return person if person.is_authenticated else None


def note(session: SessionBase, browser: str, day: date) -> None:
    """Which browser it is, and the last day on which it opened a page of ours; not the hour.

    Written beside the session's own way, so that its thirty days are not counted anew.
    """
    told = {BROWSER: browser, DAY: day.isoformat()}
    if SESSION_KEY not in session or all(session.get(name) == told[name] for name in told):
        return
    kept = session.encode({**{name: session[name] for name in session.keys()}, **told})  # noqa: SIM118
    Session.objects.filter(pk=session.session_key).update(session_data=kept)


def signed_in_with(person: Person) -> list[SignedIn]:
    """Their sessions that stand, the last used first. All sessions are read: it is rarely asked."""
    found = Session.objects.filter(expire_date__gt=timezone.now())
    mine = [(one.pk, data) for one in found if is_of(person, data := one.get_decoded())]
    said = [SignedIn(key, data.get(BROWSER, ""), day_of(data.get(DAY, ""))) for key, data in mine]
    return sorted(said, key=lambda one: one.day or date.min, reverse=True)


def is_of(person: Person, data: dict[str, Any]) -> bool:
    """With the hash that is true now: another one opens nothing any more."""
    whose, signed = data.get(SESSION_KEY), data.get(HASH_SESSION_KEY, "")
    return whose == str(person.pk) and constant_time_compare(signed, person.get_session_auth_hash())


def day_of(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def end(keys: Iterable[str]) -> None:
    """Nobody is signed in with these any more."""
    Session.objects.filter(pk__in=list(keys)).delete()


def end_all_of(person: Person) -> None:
    """Also one that is opened in this moment: each is signed with what is replaced here."""
    end(one.key for one in signed_in_with(person))
    person.set_unusable_password()
    person.save(update_fields=["password"])


def group_of(session_key: str) -> str:
    """The channel group of a session's sockets; the key itself never leaves the cookie."""
    return "session." + hashlib.sha256(session_key.encode()).hexdigest()[:32]
