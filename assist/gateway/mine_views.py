"""What is a Requester's own? The settings that their device keeps, and what the house has."""

from __future__ import annotations

import logging
from uuid import UUID

from asgiref.sync import async_to_sync
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from redis.exceptions import RedisError

from assist.accounts.device import DEVICE_COOKIE, read_device
from assist.accounts.names import read_names
from assist.gateway import everything, process
from assist.gateway.errors import message
from assist.gateway.limits import may_forget
from assist.gateway.named import languages_by_name, topics_by_name
from assist.gateway.views import unwell
from assist.live.forgetting import Behind
from assist.records.history import blocked_by

log = logging.getLogger(__name__)

SIZES_PERCENT = (100, 125, 150, 175, 200)
MAY = (
    ("light", gettext_lazy("May a volunteer turn on my light?")),
    ("zoom", gettext_lazy("May a volunteer zoom my camera?")),
    ("lens", gettext_lazy("May a volunteer switch my camera?")),
    ("photo", gettext_lazy("May a volunteer take a sharp photo?")),
)


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One form. The script fills it and keeps it: what is chosen there never comes here."""
    context = {
        "languages": languages_by_name(),
        "topics": topics_by_name(),
        "sizes": SIZES_PERCENT,
        "may": MAY,
        "blocked": blocked(device_of(request)),
    }
    return render(request, "mine.html", context)


def device_of(request: HttpRequest) -> str | None:
    return read_device(request.COOKIES.get(DEVICE_COOKIE, ""))


def blocked(device: str | None) -> list[dict[str, object]]:
    """Each with the name under which they met, if it is known, and the day."""
    found = blocked_by(device) if device else []
    names = read_names({who for who, _at in found if who}) if found else {}
    return [{"name": names.get(UUID(who).hex, "") if who else "", "at": at} for who, at in found]


@never_cache
@require_safe
def download(request: HttpRequest) -> JsonResponse:
    """All that we have of them, as one file."""
    told = everything.told_of(device_of(request) or "")
    answer = JsonResponse(told, json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer.headers["Content-Disposition"] = 'attachment; filename="assist.json"'
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: HttpRequest) -> HttpResponse:
    """Ask once more; and then, at once, everything."""
    if request.method != "POST":
        return render(request, "mine_forget.html")
    try:
        if not async_to_sync(may_forget)(process.live, request.META.get("REMOTE_ADDR", "")):
            return message(request, 429, _("Too many tries"), _("Please wait ten minutes."))
        if device := device_of(request):
            async_to_sync(everything.forget)(device)
    except (Behind, RedisError, DatabaseError, OSError) as trouble:
        log.warning("not forgotten: %s", type(trouble).__name__)
        return unwell(request)
    answer = redirect("/mine/forgotten/")
    answer.delete_cookie(DEVICE_COOKIE, samesite="Lax")
    return answer


@never_cache
@require_safe
def forgotten(request: HttpRequest) -> HttpResponse:
    """The script of this page clears what the browser itself has kept."""
    return render(request, "mine_forgotten.html")
