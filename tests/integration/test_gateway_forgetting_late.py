"""Is a Volunteer who is rung while they are being forgotten not in history afterwards?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from channels.db import database_sync_to_async as in_sql
from channels.layers import InMemoryChannelLayer

from assist.accounts.models import Person
from assist.gateway import everything_given, process
from assist.lib.ids import new_id
from assist.live import Live
from assist.live.forgetting_volunteers import erase
from assist.records.ledger import run_ledger
from assist.records.models import Call, Offer
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def ledger(turned: Live) -> AsyncIterator[None]:
    """As the worker runs it."""
    stop = asyncio.Event()
    task = asyncio.create_task(run_ledger(turned, stop))
    yield
    stop.set()
    await task


async def taken(live: Live, ravi: str, noor: str) -> str:
    """Another page of theirs says "Start taking calls" once more; the HelpRequest they accept."""
    asked = new_id()
    await live.ask(asked, ravi, ["en"])
    await live.available(noor)
    await live.offer(asked, 0, [noor])
    offer = (await live.volunteer_snapshot(noor)).offer
    assert offer is not None
    assert (await live.accept(offer.id, noor)).is_ == "ok"
    return asked


def those_of(asked: str) -> list[str | None]:
    """Who was rung, and who came."""
    return [
        *Offer.objects.filter(help_request=asked).values_list("volunteer", flat=True),
        *Call.objects.filter(help_request=asked).values_list("volunteer", flat=True),
    ]


@pytest.mark.usefixtures("ledger")
async def test_what_history_hears_late_names_nobody(
    turned: Live, ravi: str, noor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgets, late = erase, []

    async def written(asked: str) -> str:
        found = await in_sql(those_of)(asked)
        return "" if found == [noor, noor] else f"history knows of {found}"

    async def rung_before(live: Live, who: str) -> None:
        late.append(await taken(live, ravi, who))
        await wait_for(lambda: written(late[0]))
        await forgets(live, who)

    async def done(*_all: Any) -> bool:
        return True

    monkeypatch.setattr(process, "live", lambda: turned)
    monkeypatch.setattr(everything_given, "get_channel_layer", InMemoryChannelLayer)
    monkeypatch.setattr(everything_given, "erase", rung_before)
    monkeypatch.setattr(everything_given, "rewrite", done)
    person = Person(id=UUID(noor), name="Noor", languages=["en"], volunteers=True)
    await in_sql(person.save)()
    await everything_given.forget(person)
    assert await in_sql(those_of)(late[0]) == [None, None]
    assert (await turned.requester_snapshot(ravi)).help is not None
