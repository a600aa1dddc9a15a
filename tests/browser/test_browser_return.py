"""Does everybody find back? After a reload, and after Redis was away or has forgotten all."""

from __future__ import annotations

import json

import pytest

from tests.browser.conftest import REQUESTER_HERTZ, VOLUNTEER_HERTZ, Cast, Devices
from tests.browser.house import House
from tests.browser.people import Guest, Requester, Volunteer
from tests.browser.senses import PATIENCE_S, hears_tone, plays_untouched, sees_code
from tests.waiting import wait_for

TURN_ON = "Turn sound on"
# What a page keeps, so that no outage loses a person's place; and whether it is this tab's.
RECEIPT, MARK = """localStorage["assist.receipt"]""", """sessionStorage["assist.holds"]"""


async def is_heard_again(guest: Guest) -> None:
    """The page plays by itself, or offers the button that a browser's rules make it offer."""

    async def why_not() -> str:
        if await plays_untouched(guest.page):
            return ""
        if await guest.button(TURN_ON).is_visible():
            await guest.press(TURN_ON)
        return f"{guest.page.url} plays nothing and offers no {TURN_ON!r}"

    await wait_for(why_not, PATIENCE_S)


async def in_touch(requester: Requester, volunteer: Volunteer, devices: Devices) -> None:
    """Picture and both voices arrive."""
    await sees_code(volunteer.page, devices.code)
    await hears_tone(volunteer.page, REQUESTER_HERTZ)
    await hears_tone(requester.page, VOLUNTEER_HERTZ)


def why_not_one_ring(house: House) -> str:
    """The newest HelpRequest has rung once and been one Call."""
    newest = house.history("SELECT id FROM records_helprequest ORDER BY asked_at DESC")[0][0]
    found = [
        len(house.history(f"SELECT id FROM records_{table} WHERE help_request_id = ?", newest))
        for table in ("offer", "call")
    ]
    return "" if found == [1, 1] else f"Offers and Calls: {found}"


@pytest.mark.parametrize("who", ["requester", "volunteer"])
async def test_a_reload_in_mid_call_brings_picture_and_voice_back_without_a_new_ring(
    cast: Cast, devices: Devices, who: str
) -> None:
    requester, volunteer = await cast.meet()
    await in_touch(requester, volunteer, devices)
    guest: Guest = requester if who == "requester" else volunteer
    await guest.page.reload()
    await is_heard_again(guest)
    await in_touch(requester, volunteer, devices)
    await volunteer.misses(volunteer.ring)
    await requester.press("End call")
    await volunteer.sees(volunteer.group("Could you help?"))
    await wait_for(lambda: why_not_one_ring(cast.house), PATIENCE_S)


@pytest.mark.parametrize("part", ["web", "relay", "worker"])
async def test_a_part_that_dies_in_mid_call_ends_no_call(
    cast: Cast, devices: Devices, part: str
) -> None:
    requester, volunteer = await cast.meet()
    await in_touch(requester, volunteer, devices)
    cast.house.kill(part)
    await cast.house.wait_until_ready()
    if part == "web":  # a gap that heals in a moment is not said: ask the new web itself
        await wait_for(lambda: cast.house.why_not_linked("requester", "volunteer"), PATIENCE_S)
    await in_touch(requester, volunteer, devices)
    await volunteer.type_words("still with you")
    await requester.reads_in_log("still with you")
    await volunteer.press("End call")
    # Until the next worker speaks, a page reads its Snapshot, which knows no reasons.
    await requester.reads("call is over")
    if part != "worker":
        await requester.reads("Noor ended the call")
    await wait_for(lambda: why_not_one_ring(cast.house), PATIENCE_S)


async def test_a_second_tab_takes_the_call_over_only_when_told(
    cast: Cast, devices: Devices
) -> None:
    requester, volunteer = await cast.meet()
    second = Requester(cast.house, requester.address, requester.context, await requester.new_tab())
    await second.come()
    await second.reads("open somewhere else")
    await requester.is_in_call()
    await second.press("Continue here")
    await second.is_in_call()
    await requester.reads("open somewhere else")
    await in_touch(second, volunteer, devices)
    await second.press("End call")
    await wait_for(lambda: why_not_one_ring(cast.house), PATIENCE_S)
    assert second.mistakes == []


async def test_a_volunteer_whose_page_is_gone_is_missed_aloud(cast: Cast) -> None:
    requester, volunteer = await cast.meet()
    await volunteer.page.goto("about:blank")
    await requester.reads("Noor's connection is lost")
    await volunteer.visit("/volunteer/")
    await requester.reads("Noor's connection is back")


async def test_a_redis_restart_in_mid_call_loses_nothing(cast: Cast, devices: Devices) -> None:
    requester, volunteer = await cast.meet()
    await in_touch(requester, volunteer, devices)
    cast.house.redis.kill()
    cast.house.redis.start()
    await in_touch(requester, volunteer, devices)
    await requester.type_words("are you still there?")
    await volunteer.reads_in_log("are you still there")
    await cast.house.wait_until_ready()
    await volunteer.press("End call")
    await requester.reads("Noor ended the call")
    await wait_for(lambda: why_not_one_ring(cast.house), PATIENCE_S)


async def test_a_redis_restart_in_mid_wait_loses_nobody(cast: Cast, devices: Devices) -> None:
    requester = await cast.requester()
    await requester.ask()
    (before,) = await waiting(cast.house, 1)
    cast.house.redis.kill()
    cast.house.redis.start()
    assert await waiting(cast.house, 1) == [before]
    volunteer = await cast.taking_calls("Noor")
    await volunteer.accept()
    await in_touch(requester, volunteer, devices)


async def test_a_wiped_redis_gets_those_who_wait_back_in_their_places(
    cast: Cast, devices: Devices
) -> None:
    first = await cast.requester()
    await first.ask()
    await waiting(cast.house, 1)
    second = await cast.requester()
    await second.ask()
    before = await waiting(cast.house, 2)
    cast.house.redis.kill()
    cast.house.redis.wipe()
    cast.house.redis.start()
    assert await waiting(cast.house, 2) == before
    volunteer = await cast.taking_calls("Noor")
    await volunteer.accept()
    await in_touch(first, volunteer, devices)
    await second.sees(second.button("Cancel call"))


async def test_a_receipt_in_another_persons_hands_is_worth_nothing(cast: Cast) -> None:
    owner = await cast.requester()
    await owner.ask()
    (before,) = await waiting(cast.house, 1)
    # The house knows of the wish before the page has heard what to keep.
    await owner.page.wait_for_function(f"() => {RECEIPT} && {MARK}")
    receipt, mark = [await owner.page.evaluate(kept) for kept in (RECEIPT, MARK)]
    script = f"{RECEIPT} = {json.dumps(receipt)}; {MARK} = {json.dumps(mark)};"
    thief = await cast.requester(script=script)
    await thief.reads("That call is over")
    await thief.ask()
    after = await waiting(cast.house, 2)
    assert before in after
    assert len({help_request for help_request, _since_ms in after}) == 2


async def waiting(house: House, many: int) -> list[tuple[str, int]]:
    """Ids and first asks of those who wait, the longest first, once there are so many."""
    found: list[tuple[str, int]] = []

    async def why_not() -> str:
        truth = await house.live.queue()
        found[:] = [(one.id, one.since_ms) for one in truth.helps if one.call is None]
        return "" if len(found) == many else f"{len(found)} wait, not {many}"

    await wait_for(why_not, PATIENCE_S)
    return found
