"""How does a browser become a device of somebody, over HTTP, and who may not?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from channels.db import database_sync_to_async as in_sql
from django.test import Client
from pytest_django import Settings

from assist.accounts.device import DEVICE_COOKIE, new_device, sign_device
from assist.accounts.invites import invite, spend
from assist.accounts.models import Person
from assist.gateway import process
from assist.gateway.push_views import SUBSCRIBES_A_NETWORK
from assist.live import Live
from assist.live.keys import key
from assist.live.roster import Entry
from assist.push.devices import MOST, devices_of
from assist.push.keys import decode
from tests.push_service import Browser

pytestmark = pytest.mark.django_db(transaction=True)
ORIGIN = "http://localhost:8000"


@pytest.fixture(autouse=True)
def _house(live: Live, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ASSIST_STATE, settings.ASSIST_PUSH_KEY = tmp_path, ""
    settings.ASSIST_ORIGINS, settings.STATIC_ROOT = [ORIGIN], tmp_path
    monkeypatch.setattr(process, "live", lambda: live)


async def signed_in() -> tuple[Client, str]:
    """A Volunteer's browser, and who they are."""

    def come() -> tuple[Client, Person]:
        person = spend(invite("volunteer", "Noor", ["en"]))
        assert person is not None
        client = Client()
        client.force_login(person)
        return client, person

    client, person = await in_sql(come)()
    return client, person.id.hex


def at_start(device: str) -> Client:
    """A Requester's browser."""
    client = Client()
    client.cookies[DEVICE_COOKIE] = sign_device(device)
    return client


def wish(browser: Browser, role: str = "volunteer", **more: object) -> dict[str, object]:
    endpoint, p256dh, auth = browser.device
    return {"role": role, "endpoint": endpoint, "keys": {"p256dh": p256dh, "auth": auth}, **more}


async def post(client: Client, path: str, body: object, **headers: str) -> Any:
    # In the one thread whose line to SQL the tests close again.
    send = in_sql(client.post)
    return await send(path, body, content_type="application/json", headers=headers)


async def test_a_volunteers_browser_is_kept_and_matching_knows(live: Live) -> None:
    client, noor = await signed_in()
    phone = Browser()
    for _ in range(2):
        assert (await post(client, "/push/subscribe/", wish(phone))).status_code == 204
    assert await in_sql(devices_of)(noor) == [phone.device]
    assert await live.redis.hget(key("roster", noor), "push") == "1"
    gone = await post(client, "/push/unsubscribe/", {"endpoint": phone.device.endpoint})
    assert gone.status_code == 204
    assert await in_sql(devices_of)(noor) == []
    assert await live.redis.hget(key("roster", noor), "push") == "0"


async def test_who_signs_out_is_rung_no_more_where_they_did(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, noor = await signed_in()
    person = await in_sql(Person.objects.get)(pk=noor)
    laptop, phone, other = Browser(), Browser(), Client()
    await in_sql(other.force_login)(person)
    await post(client, "/push/subscribe/", wish(phone))
    await post(other, "/push/subscribe/", wish(laptop))
    assert (await in_sql(client.post)("/sign-out/")).status_code == 302
    assert await in_sql(devices_of)(noor) == [laptop.device]
    assert (await in_sql(other.post)("/sign-out/")).status_code == 302
    assert await in_sql(devices_of)(noor) == []
    assert await live.redis.hget(key("roster", noor), "push") == "0"


async def test_who_comes_in_after_somebody_else_has_their_browser_rung_no_more(live: Live) -> None:
    """Mia opens her invitation on the tablet on which Noor is signed in."""
    tablet, noor = await signed_in()
    await post(tablet, "/push/subscribe/", wish(Browser()))
    assert await live.available(noor) == "ok"
    token = await in_sql(invite)("volunteer", "Mia", ["en"])
    assert (await in_sql(tablet.post)(f"/invite/{token}/")).status_code == 302
    assert await in_sql(devices_of)(noor) == []
    assert await live.redis.hget(key("roster", noor), "push") == "0"
    assert not (await live.volunteer_snapshot(noor)).taking
    # Who comes in once more loses nothing.
    mia = await in_sql(Person.objects.get)(name="Mia")
    await post(tablet, "/push/subscribe/", wish(theirs := Browser()))
    again = await in_sql(invite)("volunteer", "Mia", ["en"])
    assert (await in_sql(tablet.post)(f"/invite/{again}/")).status_code == 302
    assert await in_sql(devices_of)(mia.id.hex) == [theirs.device]


async def test_a_requesters_browser_is_kept_and_no_roster_hears_of_it(live: Live) -> None:
    alice, theirs = new_device(), Browser()
    answer = await post(at_start(alice), "/push/subscribe/", wish(theirs, "requester"))
    assert answer.status_code == 204
    assert await in_sql(devices_of)(alice) == [theirs.device]
    assert not await live.redis.exists(key("roster", alice))


async def test_a_stranger_is_no_volunteer() -> None:
    assert (await post(Client(), "/push/subscribe/", wish(Browser()))).status_code == 403
    requester = at_start(new_device())
    assert (await post(requester, "/push/subscribe/", wish(Browser()))).status_code == 403


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "https://127.0.0.1/x"},
        {"endpoint": "https://evil.example/x"},
        {"endpoint": 7},
        {"keys": {"p256dh": "AAAA", "auth": "AAAA"}},
        {"keys": {"p256dh": "é", "auth": "é"}},
        {"keys": {}},
        {"role": "coordinator"},
        {"more": "x" * 100_000},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_what_is_no_subscription_is_refused_in_words(change: dict[str, object]) -> None:
    client, noor = await signed_in()
    answer = await post(client, "/push/subscribe/", {**wish(Browser()), **change})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert await in_sql(devices_of)(noor) == []


async def test_of_many_browsers_the_oldest_make_room() -> None:
    client, noor = await signed_in()
    browsers = [Browser() for _ in range(MOST + 2)]
    for browser in browsers:
        await post(client, "/push/subscribe/", wish(browser))
    assert await in_sql(devices_of)(noor) == [each.device for each in browsers[2:]]


async def test_subscribing_over_and_over_is_refused() -> None:
    client, _noor = await signed_in()
    codes = [
        (await post(client, "/push/subscribe/", wish(Browser()))).status_code for _ in "x" * 21
    ]
    assert codes[-1] == 429


async def test_who_lost_their_browser_to_somebody_is_counted_on_no_more(
    live: Live, alice: str
) -> None:
    client, noor = await signed_in()
    phone = Browser()
    await post(client, "/push/subscribe/", wish(phone))
    assert await live.redis.hget(key("roster", noor), "push") == "1"
    await post(at_start(alice), "/push/subscribe/", wish(phone, "requester"))
    assert await in_sql(devices_of)(noor) == []
    assert await live.redis.hget(key("roster", noor), "push") == "0"


async def test_a_new_cookie_for_each_browser_fills_no_table() -> None:
    async def comes(address: str) -> int:
        send = in_sql(at_start(new_device()).post)
        body = wish(Browser(), "requester")
        answer = await send(
            "/push/subscribe/", body, content_type="application/json", REMOTE_ADDR=address
        )
        return int(answer.status_code)

    codes = [await comes(f"192.0.2.{last}") for last in range(SUBSCRIBES_A_NETWORK + 1)]
    assert (set(codes[:-1]), codes[-1]) == ({204}, 429)
    assert await comes("198.51.100.1") == 204, "another network is another matter"


async def test_a_page_from_elsewhere_can_subscribe_nobody() -> None:
    _client, noor = await signed_in()
    person = await in_sql(Person.objects.get)(pk=noor)
    strict = Client(enforce_csrf_checks=True)
    await in_sql(strict.force_login)(person)
    assert (await post(strict, "/push/subscribe/", wish(Browser()))).status_code == 403
    assert await in_sql(devices_of)(noor) == []


async def test_not_now_on_the_notification_is_heard_from_our_own_pages_alone(
    live: Live, alice: str
) -> None:
    client, noor = await signed_in()
    await live.enlist(noor, Entry(["en"], push=True, taking=True))
    await live.ask("a" * 32, alice, ["en"])
    assert await live.offer("a" * 32, 0, [noor]) == "ok"
    offer = (await live.volunteer_snapshot(noor)).offer
    assert offer is not None
    body = {"offer": offer.id}
    for headers in ({}, {"origin": "https://evil.example"}, {"origin": "null"}):
        assert (await post(client, "/push/decline/", body, **headers)).status_code == 403
    assert (await post(Client(), "/push/decline/", body, origin=ORIGIN)).status_code == 403
    assert await live.redis.hget(key("offer", offer.id), "state") == "pending"
    assert (await post(client, "/push/decline/", body, origin=ORIGIN)).status_code == 204
    assert await live.redis.hget(key("offer", offer.id), "state") == "declined"


async def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    first = (await in_sql(Client().get)("/push/key/")).json()["key"]
    assert (await in_sql(Client().get)("/push/key/")).json()["key"] == first
    assert len(decode(first)) == 65
    kept = tmp_path / "push-key"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert len(decode(kept.read_text())) == 32


async def test_the_worker_is_served_at_the_root_and_never_kept() -> None:
    answer = await in_sql(Client().get)("/sw.js?language=xx'%3Balert(1)")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Service-Worker-Allowed"] == "/"
    assert "no-cache" in answer["Cache-Control"]
    text = answer.content.decode()
    assert text.startswith('self.WORDS = {"ring": "Someone needs help"')
    assert "alert" not in text
