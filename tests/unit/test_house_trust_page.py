"""Does the page that phones reach before they trust anything serve two things, and nothing else?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assist.management.trust_page import AUTHORITY_PATH, TrustPage

ADDRESS = "https://192.168.1.5:8443/"


@pytest.fixture
def trust(tmp_path: Path) -> TrustPage:
    (tmp_path / "authority.crt").write_text("-----BEGIN CERTIFICATE-----")
    (tmp_path / "authority.key").write_text("secret")
    return TrustPage(tmp_path / "authority.crt", [ADDRESS])


def ask(trust: TrustPage, first_line: str, *headers: str) -> tuple[int, str, str]:
    said = trust.response("\r\n".join([first_line, *headers, "", ""])).decode()
    head, _blank, body = said.partition("\r\n\r\n")
    return int(head.split()[1]), head, body


def test_it_tells_what_trusting_means_and_where_to_go_next(trust: TrustPage) -> None:
    status, head, body = ask(trust, "GET / HTTP/1.1", "Host: 192.168.1.5:8000")
    assert status == 200
    assert "text/html; charset=utf-8" in head
    for words in ("What trusting means", "Android", "iPhone", "To remove it", ADDRESS):
        assert words in body
    assert f'href="{AUTHORITY_PATH}"' in body


def test_it_loads_nothing_and_runs_nothing(trust: TrustPage) -> None:
    _status, head, body = ask(trust, "GET / HTTP/1.1")
    assert "default-src 'none'" in head
    assert not re.search(r"<script|<style|<img|<link|src=|onclick", body)


def test_it_gives_the_certificate_as_one(trust: TrustPage) -> None:
    status, head, body = ask(trust, f"GET {AUTHORITY_PATH} HTTP/1.1")
    assert (status, body) == (200, "-----BEGIN CERTIFICATE-----")
    assert "application/x-x509-ca-cert" in head


@pytest.mark.parametrize(
    "path", ["/authority.key", "/../authority.key", "/volunteer/", "//", "/?x", "http://a/"]
)
def test_it_gives_nothing_else(trust: TrustPage, path: str) -> None:
    status, _head, body = ask(trust, f"GET {path} HTTP/1.1")
    assert status == 404
    assert "secret" not in body


@pytest.mark.parametrize(
    "line", ["POST / HTTP/1.1", "HEAD / HTTP/1.1", "GET /", "", "\x16\x03\x01"]
)
def test_it_takes_nothing(trust: TrustPage, line: str) -> None:
    assert ask(trust, line)[0] == 405


def test_it_speaks_the_phones_language_or_english(trust: TrustPage) -> None:
    for accepted, language in (("xx", "en"), ("pl;q=0.9, da", "da"), ("", "en"), (";;;=,", "en")):
        body = ask(trust, "GET / HTTP/1.1", f"Accept-Language: {accepted}")[2]
        assert f'<html lang="{language}">' in body, accepted
