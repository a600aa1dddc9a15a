"""Do the circle's pages and a Volunteer's settings do over HTTP what they say?"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.pagesockets import Browser, forget_limits, invited, requester
from tests.processes import Processes, running


@pytest.fixture(scope="module")
def house() -> Iterator[Processes]:
    """A house whose worker sleeps: nothing here needs it."""
    with running("web") as house:
        yield house


@pytest.fixture(autouse=True)
def _unlimited(house: Processes) -> None:
    forget_limits(house)


@pytest.fixture
def alice(house: Processes) -> Browser:
    """A Requester, on a device of her own."""
    return requester(house)


def invitation(browser: Browser) -> tuple[str, str]:
    """The path of the link and the code, as the page shows them."""
    assert browser.get("/circle/")[0] == 200
    assert browser.post("/circle/", {"act": "invite"})[0] == 302
    page = browser.get("/circle/")[1]
    link = re.search(r'value="https?://[^/"]+(/circle/join/[^"]+/)"', page)
    code = re.search(r'class="code">(\d \d \d, \d \d \d)<', page)
    assert link is not None
    assert code is not None
    return link[1], code[1]


def looked(browser: Browser) -> dict[str, Any]:
    status, body = browser.get("/circle/state/")
    assert status == 200
    found: dict[str, Any] = json.loads(body)
    return found


def newcomer(house: Processes, link: str, name: str = "Mum", **said: str) -> Browser:
    """Somebody without an account who joins."""
    browser = Browser(house)
    assert browser.get(link, **{"Accept-Language": "da-DK, en;q=0.5"})[0] == 200
    sent = {"Accept-Language": "da-DK, en;q=0.5"}
    assert browser.post(link, {"name": name, **said}, **sent)[0] == 302
    return browser


def how_it_stands(browser: Browser) -> str:
    return str(json.loads(browser.get("/circle/joined/state/")[1])["state"])


def test_a_coordinator_keeps_their_session_and_the_invitation_stays_good(
    house: Processes, alice: Browser
) -> None:
    link, _code = invitation(alice)
    clara = invited(house, "coordinator", "Clara")
    assert "You are signed in as a coordinator" in clara.get(link)[1]
    assert clara.post(link, {"name": "Clara"})[0] == 409
    assert clara.get("/monitor/")[0] == 200
    assert how_it_stands(newcomer(house, link)) == "asked"


def test_a_newcomer_joins_by_code_and_is_confirmed(house: Processes, alice: Browser) -> None:
    link, code = invitation(alice)
    assert 500_000 < looked(alice)["left_ms"] <= 600_000
    mum = newcomer(house, "/circle/join/", code=code)
    assert how_it_stands(mum) == "asked"
    assert "Waiting to be confirmed" in mum.get("/circle/joined/")[1]
    seen = looked(alice)
    assert seen["left_ms"] == 0
    [one] = seen["people"]
    assert one["text"] == "Mum would like to join your circle."
    page = alice.get("/circle/")[1]
    assert "Confirm Mum" in page
    assert "Refuse Mum" in page
    assert alice.post("/circle/", {"act": "confirm", "person": one["person"]})[0] == 302
    page = alice.get("/circle/")[1]
    assert "Mum is in your circle." in page
    assert "Remove Mum" in page
    assert "Confirm Mum" not in page
    assert how_it_stands(mum) == "confirmed"
    assert "Before your first call" in mum.get("/volunteer/")[1]
    assert mum.post("/volunteer/promise/", {})[0] == 302
    assert "Hello, Mum" in mum.get("/volunteer/")[1]
    assert Browser(house).get(link)[0] == 410
    settings = mum.get("/volunteer/settings/")[1]
    assert re.findall(r'value="(\w+)" lang="\w+" selected', settings) == ["da", "en"]


def test_a_newcomer_who_is_refused_hears_it(house: Processes, alice: Browser) -> None:
    mum = newcomer(house, invitation(alice)[0])
    person = looked(alice)["people"][0]["person"]
    alice.post("/circle/", {"act": "refuse", "person": person})
    assert looked(alice)["people"] == []
    assert how_it_stands(mum) == "refused"
    assert "You were not confirmed" in mum.get("/circle/joined/")[1]


def test_a_volunteer_joins_as_who_they_are(house: Processes, alice: Browser) -> None:
    noor = invited(house, "volunteer", "Noor", "en")
    link = invitation(alice)[0]
    assert "Join as Noor" in noor.get(link)[1]
    assert noor.post(link, {"name": "Somebody else"})[0] == 302
    assert looked(alice)["people"][0]["text"].startswith("Noor ")


def test_an_invite_that_is_used_twice_is_gone(house: Processes, alice: Browser) -> None:
    link = invitation(alice)[0]
    late = Browser(house)
    late.get(link)
    newcomer(house, link)
    assert late.post(link, {"name": "Dad"})[0] == 410
    assert "sessionid" not in late.cookies


def test_a_name_is_needed_and_what_was_written_stays(house: Processes, alice: Browser) -> None:
    link, code = invitation(alice)
    mum = Browser(house)
    mum.get("/circle/join/")
    status, page = mum.post("/circle/join/", {"name": "  ", "code": code})
    assert status == 400
    assert "Please write your name" in page
    assert f'value="{code}"' in page
    assert mum.post(link, {"name": "Mum"})[0] == 302


def test_five_wrong_codes_are_enough_and_a_right_one_is_not_counted(
    house: Processes, alice: Browser
) -> None:
    code = invitation(alice)[1]
    newcomer(house, "/circle/join/", code=code)
    code = invitation(alice)[1]
    guesser = Browser(house)
    guesser.get("/circle/join/")
    digits = re.sub(r"\D", "", code)
    for n in range(1, 6):
        wrong = f"{(int(digits) + n) % 1_000_000:06}"
        status, page = guesser.post("/circle/join/", {"name": "M", "code": wrong})
        assert status == 400
        assert "That code does not work" in page
    assert guesser.post("/circle/join/", {"name": "M", "code": code})[0] == 429
    assert len(looked(alice)["people"]) == 1


def test_nobody_changes_the_circle_of_another(house: Processes, alice: Browser) -> None:
    mum = newcomer(house, invitation(alice)[0])
    person = looked(alice)["people"][0]["person"]
    mallory = requester(house)
    mallory.get("/circle/")
    for act in ("confirm", "refuse", "remove", "anything"):
        assert mallory.post("/circle/", {"act": act, "person": person})[0] == 302
    assert looked(mallory)["people"] == []
    assert how_it_stands(mum) == "asked"
    assert how_it_stands(mallory) == "refused"
    assert alice.post("/circle/", {"act": "confirm", "person": "' or 1=1"})[0] == 302


def test_a_name_is_text_and_nothing_else(house: Processes, alice: Browser) -> None:
    name = "<script>alert(1)</script>"
    newcomer(house, invitation(alice)[0], name)
    page = alice.get("/circle/")[1]
    assert name not in page
    assert html.escape(f"Confirm {name}") in page


def test_invitations_are_not_made_by_the_hundred(alice: Browser) -> None:
    alice.get("/circle/")
    answers = [alice.post("/circle/", {"act": "invite"})[0] for _ in range(11)]
    assert answers == [302] * 10 + [429]


def form(**changed: str) -> dict[str, str]:
    usual = {"language": "en", "when": "always", "time_zone": "UTC"}
    return {**usual, "ring_seconds": "20", "wrap_up_seconds": "30", **changed}


def test_a_volunteer_says_what_they_wish(house: Processes) -> None:
    noor = invited(house, "volunteer", "Noor", "en")
    assert "My settings" in noor.get("/volunteer/settings/")[1]
    wishes = form(
        language="da", topic="cooking", when="hours", mo_from="22:00", mo_until="06:00",
        time_zone="Europe/Copenhagen", ring_seconds="40", wrap_up_seconds="0",
    )  # fmt: skip
    assert noor.post("/volunteer/settings/", wishes)[0] == 302
    page = noor.get("/volunteer/settings/")[1]
    assert "Saved." in page
    assert re.findall(r'value="(\w+)" lang="\w+" selected', page) == ["da"]
    for kept in (
        'value="cooking" checked', 'value="hours" checked', 'value="Europe/Copenhagen"',
        'name="mo_from" type="time" value="22:00"', 'name="mo_until" type="time" value="06:00"',
        "<option selected>40</option>", '<option value="0" selected>No pause</option>',
    ):  # fmt: skip
        assert kept in page


def test_what_cannot_be_wished_is_said_and_stays_on_the_page(house: Processes) -> None:
    noor = invited(house, "volunteer", "Noor", "en")
    noor.get("/volunteer/settings/")
    status, page = noor.post("/volunteer/settings/", form(when="hours", tu_from="08:00"))
    assert status == 400
    assert "Please write both times of a day" in page
    assert 'name="tu_from" type="time" value="08:00"' in page
    for wrong in (
        {"ring_seconds": "x"},
        {"wrap_up_seconds": "-1"},
        {"wrap_up_seconds": "301"},
        {"topic": "gossip"},
        {"snooze": "for ever"},
    ):
        assert noor.post("/volunteer/settings/", form(**wrong))[0] == 400


def test_a_snooze_is_said_on_the_page_and_can_be_ended(house: Processes) -> None:
    noor = invited(house, "volunteer", "Noor", "en")
    noor.get("/volunteer/settings/")
    assert noor.post("/volunteer/settings/", {"snooze": "week"})[0] == 302
    assert "It is quiet until" in noor.get("/volunteer/settings/")[1]
    assert noor.post("/volunteer/settings/", {"snooze": "wake"})[0] == 302
    assert "It is quiet until" not in noor.get("/volunteer/settings/")[1]


def test_settings_are_for_volunteers(house: Processes) -> None:
    assert Browser(house).get("/volunteer/settings/")[0] == 302
    assert invited(house, "coordinator", "Clara").get("/volunteer/settings/")[0] == 302


async def test_who_chose_a_language_is_answered_in_it_on_the_socket(
    house: Processes, alice: Browser
) -> None:
    """Also where the answer takes a while and the socket goes on listening, as at `leg.open`."""
    assert alice.post("/language/", {"language": "fi", "next": "/"})[0] == 302
    page = await alice.open("requester")
    await page.hear("snapshot.requester")
    for said, told in (
        ("help.cancel", "Tuota puhelua emme täällä tunne."),
        ("leg.open", "Tuota puhelua emme täällä tunne."),
        ("offer.accept", "Se ei onnistu juuri nyt."),
    ):
        name = "offer" if said == "offer.accept" else "help_request"
        await page.say(said, **{name: "0" * 32})
        assert (await page.hear("refused", about=said))["text"] == told
    await page.close()
