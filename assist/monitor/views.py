"""Who may look at the queue? Coordinators; the page then lives from its socket."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assist.accounts import joining
from assist.monitor.joiners import sentence


@never_cache
@require_safe
def monitor(request: HttpRequest) -> HttpResponse:
    if not getattr(request.user, "coordinates", False):
        raise PermissionDenied
    boot = {"role": "coordinator", "languages": [], "signed_in": True}
    context = {"boot": boot, "joining": sentence(joining.how_many())}
    return render(request, "monitor.html", context)
