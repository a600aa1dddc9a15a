"""Does a thank-you reach its Volunteer once, and nobody else, and is then kept nowhere?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from redis import Redis

from assist.accounts.blocks import block
from assist.feedback import thanks
from assist.feedback.answers import BadAnswer
from assist.feedback.models import Thanks
from assist.lib.ids import new_id
from tests.pagesockets import Browser, Page, forget_limits, invited, requester
from tests.processes import Processes, running

WORDS = "You were so patient with me."
EMPTY: list[object] = []


@pytest.fixture(scope="module")
def house() -> Iterator[Processes]:
    with running("web", "worker") as house:
        yield house


@pytest.fixture(scope="module")
def noor(house: Processes) -> Browser:
    return invited(house, "volunteer", "Noor", "en")


@pytest.fixture
async def met(house: Processes, noor: Browser) -> AsyncIterator[tuple[Browser, Page, str]]:
    """A Requester, Noor's page, and the Call of theirs that has just ended."""
    forget_limits(house)
    alice = requester(house)
    caller, volunteer = await alice.open("requester"), await noor.open("volunteer")
    await volunteer.say("calls.start")
    help_request = (await caller.ask("en"))["help_request"]
    offer = (await volunteer.hear("offer.made"))["offer"]["id"]
    await volunteer.say("offer.accept", offer=offer)
    call = (await caller.hear("call.changed"))["call"]["id"]
    await caller.say("call.end", help_request=help_request)
    await volunteer.hear("call.ended")
    yield alice, volunteer, call
    await caller.close()
    await leave(volunteer)


async def leave(volunteer: Page) -> None:
    """Noor takes no more calls, so that the next test finds nobody at her closed page."""
    if volunteer.socket.close_code is not None:
        return
    place = len(volunteer.heard)
    await volunteer.say("calls.stop")
    await volunteer.hear("volunteer.changed", after=place, taking=False)
    await volunteer.close()


def say(browser: Browser, call: str, text: str = WORDS) -> int:
    return browser.post("/thanks/", {"call": call, "text": text})[0]


def unread(browser: Browser) -> list[dict[str, str]]:
    status, body = browser.get("/thanks/")
    assert status == 200
    found: list[dict[str, str]] = json.loads(body)["thanks"]
    return found


async def test_it_is_told_to_the_page_that_is_there_and_read_once(
    house: Processes, noor: Browser, met: tuple[Browser, Page, str]
) -> None:
    alice, volunteer, call = met
    assert await asyncio.to_thread(say, alice, call) == 204
    here = await volunteer.hear("thanks.here")
    assert here == {"type": "thanks.here"}, "its words travel by nothing that might keep them"
    assert unread(noor) == [{"call": call, "text": WORDS}]
    with Redis.from_url(house.redis.url) as redis:
        kept = b"".join(redis.dump(key) or b"" for key in redis.scan_iter("*"))
    assert WORDS.encode() not in kept
    assert noor.post("/thanks/seen/", {"call": call})[0] == 204
    assert unread(noor) == EMPTY
    assert WORDS in noor.get("/volunteer/given/")[1], "it may be read again for a week"
    assert await asyncio.to_thread(say, alice, call) == 429, "one for each Call, read or not"
    assert unread(noor) == EMPTY


async def test_whoever_was_away_reads_it_when_they_come(
    noor: Browser, met: tuple[Browser, Page, str]
) -> None:
    alice, volunteer, call = met
    await leave(volunteer)
    assert await asyncio.to_thread(say, alice, call) == 204
    assert [one["text"] for one in unread(noor)] == [WORDS]
    kept = noor.get("/volunteer/given/")[1].count(WORDS)
    complaint = {"call": call, "role": "volunteer", "text": WORDS}
    assert noor.post("/report/", complaint)[0] == 204
    assert unread(noor) == EMPTY
    left = noor.get("/volunteer/given/")[1].count(WORDS)
    assert left == kept - 1, "who complains of it does not meet it again"


async def test_nobody_else_may_say_it_read_it_or_take_it_away(
    house: Processes, noor: Browser, met: tuple[Browser, Page, str]
) -> None:
    alice, _volunteer, call = met
    mallory, bob = requester(house), invited(house, "volunteer", "Bob", "fi")
    bob.get("/volunteer/")
    assert say(mallory, call) == 404
    assert say(noor, call) == 404, "a Volunteer has nobody to thank here"
    assert say(alice, new_id()) == 404
    assert say(alice, call, "x" * 301) == 400
    assert say(alice, call, " \u202e\n ") == 400
    assert say(alice, call, "Thank\u202e you,\nNoor") == 204
    assert unread(bob) == EMPTY
    assert bob.post("/thanks/seen/", {"call": call})[0] == 204
    assert [one["text"] for one in unread(noor)] == ["Thank you, Noor"]
    assert mallory.get("/thanks/")[0] == 404
    noor.post("/thanks/seen/", {"call": call})


@pytest.mark.django_db
def test_whoever_is_parted_hears_nothing_and_learns_of_nothing() -> None:
    alice, noor = new_id(), new_id()
    block(alice, noor)
    assert thanks.give(new_id(), alice, noor, WORDS) is False
    assert thanks.waiting_for(noor) == EMPTY


@pytest.mark.django_db
@pytest.mark.parametrize("read", [False, True])
def test_whether_read_or_not_it_goes_after_a_week(read: bool) -> None:
    noor, old = new_id(), new_id()
    now = timezone.now()
    for call in (old, new_id()):
        assert thanks.give(call, new_id(), noor, WORDS)
        if read:
            thanks.seen(call, noor)
    assert len(thanks.kept_for(noor)) == 2
    Thanks.objects.filter(call=old).update(created_at=now - timedelta(days=7))
    assert thanks.forget_old(now) == 1
    assert thanks.kept_for(noor) == [WORDS]
    assert len(thanks.waiting_for(noor)) == (0 if read else 1)


def test_a_thank_you_is_one_line_of_printed_words() -> None:
    assert thanks.tidy("  Thank\u202e \n you \u2764 ") == "Thank you \u2764"
    for nothing in ("", " \n", "\u202e", "x" * 301):
        with pytest.raises(BadAnswer):
            thanks.tidy(nothing)
