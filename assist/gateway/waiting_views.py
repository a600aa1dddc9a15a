"""What is shown to whoever waits to be let in, and how do they withdraw?

They are not signed in. For ten minutes after they read their mail, their own browser says who they
are; after that they say a new code.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assist.accounts import joining
from assist.accounts.models import Person
from assist.accounts.scrubbing import empty_log
from assist.gateway import errands
from assist.gateway.own_views import given_out

PAGE = "/volunteer/join/asked/"


def begin(person: Person) -> HttpResponse:
    """Their mail was read just now."""
    return errands.begin("asked", "", {"who": person.id.hex}, PAGE)


@never_cache
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    return render(request, "joining_asked.html", {"person": whoever_waits(request)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: HttpRequest) -> HttpResponse:
    """Ask once more; and then, at once, they withdraw, and all that they wrote is deleted."""
    if request.method == "POST":
        return withdraw(request)
    return render(request, "joining_forget.html") if whoever_waits(request) else redirect(PAGE)


def withdraw(request: HttpRequest) -> HttpResponse:
    who = who_asked(request)
    if not who:
        messages.info(request, _("That took too long. Please begin again."))
        return redirect("/volunteer/")
    if joining.forget(who):
        empty_log()
        return errands.end(redirect("/volunteer/forgotten/"))
    messages.info(request, _("That is decided already. If you were let in, come in and delete it."))
    return errands.end(redirect("/volunteer/"))


@never_cache
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    person = whoever_waits(request)
    return given_out(person) if person else redirect(PAGE)


def whoever_waits(request: HttpRequest) -> Person | None:
    who = who_asked(request)
    return joining.find(who) if who else None


def who_asked(request: HttpRequest) -> str:
    """32 hex digits, or nothing."""
    errand = errands.read_alone(request)
    return str(errand.said["who"]) if errand and errand.what == "asked" else ""
