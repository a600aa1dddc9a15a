"""Do receipts, codes and devices open what they are for, and nothing else?"""

from __future__ import annotations

from typing import Any

import pytest

from assist.accounts.handshake import cookies, language, session_key
from assist.gateway import door, receipts
from assist.gateway.receipts import Receipt

ALICE, MALLORY = "a" * 32, "b" * 32
RECEIPT = Receipt(help_request="1" * 32, device=ALICE, since_ms=1234, run="2" * 32)


def test_a_receipt_is_read_back_by_its_own_device() -> None:
    assert receipts.read(receipts.write(RECEIPT), ALICE) == RECEIPT


def test_a_receipt_is_worth_nothing_to_another_device() -> None:
    assert receipts.read(receipts.write(RECEIPT), MALLORY) is None


@pytest.mark.parametrize("forged", ["", "x", "a:b:c", "\x00", "é" * 200])
def test_a_forged_receipt_is_worth_nothing(forged: str) -> None:
    assert receipts.read(forged, ALICE) is None
    assert receipts.read(receipts.write(RECEIPT) + forged + "x", ALICE) is None


def test_a_receipt_signed_for_something_else_is_worth_nothing() -> None:
    from django.core import signing

    other = signing.dumps(["1" * 32, ALICE, 1234, "2" * 32], salt="something else")
    assert receipts.read(other, ALICE) is None


@pytest.fixture
def closed_house(settings: Any) -> Any:
    settings.ASSIST_ASK, settings.ASSIST_ASK_CODE = "code", "Blue Lamp 7"
    return settings


def test_an_open_house_opens_to_anybody(settings: Any) -> None:
    settings.ASSIST_ASK = "open"
    assert door.opens("")


@pytest.mark.parametrize("said", ["Blue Lamp 7", "bluelamp7", " BLUE  LAMP 7 "])
def test_the_code_may_be_said_as_it_is_heard(closed_house: Any, said: str) -> None:
    assert door.is_the_code(said)


@pytest.mark.parametrize("said", ["", "blue lamp", "blue lamp 77"])
def test_another_code_is_not_the_code(closed_house: Any, said: str) -> None:
    assert not door.is_the_code(said)


def test_a_ticket_opens_until_the_code_changes(closed_house: Any) -> None:
    ticket = door.ticket()
    assert door.opens(ticket)
    assert not door.opens("")
    assert not door.opens(ticket[:-1])
    closed_house.ASSIST_ASK_CODE = "Red Lamp 8"
    assert not door.opens(ticket)


@pytest.mark.parametrize(
    ("headers", "spoken"),
    [
        ([], "en"),
        ([(b"accept-language", b"da-DK, en;q=0.5")], "da"),
        ([(b"accept-language", b"xx, tlh;q=0.9, pl;q=0.1")], "pl"),
        ([(b"accept-language", b"no"), (b"cookie", b"django_language=fi")], "fi"),
        ([(b"accept-language", b"\xff;;;q=x")], "en"),
    ],
)
def test_a_socket_speaks_the_language_of_its_page(
    headers: list[tuple[bytes, bytes]], spoken: str
) -> None:
    assert language(headers) == spoken


def test_a_handshake_without_cookies_has_no_session() -> None:
    assert session_key([]) == ""
    assert cookies([(b"cookie", b"sessionid=abc; x=1")])["sessionid"] == "abc"
