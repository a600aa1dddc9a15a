"""Does a Volunteer's page say truly whether it rings, and does one press change it?"""

from __future__ import annotations

import json

from playwright.async_api import Route, expect

from assist.live.limits import LIMITS_MS
from assist.live.roster import Entry
from assist.protocol.states import VolunteerState, WhyAway
from assist.push.devices import mark_of
from tests.browser.conftest import Cast
from tests.browser.people import PATIENCE_MS, PHONE
from tests.browser.test_push_worker import ALLOWED, Device, person_of
from tests.waiting import wait_for

# This browser's half of a subscription; a real one needs a push service that is far away.
SUBSCRIBED = """PushManager.prototype.getSubscription = async () => ({
  endpoint: "https://push.example/1", options: {}, unsubscribe: async () => true});"""
KNOWN = {"here": True, "others": 1}


async def stands(cast: Cast, name: str, state: VolunteerState, why: WhyAway | None = None) -> None:
    """Until the house, too, has it so."""
    person = person_of(cast, name)

    async def why_not() -> str:
        truth = await cast.house.live.volunteer_snapshot(person)
        return "" if (truth.state, truth.why) == (state, why) else f"{truth.state}, {truth.why}"

    await wait_for(why_not)


async def test_quiet_and_awake_again_are_one_press_each(cast: Cast) -> None:
    volunteer = await cast.volunteer("Petra", viewport=PHONE)
    await volunteer.reads("Nothing rings: you are not taking calls")
    await volunteer.take_calls()
    await volunteer.reads("this page rings. When it is closed, nothing rings")
    await volunteer.press("For 3 hours")
    await volunteer.reads("Nothing rings until .* at .*: you asked for quiet")
    await volunteer.hears("Until .* it is quiet")
    await volunteer.misses(volunteer.button("For an hour"))
    # The button went with its group: the focus stands at the heading, and not on nothing.
    await expect(volunteer.page.locator("h1:visible")).to_be_focused(timeout=PATIENCE_MS)
    await stands(cast, "Petra", VolunteerState.AWAY, WhyAway.SNOOZED)
    await volunteer.finds_no_barrier()
    await volunteer.press("Wake me now")
    await volunteer.reads("this page rings")
    await stands(cast, "Petra", VolunteerState.AVAILABLE)


async def test_ready_ends_the_pause_and_leaves_the_questions(cast: Cast) -> None:
    requester, volunteer = await cast.meet("Petra")
    # However slow this machine is, the pause does not end by itself meanwhile.
    long = Entry(["en"], wrap_ms=LIMITS_MS["WRAP_UP_MOST"])
    await cast.house.live.enlist(person_of(cast, "Petra"), long)
    await requester.press("End call")
    await volunteer.sees(volunteer.group("Could you help?"))
    await stands(cast, "Petra", VolunteerState.WRAPPING_UP)
    await volunteer.sees(volunteer.page.get_by_role("timer").filter(visible=True))
    await volunteer.press("Ready for the next call")
    await stands(cast, "Petra", VolunteerState.AVAILABLE)
    await volunteer.misses(volunteer.button("Ready for the next call"))
    await volunteer.sees(volunteer.group("Could you help?"))


async def test_accept_on_one_device_takes_the_ring_from_the_other(cast: Cast) -> None:
    phone = await cast.volunteer("Petra", viewport=PHONE)
    desk = await cast.volunteer("Petra")
    await phone.take_calls()
    await desk.sees(desk.button("Stop taking calls"))
    requester = await cast.requester()
    await requester.ask()
    await phone.sees(phone.ring)
    await desk.sees(desk.ring)
    await phone.accept()
    await phone.is_in_call()
    await desk.misses(desk.ring)
    await desk.reads("open somewhere else")


async def test_a_test_ring_comes_through_the_real_worker_and_is_told(cast: Cast) -> None:
    volunteer = await cast.volunteer("Petra", allowed=ALLOWED, script=SUBSCRIBED)
    page, live, person = volunteer.page, cast.house.live, person_of(cast, "Petra")
    tests: list[str] = []

    async def try_ring(route: Route) -> None:
        """As the house does; its push service is played below."""
        tests.append(await live.try_ring(person))
        await live.tried(tests[0], person, mark_of(""), "sent")
        told = {"test": tests[0], "here": mark_of(""), "devices": 1}
        await route.fulfill(json=told)

    device = await Device.of(volunteer)
    await page.route("**/push/test/", try_ring)
    await page.route("**/push/devices/", lambda route: route.fulfill(body=json.dumps(KNOWN)))
    await page.reload()
    await volunteer.reads("This device rings also when this page is closed")
    await volunteer.reads("Another device of yours rings, too")
    await volunteer.press("Send me a test ring")
    await volunteer.reads("A test ring is on its way")
    await wait_for(lambda: "" if tests else "not tried yet")
    await device.hears(test=tests[0])
    await device.shows("This is a test ring")
    await volunteer.hears("The test ring has arrived on this device")
    await volunteer.reads("The test ring has arrived on this device")
    assert await live.trial(tests[0], person) == {mark_of(""): "arrived"}
