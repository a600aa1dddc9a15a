"""What does a person read when even the page about a mistake cannot be made?"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from assist.gateway import errors


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
