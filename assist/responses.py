"""What does every answer of the house carry: headers, hashed files, who runs it?"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.safestring import SafeString, mark_safe
from whitenoise.storage import CompressedManifestStaticFilesStorage

from assist.lib.bundle import bundle, modules_of

# What no page of ours uses is switched off, so that nothing that slips in can use it either.
PERMISSIONS = "camera=(self), microphone=(self), screen-wake-lock=(self), geolocation=(), usb=()"

SHEET = "css/assist.css"
MODULE = re.compile(r"js/(?!pages/)\w+/\w+\.js$")
PAGES, LATE = "js/pages/", "_late.js"

Answer = HttpResponseBase | Awaitable[HttpResponseBase]
Sources = dict[str, Any]  # of each file's name: the storage that has it, and its path there


class HouseHeaders:
    """Permissions-Policy, and the Secure mark on cookies that leave by HTTPS.

    Not SESSION_COOKIE_SECURE: http://localhost:8000 is where somebody tries Assist first, and not
    every browser takes a Secure cookie there. Not without the mark either: a browser sends a cookie
    to every port of a host, so the plain-HTTP page that hands out our certificate would be told
    everybody's session.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Answer]) -> None:
        self._get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Answer:
        answer = self._get_response(request)
        if isinstance(answer, HttpResponseBase):
            return dress(request, answer)
        return self._later(request, answer)

    async def _later(
        self, request: HttpRequest, answer: Awaitable[HttpResponseBase]
    ) -> HttpResponseBase:
        return dress(request, await answer)


def dress(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    response.headers.setdefault("Permissions-Policy", PERMISSIONS)
    if request.is_secure():
        for cookie in response.cookies.values():
            cookie["secure"] = True
    return response


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Names with a hash of the content, also inside our modules' imports; a page's script whole.

    Without the aggregation a hashed module imports unhashed ones, and a phone that kept an old copy
    runs half of yesterday's page. Without the bundles a phone on a slow line asks fifty times.
    """

    support_js_module_import_aggregation = True

    def post_process(self, paths: Sources, dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Called by collectstatic with all that it found; names and hashes it, then compresses."""
        if not dry_run:
            for name, text in bundles(paths):
                self.delete(name)
                self._save(name, ContentFile(text.encode()))
                paths[name] = (self, name)
            for name in [name for name in paths if MODULE.match(name)]:
                del paths[name]  # it is in its pages, and nobody asks for it by itself
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def url(self, name: str | None, force: bool = False) -> str:
        if not self.hashed_files:  # nothing collected yet: whitenoise serves the sources
            return f"{self.base_url}{name or ''}"
        return str(super().url(name, force))


def bundles(paths: Sources) -> list[tuple[str, str]]:
    """Each page's script with all that it imports. `X_late.js` leaves out what `X.js` has."""

    def read(module: str) -> str:
        storage, path = paths[f"js/{module}"]
        with storage.open(path) as file:
            return str(file.read().decode())

    def of_page(name: str) -> str:
        entry = name.removeprefix("js/")
        page = entry.replace(LATE, ".js")
        return bundle(entry, read, modules_of(page, read) if page != entry else ())

    pages = [name for name in paths if name.startswith(PAGES) and name.endswith(".js")]
    return [(name, of_page(name)) for name in pages]


def sheet() -> SafeString:
    """Our style sheet, for a page that cannot wait for a second answer before it is seen."""
    storage = storages["staticfiles"]
    assert isinstance(storage, StaticStorage)
    if storage.hashed_files:
        return collected(storage, storage.stored_name(SHEET))
    return squeezed(Path(str(find(SHEET))).read_text(encoding="utf-8"))


@cache
def collected(storage: StaticStorage, name: str) -> SafeString:
    with storage.open(name) as file:
        return squeezed(file.read().decode())


def squeezed(text: str) -> SafeString:
    """Without comments and indentation."""
    return mark_safe(re.sub(r"/\*.*?\*/|^\s+", "", text, flags=re.DOTALL | re.MULTILINE))


def house(request: HttpRequest) -> dict[str, object]:
    """For every template: `house.operator`, `house.contact`, `house.ask` (`open` or `code`), and
    `sheet`, which is read only where it is asked for."""
    return {
        "sheet": sheet,
        "house": {
            "operator": settings.ASSIST_OPERATOR,
            "contact": settings.ASSIST_CONTACT,
            "ask": settings.ASSIST_ASK,
        },
    }
