"""Does the house itself see to it that whoever takes calls has given the promise of today?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis

from assist.live import Live
from tests.pagesockets import Page, forget_limits, invited, requester
from tests.processes import Processes, running
from tests.waiting import wait_for

PROMISE = "/volunteer/promise/"


@pytest.fixture(scope="module")
def house() -> Iterator[Processes]:
    with running("web", "worker") as house:
        yield house


@pytest.fixture(autouse=True)
def _unlimited(house: Processes) -> None:
    forget_limits(house)


@asynccontextmanager
async def live_of(house: Processes) -> AsyncIterator[Live]:
    redis = Redis.from_url(house.redis.url, decode_responses=True)
    yield Live(redis)
    await redis.aclose()


async def takes_calls_since_long_ago(house: Processes, language: str) -> None:
    """Whoever speaks this language: past the socket that would ask for the promise."""
    async with live_of(house) as live:
        async for key in live.redis.scan_iter("roster:*"):
            if await live.redis.hget(key, "languages") == language:
                assert await live.available(key.removeprefix("roster:")) == "ok"


async def starts(page: Page) -> None:
    """SQL has a second to say that they have promised: a machine that stalls may need another."""

    async def why_not() -> str:
        place = len(page.heard)
        await page.say("calls.start")
        answer = await page.first_of("volunteer.changed", "refused", after=place)
        return str(answer.get("code", ""))

    await wait_for(why_not)


async def test_who_has_not_promised_takes_no_calls_until_they_have(house: Processes) -> None:
    noor = invited(house, "volunteer", "Noor", "sv", promises=False)
    page = await noor.open("volunteer")
    await page.say("calls.start")
    refusal = await page.hear("refused", about="calls.start")
    assert refusal["code"] == "promise_needed"
    assert "promise" in refusal["text"]
    noor.post(PROMISE, {})
    await starts(page)
    await page.hear("volunteer.changed", state="available")
    await page.close()


async def test_who_was_rung_all_the_same_accepts_nothing_and_is_rung_no_more(
    house: Processes,
) -> None:
    """They took calls before there was a promise, or when it had other words."""
    fia = invited(house, "volunteer", "Fia", "fi", promises=False)
    page = await fia.open("volunteer")
    await page.hear("snapshot.volunteer")
    await takes_calls_since_long_ago(house, "fi")
    alice = await requester(house).open("requester")
    await alice.ask("fi")
    offer = (await page.hear("offer.made"))["offer"]["id"]
    await page.say("offer.accept", offer=offer)
    refusal = await page.hear("refused", about="offer.accept")
    assert refusal["code"] == "promise_needed"
    await page.hear("offer.ended", state="away", taking=False)
    place = len(page.heard)
    fia.post(PROMISE, {})
    await starts(page)
    again = (await page.hear("offer.made", after=place))["offer"]["id"]
    await page.say("offer.accept", offer=again)
    await page.hear("call.changed")
    await alice.close()
    await page.close()


async def test_a_practice_needs_no_promise(house: Processes) -> None:
    pola = invited(house, "volunteer", "Pola", "pl", promises=False)
    own, played = await pola.open("volunteer"), await pola.open("practice")
    await own.hear("snapshot.volunteer")
    async with live_of(house) as live:
        await live.relay_announce("relay-of-the-test", "127.0.0.1", 1, 0.1, 0)
        await played.hear("snapshot.requester")
        await played.say("help.ask", languages=["pl"], camera=True, microphone=True)
        offer = (await own.hear("offer.made"))["offer"]
        assert offer["practice"]
        await own.say("offer.accept", offer=offer["id"])
        call = await own.hear("call.changed")
        assert call["call"]["practice"]
        # Said once more over a fresh link, for the first may have died with the old one.
        await own.say("offer.accept", offer=offer["id"])
        assert await own.is_open()
        assert [one for one in own.heard if one["type"] == "refused"] == []
        await live.relay_withdraw("relay-of-the-test")
    await own.close()
    await played.close()
