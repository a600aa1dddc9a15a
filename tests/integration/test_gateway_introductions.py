"""Does a Volunteer learn what to call somebody, from SQL alone, and while they wish it?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from redis import Redis

from tests.pagesockets import forget_limits, invited, requester
from tests.processes import Processes, running

NAME = "Maria Æbleskive"


@pytest.fixture(scope="module")
def house() -> Iterator[Processes]:
    with running("web", "worker", persistent=True) as house:
        yield house


@pytest.fixture(autouse=True)
def _unlimited(house: Processes) -> None:
    forget_limits(house)


def names(house: Processes) -> list[str]:
    """Every name to be called by that SQL keeps."""
    file = f"file:{house.state / 'assist.sqlite3'}?mode=ro"
    with closing(sqlite3.connect(file, uri=True)) as database:
        return [name for (name,) in database.execute("SELECT name FROM accounts_requester")]


def written(house: Processes) -> bytes:
    """All that Redis has in its file."""
    with Redis.from_url(house.redis.url) as redis:
        redis.execute_command("WAITAOF", 1, 0, 10_000)
    folder = house.redis.folder
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_a_name_and_braille_come_with_the_ring_and_the_call_and_stay_out_of_redis(
    house: Processes,
) -> None:
    noor = invited(house, "volunteer", "Noor", "en")
    volunteer = await noor.open("volunteer")
    await volunteer.say("calls.start")
    await volunteer.hear("volunteer.changed", state="available")
    who = requester(house)
    page = await who.open("requester")
    receipt = await page.ask("en", name=f"  {NAME} ", braille=True)
    offer = (await volunteer.hear("offer.made"))["offer"]
    assert (offer["name"], offer["braille"]) == (NAME, True)
    again = await noor.open("volunteer")
    found = (await again.hear("snapshot.volunteer"))["offer"]
    assert (found["name"], found["braille"]) == (NAME, True)
    await again.close()
    await volunteer.say("offer.accept", offer=offer["id"])
    call = (await volunteer.hear("call.changed"))["call"]
    assert (call["peer"], call["braille"]) == (NAME, True)
    seen = (await page.hear("call.changed"))["call"]
    assert (seen["peer"], seen["braille"]) == ("Noor", False)
    assert names(house) == [NAME]
    file = written(house)
    assert receipt["help_request"].encode() in file
    assert NAME.encode() not in file
    assert b"Maria" not in file
    await page.say("call.end", help_request=receipt["help_request"])
    await page.hear("help.ended")
    await volunteer.close()

    receipt = await page.ask("en")  # a name that is taken back is nowhere
    assert names(house) == []
    await page.say("help.cancel", help_request=receipt["help_request"])
    await page.close()


async def test_what_nobody_can_be_called_by_is_no_name_and_stops_nobody(house: Processes) -> None:
    page = await requester(house).open("requester")
    for odd in ("\u202eairaM", "  ", "a\nb\u0007"):
        answer = await page.ask("en", name=odd)
        assert answer["type"] == "help.receipt", answer
        assert names(house) == []
        await page.say("help.cancel", help_request=answer["help_request"])
        await page.hear("help.ended", after=len(page.heard) - 1)
    assert (await page.ask("en", name="x" * 41))["code"] == "malformed"
    await page.close()
