"""Does a push ring those who are away, in time, on all their devices, and fall silent again?"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from channels.db import database_sync_to_async as in_sql
from py_vapid import Vapid02
from pytest_django import Settings

from assist.accounts.invites import invite, spend
from assist.lib.ids import new_id
from assist.live import Live
from assist.live.keys import key
from assist.live.roster import Entry
from assist.management.commands.worker import work
from assist.push import notifier
from assist.push.devices import Device, devices_of, keep
from assist.push.keys import decode, private_key, public_key
from assist.push.notifier import run_push
from assist.push.reach import tell_roster
from tests.push_service import HOST, Browser, PushService, push_service
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def service(tmp_path: Path, settings: Settings) -> AsyncIterator[PushService]:
    """A push service, and a house with a new key."""
    settings.ASSIST_STATE = tmp_path
    settings.ASSIST_PUSH_KEY = ""
    settings.ASSIST_PUSH_CONTACT = "people@assist.example"
    async with push_service() as service:
        yield service


@asynccontextmanager
async def pushing(live: Live, service: PushService) -> AsyncIterator[None]:
    """A worker's push part runs, and has taken its place in the stream."""
    stop = asyncio.Event()
    running = asyncio.create_task(run_push(live, stop, service.sender()))
    try:
        yield
    finally:
        stop.set()
        await running


async def volunteer(live: Live, *browsers: Browser) -> str:
    """Somebody away from their page, whom a push reaches on these."""
    person = await in_sql(lambda: spend(invite("volunteer", f"Noor {new_id()}", ["en"])))()
    assert person is not None
    for browser in browsers:
        await in_sql(keep)(person.id.hex, browser.device)
    await tell_roster(live, person.id.hex)
    await live.enlist(person.id.hex, Entry(["en"], push=True, taking=True))
    return str(person.id.hex)


async def asked(live: Live, requester: str, *volunteers: str) -> tuple[str, list[str]]:
    """A HelpRequest that rings these: its id, and theirs in the same order."""
    help_request = new_id()
    await live.ask(help_request, requester, ["en"])
    found = await live.standing(help_request)
    assert found is not None
    assert await live.offer(help_request, found.wave, list(volunteers)) == "ok"
    return help_request, [await offer_of(live, each) for each in volunteers]


async def offer_of(live: Live, person: str) -> str:
    offer = (await live.volunteer_snapshot(person)).offer
    assert offer is not None
    return offer.id


async def hears(service: PushService, browser: Browser, *told: dict[str, str]) -> None:
    """Until this browser was told exactly this."""
    await wait_for(
        lambda: "" if service.told(browser) == list(told) else f"{service.told(browser)}"
    )


async def test_a_ring_reaches_every_device_with_nothing_but_the_offers_id(
    live: Live, service: PushService, alice: str
) -> None:
    phone, laptop = service.browser(), service.browser()
    async with pushing(live, service):
        noor = await volunteer(live, phone, laptop)
        _, [offer] = await asked(live, alice, noor)
        await hears(service, phone, {"offer": offer})
        await hears(service, laptop, {"offer": offer})


async def test_a_letter_is_signed_urgent_short_lived_and_can_be_replaced(
    live: Live, service: PushService, alice: str
) -> None:
    phone = service.browser()
    async with pushing(live, service):
        help_request, [offer] = await asked(live, alice, await volunteer(live, phone))
        await hears(service, phone, {"offer": offer})
        await live.cancel(help_request, alice)
        await hears(service, phone, {"offer": offer}, {"withdrawn": offer})
    ring, withdrawal = (each.headers for each in service.heard)
    assert ring["Urgency"] == "high"
    assert 30 < int(ring["TTL"]) <= 60
    assert ring["Content-Encoding"] == "aes128gcm"
    assert ring["Topic"] == withdrawal["Topic"]
    assert len(ring["Topic"]) == 32
    assert offer not in str(ring)
    check_signature(ring["Authorization"])


def check_signature(authorization: str) -> None:
    """RFC 8292: our key, for this push service alone, for less than a day, and who we are."""
    assert Vapid02.verify(authorization)
    parts = dict(part.split("=", 1) for part in authorization.removeprefix("vapid ").split(","))
    assert parts["k"] == public_key(private_key())
    claims = json.loads(decode(parts["t"].split(".")[1]))
    assert claims["aud"] == f"https://{HOST}"
    assert claims["sub"] == "mailto:people@assist.example"
    assert time.time() < claims["exp"] <= time.time() + 24 * 3600


async def test_who_was_slower_hears_that_it_is_over(
    live: Live, service: PushService, alice: str
) -> None:
    noors, bobs = service.browser(), service.browser()
    async with pushing(live, service):
        noor, bob = await volunteer(live, noors), await volunteer(live, bobs)
        _, [first, second] = await asked(live, alice, noor, bob)
        await hears(service, noors, {"offer": first})
        await hears(service, bobs, {"offer": second})
        assert (await live.accept(second, bob)).is_ == "ok"
        await hears(service, noors, {"offer": first}, {"withdrawn": first})


async def test_not_now_on_one_device_silences_the_other(
    live: Live, service: PushService, alice: str
) -> None:
    phone, laptop = service.browser(), service.browser()
    async with pushing(live, service):
        noor = await volunteer(live, phone, laptop)
        _, [offer] = await asked(live, alice, noor)
        await hears(service, laptop, {"offer": offer})
        await live.decline(offer, noor)
        await hears(service, laptop, {"offer": offer}, {"withdrawn": offer})


async def test_a_ring_that_is_parked_falls_silent(
    live: Live, service: PushService, alice: str
) -> None:
    phone = service.browser()
    async with pushing(live, service):
        help_request, [offer] = await asked(live, alice, await volunteer(live, phone))
        await hears(service, phone, {"offer": offer})
        await live.park(help_request, alice, await live.now_ms() + 600_000)
        await hears(service, phone, {"offer": offer}, {"withdrawn": offer})


async def test_an_open_page_is_not_rung_by_push(
    live: Live, service: PushService, alice: str
) -> None:
    phone, other = service.browser(), service.browser()
    async with pushing(live, service):
        noor, bob = await volunteer(live, phone), await volunteer(live, other)
        await live.beat([("volunteer", noor, False)])
        await live.available(noor)
        _, [_, second] = await asked(live, alice, noor, bob)
        await hears(service, other, {"offer": second})
        assert service.told(phone) == []


async def test_the_requester_is_called_back_on_their_device(
    live: Live, service: PushService, alice: str
) -> None:
    theirs, phone = service.browser(), service.browser()
    await in_sql(keep)(alice, theirs.device)
    async with pushing(live, service):
        noor = await volunteer(live, phone)
        help_request = new_id()
        await live.ask(help_request, alice, ["en"])
        await live.park(help_request, alice, await live.now_ms() + 600_000)
        found = await live.standing(help_request)
        assert found is not None
        await live.offer(help_request, found.wave, [noor])
        await live.accept(await offer_of(live, noor), noor)
        await hears(service, theirs, {"call_back": help_request})
        assert await live.confirm(help_request, alice) == "ok"
        await hears(service, theirs, {"call_back": help_request}, {"withdrawn": help_request})


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
async def test_a_device_that_is_gone_is_forgotten_and_matching_hears_of_it(
    live: Live, service: PushService, alice: str, status: str
) -> None:
    phone = service.browser(status)
    async with pushing(live, service):
        noor = await volunteer(live, phone)
        await asked(live, alice, noor)

        async def forgotten() -> str:
            left: list[Device] = await in_sql(devices_of)(noor)
            push = str(await live.redis.hget(key("roster", noor), "push"))
            return "" if (left, push) == ([], "0") else f"{len(left)} devices, push={push}"

        await wait_for(forgotten)
    assert service.tries(phone) == 1


async def test_one_gone_device_of_two_leaves_the_other(
    live: Live, service: PushService, alice: str
) -> None:
    old, phone = service.browser("410 Gone"), service.browser()
    async with pushing(live, service):
        noor = await volunteer(live, old, phone)
        _, [offer] = await asked(live, alice, noor)
        await hears(service, phone, {"offer": offer})

        async def one_left() -> str:
            left: list[Device] = await in_sql(devices_of)(noor)
            return "" if left == [phone.device] else f"{len(left)} devices"

        await wait_for(one_left)
    assert await live.redis.hget(key("roster", noor), "push") == "1"


async def test_a_busy_push_service_is_given_the_time_it_asks_for(
    live: Live, service: PushService, alice: str
) -> None:
    phone = service.browser("429 Slow\r\nRetry-After: 2")
    async with pushing(live, service):
        _, [offer] = await asked(live, alice, await volunteer(live, phone))
        await wait_for(lambda: "" if service.tries(phone) else "not tried")
        await hears(service, phone, {"offer": offer})
    first, second = (int(each.headers["TTL"]) for each in service.heard)
    assert first - second >= 2, "what is left of the ring tells how long it waited"


async def test_a_ring_is_not_tried_again_after_its_end(
    live: Live, service: PushService, alice: str, ravi: str
) -> None:
    phone, later = service.browser("429 Slow"), service.browser("429 Slow")
    async with pushing(live, service):
        help_request, [offer] = await asked(live, alice, await volunteer(live, phone))
        await wait_for(lambda: "" if service.tries(phone) else "not tried")
        await live.cancel(help_request, alice)
        await hears(service, phone, {"withdrawn": offer})
        # One that began after it, and is tried again: the first would have been by then.
        _, [second] = await asked(live, ravi, await volunteer(live, later))
        await hears(service, later, {"offer": second})
    assert service.told(phone) == [{"withdrawn": offer}]


async def test_the_worker_rings(
    live: Live, service: PushService, alice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notifier, "Sender", service.sender)
    phone, stop = service.browser(), asyncio.Event()
    running = asyncio.create_task(work(live, stop))
    try:
        noor = await volunteer(live, phone)
        await live.ask(new_id(), alice, ["en"])
        await wait_for(lambda: "" if service.told(phone) else "not rung")
        assert service.told(phone) == [{"offer": await offer_of(live, noor)}]
    finally:
        stop.set()
        await running


async def test_another_worker_goes_on_where_the_first_one_died(
    live: Live, service: PushService, alice: str
) -> None:
    phone = service.browser()
    async with pushing(live, service):
        noor = await volunteer(live, phone)
        help_request, [offer] = await asked(live, alice, noor)
        await hears(service, phone, {"offer": offer})

        async def saved() -> str:
            last = await live.stream.last_id()
            mark = str(await live.redis.get(key("mark", "push")))
            return "" if mark == last else f"at {mark}, not at {last}"

        await wait_for(saved)
    await live.cancel(help_request, alice)  # while nobody reads
    async with pushing(live, service):
        await hears(service, phone, {"offer": offer}, {"withdrawn": offer})
