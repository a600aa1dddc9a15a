"""Does "End and block" hold when Redis has forgotten the Call, and for its two people alone?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

import pytest
from redis import Redis

from assist.lib.ids import new_id
from assist.live.keys import key
from tests.pagesockets import Browser, Page, forget_limits, invited, requester
from tests.processes import Processes, running
from tests.waiting import wait_for

# Each pair has one of their own. A Volunteer of the same name would be the same person.
VOLUNTEERS = iter({"Noor": "sv", "Bo": "de", "Ida": "fr", "Sam": "es", "Kim": "it"}.items())


@pytest.fixture(scope="module")
def house() -> Iterator[Processes]:
    with running("web", "worker", persistent=True) as house:
        yield house


@pytest.fixture(autouse=True)
def _unlimited(house: Processes) -> None:
    forget_limits(house)


class Talk(NamedTuple):
    """Two people in a Call that history knows, and Redis no more."""

    browsers: dict[str, Browser]
    pages: dict[str, Page]
    language: str
    receipt: str
    named: dict[str, str]  # the HelpRequest and the Call, as a page names them

    async def refused(self, page: Page, **named: str) -> str:
        """With what code somebody's block is refused."""
        place = len(page.heard)
        await page.say("call.block", **{**self.named, **named})
        return str((await page.hear("refused", after=place, about="call.block"))["code"])

    async def close(self) -> None:
        for page in self.pages.values():
            await page.close()


async def forgotten(house: Processes) -> Talk:
    name, language = next(VOLUNTEERS)
    noor, alice = invited(house, "volunteer", name, language), requester(house)
    volunteer, page = await noor.open("volunteer"), await alice.open("requester")
    await volunteer.say("calls.start")
    await volunteer.hear("volunteer.changed", state="available")
    receipt = await page.ask(language)
    offer = (await volunteer.hear("offer.made"))["offer"]
    await volunteer.say("offer.accept", offer=offer["id"])
    call = (await page.hear("call.changed"))["call"]["id"]
    await wait_for(lambda: "" if told(house, "records_call", id=call) else "history lags behind")
    with Redis.from_url(house.redis.url) as redis:
        redis.flushall()
    return Talk(
        {"requester": alice, "volunteer": noor},
        {"requester": page, "volunteer": volunteer},
        language,
        receipt["receipt"],
        {"help_request": receipt["help_request"], "call": call},
    )


def told(house: Processes, table: str, **of: str) -> list[tuple[str, ...]]:
    """What SQL says of this."""
    file = f"file:{house.state / 'assist.sqlite3'}?mode=ro"
    where = " AND ".join(f"{name} = ?" for name in of) or "true"
    with closing(sqlite3.connect(file, uri=True)) as database:
        return database.execute(f"SELECT * FROM {table} WHERE {where}", [*of.values()]).fetchall()


def parted(house: Processes, call: str) -> bool:
    """Are the two of this Call parted, by SQL and by what is live?"""
    with closing(sqlite3.connect(house.state / "assist.sqlite3")) as database:
        ((one, other),) = database.execute(
            "SELECT requester, volunteer FROM records_call JOIN records_helprequest AS asked"
            " ON help_request_id = asked.id WHERE records_call.id = ?",
            [call],
        ).fetchall()
    first, second = sorted((one, other))
    with Redis.from_url(house.redis.url, decode_responses=True) as redis:
        in_redis = [redis.smismember(key("blocks", a), b) for a, b in ((one, other), (other, one))]
    in_sql = told(house, "accounts_block", one=first, other=second)
    return in_redis == [[1], [1]] and len(in_sql) == 1


@pytest.mark.parametrize("side", ["requester", "volunteer"])
async def test_a_block_holds_although_redis_forgot_the_call(house: Processes, side: str) -> None:
    talk = await forgotten(house)
    page = talk.pages[side]
    place = len(page.heard)
    await page.say("call.block", **talk.named)
    await wait_for(lambda: "" if parted(house, talk.named["call"]) else "they are not parted")
    assert [one for one in page.heard[place:] if one["type"] == "refused"] == []
    # It is found among one's own, and the house says so when it is told once more.
    mine = {"requester": "/mine/", "volunteer": "/volunteer/mine/"}[side]
    assert "Nobody." not in talk.browsers[side].get(mine)[1]
    assert await talk.refused(page) == "unknown_id"
    # They are not to meet again: she is there, and he is told that nobody is.
    await talk.pages["volunteer"].say("calls.start")
    asked = await talk.pages["requester"].ask(talk.language)
    place = len(talk.pages["requester"].heard)
    await talk.pages["requester"].say("snapshot.get")
    found = await talk.pages["requester"].hear("snapshot.requester", after=place)
    assert found["help_request"]["id"] == asked["help_request"]
    assert found["help_request"]["reachable"] == 0
    await talk.close()


async def test_nobody_else_blocks_by_the_ids_of_a_forgotten_call(house: Processes) -> None:
    talk = await forgotten(house)
    stranger = await requester(house).open("requester")
    eve = await invited(house, "volunteer", "Eve", talk.language).open("volunteer")
    alice = talk.pages["requester"]
    refusals = [
        await talk.refused(stranger),
        await talk.refused(eve),
        await talk.refused(alice, call=new_id()),
        await talk.refused(alice, help_request=new_id()),
        await talk.refused(stranger, call=new_id()),
    ]
    assert refusals == ["unknown_id"] * len(refusals)
    assert not parted(house, talk.named["call"])
    for page in (stranger, eve):
        await page.close()
    await talk.close()


async def test_a_block_on_the_one_before_holds_when_the_wish_was_asked_for_again(
    house: Processes,
) -> None:
    """The receipt has brought the wish back; the Call that it was pressed in is forgotten."""
    talk = await forgotten(house)
    page = talk.pages["requester"]
    again = await page.ask(talk.language, receipt=talk.receipt)
    assert again["help_request"] == talk.named["help_request"]
    await page.say("call.block", **talk.named)
    await wait_for(lambda: "" if parted(house, talk.named["call"]) else "they are not parted")
    place = len(page.heard)
    await page.say("snapshot.get")
    assert (await page.hear("snapshot.requester", after=place))["help_request"] is None
    await talk.close()


async def test_a_flood_of_blocks_by_made_up_calls_keeps_nobody_from_ending(
    house: Processes,
) -> None:
    """SQL is asked for a few of them at a time; what is live ends whatever it says."""
    page = await requester(house).open("requester")
    help_request = (await page.ask("ga"))["help_request"]
    for _ in range(200):
        await page.say("call.block", help_request=new_id(), call=new_id())
    await page.say("call.block", help_request=help_request, call=new_id())
    await page.hear("help.ended", help_request=help_request, reason="cancelled")
    await page.hear("refused", code="unknown_id", about="call.block")
    codes = {one["code"] for one in page.heard if one["type"] == "refused"}
    assert codes <= {"unknown_id", "too_often"}
    await page.close()


async def test_while_sql_is_away_it_is_to_be_tried_again_and_then_holds(house: Processes) -> None:
    talk = await forgotten(house)
    house.stop_part("web")  # it has the files open
    house.stop_part("worker")
    house.start_part("web")
    page = await talk.browsers["requester"].open("requester")
    await page.hear("snapshot.requester")
    away = house.state / "away"
    away.mkdir()
    for path in house.state.glob("assist.sqlite3*"):
        path.rename(away / path.name)
    assert await talk.refused(page) == "try_again"
    for path in house.state.glob("assist.sqlite3*"):
        path.unlink()
    for path in away.iterdir():
        path.rename(house.state / path.name)
    house.start_part("worker")
    place = len(page.heard)
    await page.say("call.block", **talk.named)
    await wait_for(lambda: "" if parted(house, talk.named["call"]) else "they are not parted")
    assert [one for one in page.heard[place:] if one["type"] == "refused"] == []
    await page.close()
    await talk.close()
