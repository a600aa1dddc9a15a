"""Can two people meet? The first call from end to end, as both of them see and hear it."""

from __future__ import annotations

from typing import Any

from tests.browser.conftest import REQUESTER_HERTZ, VOLUNTEER_HERTZ, Cast, Devices
from tests.browser.house import House
from tests.browser.people import Requester, Volunteer
from tests.browser.senses import PATIENCE_S, connections, hears_tone, sees_code
from tests.waiting import wait_for

HELPED = "Did you get what you needed?"
COULD_HELP = "Could you help?"
FEELING = "How did the call feel?"
MANY_PACKETS = 30
UNDER_A_WORKER = "() => Boolean(navigator.serviceWorker.controller)"

# What our page never does: let the media go before somebody has accepted.
SEND_AT_ONCE = """
async () => {
  for (const sender of window.connections.at(-1).getSenders().filter((each) => each.track)) {
    const parameters = sender.getParameters();
    for (const encoding of parameters.encodings) encoding.active = true;
    await sender.setParameters(parameters);
  }
}
"""


async def test_two_people_meet_see_hear_type_and_part(cast: Cast, devices: Devices) -> None:
    requester, volunteer = await cast.meet("Noor")
    await requester.reads("Connected to Noor")

    await sees_code(volunteer.page, devices.code)
    await hears_tone(volunteer.page, REQUESTER_HERTZ)
    await hears_tone(requester.page, VOLUNTEER_HERTZ)

    await requester.type_words("what is the date on it?")
    await volunteer.reads_in_log("what is the date on it")
    await volunteer.type_words("best before Tuesday")
    await requester.reads_in_log("best before Tuesday")

    await volunteer.press("End call")
    await requester.reads("Noor ended the call")
    await requester.answer(HELPED, "Yes")
    await requester.answer(FEELING, "Good")
    await requester.press("Send answers")
    await requester.is_back_at_start()
    await volunteer.answer(COULD_HELP, "Partly")
    await volunteer.press("Send answers")
    await volunteer.sees(volunteer.button("Stop taking calls"))
    await wait_for(lambda: why_not_written(cast.house), PATIENCE_S)


def why_not_written(house: House) -> str:
    """History has the request with its one Offer, its one Call, and what both said about it."""
    newest = house.history("SELECT id, reason FROM records_helprequest ORDER BY asked_at DESC")
    help_request, reason = newest[0]
    of = "WHERE help_request_id = ?"
    offers = house.history(f"SELECT outcome FROM records_offer {of}", help_request)
    calls = house.history(f"SELECT id, reason FROM records_call {of}", help_request)
    call = calls[0][0] if calls else ""
    said = "SELECT role, solved, feeling FROM feedback_rating WHERE call = ? ORDER BY role"
    found = (reason, offers, calls, house.history(said, call))
    wanted = (
        "volunteer_ended",
        [("accepted",)],
        [(call, "volunteer_ended")],
        [("requester", "yes", "good"), ("volunteer", "partly", None)],
    )
    return "" if found == wanted else f"{found} instead of {wanted}"


async def test_choosing_sends_nothing_and_leaving_sends_what_was_chosen(cast: Cast) -> None:
    requester, _volunteer = await cast.meet("Noor")
    (line,) = (await cast.house.live.queue()).helps
    assert line.call is not None
    call = line.call.id
    await requester.press("End call")
    await requester.answer(HELPED, "No")
    rated = "SELECT role, solved, feeling FROM feedback_rating WHERE call = ?"
    assert cast.house.history(rated, call) == []
    await falls_asleep(requester)
    await requester.page.goto("about:blank")

    def why_not_sent() -> str:
        found = cast.house.history(rated, call)
        return "" if found == [("requester", "no", None)] else f"ratings: {found}"

    await wait_for(why_not_sent, PATIENCE_S)


async def falls_asleep(requester: Requester) -> None:
    """The page's service worker, as it does half a minute after it was needed.

    Whatever the page says while it goes must not wait until the worker is awake.
    """
    await requester.page.wait_for_function(UNDER_A_WORKER)
    session = await requester.context.new_cdp_session(requester.page)
    await session.send("ServiceWorker.enable")
    await session.send("ServiceWorker.stopAllWorkers")


async def test_a_phone_calls_over_https_from_the_same_network(cast: Cast, devices: Devices) -> None:
    volunteer = await cast.taking_calls("Noor")
    # A certificate that is only overlooked, not trusted, is good for no service worker's script.
    overlooked: Any = {"ignore_https_errors": True, "service_workers": "block"}
    requester = await cast.requester(address=cast.house.phone_address, **overlooked)
    await requester.ask()
    await volunteer.accept()
    await sees_code(volunteer.page, devices.code)
    await hears_tone(requester.page, VOLUNTEER_HERTZ)
    await requester.press("End call")
    await requester.answer(FEELING, "Good")
    await requester.press("Send answers")
    await requester.is_back_at_start()
    cookies = await requester.context.cookies()
    assert cookies
    assert all(cookie["secure"] for cookie in cookies)


async def test_before_accept_nothing_of_the_requester_passes(cast: Cast, devices: Devices) -> None:
    volunteer = await cast.taking_calls("Noor")
    requester = await cast.requester()
    await requester.ask()
    await volunteer.sees(volunteer.ring)

    await wait_for(lambda: why_not_warm(requester, volunteer), PATIENCE_S)
    (asking,), (ringing,) = await connections(requester.page), await connections(volunteer.page)
    assert asking["active"] == [False, False]
    assert {one["kind"]: one["packetsSent"] for one in asking["sent"]} == {"audio": 0, "video": 0}
    assert sum(one["packetsReceived"] for one in ringing["received"]) == 0

    await volunteer.accept()
    await sees_code(volunteer.page, devices.code)
    (asking,) = await connections(requester.page)
    assert asking["active"] == [True, True]


async def test_a_page_that_sends_before_accept_reaches_nobody(cast: Cast, devices: Devices) -> None:
    volunteer = await cast.taking_calls("Noor")
    requester = await cast.requester()
    await requester.ask()
    await volunteer.sees(volunteer.ring)
    await wait_for(lambda: why_not_warm(requester, volunteer), PATIENCE_S)
    await requester.page.evaluate(SEND_AT_ONCE)

    async def why_nothing_sent() -> str:
        (asking,) = await connections(requester.page)
        sent = {one["kind"]: one["packetsSent"] for one in asking["sent"]}
        return "" if min(sent.values()) > MANY_PACKETS else f"sent: {sent}"

    await wait_for(why_nothing_sent, PATIENCE_S)
    (ringing,) = await connections(volunteer.page)
    assert ringing["state"] == "connected"
    assert sum(one["packetsReceived"] for one in ringing["received"]) == 0
    await volunteer.accept()
    await sees_code(volunteer.page, devices.code)


async def why_not_warm(requester: Requester, volunteer: Volunteer) -> str:
    """Both connections to the relay stand."""
    both = [*await connections(requester.page), *await connections(volunteer.page)]
    states = [one["state"] for one in both]
    return "" if states == ["connected", "connected"] else f"connections: {states}"
