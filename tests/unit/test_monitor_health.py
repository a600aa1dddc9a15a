"""Who may read the figures?"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from assist.monitor.health import may_read


@pytest.mark.parametrize(
    ("address", "said", "allowed"),
    [
        ("127.0.0.1", "", True),
        ("::1", "", True),
        ("192.0.2.7", "", False),
        ("192.0.2.7", "Bearer the token", True),
        ("192.0.2.7", "Bearer another", False),
        ("192.0.2.7", "Bearer ", False),
        ("", "", False),
    ],
)
def test_figures_are_for_loopback_or_the_token(
    settings: Any, address: str, said: str, allowed: bool
) -> None:
    settings.ASSIST_METRICS_TOKEN = "the token"
    request = RequestFactory().get("/metrics", REMOTE_ADDR=address, HTTP_AUTHORIZATION=said)
    assert may_read(request) == allowed


def test_without_a_token_no_empty_token_opens_them(settings: Any) -> None:
    settings.ASSIST_METRICS_TOKEN = ""
    request = RequestFactory().get(
        "/metrics", REMOTE_ADDR="192.0.2.7", HTTP_AUTHORIZATION="Bearer "
    )
    assert not may_read(request)
