"""Does a Volunteer see where they are signed in and what we have, and can it all be gone?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from tests.integration.test_gateway_forgetting import in_redis_file, in_sql, in_sql_files, met
from tests.pagesockets import Browser, forget_limits, invited, requester
from tests.processes import Processes, running
from tests.waiting import wait_for

PAGE = "/volunteer/mine/"
NAME, REPORT, THANKS = "Quetzalcoatl", "They were quite rude.", "You were so patient."
PIXEL = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36"
FOX = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"


@pytest.fixture(scope="module")
def house() -> Iterator[Processes]:
    with running("web", "worker", persistent=True) as house:
        yield house


@pytest.fixture(autouse=True)
def _unlimited(house: Processes) -> None:
    forget_limits(house)


def id_of(house: Processes, name: str) -> str:
    """As SQL and Redis have it."""
    found = re.search(rf"INSERT INTO \"accounts_person\" VALUES\([^;]*'{name}'", in_sql(house))
    assert found
    known = re.search(r"'([0-9a-f]{32})'", found[0])
    assert known
    return known[1]


def marks(page: str) -> list[str]:
    return re.findall(r'name="device" value="([^"]+)"', page)


async def test_everything_is_told_and_then_gone_everywhere(house: Processes) -> None:
    noor, beside = (invited(house, "volunteer", NAME, "en") for _device in range(2))
    who = id_of(house, NAME)
    volunteer = await noor.open("volunteer")
    await volunteer.say("calls.start")
    await volunteer.hear("volunteer.changed", state="available")
    maria = requester(house)
    page = await maria.open("requester")
    _, call = await met(page, volunteer)
    assert noor.post("/report/", {"call": call, "role": "volunteer", "text": REPORT})[0] == 204
    assert maria.post("/thanks/", {"call": call, "role": "requester", "text": THANKS})[0] == 204
    written = f"INSERT INTO \"records_call\" VALUES('{call}'"
    await wait_for(lambda: "" if written in in_sql(house) else "history does not know of it yet")

    told = json.loads(noor.get(f"{PAGE}everything/")[1])
    assert (told["name"], told["languages"]) == (NAME, ["en"])
    assert [one["text"] for one in told["reports"]] == [REPORT]
    assert [one["text"] for one in told["thanks"]] == [THANKS]
    assert (len(told["offers"]), len(told["calls"])) == (1, 1)
    assert "password" not in told
    said = (who, NAME, REPORT, THANKS, beside.cookies["sessionid"])
    assert [each for each in said if each.encode() not in in_sql_files(house)] == []
    assert who.encode() in in_redis_file(house)

    assert "Delete everything?" in noor.get(f"{PAGE}forget/")[1]
    assert who in in_sql(house)  # to look at the question deletes nothing
    status, words = noor.post(f"{PAGE}forget/", {})
    assert status == 302, words
    await volunteer.hear("goodbye", code="forgotten")
    assert noor.get("/volunteer/")[0] == 403
    assert [each for each in said if each in in_sql(house)] == []
    assert [each for each in said if each.encode() in in_sql_files(house)] == []
    assert who.encode() not in in_redis_file(house)
    await page.close()


async def test_whom_they_blocked_is_told_by_the_day_alone(house: Processes) -> None:
    bo = invited(house, "volunteer", "Bo", "sv")
    volunteer = await bo.open("volunteer")
    await volunteer.say("calls.start")
    await volunteer.hear("volunteer.changed", state="available")
    page = await requester(house).open("requester")
    assert "Nobody." in bo.get(PAGE)[1]
    asked = (await page.ask("sv"))["help_request"]
    offer = (await volunteer.hear("offer.made"))["offer"]
    await volunteer.say("offer.accept", offer=offer["id"])
    await page.hear("call.changed")
    await volunteer.say("call.block", help_request=asked)
    await page.hear("help.ended")
    await wait_for(lambda: "" if "1 person." in bo.get(PAGE)[1] else "it is not told")
    assert len(json.loads(bo.get(f"{PAGE}everything/")[1])["blocked"]) == 1
    await volunteer.close()
    await page.close()


def signs_in(house: Processes, agent: str) -> Browser:
    browser = invited(house, "coordinator", "Clara")
    browser.get(PAGE, **{"User-Agent": agent})
    return browser


async def test_each_device_is_told_and_signed_out_by_itself_or_all_of_them(
    house: Processes,
) -> None:
    phone, desk = signs_in(house, PIXEL), signs_in(house, FOX)
    stranger = invited(house, "coordinator", "Mallory")
    monitor = await phone.open("monitor")
    page = desk.get(PAGE, **{"User-Agent": FOX})[1]
    assert "Chrome on Android" in page
    assert "Sign out Firefox on Linux" not in page  # this very one
    assert "Sign out Chrome on Android" in page
    assert (page.count("This device"), len(marks(page))) == (1, 2)

    stranger.get(PAGE)
    for mark in marks(page):
        assert stranger.post(f"{PAGE}sign-out/", {"device": mark})[0] == 302
    assert phone.get(PAGE, **{"User-Agent": PIXEL})[0] == 200

    [other] = set(marks(page)) - set(marks(of_this_device(page)))
    assert desk.post(f"{PAGE}sign-out/", {"device": other})[0] == 302
    await monitor.hear("goodbye", code="signed_out")
    assert phone.get(PAGE)[0] == 302
    assert "Chrome on Android is signed out." in desk.get(PAGE, **{"User-Agent": FOX})[1]

    again = signs_in(house, PIXEL)
    assert again.post(f"{PAGE}sign-out/", {"everywhere": "yes"})[0] == 302
    assert [each.get(PAGE)[0] for each in (again, desk)] == [302, 302]
    assert stranger.get(PAGE)[0] == 200


def of_this_device(page: str) -> str:
    return next(entry for entry in page.split("<li>") if "This device" in entry)


async def test_a_session_keeps_the_day_and_ends_when_it_would_have(house: Processes) -> None:
    """Noting the day must not count the thirty days anew."""
    dan = invited(house, "volunteer", "Dan", "da")
    was = re.findall(r"INSERT INTO \"django_session\" VALUES\((.*)\)", in_sql(house))
    dan.get(PAGE, **{"User-Agent": FOX})
    now = re.findall(r"INSERT INTO \"django_session\" VALUES\((.*)\)", in_sql(house))
    ends = [{row.split(",")[0]: row.split(",")[-1] for row in rows} for rows in (was, now)]
    assert ends[0] == ends[1]
    assert was != now
    told = json.loads(dan.get(f"{PAGE}everything/", **{"User-Agent": FOX})[1])
    assert [one["browser"] for one in told["signed_in"]] == ["Firefox on Linux"]
