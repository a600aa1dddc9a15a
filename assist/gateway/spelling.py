"""Is a form written in UTF-8, as every browser writes ours?"""

from __future__ import annotations

import codecs
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin


class InUtf8(MiddlewareMixin):
    """Refuses (400) what claims another spelling.

    Django believes it, and some of Python's spell half a letter (U+D800): whatever meets that
    later, a table, a key, an answer, cannot write it down and breaks.
    """

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        said = (request.content_params or {}).get("charset", "utf-8")
        if not is_utf_8(said):
            raise BadRequest("not in UTF-8")


def is_utf_8(name: str) -> bool:
    try:
        return codecs.lookup(name).name in ("utf-8", "ascii")
    except (LookupError, ValueError):  # ValueError: a name with a NUL in it
        return False
