"""Does a passkey bring somebody back on another device, and only them, also without any mail?"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.authenticator import Authenticator
from tests.pagesockets import Browser, forget_limits, requester
from tests.processes import Processes
from tests.redis_server import RedisServer

AGENT = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
PAGE = "/mine/account/"


@pytest.fixture(scope="module")
def house() -> Iterator[Processes]:
    """Without a mail server."""
    server = RedisServer().start()
    processes = Processes(server).start("web")
    yield processes
    processes.close()
    server.close()


@pytest.fixture(autouse=True)
def _unlimited(house: Processes) -> None:
    forget_limits(house)


def device_of(browser: Browser) -> str:
    return browser.cookies["assist-device"].partition(":")[0]


def asks(browser: Browser, act: str) -> dict[str, object]:
    browser.get(PAGE)
    status, said = browser.send(f"{PAGE}passkey/{act}/ask/", "")
    assert status == 200, said
    options: dict[str, object] = json.loads(said)["publicKey"]
    return options


def adds(browser: Browser, device: Authenticator) -> int:
    answer = device.make(asks(browser, "add"))
    return browser.post(f"{PAGE}passkey/add/", {"answer": answer}, **{"User-Agent": AGENT})[0]


def opens(browser: Browser, device: Authenticator) -> str:
    """What the page says afterwards."""
    answer = device.get(asks(browser, "open"))
    assert browser.post(f"{PAGE}passkey/open/", {"answer": answer})[0] == 302
    return browser.get(PAGE)[1]


async def test_a_passkey_alone_is_an_account_and_brings_back_on_another_device(
    house: Processes,
) -> None:
    lock = Authenticator(house.origin)
    first, second = requester(house), requester(house)
    was, before = device_of(first), device_of(second)
    assert adds(first, lock) == 302
    page = first.get(PAGE)[1]
    assert "You come back with your passkey." in page
    assert "Chrome on Android" in page
    assert device_of(first) == was
    second.get("/circle/")
    second.post("/circle/", {"act": "invite"})
    assert "You are back." in opens(second, lock)
    assert device_of(second) == was != before
    assert json.loads(second.get("/mine/kept/")[1])["account"]
    told = json.loads(second.get("/mine/everything/")[1])
    assert [one["name"] for one in told["passkeys"]] == ["Chrome on Android"]
    assert house.said("web").count("WARNING") == 0


async def test_who_is_somebody_here_already_leaves_first(house: Processes) -> None:
    one, other = requester(house), requester(house)
    lock, second = Authenticator(house.origin), Authenticator(house.origin)
    assert (adds(one, lock), adds(other, second)) == (302, 302)
    was = device_of(other)
    assert "Sign out first" in opens(other, lock)
    assert device_of(other) == was
    other.post("/mine/account/leave/", {})
    assert "You are back." in opens(other, lock)
    assert device_of(other) == device_of(one)


async def test_an_answer_counts_once_and_in_the_browser_that_was_asked(house: Processes) -> None:
    owner, thief = requester(house), requester(house)
    lock = Authenticator(house.origin)
    assert adds(owner, lock) == 302
    somewhere = requester(house)
    answer = lock.get(asks(somewhere, "open"))
    ticket = somewhere.cookies["assist-passkey"]
    asks(thief, "open")
    assert thief.post(f"{PAGE}passkey/open/", {"answer": answer})[0] == 302
    assert "did not work here" in thief.get(PAGE)[1]
    assert somewhere.post(f"{PAGE}passkey/open/", {"answer": answer})[0] == 302
    assert device_of(somewhere) == device_of(owner)
    thief.cookies["assist-passkey"] = ticket  # even so: it has been answered
    assert thief.post(f"{PAGE}passkey/open/", {"answer": answer})[0] == 302
    assert device_of(thief) != device_of(owner)
    assert "a passkey was refused" in house.said("web")


async def test_nobody_adds_to_or_removes_from_somebody_else(house: Processes) -> None:
    owner, thief = requester(house), requester(house)
    lock, own = Authenticator(house.origin), Authenticator(house.origin)
    assert adds(owner, lock) == 302
    number = owner.get(PAGE)[1].partition('name="passkey" value="')[2].partition('"')[0]
    assert number.isdecimal()
    # A question that the owner was asked, answered by a thief who holds the ticket.
    made = own.make(asks(owner, "add"))
    asks(thief, "add")
    thief.cookies["assist-passkey"] = owner.cookies["assist-passkey"]
    assert thief.post(f"{PAGE}passkey/add/", {"answer": made})[0] == 302
    assert "did not work here" in thief.get(PAGE)[1]
    assert thief.post(f"{PAGE}passkey/remove/", {"passkey": number})[0] == 302
    assert "Chrome on Android" in owner.get(PAGE)[1]
    owner.post(f"{PAGE}passkey/remove/", {"passkey": number})
    page = owner.get(PAGE)[1]
    assert "is removed" in page
    assert "You come back with" not in page  # nothing leads back any more


async def test_passkeys_are_limited_and_absent_where_no_browser_keeps_them(
    house: Processes,
) -> None:
    somebody = requester(house)
    page = somebody.get(PAGE, Host=f"127.0.0.1:{house.port}")[1]
    assert "Browsers keep no passkeys for 127.0.0.1" in page
    assert "Add a passkey" not in page
    somebody.get(PAGE)
    for act in ("add", "open"):
        status, said = somebody.send(
            f"{PAGE}passkey/{act}/ask/", "", Host=f"127.0.0.1:{house.port}"
        )
        assert (status, "publicKey" in said) == (400, False)
    for _ in range(70):
        status, said = somebody.send(f"{PAGE}passkey/open/ask/", "")
        if status != 200:
            break
    assert (status, json.loads(said)["text"]) == (429, "Too many tries. Please wait ten minutes.")


async def test_an_account_has_room_for_ten(house: Processes) -> None:
    somebody = requester(house)
    for _ in range(10):
        assert adds(somebody, Authenticator(house.origin)) == 302
    status, said = somebody.send(f"{PAGE}passkey/add/ask/", "")
    assert (status, json.loads(said)["text"]) == (
        409,
        "You have 10 passkeys. Remove one that you do not need.",
    )
