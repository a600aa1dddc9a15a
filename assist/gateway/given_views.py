"""What did a Volunteer give? Told to them alone, in plain numbers: nobody is compared."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assist.feedback import thanks
from assist.gateway.circle_views import volunteer_of
from assist.gateway.named import languages_by_name
from assist.records.given import Given, given_by
from assist.records.retention import KEPT_DAYS

MINUTE_S = 60


@never_cache
@require_safe
def given(request: HttpRequest) -> HttpResponse:
    person = volunteer_of(request)
    if person is None:
        return redirect("/volunteer/")
    found = given_by(person.id.hex, person.languages)
    context = {
        "kept_days": KEPT_DAYS,
        "calls": calls_in_words(found),
        "languages": languages_in_words(found.languages),
        "rings": rings_in_words(found),
        "too_late": found.too_late,
        "thanks": thanks.kept_for(person.id.hex),
    }
    return render(request, "given.html", context)


def calls_in_words(found: Given) -> str:
    """Empty where there was none."""
    if not found.calls:
        return ""
    minutes = max(1, round(found.together.total_seconds() / MINUTE_S))
    calls = ngettext("%(n)s call", "%(n)s calls", found.calls) % {"n": found.calls}
    time = ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    return _("%(calls)s, %(time)s together.") % {"calls": calls, "time": time}


def languages_in_words(languages: Iterable[tuple[str, int]]) -> list[tuple[str, str, int]]:
    """(tag, its own name, calls) of each."""
    languages = list(languages)
    names = dict(languages_by_name(tag for tag, _calls in languages))
    return [(tag, names[tag], calls) for tag, calls in languages]


def rings_in_words(found: Given) -> list[tuple[str, int]]:
    """How often it rang, and what came of it; what never happened is left out."""
    lines = [
        (_("It rang for you"), found.offered),
        (_("You answered"), found.answered),
        (_("Somebody was quicker than you"), found.too_late),
        (_("The person no longer needed it"), found.no_longer),
        (_("You said: not now"), found.declined),
        (_("It rang and passed"), found.missed),
    ]
    return [line for line in lines if line[1]]
