"""Does the real service worker, in a real browser, say what a push says, and lead to the ring?"""

from __future__ import annotations

import json
import time
from typing import Any

from playwright.async_api import CDPSession, Route, Worker

from assist.lib.ids import new_id
from assist.live.keys import key
from assist.live.roster import Entry
from tests.browser.conftest import Cast
from tests.browser.people import Requester, Volunteer
from tests.push_service import Browser
from tests.waiting import wait_for

AGAIN_S = 5.0
ALLOWED = ("microphone", "notifications")
# A push service is far away: what it would answer is given, all else is the page's own.
SUBSCRIBED = """([endpoint, p256dh, auth]) => {
  PushManager.prototype.subscribe = async function (options) {
    window.subscribedWith = options;
    return { endpoint, toJSON: () => ({ endpoint, expirationTime: null, keys: { p256dh, auth } }) };
  };
}"""
SUBSCRIBE = """async (path) => (await import(path)).subscribe("volunteer")"""
STATE = "async () => (await navigator.serviceWorker.ready).active?.state"
SHOWN = """async () => (await registration.getNotifications()).map((each) =>
  ({title: each.title, body: each.body, tag: each.tag, silent: each.silent,
    actions: each.actions.map((action) => action.action)}))"""
# No tool can press a notification of the system: the worker is told that it was.
TAPPED = """async ([tag, action]) => {
  self.opened = [];
  self.clients.openWindow = async (url) => (self.opened.push(url), null);
  const [notification] = await registration.getNotifications({ tag });
  self.dispatchEvent(new NotificationEvent("notificationclick", { notification, action }));
}"""


class Device:
    """A Volunteer's browser whose worker listens to pushes."""

    def __init__(self, volunteer: Volunteer, line: CDPSession) -> None:
        self.volunteer, self.line = volunteer, line
        self.registration = ""
        self.sent: list[dict[str, Any]] = []
        self.unheard: dict[str, str] = {}
        self.again_s = 0.0
        line.on("ServiceWorker.workerRegistrationUpdated", self._registered)

    @classmethod
    async def of(cls, volunteer: Volunteer) -> Device:
        """After "ring me" was chosen, with a push service that is none."""
        page = volunteer.page
        device = cls(volunteer, await volunteer.context.new_cdp_session(page))
        await device.line.send("ServiceWorker.enable")
        await page.route("**/push/subscribe/", device._take)
        await page.evaluate(SUBSCRIBED, list(Browser().device))
        assert await page.evaluate(SUBSCRIBE, "/static/js/push/subscribe.js") == "on"
        await wait_for(lambda: "" if device.registration else "no worker is registered")
        await wait_for(device._why_not_at_work)
        return device

    async def _why_not_at_work(self) -> str:
        """A push that is delivered while the worker is being activated may show nothing."""
        state = await self.volunteer.page.evaluate(STATE)
        return "" if state == "activated" else f"the worker is {state}"

    def _registered(self, event: dict[str, Any]) -> None:
        for each in event["registrations"]:
            if not each["isDeleted"] and each["scopeURL"].startswith(self.volunteer.house.address):
                self.registration = each["registrationId"]

    async def _take(self, route: Route) -> None:
        self.sent.append(json.loads(route.request.post_data or "{}"))
        await route.fulfill(status=204)

    @property
    def worker(self) -> Worker:
        (worker,) = self.volunteer.context.service_workers
        return worker

    async def hears(self, **told: str) -> None:
        """What a push service would deliver. The tool that does it here loses one in some twenty,
        which is delivered again until something came of it."""
        self.unheard, self.again_s = told, time.monotonic() + AGAIN_S
        await self.line.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": self.volunteer.house.address,
                "registrationId": self.registration,
                "data": json.dumps(told),
            },
        )

    async def shows(self, *titles: str) -> list[dict[str, Any]]:
        """Until exactly these notifications are on the screen."""
        found: list[dict[str, Any]] = []

        async def why_not() -> str:
            found[:] = await self.worker.evaluate(SHOWN)
            if [each["title"] for each in found] == list(titles):
                return ""
            if self.unheard and time.monotonic() > self.again_s:
                await self.hears(**self.unheard)
            return f"{found}"

        await wait_for(why_not)
        self.unheard = {}
        return found

    async def taps(self, tag: str, action: str = "") -> list[str]:
        """Which addresses this opened."""
        await self.worker.evaluate(TAPPED, [tag, action])
        await self.shows()
        opened: list[str] = await self.worker.evaluate("() => self.opened")
        return opened


async def away(cast: Cast, name: str) -> Device:
    """Somebody who takes calls and has closed the page: only a push reaches them now."""
    volunteer = await cast.volunteer(name, allowed=ALLOWED)
    device = await Device.of(volunteer)
    await volunteer.take_calls()
    await volunteer.visit("/about/")
    live, person = cast.house.live, person_of(cast, name)
    await live.enlist(person, Entry(["en"], push=True))

    async def why_not() -> str:
        # As if the page had not been heard of for the 25 s that its lease has.
        await live.redis.zadd(key("deadlines"), {f"volunteer:{person}": 1}, xx=True)
        truth = await live.volunteer_snapshot(person)
        by_push = (truth.state, truth.reach) == ("available", "push")
        return "" if by_push else f"{truth.state} by {truth.reach}"

    await wait_for(why_not)
    return device


def person_of(cast: Cast, name: str) -> str:
    ((person,),) = cast.house.history("SELECT id FROM accounts_person WHERE name = ?", name)
    return str(person)


async def rings(cast: Cast, name: str) -> tuple[Requester, str]:
    """Somebody asks, and the house makes an Offer by push to this person: its id."""
    requester = await cast.requester()
    await requester.ask()
    found: list[str] = []

    async def why_not() -> str:
        offer = (await cast.house.live.volunteer_snapshot(person_of(cast, name))).offer
        found[:] = [offer.id] if offer else []
        return "" if offer else "no ring yet"

    await wait_for(why_not)
    return requester, found[0]


async def test_subscribing_hands_the_house_what_it_needs(cast: Cast) -> None:
    volunteer = await cast.volunteer("Petra", allowed=ALLOWED)
    device = await Device.of(volunteer)
    (sent,) = device.sent
    assert sent["role"] == "volunteer"
    assert set(sent["keys"]) == {"p256dh", "auth"}
    assert await volunteer.page.evaluate("() => window.subscribedWith.userVisibleOnly")


async def test_a_push_is_shown_and_its_end_takes_its_place(cast: Cast) -> None:
    volunteer = await cast.volunteer("Petra", allowed=ALLOWED)
    device = await Device.of(volunteer)
    await volunteer.visit("/about/")
    offer = new_id()
    await device.hears(offer=offer)
    (shown,) = await device.shows("Someone needs help")
    assert shown["actions"] == ["accept", "decline"]
    assert offer not in shown["title"] + shown["body"]
    await device.hears(withdrawn=offer)
    (shown,) = await device.shows("This ring is over")
    assert shown["body"] == "Thank you for being there."
    assert shown["silent"]


async def test_an_open_page_is_told_of_the_end_without_a_notification(cast: Cast) -> None:
    device = await Device.of(await cast.volunteer("Petra", allowed=ALLOWED))
    offer = new_id()
    await device.hears(offer=offer)
    (shown,) = await device.shows("Someone needs help")
    assert shown["silent"]
    await device.hears(withdrawn=offer)
    await device.shows()


async def test_a_tap_opens_the_ring(cast: Cast) -> None:
    device = await away(cast, "Petra")
    _requester, offer = await rings(cast, "Petra")
    await device.hears(offer=offer)
    await device.shows("Someone needs help")
    opened = await device.taps(offer)
    assert opened == [f"/volunteer/?offer={offer}"]
    await device.volunteer.visit(opened[0])
    await device.volunteer.sees(device.volunteer.ring)


async def test_accept_on_the_notification_is_the_one_action(cast: Cast) -> None:
    device = await away(cast, "Petra")
    requester, offer = await rings(cast, "Petra")
    await device.hears(offer=offer)
    await device.shows("Someone needs help")
    (opened,) = await device.taps(offer, "accept")
    await device.volunteer.visit(opened)
    await device.volunteer.is_in_call()
    await requester.is_in_call()


async def test_not_now_on_the_notification_opens_nothing_and_is_heard(cast: Cast) -> None:
    device = await away(cast, "Petra")
    _requester, offer = await rings(cast, "Petra")
    await device.hears(offer=offer)
    await device.shows("Someone needs help")
    assert await device.taps(offer, "decline") == []

    async def declined() -> str:
        state = str(await cast.house.live.redis.hget(key("offer", offer), "state"))
        return "" if state == "declined" else state

    await wait_for(declined)
    await device.hears(withdrawn=offer)
    await device.shows()
