"""What does a person read when something is not as it should be? Plain words, and a way on."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

log = logging.getLogger(__name__)

MOST_MINUTES = 90  # longer is said in hours


def message(
    request: HttpRequest, status: int, title: str, sentence: str, way_on: str = "", to: str = "/"
) -> HttpResponse:
    """A page with one heading, one sentence and one link; `way_on` is the link's words."""
    if status != 500:
        log.warning("%d: %s", status, route_of(request))
    context = {
        "title": title,
        "sentence": sentence,
        "next": {"url": to, "label": way_on or _("To the start page")},
    }
    response = render(request, "message.html", context, status=status)
    # Django would write the whole address into the log, and an invite's address is a key.
    response._has_been_logged = status != 500  # type: ignore[attr-defined]
    return response


def route_of(request: HttpRequest) -> str:
    """Which of our addresses this was, without what stood in it."""
    return request.resolver_match.route if request.resolver_match else "no such address"


class WithoutAddress(logging.Filter):
    """Django's own lines (405, 500) name the route: an invite that did not open is still a key."""

    def filter(self, record: logging.LogRecord) -> bool:
        asked = getattr(record, "request", None)
        if isinstance(asked, HttpRequest) and isinstance(record.args, tuple):
            route = route_of(asked)
            record.args = tuple(route if arg == asked.path else arg for arg in record.args)
        return True


def too_often(request: HttpRequest, wait_ms: int) -> HttpResponse:
    """What is limited by the day does not come back in ten minutes: how long it takes is said."""
    minutes = -(-wait_ms // 60_000)
    hours = -(-minutes // 60)
    sentence = (
        ngettext("Please wait %(n)s minute.", "Please wait %(n)s minutes.", minutes)
        % {"n": minutes}
        if minutes <= MOST_MINUTES
        else ngettext("Please wait %(n)s hour.", "Please wait %(n)s hours.", hours) % {"n": hours}
    )
    return message(request, 429, _("Too many tries"), sentence)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return message(
        request,
        400,
        _("That was not understood"),
        _("Your browser sent something that we cannot use. Please try it again."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return message(
        request,
        403,
        _("This page is not for everybody"),
        _("You need an invitation from the people who run this service."),
        _("I was here before"),
        "/volunteer/",
    )


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF check failed: mostly a page from before a restart, or without cookies."""
    return message(
        request,
        403,
        _("Please try that once more"),
        _("The page was open for too long, or your browser keeps no cookies for it."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return message(
        request,
        404,
        _("There is nothing here"),
        _("This address does not exist, or not any more."),
    )


def broken(request: HttpRequest) -> HttpResponse:
    """Our mistake. What just failed may be what a page needs: then the words come without one."""
    title = _("Something went wrong here")
    sentence = _("It is our mistake, not yours. Please try again in a minute.")
    try:
        return message(request, 500, title, sentence)
    except Exception as error:  # whatever it is, a person must not read a server's own words
        log.error("500: without its page (%s)", type(error).__name__)
        words = f"{title}. {sentence}"
        return HttpResponse(words, status=500, content_type="text/plain; charset=utf-8")
