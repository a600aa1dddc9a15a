"""Do Volunteers and Coordinators come back by mail or passkey, and the suspended by no means?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from tests.authenticator import Authenticator
from tests.mail_server import MailServer
from tests.pagesockets import Browser, forget_limits, invited, requester
from tests.processes import Processes
from tests.redis_server import RedisServer
from tests.waiting import wait_for

DOOR, MINE, CODE = "/volunteer/", "/volunteer/way-back/", "/volunteer/code/"


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture(scope="module")
def house(mail: MailServer) -> Iterator[Processes]:
    server = RedisServer().start()
    processes = Processes(server, ASSIST_EMAIL_URL=mail.url).start("web")
    yield processes
    processes.close()
    server.close()


@pytest.fixture(autouse=True)
def _unlimited(house: Processes, mail: MailServer) -> None:
    forget_limits(house)
    mail.letters.clear()


async def letter_for(browser: Browser, mail: MailServer, to: str, address: str) -> str:
    """What stands in the letter that came when the form at this address was sent."""
    before = len(mail.letters)
    browser.get(DOOR)
    status, said = browser.post(to, {"address": address})
    assert status == 302, said
    await wait_for(lambda: "" if len(mail.letters) > before else "no letter has come")
    assert mail.letters[-1]["To"] == address.strip().lower()
    return str(mail.letters[-1].get_payload())


async def keeps(person: Browser, mail: MailServer, address: str) -> str:
    """What the page says once the code was written."""
    await letter_for(person, mail, f"{MINE}address/", address)
    assert person.post(CODE, {"code": mail.code()})[0] == 302
    return person.get(MINE)[1]


def new_browser(house: Processes) -> Browser:
    browser = Browser(house)
    assert browser.get(DOOR)[0] == 403
    return browser


def asks(browser: Browser, act: str) -> dict[str, object]:
    browser.get(DOOR)
    status, said = browser.send(f"/volunteer/passkey/{act}/ask/", "")
    assert status == 200, said
    options: dict[str, object] = json.loads(said)["publicKey"]
    return options


def adds(browser: Browser, lock: Authenticator) -> None:
    answer = lock.make(asks(browser, "add"))
    assert browser.post("/volunteer/passkey/add/", {"answer": answer})[0] == 302


def opens(browser: Browser, lock: Authenticator) -> None:
    answer = lock.get(asks(browser, "open"))
    assert browser.post("/volunteer/passkey/open/", {"answer": answer})[0] == 302


def is_in(browser: Browser) -> bool:
    return "How I come back" in browser.get(MINE)[1]


async def test_a_volunteer_keeps_an_address_and_comes_back_by_it(
    house: Processes, mail: MailServer
) -> None:
    noor = invited(house, "volunteer", "Noor", "en")
    noor.post("/volunteer/promise/", {"csrfmiddlewaretoken": noor.cookies["csrftoken"]})
    assert "Add your e-mail address or a passkey" in noor.get(DOOR)[1]
    assert "You come back with noor@example.org." in await keeps(noor, mail, "Noor@example.org")
    assert "Add your e-mail address or a passkey" not in noor.get(DOOR)[1]
    elsewhere = new_browser(house)
    await letter_for(elsewhere, mail, "/volunteer/sign-in/", " NOOR@Example.org ")
    code = mail.code()
    assert elsewhere.post(CODE, {"code": "000000" if code != "000 000" else "1"})[0] == 400
    assert not is_in(elsewhere)
    assert elsewhere.post(CODE, {"code": code})[0] == 302
    assert "Hello, Noor" in elsewhere.get(DOOR)[1]
    assert "noor@example.org" not in house.said("web")


async def test_a_coordinator_comes_back_to_the_queue_by_a_passkey(house: Processes) -> None:
    clara = invited(house, "coordinator", "Clara")
    lock = Authenticator(house.origin)
    adds(clara, lock)
    assert "How I come back" in clara.get("/monitor/")[1]
    elsewhere = new_browser(house)
    opens(elsewhere, lock)
    assert elsewhere.get("/monitor/")[0] == 200
    number = re.search(r'name="passkey" value="(\d+)"', clara.get(MINE)[1])
    assert number
    stranger = requester(house)
    assert stranger.post("/volunteer/passkey/remove/", {"passkey": number[1]})[0] == 302
    assert "Remove" in clara.get(MINE)[1]
    clara.post("/volunteer/passkey/remove/", {"passkey": number[1]})
    late = new_browser(house)
    opens(late, lock)
    assert not is_in(late)


async def test_nobody_learns_who_volunteers_here_but_by_their_own_mail(
    house: Processes, mail: MailServer
) -> None:
    mia = invited(house, "volunteer", "Mia", "en")
    await keeps(mia, mail, "mia@example.org")
    known, unknown = new_browser(house), new_browser(house)
    assert "Your code is" in await letter_for(known, mail, "/volunteer/sign-in/", "mia@example.org")
    said = await letter_for(unknown, mail, "/volunteer/sign-in/", "nobody@example.org")
    assert "Nobody comes" in said
    assert not re.search(r"[0-9]{3} [0-9]{3}", said)
    pages = [bare(one.get(CODE)[1]) for one in (known, unknown)]
    assert pages[0] == pages[1]
    answers = [one.post(CODE, {"code": "1"}) for one in (known, unknown)]
    assert [status for status, _ in answers] == [400, 400]
    assert bare(answers[0][1]) == bare(answers[1][1])


def bare(page: str) -> str:
    return re.sub('<input type="hidden"[^>]*>', "", page)


async def test_an_address_is_one_person_s_and_the_old_one_hears_of_a_change(
    house: Processes, mail: MailServer
) -> None:
    one = invited(house, "volunteer", "Ola", "en")
    other = invited(house, "volunteer", "Per", "en")
    await keeps(one, mail, "ola@example.org")
    assert "Somebody else here comes back with this" in await keeps(other, mail, "ola@example.org")
    await keeps(one, mail, "new@example.org")
    await wait_for(lambda: "" if told(mail, "ola@example.org") else "the old one was not told")
    forget_limits(house)
    assert "You come back with ola@example.org." in await keeps(other, mail, "ola@example.org")
    one.post(f"{MINE}address/remove/", {})
    await wait_for(lambda: "" if told(mail, "new@example.org") else "the old one was not told")
    assert "You come back with" not in one.get(MINE)[1]


def told(mail: MailServer, address: str) -> bool:
    return any(
        letter["To"] == address and "does not let you in" in str(letter.get_payload())
        for letter in mail.letters
    )


async def test_a_code_for_one_s_own_address_serves_nobody_else(
    house: Processes, mail: MailServer
) -> None:
    eva, thief = invited(house, "volunteer", "Eva", "en"), invited(house, "volunteer", "Tom", "en")
    await letter_for(eva, mail, f"{MINE}address/", "eva@example.org")
    thief.get(DOOR)
    thief.cookies["assist-errand"] = eva.cookies["assist-errand"]
    assert thief.post(CODE, {"code": mail.code()})[0] == 302
    assert "eva@example.org" not in thief.get(MINE)[1]


async def test_who_is_suspended_comes_back_by_no_means(house: Processes, mail: MailServer) -> None:
    ravi = invited(house, "volunteer", "Ravi", "en")
    lock = Authenticator(house.origin)
    await keeps(ravi, mail, "ravi@example.org")
    adds(ravi, lock)
    waiting = new_browser(house)
    await letter_for(waiting, mail, "/volunteer/sign-in/", "ravi@example.org")
    code = mail.code()
    house.manage("suspend", "Ravi")
    assert not is_in(ravi)
    assert waiting.post(CODE, {"code": code})[0] == 302
    late = new_browser(house)
    opens(late, lock)
    assert "did not work here" in late.get(DOOR)[1]
    said = await letter_for(late, mail, "/volunteer/sign-in/", "ravi@example.org")
    assert "Nobody comes" in said
    assert not any(map(is_in, (waiting, late)))
    house.manage("suspend", "Ravi", "--undo")
    again = new_browser(house)
    opens(again, lock)
    assert is_in(again)


async def test_a_requester_s_passkey_is_no_volunteer_s_nor_the_other_way(house: Processes) -> None:
    lock, other = Authenticator(house.origin), Authenticator(house.origin)
    maria = requester(house)
    maria.get("/mine/account/")
    options = json.loads(maria.send("/mine/account/passkey/add/ask/", "")[1])["publicKey"]
    maria.post("/mine/account/passkey/add/", {"answer": lock.make(options)})
    somebody = new_browser(house)
    opens(somebody, lock)
    assert not is_in(somebody)
    adds(invited(house, "volunteer", "Zoe", "en"), other)
    device = requester(house)
    device.get("/mine/account/")
    options = json.loads(device.send("/mine/account/passkey/open/ask/", "")[1])["publicKey"]
    device.post("/mine/account/passkey/open/", {"answer": other.get(options)})
    assert "did not work here" in device.get("/mine/account/")[1]
