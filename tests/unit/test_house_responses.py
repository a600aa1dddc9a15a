"""Does each answer carry what protects people, and nothing that would lock them out?"""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from assist.responses import HouseHeaders, StaticStorage


def set_cookie(_request: HttpRequest) -> HttpResponse:
    response = HttpResponse("")
    response.set_cookie("sessionid", "x")
    return response


async def set_cookie_later(request: HttpRequest) -> HttpResponse:
    return set_cookie(request)


@pytest.mark.parametrize("secure", [True, False])
def test_a_cookie_is_marked_secure_exactly_when_it_leaves_by_https(secure: bool) -> None:
    request = RequestFactory().get("/", secure=secure)
    response = HouseHeaders(set_cookie)(request)
    assert isinstance(response, HttpResponse)
    assert bool(response.cookies["sessionid"]["secure"]) is secure


async def test_an_async_answer_is_dressed_too() -> None:
    answer = HouseHeaders(set_cookie_later)(RequestFactory().get("/", secure=True))
    assert not isinstance(answer, HttpResponse)
    response = await answer  # type: ignore[misc]
    assert response.cookies["sessionid"]["secure"]
    assert "camera=(self)" in response.headers["Permissions-Policy"]


def test_no_page_may_run_what_is_written_into_it_or_comes_from_elsewhere() -> None:
    directives: dict[str, list[str]] = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    said = " ".join(source for sources in directives.values() for source in sources)
    assert "unsafe" not in said
    assert "*" not in said
    assert directives["default-src"] == ["'none'"]
    assert directives["script-src"] == ["'self'"]
    assert directives["frame-ancestors"] == ["'none'"]


def test_hosts_are_named_never_any() -> None:
    assert "*" not in settings.ALLOWED_HOSTS
    assert all("*" not in origin for origin in settings.ASSIST_ORIGINS)


def test_a_subscription_may_be_silent_for_hours() -> None:
    layer: dict[str, Any] = settings.CHANNEL_LAYERS["default"]
    (host,) = layer["CONFIG"]["hosts"]
    assert host["socket_timeout"] is None
    assert host["max_connections"] >= 1000


def test_hashed_modules_import_hashed_modules() -> None:
    assert StaticStorage.support_js_module_import_aggregation
