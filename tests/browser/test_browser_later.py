"""Is somebody called back, also when they were not there the first time?"""

from __future__ import annotations

from tests.browser.conftest import Cast, Devices
from tests.browser.house import House
from tests.browser.senses import devices_open, sees_code, sees_no_code


async def test_a_call_back_keeps_its_place_until_the_person_starts_it(
    cast: Cast, devices: Devices
) -> None:
    requester = await cast.requester()
    await requester.ask()
    await requester.press("Call me back")
    await requester.sees(requester.named("heading", "We will call you back"))
    before = await place(cast.house, "parked")

    noor = await cast.taking_calls("Noor")
    await noor.accept()
    ready = requester.named("dialog", "A volunteer is ready for you")
    await requester.sees(ready)
    assert await place(cast.house, "confirming") == before
    await cast.house.hurry("confirm")
    await requester.misses(ready)
    await requester.reads("The call was not started. We will call you back again")
    await noor.reads("The call did not begin. Thank you")
    assert await place(cast.house, "parked") == before

    bob = await cast.taking_calls("Bob")
    await bob.accept()
    await requester.sees(ready)
    assert await devices_open(requester.page) == []
    await sees_no_code(bob.page)
    await requester.press("Start the call")
    await requester.reads("Connected to Bob")
    await bob.is_in_call()
    await sees_code(bob.page, devices.code)
    await noor.misses(noor.ring)


async def place(house: House, state: str) -> tuple[str, int]:
    """The one HelpRequest, which is in this state: its id, and since when it waits."""
    (one,) = (await house.live.queue()).helps
    assert one.state == state
    return one.id, one.since_ms
