"""Which browser is somebody signed in with? Noted in their session, to the day: see `sessions`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

from assist.accounts.sessions import note
from assist.gateway.browsers import name_of


class Seen(MiddlewareMixin):
    """Whoever has no session, as every Requester, costs nothing here."""

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            browser = name_of(request.headers.get("User-Agent", ""))
            note(request.session, browser, timezone.now().date())
