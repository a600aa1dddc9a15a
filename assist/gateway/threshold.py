"""What does somebody see at /volunteer/ whom this device does not know? The ways in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from assist.gateway import passkeys


def show(request: HttpRequest, status: int = 403, **more: Any) -> HttpResponse:
    """`more`: what was `wrong` with what they `said`."""
    context = {
        "sends": settings.ASSIST_EMAIL is not None,
        "join": settings.ASSIST_JOIN,
        **passkeys.facts(request, ""),
        **more,
    }
    return render(request, "threshold.html", context, status=status)
