"""Is a hand-over told to both pages, known to history, and refused to whom it is not for?"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial

import pytest
from redis.asyncio import Redis

from assist.live import Live
from tests.pagesockets import Browser, Message, Page, forget_limits, invited, requester
from tests.processes import Processes, running
from tests.waiting import wait_for

RELAY = "relay-of-the-test"


@pytest.fixture(scope="module")
def house() -> Iterator[Processes]:
    with running("web", "worker") as house:
        yield house


@pytest.fixture(scope="module")
def noor(house: Processes) -> Browser:
    return invited(house, "volunteer", "Noor", "en")


@pytest.fixture(scope="module")
def bob(house: Processes) -> Browser:
    return invited(house, "volunteer", "Bob", "da")


async def leg_up(house: Processes, help_request: str, person: str) -> None:
    """As the relay would say."""
    redis = Redis.from_url(house.redis.url, decode_responses=True)
    live = Live(redis)
    await live.relay_announce(RELAY, "127.0.0.1", 1, 0.1, 0)
    seat = await live.seat(help_request, person)
    assert await live.leg(help_request, person, seat.number, "up", RELAY) == "ok"
    await redis.aclose()


async def people_of(house: Processes, call: str) -> tuple[str, str]:
    redis = Redis.from_url(house.redis.url, decode_responses=True)
    found = await Live(redis).people_of(call)
    await redis.aclose()
    assert found is not None
    return found[0], found[1]


async def meet(house: Processes, caller: Page, volunteer: Page) -> Message:
    """The Call of these two, when it is connected."""
    offer = (await volunteer.hear("offer.made"))["offer"]
    await volunteer.say("offer.accept", offer=offer["id"])
    changed = await volunteer.hear("call.changed")
    for person in await people_of(house, changed["call"]["id"]):
        await leg_up(house, changed["help_request"], person)
    for page in (caller, volunteer):
        await wait_for(partial(why_not_in_call, page, changed["call"]["id"]))
    return {**changed, "offer": offer}


def why_not_in_call(page: Page, call: str) -> str:
    calls = [one["call"] for one in page.heard if one["type"] == "call.changed"]
    talking = any((one["id"], one["state"]) == (call, "in_call") for one in calls)
    return "" if talking else f"heard of {calls}"


async def test_who_is_handed_over_hears_it_and_meets_the_next_one_who_knows(
    house: Processes, noor: Browser, bob: Browser
) -> None:
    forget_limits(house)
    alice = requester(house)
    caller, first, second = (
        await alice.open("requester"),
        await noor.open("volunteer"),
        await bob.open("volunteer"),
    )
    for page in (first, second):
        await page.say("calls.start")
        await page.hear("volunteer.changed", state="available")
    await caller.ask("en")
    met = await meet(house, caller, first)
    assert not met["offer"]["handed"]
    assert not met["call"]["handed"]
    help_request, call = met["help_request"], met["call"]["id"]
    since_ms = (await caller.hear("help.changed"))["help_request"]["since_ms"]

    # Not for whom it is not: the person themselves, somebody else, nonsense.
    for page, fields, code in (
        (caller, {}, "out_of_turn"),
        (second, {}, "unknown_id"),
        (first, {"language": "Danish"}, "malformed"),
        (first, {"topic": "gossip"}, "malformed"),
        (first, {"note": "a secret"}, "malformed"),
    ):
        for type_ in ("call.hand_over", "free.get"):
            place = len(page.heard)
            await page.say(type_, help_request=help_request, **fields)
            await page.hear("refused", after=place, code=code)

    # Who thinks of it hears of each choice whether anybody else is free.
    for wish, free in (({}, 0), ({"language": "da"}, 1), ({"topic": "reading"}, 0)):
        place = len(first.heard)
        await first.say("free.get", help_request=help_request, **wish)
        found = await first.hear("call.free", after=place)
        wanted = {"language": None, "topic": None, **wish, "free": free, "fit": free}
        assert {name: found[name] for name in wanted} == wanted

    place = len(caller.heard)
    await first.say("call.hand_over", help_request=help_request, language="da")
    left = await first.hear("call.ended", call=call)
    assert (left["reason"], left["state"]) == ("handed_over", "wrapping_up")
    moved = (await caller.hear("help.changed", after=place))["help_request"]
    assert (moved["state"], moved["since_ms"], moved["languages"]) == ("waiting", since_ms, ["da"])
    assert (moved["handed"]["call"], moved["handed"]["why"]) == (call, "language")
    next_ = await meet(house, caller, second)
    assert next_["offer"]["handed"]
    assert (next_["help_request"], next_["call"]["id"] != call) == (help_request, True)
    # So the note of the one before is shown, also by a page that was loaded anew; no other is.
    calls = [one["call"] for one in second.heard if one["type"] == "call.changed"]
    assert {(one["state"], one["handed"]) for one in calls} == {
        ("connecting", True),
        ("in_call", True),
    }
    again = await bob.open("volunteer")
    assert (await again.hear("snapshot.volunteer"))["call"]["handed"]

    # Each says how it was of the Call that they were in.
    assert noor.post("/rating/", {"call": call, "role": "volunteer", "solved": "partly"})[0] == 204
    assert alice.post("/rating/", {"call": call, "role": "requester", "feeling": "good"})[0] == 204
    await caller.say("call.end", help_request=help_request)
    await caller.hear("help.ended", reason="requester_ended", call=next_["call"]["id"])
    # What was wrong may have been with the first one: each Call can be reported, by who was in it.
    for each, who, status in (
        (call, alice, 204),
        (next_["call"]["id"], alice, 204),
        (call, bob, 404),
    ):
        said = {"call": each, "role": "requester", "text": "They hurried."}
        assert who.post("/report/", said)[0] == status
    await wait_for(lambda: why_not_in_history(house, help_request))
    await asyncio.gather(*(page.close() for page in (caller, first, second, again)))


def why_not_in_history(house: Processes, help_request: str) -> str:
    """Two Calls that both took place, each with its own end."""
    said = "SELECT reason, connected_at FROM records_call WHERE help_request_id = ?"
    with closing(sqlite3.connect(house.state / "assist.sqlite3")) as database:
        rows = database.execute(f"{said} ORDER BY accepted_at", (help_request,)).fetchall()
    found = [(reason, connected_at is not None) for reason, connected_at in rows]
    wanted = [("handed_over", True), ("requester_ended", True)]
    return "" if found == wanted else f"history knows {found}"
