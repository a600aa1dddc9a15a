"""How does somebody become a Volunteer? They read the promise, and give it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from assist.accounts import promise
from assist.gateway.views import signed_in


@require_POST
def promised(request: HttpRequest) -> HttpResponse:
    """Once, before the first call."""
    person = signed_in(request)
    if person is not None:
        promise.give(person)
    return redirect("/volunteer/")
