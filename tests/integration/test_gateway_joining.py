"""Does everybody promise before their first call, and do people join as their house lets them?"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from redis import Redis

from assist.accounts.promise import WORDING
from assist.lib.env import ROOT
from assist.live.keys import key
from tests.authenticator import Authenticator
from tests.mail_server import MailServer
from tests.pagesockets import Browser, forget_limits, invited
from tests.processes import Processes
from tests.redis_server import RedisServer
from tests.waiting import wait_for


@pytest.fixture(scope="module")
def house() -> Iterator[Processes]:
    server = RedisServer().start()
    processes = Processes(server).start("web")
    yield processes
    processes.close()
    server.close()


def column(house: Processes, name: str, of: str) -> object:
    """What SQL has of the person with this name."""
    file = f"file:{house.state / 'assist.sqlite3'}?mode=ro"
    with closing(sqlite3.connect(file, uri=True)) as database:
        found = database.execute(f"SELECT {name} FROM accounts_person WHERE name = ?", (of,))
        return found.fetchone()[0]


def test_the_promise_comes_before_the_first_call_and_once(house: Processes) -> None:
    noor = invited(house, "volunteer", "Noor", "en", promises=False)
    page = noor.get("/volunteer/")[1]
    assert "Before your first call" in page
    assert "Start taking calls" not in page
    assert column(house, "promised_at", "Noor") is None
    assert noor.post("/volunteer/promise/", {})[0] == 302
    kept = column(house, "promised_at", "Noor")
    assert kept is not None
    assert column(house, "promise", "Noor") == WORDING
    assert "Start taking calls" in noor.get("/volunteer/")[1]
    noor.post("/volunteer/promise/", {})
    assert column(house, "promised_at", "Noor") == kept
    stranger = Browser(house)
    stranger.get("/")
    assert stranger.post("/volunteer/promise/", {})[0] == 302


# --- without an invitation -----------------------------------------------------------------------
JOIN, CODE = "/volunteer/join/", "/volunteer/code/"
FIELDS = {
    "name": "Ida",
    "language": "da",
    "topic": "reading",
    "time_zone": "Europe/Copenhagen",
    "when": "hours",
    "mo_from": "08:00",
    "mo_until": "20:00",
    "promise": "yes",
    "way": "mail",
    "address": "Ida@example.org",
}


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@contextmanager
def house_that_lets(mail: MailServer, who: str) -> Iterator[Processes]:
    server = RedisServer().start()
    processes = Processes(server, ASSIST_EMAIL_URL=mail.url, ASSIST_JOIN=who).start("web")
    yield processes
    processes.close()
    server.close()


@pytest.fixture(scope="module")
def open_house(mail: MailServer) -> Iterator[Processes]:
    with house_that_lets(mail, "open") as processes:
        yield processes


@pytest.fixture(scope="module")
def careful_house(mail: MailServer) -> Iterator[Processes]:
    with house_that_lets(mail, "approval") as processes:
        yield processes


@pytest.fixture(autouse=True)
def _fresh(request: pytest.FixtureRequest, mail: MailServer) -> None:
    mail.letters.clear()
    for name in {"open_house", "careful_house"} & set(request.fixturenames):
        forget_limits(request.getfixturevalue(name))


def stranger(house: Processes) -> Browser:
    browser = Browser(house)
    browser.get("/volunteer/")
    return browser


async def writes_code(browser: Browser, mail: MailServer, **fields: str) -> None:
    """From the form to the code of the letter."""
    before = len(mail.letters)
    status, said = browser.post(JOIN, {**FIELDS, **fields})
    assert status == 302, said
    await wait_for(lambda: "" if len(mail.letters) > before else "no letter has come")
    assert browser.post(CODE, {"code": mail.code()})[0] == 302


async def test_somebody_joins_an_open_house_by_the_code_of_their_mail(
    open_house: Processes, mail: MailServer
) -> None:
    ida = stranger(open_house)
    page = ida.get(JOIN, **{"Accept-Language": "fi, da"})[1]
    assert re.findall(r'value="(\w+)" lang="\w+" selected', page) == ["fi", "da"]
    await writes_code(ida, mail)
    assert "Hello, Ida" in ida.get("/volunteer/")[1]  # the promise was given with the form
    kept = [column(open_house, name, "Ida") for name in ("languages", "hours", "address")]
    assert kept == ['["da"]', '{"mo": [["08:00", "20:00"]]}', "ida@example.org"]
    assert column(open_house, "promise", "Ida") == WORDING
    again = stranger(open_house)  # who joins twice is back
    await writes_code(again, mail, name="Somebody else")
    assert "Hello, Ida" in again.get("/volunteer/")[1]


async def test_two_may_have_one_name_and_are_told_apart_where_one_is_suspended(
    open_house: Processes, mail: MailServer
) -> None:
    invited(open_house, "volunteer", "Noor", "en")
    noor = stranger(open_house)
    await writes_code(noor, mail, name="Noor", address="noor@example.org")
    assert "Hello, Noor" in noor.get("/volunteer/")[1]
    with pytest.raises(AssertionError, match="joined without an invitation"):
        open_house.manage("suspend", "Noor")


async def test_who_was_suspended_does_not_join_again_with_their_address(
    open_house: Processes, mail: MailServer
) -> None:
    per = stranger(open_house)
    await writes_code(per, mail, name="Per", address="per@example.org")
    open_house.manage("suspend", "Per")
    again = stranger(open_house)
    await writes_code(again, mail, name="Pär", address="per@example.org")
    status, page = again.get("/volunteer/")
    assert (status, "Nobody comes in with this address" in page) == (403, True)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", " ", "Please write your name"),
        ("name", "a\0b", "Please write your name"),
        ("language", "", "Please choose one language"),
        ("language", "dk", "for Danish write da"),
        ("mo_until", "", "Please write both times"),
        ("time_zone", "Mars", "This time zone is not known"),
        ("topic", "poker", "Please choose from the topics"),
        ("promise", "", "and promise."),
        ("address", "nothing", "That is no e-mail address"),
        ("address", " ", "Please write your e-mail address."),
    ],
)
def test_a_form_that_is_not_right_comes_back_as_it_was_written(
    open_house: Processes, field: str, value: str, said: str
) -> None:
    status, page = stranger(open_house).post(JOIN, {**FIELDS, field: value})
    assert status == 400
    assert said in page
    assert ('value="Ida"' in page) is (field != "name")
    assert 'value="20:00"' in page or field == "mo_until"


async def test_somebody_joins_by_a_passkey_and_comes_back_by_it(open_house: Processes) -> None:
    lock = Authenticator(open_house.origin)
    tom = stranger(open_house)
    fields = {**FIELDS, "name": "Tom", "way": "passkey", "address": ""}
    assert tom.post(JOIN, fields)[0] == 302
    assert "One step is left, Tom" in tom.get(f"{JOIN}passkey/")[1]
    options = json.loads(tom.send(f"{JOIN}passkey/add/ask/", "")[1])["publicKey"]
    made, errand = lock.make(options), tom.cookies["assist-errand"]
    assert tom.post(f"{JOIN}passkey/add/", {"answer": made})[0] == 302
    assert "Hello, Tom" in tom.get("/volunteer/")[1]
    again = stranger(open_house)  # the same form and the same answer make nobody else
    again.cookies.update({"assist-errand": errand})
    assert again.post(f"{JOIN}passkey/add/", {"answer": made})[0] == 302
    assert again.get("/volunteer/")[0] == 403
    back = stranger(open_house)
    options = json.loads(back.send("/volunteer/passkey/open/ask/", "")[1])["publicKey"]
    back.post("/volunteer/passkey/open/", {"answer": lock.get(options)})
    assert "Hello, Tom" in back.get("/volunteer/")[1]


def test_a_form_alone_makes_nobody(open_house: Processes, mail: MailServer) -> None:
    half = stranger(open_house)
    assert half.post(JOIN, {**FIELDS, "name": "Half", "address": "half@example.org"})[0] == 302
    assert half.post(CODE, {"code": "1"})[0] == 400
    assert half.post(f"{JOIN}passkey/add/", {"answer": "{}"})[0] == 302
    with pytest.raises(TypeError):
        column(open_house, "name", "Half")


async def test_a_coordinator_lets_people_in_or_declines_and_each_is_written_to(
    careful_house: Processes, mail: MailServer
) -> None:
    clara = invited(careful_house, "coordinator", "Clara")
    desk = await clara.open("monitor")
    await desk.hear("queue", joining="")
    ida, ole = stranger(careful_house), stranger(careful_house)
    await writes_code(ida, mail)
    await writes_code(ole, mail, name="Ole", address="ole@example.org")
    assert ida.get("/volunteer/")[0] == 403
    await desk.hear("queue", joining="2 people would like to volunteer")
    assert "2 people would like to volunteer" in clara.get("/monitor/")[1]
    page = clara.get("/monitor/joining/")[1]
    people = re.findall(r'name="person" value="(\w{32})"', page)
    assert "Let Ida in" in page
    assert "Decline Ole" in page
    assert "<bdi>dansk</bdi>" in page
    asked = clara.get(f"/monitor/joining/?decline={people[1]}")[1]
    assert "Decline Ole now" in asked
    assert f'value="{people[1]}"' in asked
    assert "Let Ole in" in clara.get("/monitor/joining/?decline=0")[1]  # looking declines nobody
    assert ida.post("/monitor/joining/", {"act": "let_in", "person": people[0]})[0] == 403
    mail.letters.clear()
    for act, person, said in (
        ("let_in", people[0], "Ida may take calls now"),
        ("decline", people[1], "Ole is not let in"),
        ("let_in", people[1], "decided that already"),
    ):
        assert clara.post("/monitor/joining/", {"act": act, "person": person})[0] == 302
        assert said in clara.get("/monitor/joining/")[1]
    await desk.hear("queue", after=len(desk.heard), joining="")
    await desk.close()
    await wait_for(lambda: "" if len(mail.letters) == 2 else f"{len(mail.letters)} letters")
    told = {letter["To"]: letter["Subject"] for letter in mail.letters}
    assert set(told) == {"ida@example.org", "ole@example.org"}
    with pytest.raises(TypeError):
        column(careful_house, "name", "Ole")
    await writes_code(ida, mail)  # now it is a way back
    assert "Hello, Ida" in ida.get("/volunteer/")[1]


ASKED, EVERYTHING = "/volunteer/join/asked/", "/volunteer/join/asked/everything/"
FORGET = "/volunteer/join/asked/forget/"


async def test_who_waits_sees_what_we_have_and_withdraws(
    careful_house: Processes, mail: MailServer
) -> None:
    una = stranger(careful_house)
    await writes_code(una, mail, name="Una", address="una@example.org")
    assert "Delete everything" in una.get(ASKED)[1]
    assert una.post(ASKED, {})[0] == 405  # not at once: they are asked once more
    assert "Delete everything now" in una.get(FORGET)[1]
    told = json.loads(una.get(EVERYTHING)[1])
    assert (told["name"], told["address"]) == ("Una", "una@example.org")
    beside = stranger(careful_house)
    assert "Delete everything" not in beside.get(ASKED)[1]
    assert beside.get(FORGET)[0] == 302
    assert beside.get(EVERYTHING)[0] == 302
    beside.post(FORGET, {})
    assert column(careful_house, "waits_since", "Una")
    forgot = una.post(FORGET, {})
    assert forgot[0] == 302, forgot
    with pytest.raises(TypeError):
        column(careful_house, "name", "Una")
    assert una.get(EVERYTHING)[0] == 302


async def test_who_was_let_in_by_a_process_that_died_is_known_when_they_come(
    careful_house: Processes, mail: MailServer
) -> None:
    """It died before it told the roster, and before it wrote the letter."""
    clara = invited(careful_house, "coordinator", "Clara")
    eli, beside = stranger(careful_house), stranger(careful_house)
    for page in (eli, beside):
        await writes_code(page, mail, name="Eli", address="eli@example.org")
    [person] = re.findall(r'value="(\w{32})"', clara.get("/monitor/joining/")[1])
    only_sql = f"from assist.accounts.joining import let_in; let_in('{person}')"
    careful_house.manage("shell", "--no-imports", "-c", only_sql)
    clara.post("/monitor/joining/", {"act": "decline", "person": person})
    assert "decided that already" in clara.get("/monitor/joining/")[1]
    assert beside.post(FORGET, {})[0] == 302  # too late to withdraw as if nobody had looked
    assert "That is decided already" in beside.get("/volunteer/")[1]
    await writes_code(eli, mail, address="eli@example.org")
    with Redis.from_url(careful_house.redis.url) as redis:
        roster = key("roster", person)
        assert not redis.exists(roster)
        opened = await eli.open("volunteer")
        await wait_for(lambda: "" if redis.exists(roster) else "matching does not know of Eli")
    await opened.close()


async def test_who_waits_is_not_signed_in_and_needs_an_address(
    careful_house: Processes, mail: MailServer
) -> None:
    eva = stranger(careful_house)
    assert "Join with a passkey" not in eva.get(JOIN)[1]
    no_mail = {**FIELDS, "way": "passkey", "address": ""}
    assert eva.post(JOIN, no_mail)[0] == 400
    await writes_code(eva, mail, name="Eva", address="eva@example.org")
    before = len(mail.letters)
    assert eva.post("/volunteer/sign-in/", {"address": "eva@example.org"})[0] == 302
    await wait_for(lambda: "" if len(mail.letters) > before else "no letter has come")
    assert eva.post(CODE, {"code": mail.code()})[0] == 302
    assert eva.get("/volunteer/")[0] == 403
    assert await (await eva.open("volunteer")).closed() == 4401


def test_a_house_that_invites_has_no_such_form(house: Processes) -> None:
    somebody = stranger(house)
    assert somebody.get(JOIN)[0] == 302
    assert somebody.post(JOIN, FIELDS)[0] == 302
    assert "personal invitation" in somebody.get("/volunteer/")[1]


@pytest.mark.parametrize("who", ["open", "approval"])
def test_a_house_without_mail_refuses_to_let_people_join(who: str) -> None:
    environ = {**os.environ, "ASSIST_JOIN": who, "ASSIST_EMAIL_URL": ""}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode
    assert f"ASSIST_JOIN is {who}, so ASSIST_EMAIL_URL must be set too." in done.stderr
