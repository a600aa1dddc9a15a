"""Can a Volunteer try how a closed page rings, by the real way, and learn how far it came?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from channels.db import database_sync_to_async as in_sql
from django.test import Client
from pytest_django import Settings

from assist.accounts.models import Person
from assist.gateway import process
from assist.gateway.trial_views import TRIES
from assist.live import Live
from assist.live.keys import key
from assist.push.devices import devices_of, mark_of
from tests.integration.test_push_rings import asked, hears, pushing, volunteer
from tests.push_service import Browser, PushService, push_service
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)
ORIGIN = "http://localhost:8000"
STRANGE = [{}, {"endpoint": 7}, {"endpoint": "\x00"}, {"endpoint": "x" * 100_000}, [], "é"]


@pytest.fixture(autouse=True)
def _house(live: Live, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ASSIST_STATE, settings.ASSIST_PUSH_KEY = tmp_path, ""
    settings.ASSIST_PUSH_CONTACT = "people@assist.example"
    settings.ASSIST_ORIGINS, settings.STATIC_ROOT = [ORIGIN], tmp_path
    monkeypatch.setattr(process, "live", lambda: live)


async def page_of(person: str) -> Client:
    client = Client()
    await in_sql(client.force_login)(await in_sql(Person.objects.get)(pk=person))
    return client


async def post(client: Client, path: str, body: object, **headers: str) -> Any:
    # In the one thread whose line to SQL the tests close again.
    send = in_sql(client.post)
    return await send(path, body, content_type="application/json", headers=headers)


async def begins(page: Client, browser: Browser | None = None) -> dict[str, str]:
    answer = await post(
        page, "/push/test/", {"endpoint": browser.device.endpoint if browser else ""}
    )
    assert answer.status_code == 200, answer.content
    said: dict[str, str] = answer.json()
    return said


async def comes_to(page: Client, test: str, *far: tuple[Browser, str]) -> None:
    """Until exactly these devices stand so."""
    wanted = {mark_of(browser.device.endpoint): how for browser, how in far}

    async def why_not() -> str:
        found = (await in_sql(page.get)(f"/push/test/{test}/")).json()["devices"]
        return "" if found == wanted else f"{found}, not {wanted}"

    await wait_for(why_not)


def browsers(service: PushService, *answers: str) -> list[Browser]:
    return [service.browser(answer) if answer else service.browser() for answer in answers]


async def test_a_try_goes_the_way_of_every_ring_and_tells_how_far_it_came(
    live: Live, alice: str
) -> None:
    async with push_service() as service, pushing(live, service):
        phone, laptop, old = browsers(service, "", "", "410 Gone")
        page = await page_of(noor := await volunteer(live, phone, laptop, old))
        said = await begins(page, phone)
        assert said["here"] == mark_of(phone.device.endpoint)
        test = said["test"]
        await hears(service, phone, {"test": test})
        await hears(service, laptop, {"test": test})
        await comes_to(page, test, (phone, "taken"), (laptop, "taken"), (old, "gone"))
        body = {"test": test, "endpoint": laptop.device.endpoint}
        assert (await post(page, "/push/arrived/", body, origin=ORIGIN)).status_code == 204
        await comes_to(page, test, (phone, "taken"), (laptop, "arrived"), (old, "gone"))
        assert await in_sql(devices_of)(noor) == [phone.device, laptop.device]


async def test_a_try_is_no_offer_and_counts_nowhere(live: Live, alice: str) -> None:
    async with push_service() as service, pushing(live, service):
        (phone,) = browsers(service, "")
        noor = await volunteer(live, phone)
        before = await live.volunteer_snapshot(noor)
        roster = await live.redis.hgetall(key("roster", noor))
        test = (await begins(await page_of(noor)))["test"]
        await hears(service, phone, {"test": test})
        after = await live.volunteer_snapshot(noor)
        assert before._replace(now_ms=0) == after._replace(now_ms=0)
        assert await live.redis.hgetall(key("roster", noor)) == roster
        assert await live.redis.hgetall(key("odds")) == {}
        assert 0 < await live.redis.pttl(key("tried", test)) <= 120_000


async def test_accept_on_one_device_silences_the_other(live: Live, alice: str) -> None:
    async with push_service() as service, pushing(live, service):
        phone, laptop = browsers(service, "", "")
        noor = await volunteer(live, phone, laptop)
        _, [offer] = await asked(live, alice, noor)
        await hears(service, laptop, {"offer": offer})
        assert (await live.accept(offer, noor)).is_ == "ok"
        await hears(service, laptop, {"offer": offer}, {"withdrawn": offer})
        await hears(service, phone, {"offer": offer}, {"withdrawn": offer})


async def test_what_arrived_is_not_merely_taken_any_more(live: Live) -> None:
    noor = await volunteer(live)
    test = await live.try_ring(noor)
    for how in ("sent", "arrived", "taken"):
        assert await live.tried(test, noor, "d", how) == "ok"
    assert await live.trial(test, noor) == {"d": "arrived"}


async def test_nobody_meddles_with_somebody_elses_try(live: Live) -> None:
    noor, bob = await volunteer(live), await volunteer(live)
    test = await live.try_ring(noor)
    await live.tried(test, noor, mark_of("https://one"), "sent")
    assert (await in_sql((await page_of(bob)).get)(f"/push/test/{test}/")).status_code == 404
    body = {"test": test, "endpoint": "https://one"}
    await post(await page_of(bob), "/push/arrived/", body, origin=ORIGIN)
    mine = await page_of(noor)
    await post(mine, "/push/arrived/", {**body, "endpoint": "https://two"}, origin=ORIGIN)
    await post(mine, "/push/arrived/", {**body, "test": "0" * 32}, origin=ORIGIN)
    for headers in ({}, {"origin": "https://evil.example"}):
        assert (await post(mine, "/push/arrived/", body, **headers)).status_code == 403
    assert await live.trial(test, noor) == {mark_of("https://one"): "sent"}
    assert not await live.redis.exists(key("tried", "0" * 32))


async def test_the_page_learns_whether_the_house_rings_this_browser(live: Live) -> None:
    phone, laptop = Browser(), Browser()
    page = await page_of(await volunteer(live, phone, laptop))

    async def told(endpoint: str) -> Any:
        return (await post(page, "/push/devices/", {"endpoint": endpoint})).json()

    assert await told(phone.device.endpoint) == {"here": True, "others": 1}
    assert await told("") == {"here": False, "others": 2}
    assert await told(Browser().device.endpoint) == {"here": False, "others": 2}


async def test_trying_over_and_over_is_refused_and_strangers_try_nothing(live: Live) -> None:
    page = await page_of(await volunteer(live))
    for _ in range(TRIES):
        await begins(page)
    assert (await post(page, "/push/test/", {"endpoint": ""})).status_code == 429
    for path in ("/push/test/", "/push/devices/", "/push/arrived/"):
        assert (await post(Client(), path, {"endpoint": ""})).status_code == 403
    assert (await in_sql(Client().get)(f"/push/test/{'0' * 32}/")).status_code == 404


@pytest.mark.parametrize("body", STRANGE, ids=[str(each)[:20] for each in STRANGE])
async def test_what_makes_no_sense_is_refused_in_words(live: Live, body: object) -> None:
    page = await page_of(await volunteer(live))
    for path in ("/push/test/", "/push/devices/"):
        answer = await post(page, path, body)
        assert answer.status_code in (200, 400)
        if answer.status_code == 200:
            assert body == {"endpoint": "\x00"}
    assert (await post(page, "/push/arrived/", body, origin=ORIGIN)).status_code == 400
    assert (await in_sql(page.get)("/push/test/x%00/")).status_code == 404
