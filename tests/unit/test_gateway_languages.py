"""In which language does a page come, and how does somebody choose another?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from assist.accounts import handshake
from tests.unit.test_frontend_templates import Page


@pytest.fixture(autouse=True)
def static_folder(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path  # whitenoise warns of a folder that is not there


def language_of(client: Client, wished: str) -> str:
    """What LocaleMiddleware chose for a page: its own header says it."""
    return client.get("/about/", headers={"accept-language": wished}).headers["Content-Language"]


@pytest.mark.parametrize(
    ("wished", "comes"),
    [
        ("da-DK,da;q=0.9,en;q=0.8", "da"),
        ("fi", "fi"),
        ("nb-NO", "nb"),
        ("no", "nb"),
        ("nn-NO,en;q=0.5", "nb"),
        ("no-NO", "nb"),
        ("pl-PL,en;q=0.5", "pl"),
        ("sv,fi;q=0.5", "fi"),
        ("sv", "en"),
        ("", "en"),
    ],
)
def test_a_page_and_its_socket_come_in_the_best_language_that_there_is(
    wished: str, comes: str
) -> None:
    assert language_of(Client(), wished) == comes
    assert handshake.language([(b"accept-language", wished.encode())]) == comes


def test_who_chose_a_language_has_it_for_a_year_on_the_page_and_on_the_socket() -> None:
    client = Client(enforce_csrf_checks=False)
    answer = client.post("/language/", {"language": "fi", "next": "/about/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/about/")
    cookie = answer.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert int(cookie["max-age"]) == 365 * 24 * 3600
    assert language_of(client, "da") == "fi"
    header = f"{settings.LANGUAGE_COOKIE_NAME}={cookie.value}".encode()
    assert handshake.language([(b"cookie", header), (b"accept-language", b"da")]) == "fi"


def test_the_page_that_asks_knows_whether_its_language_was_chosen() -> None:
    """Then it is one that the person speaks, whatever language their phone is in."""
    client = Client()
    assert b'"chose_language": false' in client.get("/").content
    client.post("/language/", {"language": "pl", "next": "/"})
    page = client.get("/").content
    assert b'"languages": ["pl"], "chose_language": true' in page


@pytest.mark.parametrize("wrong", ["", "xx", "fi;", "../fi", "f" * 2000])
def test_a_language_that_is_none_changes_nothing(wrong: str) -> None:
    client = Client()
    client.post("/language/", {"language": wrong, "next": "/about/"})
    assert language_of(client, "da") == "da"


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "javascript:1"])
def test_the_choice_leads_to_no_foreign_page(elsewhere: str) -> None:
    answer = Client().post("/language/", {"language": "fi", "next": elsewhere})
    assert answer.headers["Location"] == "/"


def test_a_foreign_page_cannot_choose() -> None:
    answer = Client(enforce_csrf_checks=True).post("/language/", {"language": "fi", "next": "/"})
    assert answer.status_code == 403
    assert settings.LANGUAGE_COOKIE_NAME not in answer.cookies


def test_looking_at_the_address_chooses_nothing() -> None:
    assert Client().get("/language/").status_code == 405


def test_every_page_offers_each_language_in_its_own_words() -> None:
    page = Client().get("/about/", headers={"accept-language": "nb"}).content.decode()
    offered = [at for tag, at in Page(page).seen if at.get("name") == "language"]
    assert [(at["value"], at["lang"]) for at in offered] == [
        (tag, tag) for tag, _name in settings.LANGUAGES
    ]
    assert [at["value"] for at in offered if "aria-current" in at] == ["nb"]
    assert {name for _tag, name in settings.LANGUAGES} <= set(Page(page).texts["button"])


def test_the_choice_leads_back_to_the_page_that_it_was_made_on() -> None:
    page = Client().get("/about/").content.decode()
    assert [at["value"] for _tag, at in Page(page).seen if at.get("name") == "next"] == ["/about/"]


def test_after_a_form_the_choice_leads_to_the_start() -> None:
    """What only takes forms cannot be looked at again."""
    page = Client().post("/about/")
    assert page.status_code == 405
    page = Client(enforce_csrf_checks=True).post("/sign-out/")
    text = page.content.decode()
    assert [at["value"] for _tag, at in Page(text).seen if at.get("name") == "next"] == ["/"]
