"""Is somebody called back, with their question, and what does a closed house say to them?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from assist.lib.ids import new_id
from assist.lib.week import DAYS
from tests.pagesockets import Browser, Message, Page, invited, requester
from tests.processes import Processes, running

WORDS = "Which of these two letters is from the doctor?"


@pytest.fixture(scope="module")
def house() -> Iterator[Processes]:
    with running("web", "worker") as house:
        yield house


@pytest.fixture(scope="module")
def closed_house() -> Iterator[Processes]:
    """Opens in three days, for a minute; nobody works in it now."""
    day = DAYS[(datetime.now(UTC) + timedelta(days=3)).weekday()].title()
    with running("web", ASSIST_HOURS=f"{day} 08:00-08:01; UTC") as house:
        yield house


@pytest.fixture(autouse=True)
def _unlimited(house: Processes) -> None:
    with Redis.from_url(house.redis.url) as redis:
        for key in redis.scan_iter("rate:*"):
            redis.delete(key)


@pytest.fixture(scope="module")
def noor(house: Processes) -> Browser:
    return invited(house, "volunteer", "Noor", "en")


async def parked(house: Processes, language: str, **fields: object) -> tuple[Page, str]:
    """A page whose HelpRequest waits for a call-back, in a language that nobody speaks yet."""
    page = await requester(house).open("requester")
    help_request = str((await page.ask(language))["help_request"])
    await page.say("help.park", help_request=help_request, **fields)
    await help_in(page, "parked")
    return page, help_request


async def help_in(page: Page, state: str) -> Message:
    """The HelpRequest, once it is told to be in this state."""
    while True:
        place = len(page.heard)
        for message in page.heard:
            view = message.get("help_request")
            if isinstance(view, dict) and view["state"] == state:
                return view
        await page.first_of("help.changed", "snapshot.requester", after=place)


async def ring(volunteer: Page) -> Message:
    """The ring of a Volunteer who starts taking calls."""
    await volunteer.hear("snapshot.volunteer")
    await volunteer.say("calls.start")
    offer: Message = (await volunteer.hear("offer.made"))["offer"]
    return offer


async def test_a_wish_is_told_with_whom_to_ask_and_about_what(house: Processes) -> None:
    page = await requester(house).open("requester")
    receipt = await page.ask("fi", among="circle", topic="cooking")
    view = await help_in(page, "waiting")
    assert (view["among"], view["topic"], view["languages"]) == ("circle", "cooking", ["fi"])
    await page.say("help.cancel", help_request=receipt["help_request"])
    assert (await page.ask("fi", topic="gossip"))["code"] == "malformed"
    await page.close()


async def test_who_waits_in_vain_hears_of_another_language_and_is_found_in_it(
    house: Processes,
) -> None:
    volunteer = await invited(house, "volunteer", "Kalle", "et", "lv").open("volunteer")
    await volunteer.say("calls.start")
    await volunteer.hear("volunteer.changed", state="available")
    page = await requester(house).open("requester")
    help_request = (await page.ask("ka"))["help_request"]
    assert (await help_in(page, "waiting"))["reachable"] == 0
    await page.say("others.get", help_request=help_request)
    others = await page.hear("help.others")
    assert set(others["languages"]) == {"et", "lv"}
    await page.say("help.widen", help_request=help_request, language="et")
    offer = (await volunteer.hear("offer.made"))["offer"]
    assert offer["languages"] == ["ka", "et"]
    await page.say("others.get", help_request="1" * 32)
    await page.hear("refused", code="unknown_id", about="others.get")
    await page.say("help.widen", help_request=help_request, language="Estonian")
    await page.hear("refused", code="malformed")
    await page.say("help.cancel", help_request=help_request)
    await page.close()
    await volunteer.close()


async def test_who_asks_for_later_is_parked_at_once_and_called_back(house: Processes) -> None:
    page = await requester(house).open("requester")
    help_request = (await page.ask("sv", later=True))["help_request"]
    view = await help_in(page, "parked")
    assert (view["id"], view["question"]) == (help_request, False)
    volunteer = await invited(house, "volunteer", "Siri", "sv").open("volunteer")
    offer = await ring(volunteer)
    assert (offer["call_back"], offer["question"]) == (True, None)
    await volunteer.say("offer.accept", offer=offer["id"])
    for one in (page, volunteer):
        changed = await one.hear("call.changed")
        assert changed["call"]["state"] == "confirming"
    await page.say("help.confirm", help_request=help_request)
    for one in (page, volunteer):
        place = one.heard.index(await one.hear("call.changed"))
        changed = await one.hear("call.changed", after=place + 1)
        assert changed["call"]["state"] == "connecting"
    await page.say("help.confirm", help_request=help_request)
    await page.hear("refused", code="unknown_id", about="help.confirm")
    await page.say("call.end", help_request=help_request)
    await page.hear("help.ended", help_request=help_request)
    for one in (page, volunteer):
        await one.close()


async def test_a_question_rings_with_its_words_and_is_in_no_redis(house: Processes) -> None:
    page, help_request = await parked(house, "nl", question=WORDS)
    assert (await help_in(page, "parked"))["question"] is True
    browser = invited(house, "volunteer", "Joost", "nl")
    volunteer = await browser.open("volunteer")
    offer = await ring(volunteer)
    assert (offer["question"], offer["call_back"]) == (WORDS, True)
    again = await browser.open("volunteer")
    snapshot = await again.hear("snapshot.volunteer")
    assert snapshot["offer"]["question"] == WORDS
    assert WORDS not in everything_in(house)
    await page.say("help.cancel", help_request=help_request)
    await volunteer.hear("offer.ended", why="gone")
    assert WORDS not in house.said("web") + house.said("worker")
    for one in (page, volunteer, again):
        await one.close()


def everything_in(house: Processes) -> str:
    """All that Redis could write to a disk."""
    with Redis.from_url(house.redis.url) as redis:
        return " ".join(repr(redis.dump(key)) for key in redis.scan_iter())


async def test_nobody_parks_what_is_not_theirs(house: Processes) -> None:
    mine = await requester(house).open("requester")
    theirs = await requester(house).open("requester")
    help_request = (await theirs.ask("fi"))["help_request"]
    for question in (None, WORDS):
        for name in (help_request, new_id()):
            place = len(mine.heard)
            await mine.say("help.park", help_request=name, question=question)
            await mine.hear("refused", after=place, code="unknown_id", about="help.park")
    assert (await help_in(theirs, "waiting"))["id"] == help_request
    found = house.manage(
        "shell",
        "--verbosity=0",
        "-c",
        "from assist.accounts.models import Question;"
        f"print(Question.objects.filter(help_request='{help_request}').count())",
    )
    assert found.strip().endswith("0")
    await theirs.say("help.cancel", help_request=help_request)
    for one in (mine, theirs):
        await one.close()


async def test_parking_twice_keeps_the_question(house: Processes) -> None:
    page, help_request = await parked(house, "fi", question=WORDS)
    await page.say("help.park", help_request=help_request, question="Another?")
    await page.hear("refused", code="unknown_id", about="help.park")
    place = len(page.heard)
    await page.say("snapshot.get")
    view = (await page.hear("snapshot.requester", after=place))["help_request"]
    assert (view["state"], view["question"]) == ("parked", True)
    await page.say("help.cancel", help_request=help_request)
    await page.hear("help.ended", reason="cancelled")
    await page.close()


async def test_a_question_of_blanks_is_none(house: Processes) -> None:
    page = await requester(house).open("requester")
    help_request = (await page.ask("fi"))["help_request"]
    await page.say("help.park", help_request=help_request, question="   ")
    await page.hear("refused", code="malformed", about="help.park")
    await page.say("help.cancel", help_request=help_request)
    await page.close()


async def test_who_starts_taking_calls_snoozes_no_longer(house: Processes, noor: Browser) -> None:
    house.manage(
        "shell",
        "-c",
        "from datetime import UTC, datetime, timedelta;"
        "from assist.accounts.models import Person;"
        "until = datetime.now(UTC) + timedelta(hours=3);"
        "Person.objects.filter(name='Noor').update(snooze_until=until)",
    )
    page = await noor.open("volunteer")
    await page.hear("snapshot.volunteer")
    await page.say("calls.start")
    changed = await page.hear("volunteer.changed", taking=True)
    assert (changed["state"], changed["why"], changed["reach"]) == ("available", None, "page")
    await page.say("calls.stop")
    await page.hear("volunteer.changed", state="away", why="chosen")
    await page.close()


# --- a house with hours --------------------------------------------------------------------------
async def test_a_closed_house_says_when_help_is_there_again(closed_house: Processes) -> None:
    browser = requester(closed_house)
    _status, html = browser.get("/")
    assert '"open": false' in html
    assert "at 8 a.m." in html
    page = await browser.open("requester")
    refused = await page.ask("en")
    assert refused["code"] == "closed"
    assert "Help is there again" in refused["text"]
    await page.close()


async def test_a_closed_house_calls_back_when_it_is_open(closed_house: Processes) -> None:
    page = await requester(closed_house).open("requester")
    receipt = await page.ask("en", later=True)
    view = await help_in(page, "parked")
    opens = datetime.now(UTC) + timedelta(days=3)
    opens = opens.replace(hour=8, minute=0, second=0, microsecond=0)
    with Redis.from_url(closed_house.redis.url) as redis:
        until_ms = redis.zscore("deadlines", f"parked:{view['id']}")
    assert isinstance(until_ms, float)
    assert abs(until_ms / 1000 - (opens + timedelta(hours=2)).timestamp()) < 60
    again = await page.ask("en", receipt=receipt["receipt"])
    assert again["help_request"] == receipt["help_request"]
    await page.close()


async def test_who_waits_when_it_closes_keeps_their_place(closed_house: Processes) -> None:
    """Their page asks again with its receipt, also of a Redis that has forgotten."""
    page = await requester(closed_house).open("requester")
    receipt = await page.ask("en", later=True)
    await asyncio.to_thread(forget_all, closed_house)
    again = await page.ask("en", receipt=receipt["receipt"])
    assert again["help_request"] == receipt["help_request"]
    await page.close()


async def test_a_redis_that_forgot_learns_of_the_question_again(closed_house: Processes) -> None:
    page = await requester(closed_house).open("requester")
    receipt = await page.ask("en", later=True)
    keep = "from assist.accounts.questions import leave;"
    keep += f"leave('{receipt['help_request']}', '{WORDS}')"
    await asyncio.to_thread(closed_house.manage, "shell", "-c", keep)
    await asyncio.to_thread(forget_all, closed_house)
    await page.ask("en", receipt=receipt["receipt"], later=True)
    place = len(page.heard)
    await page.say("snapshot.get")
    view = (await page.hear("snapshot.requester", after=place))["help_request"]
    assert (view["id"], view["question"]) == (receipt["help_request"], True)
    await page.close()


def forget_all(house: Processes) -> None:
    with Redis.from_url(house.redis.url) as redis:
        redis.flushall()


async def test_a_question_can_be_left_with_a_closed_house(closed_house: Processes) -> None:
    page = await requester(closed_house).open("requester")
    help_request = (await page.ask("en", later=True))["help_request"]
    await help_in(page, "parked")
    await page.say("help.park", help_request=help_request, question=WORDS)
    await page.say("help.park", help_request=help_request, question="Another?")
    await page.hear("refused", code="unknown_id", about="help.park")
    place = len(page.heard)
    await page.say("snapshot.get")  # nobody works here who would tell it
    view = (await page.hear("snapshot.requester", after=place))["help_request"]
    assert (view["state"], view["question"]) == ("parked", True)
    with Redis.from_url(closed_house.redis.url) as redis:
        until_ms = redis.zscore("deadlines", f"parked:{help_request}")
    assert isinstance(until_ms, float)
    assert until_ms / 1000 > (datetime.now(UTC) + timedelta(days=6)).timestamp()
    await page.close()
