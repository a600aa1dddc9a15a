"""What does a socket's handshake say of the person behind it? Session, cookies, language."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.http import parse_cookie
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

Headers = Iterable[tuple[bytes, bytes]]


def cookies(headers: Headers) -> dict[str, str]:
    return parse_cookie(_header(headers, b"cookie"))


def session_key(headers: Headers) -> str:
    """The key in the session's cookie; empty without one."""
    return cookies(headers).get(settings.SESSION_COOKIE_NAME, "")


def language(headers: Headers) -> str:
    """The language in which the page itself was served, as LocaleMiddleware chooses it."""
    chosen = cookies(headers).get(settings.LANGUAGE_COOKIE_NAME, "")
    wished = parse_accept_lang_header(_header(headers, b"accept-language"))
    for tag in [chosen, *(tag for tag, _weight in wished)]:
        try:
            return get_supported_language_variant(tag)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def _header(headers: Headers, wanted: bytes) -> str:
    for name, value in headers:
        if name == wanted:
            return value.decode("latin1")
    return ""
