"""Does a practice ring its Volunteer alone, go as any Call, and leave nothing behind?"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from typing import NamedTuple

import pytest
from redis.asyncio import Redis

from assist.gateway.limits import PRACTICES_A_PERSON
from assist.live import Live
from assist.live.events import in_order
from assist.live.limits import LIMITS_MS
from tests.pagesockets import Browser, Message, Page, forget_limits, invited, requester
from tests.processes import Processes, running
from tests.truth import read_truth
from tests.waiting import wait_for

RELAY = "relay-of-the-test"
TABLES = ("records_helprequest", "records_offer", "records_call", "feedback_rating")
# What decides whom the house asks next, and what it has learned.
FAMILIES = ("roster", "available", "odds", "waiting", "hungry", "call", "blocks")
ODDLY = ("help.park", "help.widen", "others.get", "calls.start", "offer.accept")


@pytest.fixture(scope="module")
def house() -> Iterator[Processes]:
    with running("web", "worker") as house:
        yield house


@pytest.fixture(autouse=True)
def _unlimited(house: Processes) -> None:
    forget_limits(house)


@pytest.fixture(scope="module")
def noor(house: Processes) -> Browser:
    return invited(house, "volunteer", "Noor", "en")


@pytest.fixture(scope="module")
def bob(house: Processes) -> Browser:
    return invited(house, "volunteer", "Bob", "en")


@asynccontextmanager
async def live_of(house: Processes, load: float = 0.1) -> AsyncIterator[Live]:
    """What is live, with one relay of this load."""
    redis = Redis.from_url(house.redis.url, decode_responses=True)
    live = Live(redis)
    await live.relay_announce(RELAY, "127.0.0.1", 1, load, 0)
    yield live
    await live.relay_withdraw(RELAY)
    await redis.aclose()


class Pages(NamedTuple):
    """One person's two: the Volunteer's own socket, and that of whom it plays."""

    own: Page
    played: Page

    async def begin(self) -> Message:
        """The ring."""
        await self.played.say("help.ask", languages=["en"], camera=True, microphone=True)
        return dict((await self.own.hear("offer.made"))["offer"])

    async def close(self) -> None:
        await self.own.close()
        await self.played.close()


async def pages_of(browser: Browser) -> Pages:
    pages = Pages(await browser.open("volunteer"), await browser.open("practice"))
    await pages.own.hear("snapshot.volunteer")  # from then on the house knows them
    await pages.played.hear("snapshot.requester")
    return pages


def history(house: Processes) -> dict[str, int]:
    """How many rows each table has."""
    file = f"file:{house.state / 'assist.sqlite3'}?mode=ro"
    with closing(sqlite3.connect(file, uri=True)) as database:
        counts = {name: database.execute(f"SELECT count(*) FROM {name}") for name in TABLES}
        return {name: found.fetchone()[0] for name, found in counts.items()}


def figures(browser: Browser) -> list[str]:
    """What is counted of calls and of the quality of their lines."""
    status, text = browser.get("/metrics")
    assert status == 200
    told = ("assist_help_requests", "assist_volunteers", "assist_longest", "assist_call")
    return [line for line in text.splitlines() if line.startswith(told)]


async def known(live: Live) -> dict[str, object]:
    truth = await read_truth(live.redis, await live.now_ms())
    return {family: truth.of(family) for family in FAMILIES}


async def leg_up(live: Live, help_request: str, person: str) -> None:
    """As the relay would say."""
    await live.relay_announce(RELAY, "127.0.0.1", 1, 0.1, 0)
    seat = await live.seat(help_request, person)
    assert await live.leg(help_request, person, seat.number, "up", RELAY) == "ok"


async def test_a_practice_goes_as_any_call_and_counts_nowhere(
    house: Processes, noor: Browser, bob: Browser
) -> None:
    other = await bob.open("volunteer")
    await other.say("calls.start")
    await other.hear("volunteer.changed", state="available")
    pages = await pages_of(noor)
    async with live_of(house) as live:
        (noor_id,) = set(await roster_ids(live)) - {
            one.id for one in (await live.queue()).volunteers
        }
        before = (await known(live), figures(bob), history(house))
        offer = await pages.begin()
        assert (offer["practice"], offer["name"]) == (True, None)
        assert (await live.queue()).helps == []
        assert [one.practising for one in (await live.queue()).volunteers] == [False, True]
        told = '{state="practising"} 1.0'
        assert [one for one in figures(bob) if told in one] == [f"assist_volunteers{told}"]
        await pages.own.say("offer.accept", offer=offer["id"])
        call = (await pages.played.hear("call.changed"))["call"]
        assert call["peer"] == "Noor"
        truth = await read_truth(live.redis, 0)
        played = truth.helps[offer["help_request"]]["requester"]
        for person in (played, noor_id):
            await leg_up(live, offer["help_request"], person)
        await wait_for(lambda: why_not_in_call(pages.own))
        for path in ("/rating/", "/report/"):
            assert noor.post(path, {"call": call["id"], "solved": "yes", "text": "x"})[0] == 404
        await pages.own.say("call.block", help_request=offer["help_request"])
        await pages.own.hear("call.ended", state="away", taking=False)
        await pages.played.hear("help.ended", reason="volunteer_ended")
        await all_written_down(live)
        assert (await known(live), figures(bob), history(house)) == before
        await nothing_stays(live, played, offer["help_request"], offer["id"])
    assert await other.is_open()
    assert [one for one in other.heard if one["type"] == "offer.made"] == []
    await pages.close()
    await other.say("calls.stop")
    await other.close()


async def roster_ids(live: Live) -> list[str]:
    truth = await read_truth(live.redis, 0)
    return list(truth.of("roster"))


def why_not_in_call(page: Page) -> str:
    states = [one["call"]["state"] for one in page.heard if one["type"] == "call.changed"]
    return "" if "in_call" in states else f"heard of {states}"


async def all_written_down(live: Live) -> None:
    """The ledger has read all that has happened."""
    last = in_order(await live.stream.last_id())

    async def why_not() -> str:
        at = in_order(await live.place_of("ledger"))
        return "" if at >= last else f"at {at} of {last}"

    await wait_for(why_not)


async def nothing_stays(live: Live, played: str, help_request: str, offer: str) -> None:
    """But that it has ended, for a minute; its Offer for as long as it could have taken."""
    left = {key: await live.redis.pttl(key) async for key in live.redis.scan_iter()}
    named = {key: ttl for key, ttl in left.items() if played in key or help_request in key}
    assert set(named) <= {f"seq:{played}", f"help:{help_request}"}
    assert all(0 < ttl <= LIMITS_MS["PRACTICE_KEPT"] for ttl in named.values()), named
    assert 0 < left[f"offer:{offer}"] <= LIMITS_MS["PRACTICE"] + LIMITS_MS["PRACTICE_KEPT"]
    due = await live.redis.zrange("deadlines", 0, -1)
    assert [one for one in due if played in one or help_request in one] == []


async def test_a_practice_that_goes_on_is_no_second_one(house: Processes, noor: Browser) -> None:
    pages = await pages_of(noor)
    async with live_of(house):
        offer = await pages.begin()
        again = await noor.open("practice")
        snapshot = await again.hear("snapshot.requester")
        assert snapshot["help_request"]["id"] == offer["help_request"]
        place = len(again.heard)
        await again.say("help.ask", languages=["en"], camera=True, microphone=True)
        snapshot = await again.hear("snapshot.requester", after=place)
        assert snapshot["help_request"]["id"] == offer["help_request"]
        await again.say("help.cancel", help_request=offer["help_request"])
        await pages.own.hear("offer.ended", offer=offer["id"])
        await again.close()
    await pages.close()


async def test_a_practice_opens_nobody_elses_line_and_says_nothing_else(
    house: Processes, noor: Browser
) -> None:
    caller = await requester(house).open("requester")
    receipt = await caller.ask("fi")
    pages = await pages_of(noor)
    await pages.played.say("leg.open", help_request=receipt["help_request"])
    await pages.played.hear("refused", about="leg.open", code="unknown_id")
    for type_ in ("call.end", "call.block", "help.cancel"):
        await pages.played.say(type_, help_request=receipt["help_request"])
        await pages.played.hear("refused", about=type_, code="unknown_id")
    place = len(pages.played.heard)
    for type_ in ODDLY:
        ids = {"help_request": receipt["help_request"], "offer": receipt["help_request"]}
        fields = {"help.widen": {"language": "en"}, "calls.start": {}}.get(type_, {})
        wanted = {"offer.accept": ("offer",), "calls.start": ()}.get(type_, ("help_request",))
        await pages.played.say(type_, **fields, **{name: ids[name] for name in wanted})
        await pages.played.hear("refused", about=type_, code="out_of_turn", after=place)
    await caller.say("help.cancel", help_request=receipt["help_request"])
    await caller.close()
    await pages.close()


async def test_only_a_volunteer_practises(house: Processes) -> None:
    page = await requester(house).open("practice")
    said = await page.hear("goodbye", code="signed_out")
    assert "cookie" not in said["text"]
    assert await page.closed() == 4401


@pytest.mark.parametrize("load", [0.95, None])
async def test_the_last_lines_are_for_calls(
    house: Processes, noor: Browser, load: float | None
) -> None:
    pages = await pages_of(noor)
    async with live_of(house, load or 0.1) as live:
        if load is None:
            await live.relay_withdraw(RELAY)
        for _ in range(PRACTICES_A_PERSON + 1):  # what came to nothing does not count
            place = len(pages.played.heard)
            await live.relay_announce(RELAY, "127.0.0.1", 1, load, 0) if load else None
            await pages.played.say("help.ask", languages=["en"], camera=True, microphone=True)
            said = await pages.played.hear("refused", after=place)
            assert said["code"] == "no_relay"
            assert "needed for calls" in said["text"]
    await pages.close()


async def test_practising_has_its_measure(house: Processes, noor: Browser) -> None:
    pages = await pages_of(noor)
    async with live_of(house) as live:
        for _ in range(PRACTICES_A_PERSON):
            place = len(pages.own.heard)
            await live.relay_announce(RELAY, "127.0.0.1", 1, 0.1, 0)
            await pages.played.say("help.ask", languages=["en"], camera=True, microphone=True)
            offer = (await pages.own.hear("offer.made", after=place))["offer"]
            await pages.own.say("offer.decline", offer=offer["id"])
            await pages.own.hear("offer.ended", offer=offer["id"])
        await pages.played.say("help.ask", languages=["en"], camera=True, microphone=True)
        said = await pages.played.hear("refused", code="too_often")
        assert "practised" in said["text"]
    await pages.close()
