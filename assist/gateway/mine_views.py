"""What is a Requester's own? The settings that their device keeps, and the way to their people."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assist.gateway.settings_views import TOPIC_NAMES, languages_by_name

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
    """One form. The script fills it and keeps it: what is chosen never comes here."""
    context = {
        "languages": languages_by_name(),
        "topics": [(topic.value, name) for topic, name in TOPIC_NAMES.items()],
        "sizes": SIZES_PERCENT,
        "may": MAY,
    }
    return render(request, "mine.html", context)
