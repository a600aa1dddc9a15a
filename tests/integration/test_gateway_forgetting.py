"""Is somebody told all that the house has of them, and is nothing left when they wish it so?"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from redis import Redis

from tests.pagesockets import Browser, Page, forget_limits, invited, requester
from tests.processes import Processes, running
from tests.waiting import wait_for

NAME, QUESTION = "Quetzalli", "Which jar is the jam?"
REPORT, THANKS = "It was far too dark.", "You were so patient."
OTHER = "Xochitl"
SAID = (NAME, QUESTION, REPORT, THANKS)


@pytest.fixture(scope="module")
def house() -> Iterator[Processes]:
    with running("web", "worker", persistent=True) as house:
        yield house


@pytest.fixture(autouse=True)
def _unlimited(house: Processes) -> None:
    forget_limits(house)


def in_sql(house: Processes) -> str:
    """Every row of every table."""
    file = f"file:{house.state / 'assist.sqlite3'}?mode=ro"
    with closing(sqlite3.connect(file, uri=True)) as database:
        return "\n".join(database.iterdump())


def in_sql_files(house: Processes) -> bytes:
    """The database as it lies on the disk: its free pages, and the log beside it."""
    return b"".join(path.read_bytes() for path in house.state.glob("assist.sqlite3*"))


def in_redis_file(house: Processes) -> bytes:
    """All that Redis has on its disk."""
    with Redis.from_url(house.redis.url) as redis:
        redis.execute_command("WAITAOF", 1, 0, 10_000)
    files = (path for path in house.redis.folder.rglob("*") if path.is_file())
    return b"".join(path.read_bytes() for path in files)


def device_of(browser: Browser) -> str:
    return browser.cookies["assist-device"].partition(":")[0]


def why_not_written(house: Processes, help_request: str) -> str:
    """The ledger runs behind what is live."""
    written = f"INSERT INTO \"records_helprequest\" VALUES('{help_request}'"
    return "" if written in in_sql(house) else "history does not know of it yet"


async def met(
    page: Page, volunteer: Page, end: str = "call.end", language: str = "en"
) -> tuple[str, str]:
    """The HelpRequest and the Call of two people, which the Requester ends in this way."""
    place = len(volunteer.heard)
    asked = str((await page.ask(language, name=NAME))["help_request"])
    offer = (await volunteer.hear("offer.made", after=place))["offer"]
    await volunteer.say("offer.accept", offer=offer["id"])
    call = (await page.hear("call.changed"))["call"]
    await page.say(end, help_request=asked)
    await page.hear("help.ended")
    return asked, call["id"]


async def test_everything_is_told_and_then_gone_from_sql_and_from_the_file_of_redis(
    house: Processes,
) -> None:
    volunteer = await invited(house, "volunteer", "Noor", "en").open("volunteer")
    await volunteer.say("calls.start")
    await volunteer.hear("volunteer.changed", state="available")
    maria = requester(house)
    device = device_of(maria)
    page = await maria.open("requester")
    _, call = await met(page, volunteer)
    assert maria.get("/circle/")[0] == 200
    assert maria.post("/circle/", {"act": "invite"})[0] == 302
    told = {"call": call, "role": "requester"}
    assert maria.post("/report/", {**told, "text": REPORT})[0] == 204
    assert maria.post("/thanks/", {"call": call, "text": THANKS})[0] == 204
    waiting = await page.ask("fi", name=NAME)
    await page.say("help.park", help_request=waiting["help_request"], question=QUESTION)
    await wait_for(lambda: "" if QUESTION in in_sql(house) else "the question is not kept")
    await wait_for(lambda: why_not_written(house, waiting["help_request"]))

    everything = json.loads(maria.get("/mine/everything/")[1])
    assert everything["name"] == NAME
    assert [one["text"] for one in everything["questions"]] == [QUESTION]
    assert [one["text"] for one in everything["reports"]] == [REPORT]
    assert [one["text"] for one in everything["thanks"]] == [THANKS]
    assert len(everything["asked_for_help"]) == 2
    # What is looked for can be found at all.
    assert device.encode() in in_redis_file(house)
    assert [each for each in (device, *SAID) if each not in in_sql(house)] == []
    assert [each for each in (device, *SAID) if each.encode() not in in_sql_files(house)] == []

    assert maria.get("/mine/forget/")[0] == 200
    assert in_sql(house).count(device) > 0  # to look at the question deletes nothing
    status, said = maria.post("/mine/forget/", {})
    assert status == 302, said
    assert maria.cookies["assist-device"] == ""
    await page.hear("goodbye", code="forgotten")
    left = in_sql(house)
    assert [each for each in (device, *SAID) if each in left] == []
    file = in_sql_files(house)
    assert [each for each in (device, *SAID) if each.encode() in file] == []
    file = in_redis_file(house)
    assert [each for each in (device, NAME) if each.encode() in file] == []
    await volunteer.close()


async def test_whom_somebody_blocked_is_shown_to_them(
    house: Processes,
) -> None:
    volunteer = await invited(house, "volunteer", "Bo", "sv").open("volunteer")
    await volunteer.say("calls.start")
    await volunteer.hear("volunteer.changed", state="available")
    blocks, blocked = requester(house), requester(house)
    page = await blocks.open("requester")
    asked, _ = await met(page, volunteer, "call.block", "sv")
    await wait_for(lambda: why_not_written(house, asked))
    await wait_for(lambda: "" if "The volunteer Bo, " in blocks.get("/mine/")[1] else "not shown")
    assert len(json.loads(blocks.get("/mine/everything/")[1])["blocked"]) == 1
    assert "The volunteer Bo" not in blocked.get("/mine/")[1]
    await volunteer.close()


async def test_nothing_is_deleted_before_history_knows_all_of_it(house: Processes) -> None:
    somebody = requester(house)
    device = device_of(somebody)
    page = await somebody.open("requester")
    house.stop_part("worker")
    await page.ask("en", name=OTHER)
    assert somebody.get("/mine/forget/")[0] == 200
    assert somebody.post("/mine/forget/", {})[0] == 503
    assert OTHER in in_sql(house)
    house.start_part("worker")
    assert somebody.post("/mine/forget/", {})[0] == 302
    left = in_sql(house)
    assert [each for each in (device, OTHER) if each in left] == []
    await page.close()
