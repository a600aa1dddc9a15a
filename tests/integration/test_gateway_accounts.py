"""Does somebody come back on another device by a code in their mail, and nobody else with them?"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.mail_server import MailServer
from tests.pagesockets import Browser, forget_limits, requester
from tests.processes import Processes, running
from tests.waiting import wait_for

ADDRESS = "maria@example.org"


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture(scope="module")
def house(mail: MailServer) -> Iterator[Processes]:
    with running("web", ASSIST_EMAIL_URL=mail.url) as house:
        yield house


@pytest.fixture(autouse=True)
def _unlimited(house: Processes, mail: MailServer) -> None:
    forget_limits(house)
    mail.letters.clear()


def device_of(browser: Browser) -> str:
    return browser.cookies["assist-device"].partition(":")[0]


async def code_for(browser: Browser, mail: MailServer, address: str = ADDRESS) -> str:
    """The six digits of the letter that this browser asks for."""
    before = len(mail.letters)
    assert browser.get("/mine/account/")[0] == 200
    assert browser.post("/mine/account/", {"address": address})[0] == 302
    await wait_for(lambda: "" if len(mail.letters) > before else "no letter has come")
    letter = mail.letters[-1]
    assert (letter["To"], letter["From"]) == (address.strip().lower(), "house@assist.example")
    assert mail.code(), letter.get_payload()
    return mail.code()


def opens(browser: Browser, code: str) -> int:
    return browser.post("/mine/account/code/", {"code": code})[0]


async def test_a_second_device_becomes_the_same_person_with_one_code(
    house: Processes, mail: MailServer
) -> None:
    first, second = requester(house), requester(house)
    was = device_of(first)
    assert opens(first, await code_for(first, mail, f" {ADDRESS.upper()} ")) == 302
    assert device_of(first) == was
    assert f"You come back with {ADDRESS}" in first.get("/mine/account/")[1]
    assert opens(second, await code_for(second, mail)) == 302
    assert device_of(second) == was
    assert ADDRESS not in house.said("web")
    second.get("/mine/account/")
    assert second.post("/mine/account/leave/", {})[0] == 302
    assert device_of(second) != was


async def test_a_code_is_good_once_on_its_own_device_and_for_five_tries(
    house: Processes, mail: MailServer
) -> None:
    somebody, thief = requester(house), requester(house)
    code = await code_for(somebody, mail, "once@example.org")
    thief.get("/mine/account/")
    assert opens(thief, code) == 302  # back to the beginning: no letter of theirs
    assert "once@example.org" not in thief.get("/mine/account/")[1]
    ticket = somebody.cookies["assist-letter"]
    assert opens(somebody, code) == 302
    thief.cookies["assist-letter"] = ticket  # even so: it has been used
    assert opens(thief, code) == 302
    assert device_of(thief) != device_of(somebody)

    guesser = requester(house)
    code = await code_for(guesser, mail, "guess@example.org")
    wrong = "000000" if code != "000 000" else "111111"
    assert [opens(guesser, wrong) for _ in range(5)] == [400] * 5
    assert opens(guesser, code) == 429
    assert rows(house, "guess@example.org") == 0


async def test_what_a_device_left_to_be_asked_later_ends_when_it_becomes_another_s(
    house: Processes, mail: MailServer
) -> None:
    first, second = requester(house), requester(house)
    assert opens(first, await code_for(first, mail, "later@example.org")) == 302
    code = await code_for(second, mail, "later@example.org")
    house.start_part("worker")
    try:
        page = await second.open("requester")
        asked = (await page.ask("fi"))["help_request"]
        await page.say("help.park", help_request=asked, question="Which jar is the jam?")
        await page.hear("help.changed")
        status, said = second.post("/mine/account/code/", {"code": code})
        assert status == 302, said
        await page.hear("help.ended", help_request=asked)
        await page.close()
    finally:
        house.stop_part("worker")
    written = json.loads(second.get("/mine/everything/")[1])
    [told] = written["asked_for_help"]
    assert told["ended_at"] is not None
    assert written["questions"] == []


async def test_no_letter_that_is_still_open_makes_two_accounts_one(
    house: Processes, mail: MailServer
) -> None:
    first, second = requester(house), requester(house)
    assert opens(first, await code_for(first, mail, "first@example.org")) == 302
    stale = await code_for(second, mail, "first@example.org")
    ticket = second.cookies["assist-letter"]
    assert opens(second, await code_for(second, mail, "second@example.org")) == 302
    was = device_of(second)
    status, _ = second.post("/mine/account/", {"address": "third@example.org"})
    assert (status, len(mail.letters)) == (302, 3)
    assert "You are signed in on this device. Sign out first." in second.get("/mine/account/")[1]
    second.cookies["assist-letter"] = ticket
    assert opens(second, stale) == 302
    assert "You are signed in on this device. Sign out first." in second.get("/mine/account/")[1]
    assert device_of(second) == was != device_of(first)
    assert rows(house, "second@example.org") == rows(house, "first@example.org") == 1


async def test_another_page_of_a_device_that_came_back_connects_anew_as_who_it_is(
    house: Processes, mail: MailServer
) -> None:
    first, second = requester(house), requester(house)
    assert opens(first, await code_for(first, mail, "pages@example.org")) == 302
    page = await second.open("requester")
    await page.hear("snapshot.requester")
    assert opens(second, await code_for(second, mail, "pages@example.org")) == 302
    await page.hear("goodbye", code="restarting")
    assert await page.closed() == 4013


def document(**more: object) -> str:
    """The settings of somebody who chose nothing but these."""
    usual = {
        **{"name": "", "languages": [], "topics": [], "among": "circle_first"},
        **{"announcements": "more", "tones": True, "volume": 70, "vibration": True},
        **{"contrast": "system", "size": 100, "hints": True, "braille": False},
        **{"typing": "usual", "camera": "on"},
        "may": {"light": "allow", "zoom": "allow", "lens": "allow", "photo": "ask"},
    }
    return json.dumps({**usual, **more})


async def test_settings_are_kept_under_an_account_if_they_are_settings(
    house: Processes, mail: MailServer
) -> None:
    first, second = requester(house), requester(house)
    first.get("/mine/")
    assert json.loads(keeps(first, document())[1]) == {"at_ms": 0}  # without an account: nothing
    assert opens(first, await code_for(first, mail, "kept@example.org")) == 302
    assert opens(second, await code_for(second, mail, "kept@example.org")) == 302
    for bad in (
        *("", "[]", "{}", document(volume=101), document(size="big"), document(lens="x")),
        *(
            document(name="x" * 41),
            document(name="a\0b"),
            document(languages=["english"]),
            " " * 5000 + document(),
        ),
    ):
        assert keeps(first, bad)[0] == 400, bad
    assert json.loads(second.get("/mine/kept/")[1])["chosen"] is None
    status, said = keeps(first, document(braille=True))
    assert status == 200
    there = json.loads(second.get("/mine/kept/")[1])
    assert (there["chosen"]["braille"], there["at_ms"]) == (True, json.loads(said)["at_ms"])
    assert there["token"]
    assert json.loads(first.get("/mine/everything/")[1])["account"] == {
        "address": "kept@example.org",
        "chosen": there["chosen"],
    }


def keeps(browser: Browser, body: str) -> tuple[int, str]:
    return browser.send("/mine/kept/", body)


async def test_nobody_s_mailbox_is_filled(house: Processes, mail: MailServer) -> None:
    somebody = requester(house)
    for _ in range(3):
        await code_for(somebody, mail, "full@example.org")
    assert somebody.post("/mine/account/", {"address": "full@example.org"})[0] == 429
    assert somebody.post("/mine/account/", {"address": "nothing"})[0] == 400
    assert len(mail.letters) == 3


def rows(house: Processes, address: str) -> int:
    file = f"file:{house.state / 'assist.sqlite3'}?mode=ro"
    with closing(sqlite3.connect(file, uri=True)) as database:
        found = database.execute("SELECT 1 FROM accounts_account WHERE address = ?", (address,))
        return len(found.fetchall())
