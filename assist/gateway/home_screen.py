"""How does Assist come onto a phone's home screen, and what is there without a network?"""

from __future__ import annotations

import hashlib
import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from assist.accounts.device import DEVICE_COOKIE, mark_of, read_device

PAPER = "#faf7f1"
ANYBODYS = "now"  # in the place of a shortcut's word: such an address calls nobody by itself
PHONES = ("iphone", "chrome", "samsung", "firefox", "computer")


def wants_a_call(request: HttpRequest) -> bool:
    """Did the person open their shortcut? A link that somebody else made must open no camera.

    An app opens links of mails and of other apps, too, and looks as if a hand had done it.
    """
    mine = shortcut_word(request)
    return mine != ANYBODYS and constant_time_compare(request.GET.get("call", ""), mine)


def shortcut_word(request: HttpRequest) -> str:
    """What the shortcut of this person's device says, and nobody else can know."""
    device = read_device(request.COOKIES.get(DEVICE_COOKIE, ""))
    return mark_of(device) if device else ANYBODYS


@require_safe
@cache_control(private=True, max_age=3600)
def manifest(request: HttpRequest, role: str) -> HttpResponse:
    """What a browser must know to put us on a home screen: two apps, each opens its own page."""
    with translation.override(known_language(request.GET.get("language", ""))):
        app = volunteers_app() if role == "volunteer" else requesters_app(request)
        whole = app | {
            "lang": pgettext("the language tag of these translations", "en"),
            "dir": "rtl" if translation.get_language_bidi() else "ltr",
            "scope": "/",
            "display": "standalone",
            "background_color": PAPER,
            "theme_color": PAPER,
            "icons": icons(),
        }
    return JsonResponse(whole, content_type="application/manifest+json")


def requesters_app(request: HttpRequest) -> dict[str, object]:
    calls = f"/?call={shortcut_word(request)}"
    call = {"name": _("Call a volunteer"), "url": calls, "icons": [icon("icon-192.png", 192)]}
    operator = settings.ASSIST_OPERATOR
    return {
        "id": "/",
        "start_url": "/",
        "name": f"Assist, {operator}" if operator else "Assist",
        "short_name": "Assist",
        "description": _(
            "A volunteer looks through your phone's camera and tells you what is there."
        ),
        "shortcuts": [call],
    }


def volunteers_app() -> dict[str, object]:
    return {
        "id": "/volunteer/",
        "start_url": "/volunteer/",
        "name": _("Assist for volunteers"),
        "short_name": "Assist",
    }


def icons() -> list[dict[str, str]]:
    return [
        {"src": static("img/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        icon("icon-192.png", 192),
        icon("icon-512.png", 512),
        icon("icon-full-512.png", 512) | {"purpose": "maskable"},
    ]


def icon(name: str, side_px: int) -> dict[str, str]:
    return {"src": static(f"img/{name}"), "sizes": f"{side_px}x{side_px}", "type": "image/png"}


@require_safe
def explained(request: HttpRequest) -> HttpResponse:
    """How each phone does it; the person's own kind of phone first."""
    own = phone_of(request.headers.get("User-Agent", ""))
    phones = [own, *(each for each in PHONES if each != own)]
    return render(request, "home_screen.html", {"phones": phones})


def phone_of(agent: str) -> str:
    """One of `PHONES`, by what the browser calls itself. An iPad says that it is a Mac."""
    if any(apple in agent for apple in ("iPhone", "iPad", "Macintosh")):
        return "computer" if "Macintosh" in agent and "Chrome" in agent else "iphone"
    if "Android" not in agent:
        return "computer"
    if "SamsungBrowser" in agent:
        return "samsung"
    return "firefox" if "Firefox" in agent else "chrome"


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What a device shows when it reaches nobody. It keeps this page, so it is about nobody."""
    with translation.override(known_language(request.GET.get("language", ""))):
        return render(request, "offline.html")


def kept_on_devices(request: HttpRequest, language: str) -> list[str]:
    """The addresses that a service worker keeps: the offline page and what it is drawn with.

    With a mark of what the page says: a worker that reads the same as yesterday fetches nothing.
    """
    page = render_to_string("offline.html", request=request)
    mark = hashlib.sha256(page.encode()).hexdigest()[:12]
    drawn = set(re.findall(rf'(?:href|src)="({settings.STATIC_URL}[^"]+)"', page))
    return [f"/offline/?language={language}&mark={mark}", *sorted(drawn)]


def known_language(tag: str) -> str:
    """One of the house's languages; the first one for a tag that is none."""
    try:
        return translation.get_supported_language_variant(tag)
    except LookupError:
        return str(settings.LANGUAGE_CODE)
