"""Is a Volunteer told what they gave and what was asked of them, truly, and nobody else's?"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from channels.db import database_sync_to_async as in_sql
from django.test import Client
from pytest_django import Settings

from assist.accounts.models import Person
from assist.feedback import thanks
from assist.lib.ids import new_id
from assist.live import Live
from assist.records.given import Given, given_by
from assist.records.models import Offer
from assist.records.retention import sweep
from tests.conftest import Clock
from tests.integration.test_records_fold import START, connect, fold_all, offer_of, ring

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.history]

NOTHING = Given(0, timedelta(), [], 0, 0, 0, 0, 0, 0)
TALKED_S = 90


async def told(live: Live, person: str, *speaks: str) -> Given:
    await in_sql(fold_all)(await live.read_events("0-0", 10_000))
    found: Given = await in_sql(given_by)(person, speaks or ("en",))
    return found


async def talks(live: Live, clock: Clock, person: str, *others: str) -> None:
    """This one is the first of all these who ring."""
    help_request = await ring(live, alice := new_id(), person, *others)
    clock.forward(1)
    assert (await live.accept(await offer_of(live, person), person)).is_ == "ok"
    await connect(live, help_request, alice, person)
    clock.forward(TALKED_S)
    await live.beat([("requester", alice, False), ("volunteer", person, False)])
    assert await live.end(help_request, alice) == "ok"


async def test_every_ring_is_told_by_how_it_ended_for_them(
    turned: Live, clock: Clock, noor: str, bob: str
) -> None:
    await talks(turned, clock, noor, bob)
    await talks(turned, clock, bob, noor)
    await talks(turned, clock, noor)
    await ring(turned, new_id(), noor)
    await turned.decline(await offer_of(turned, noor), noor)
    asked = await ring(turned, ravi := new_id(), noor)
    clock.forward(3)
    await turned.cancel(asked, ravi)
    await ring(turned, new_id(), noor)
    clock.forward(26)
    assert await turned.miss(await offer_of(turned, noor)) == "ok"
    assert await told(turned, noor) == Given(
        calls=2,
        together=timedelta(seconds=2 * TALKED_S),
        languages=[("en", 2)],
        offered=6,
        answered=2,
        too_late=1,
        no_longer=1,
        declined=1,
        missed=1,
    )
    bobs = await told(turned, bob)
    assert (bobs.calls, bobs.offered, bobs.answered, bobs.too_late) == (1, 2, 1, 1)


async def test_a_ring_that_was_taken_back_before_anybody_answered_was_nobodys_defeat(
    turned: Live, clock: Clock, noor: str, bob: str
) -> None:
    asked = await ring(turned, alice := new_id(), noor)
    clock.forward(3)
    assert await turned.park(asked, alice, clock() + 600_000) == "ok"
    assert await turned.away(noor) == "ok"
    clock.forward(3)
    assert await turned.available(bob) == "ok"
    wave = (await turned.standing(asked)) or pytest.fail("nobody is wanted")
    assert await turned.offer(asked, wave.wave, [bob]) == "ok"
    assert (await turned.accept(await offer_of(turned, bob), bob)).is_ == "ok"
    found = await told(turned, noor)
    assert (found.offered, found.too_late, found.no_longer) == (1, 0, 1)


async def test_who_gave_nothing_yet_is_told_nothing_of_others(
    turned: Live, clock: Clock, noor: str, bob: str
) -> None:
    await talks(turned, clock, bob)
    assert await told(turned, noor) == NOTHING


async def test_a_call_that_never_began_is_none(turned: Live, clock: Clock, noor: str) -> None:
    help_request = await ring(turned, new_id(), noor)
    assert (await turned.accept(await offer_of(turned, noor), noor)).is_ == "ok"
    assert await turned.end(help_request, noor) == "ok"
    found = await told(turned, noor)
    assert (found.calls, found.together, found.answered) == (0, timedelta(), 1)


async def test_a_call_was_in_the_first_language_that_both_know(
    turned: Live, clock: Clock, noor: str
) -> None:
    await talks(turned, clock, noor)
    assert (await told(turned, noor, "da", "en")).languages == [("en", 1)]
    assert (await told(turned, noor, "da")).languages == [], "they speak it no more"


async def test_what_is_forgotten_is_told_no_more(turned: Live, clock: Clock, noor: str) -> None:
    await talks(turned, clock, noor)
    assert (await told(turned, noor)).calls == 1
    await in_sql(sweep)(START + timedelta(days=91))
    assert await in_sql(given_by)(noor, ("en",)) == NOTHING
    assert await in_sql(Offer.objects.count)() == 1, "that it rang, stays"


async def test_the_price_does_not_grow_with_every_call(
    turned: Live, clock: Clock, noor: str, django_assert_num_queries: Any
) -> None:
    for _ in range(3):
        await talks(turned, clock, noor)
    await told(turned, noor)

    def count() -> None:
        with django_assert_num_queries(3):
            given_by(noor, ("en",))

    await in_sql(count)()


async def test_the_page_says_it_to_them_alone_and_compares_nobody(
    turned: Live, clock: Clock, noor: str, bob: str, settings: Settings, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path
    await talks(turned, clock, bob, noor)
    await talks(turned, clock, noor)
    await told(turned, noor)

    def page() -> str:
        person = Person.objects.create(
            id=UUID(noor), name="Noor", volunteers=True, languages=["en", "fi"]
        )
        thanks.give(call := new_id(), new_id(), noor, "You <b>saved</b> my dinner")
        thanks.seen(call, noor)
        thanks.give(new_id(), new_id(), bob, "Not for Noor")
        client = Client()
        client.force_login(person)
        return client.get("/volunteer/given/").content.decode()

    said = await in_sql(page)()
    for words in (
        "1 call, 2 minutes together",
        "You &lt;b&gt;saved&lt;/b&gt; my dinner",
        "It rang for you: 2",
        "You answered: 1",
        "Somebody was quicker than you: 1",
        "For a minute after that you were first in line",
        "the last 90 days",
    ):
        assert words in said
    assert "Not for Noor" not in said
    assert "It rang and passed" not in said, "what never happened is left out"
    answer = await in_sql(Client().get)("/volunteer/given/")
    assert (answer.status_code, answer["Location"]) == (302, "/volunteer/")
