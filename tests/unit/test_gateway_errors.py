"""What does a person read when even the page about a mistake cannot be made?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from pytest_django import Settings

from assist.gateway import errors, views


def test_a_mistake_is_told_in_words_even_without_its_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_all: Any, **_named: Any) -> None:
        raise ValueError("no entry in the manifest")

    monkeypatch.setattr(errors, "render", fails)
    answer = errors.broken(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert answer["Content-Type"].startswith("text/plain")
    assert b"our mistake, not yours" in answer.content
    assert b"manifest" not in answer.content


@pytest.mark.parametrize(
    ("wait_ms", "said"),
    [
        (1, "Please wait 1 minute."),
        (600_000, "Please wait 10 minutes."),
        (90 * 60_000, "Please wait 90 minutes."),
        (90 * 60_000 + 1, "Please wait 2 hours."),
        (86_400_000, "Please wait 24 hours."),
    ],
)
def test_how_long_one_must_wait_is_said(
    wait_ms: int, said: str, settings: Settings, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    answer = errors.too_often(request, wait_ms)
    assert answer.status_code == 429
    assert said in answer.content.decode()


def test_no_line_in_the_log_names_an_invite(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    settings: Settings,
    tmp_path: Path,
) -> None:
    def fails(_token: str) -> None:
        raise ValueError("no database")

    settings.STATIC_ROOT = tmp_path  # whitenoise warns of a folder that is not there
    monkeypatch.setattr(views, "find_invite", fails)
    stranger = Client(raise_request_exception=False, headers={"host": "localhost"})
    assert stranger.options("/invite/the-key/").status_code == 405  # as scanners of links do
    assert stranger.get("/invite/the-key/").status_code == 500
    assert caplog.text.count("invite/<str:token>/") == 2
    assert "the-key" not in caplog.text
