"""What does a ring say, and how does it end for those who are not in the call?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from playwright.async_api import Locator, expect

from tests.browser.conftest import Cast
from tests.browser.people import PATIENCE_MS, Guest, Requester, Volunteer
from tests.browser.senses import PATIENCE_S, notice
from tests.waiting import wait_for

MANY_TABS = 40
QUICKER = "Someone else was quicker"
TOGETHER_MS = 1000
TRIES = 4  # a machine that stalls lets nobody press at the same moment
# Two fingers at the same moment: no program could press them so close together one by one.
TAP_AT = """(button, at) => new Promise((done) =>
  setTimeout(() => (button.click(), done(Date.now())), at - Date.now()))"""


async def test_two_ring_and_the_slower_one_is_told_kindly(cast: Cast) -> None:
    noor, bob = await cast.taking_calls("Noor"), await cast.taking_calls("Bob")
    requester = await cast.requester()
    await requester.ask()
    await noor.sees(noor.ring)
    await bob.sees(bob.ring)
    await bob.accept()
    await noor.misses(noor.ring)
    await noor.reads("else was quicker")
    await requester.reads("Connected to Bob")
    await noor.sees(noor.button("Stop taking calls"))


async def test_a_tap_that_comes_too_late_is_thanked_at_once(
    cast: Cast, record_property: Callable[[str, object], None]
) -> None:
    both = await cast.taking_calls("Noor"), await cast.taking_calls("Bob")
    requester = await cast.requester()
    for _ in range(TRIES):
        winner, loser, measured = await both_tap(requester, both)
        if measured:
            break
        await requester.press("End call")
        await requester.press("Back to the start")
        await winner.press("Skip")
    assert measured, "the ring was over before they tapped"
    await loser.misses(loser.ring)
    await loser.reads_in_log(f"{QUICKER}. Thank you. You are next in line for a minute")
    print(f"from the winner's tap to the loser's notice, in ms: {measured}")
    record_property("late_tap_notice_ms", measured)


async def both_tap(
    requester: Requester, both: tuple[Volunteer, Volunteer]
) -> tuple[Volunteer, Volunteer, dict[str, float]]:
    """Who was quicker, who was too late, and when they were told. Nothing if they did not tap."""
    await requester.ask()
    for volunteer in both:
        await volunteer.settles(volunteer.ring)
    notices = [asyncio.create_task(notice(each.page, QUICKER)) for each in both]
    at_ms = time.time() * 1000 + TOGETHER_MS
    taps = await asyncio.gather(
        *(each.button("Accept").evaluate(TAP_AT, at_ms) for each in both),
    )
    done, waiting = await asyncio.wait(
        notices, timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED
    )
    for task in waiting:
        task.cancel()
    assert len(done) == 1, "neither was too late"
    (told,) = [task.result() for task in done]
    late = notices.index(done.pop())
    loser, winner = both[late], both[1 - late]
    await winner.is_in_call()
    measured = {how: told[how] - taps[1 - late] for how in ("shown", "said")}
    return winner, loser, measured if taps[late] < told["shown"] else {}


async def test_three_rings_that_pass_set_a_volunteer_away_with_kind_words(cast: Cast) -> None:
    volunteer = await cast.taking_calls("Noor")
    requester = await cast.requester()
    for words in ("The ring is over", "The ring is over", "Three calls rang and passed"):
        await requester.ask()
        await volunteer.sees(volunteer.ring)
        await wait_for(lambda: why_not_passed(cast, volunteer), PATIENCE_S)
        await volunteer.hears(words)
        await requester.press("Cancel call")
        await requester.is_back_at_start()
    await volunteer.reads("we let you rest. That is quite all right")
    assert (await cast.house.live.queue()).volunteers == []
    await volunteer.take_calls()
    await requester.ask()
    await volunteer.sees(volunteer.ring)


async def why_not_passed(cast: Cast, volunteer: Volunteer) -> str:
    """The ring's time is over: again and again, as the page's own word of it may come meanwhile."""
    await cast.house.hurry("offer")
    return "it still rings" if await volunteer.ring.is_visible() else ""


async def test_a_requester_who_leaves_ends_the_ring(cast: Cast) -> None:
    volunteer = await cast.taking_calls("Noor")
    requester = await cast.requester()
    await requester.ask()
    await volunteer.sees(volunteer.ring)
    await requester.press("Cancel call")
    await requester.is_back_at_start()
    await volunteer.misses(volunteer.ring)
    await volunteer.reads("no longer|cancelled|gone|left")
    await volunteer.sees(volunteer.button("Stop taking calls"))


async def test_not_now_leaves_the_requester_waiting(cast: Cast) -> None:
    volunteer = await cast.taking_calls("Noor")
    requester = await cast.requester()
    await requester.ask()
    await volunteer.sees(volunteer.ring)
    await volunteer.press("Not now")
    await volunteer.misses(volunteer.ring)
    await requester.sees(requester.button("Cancel call"))


async def test_nobody_free_is_said_and_whoever_comes_is_rung(cast: Cast) -> None:
    requester = await cast.requester()
    await requester.ask()
    await requester.reads("nobody is free|no volunteer is free|everybody is busy|nobody")
    volunteer = await cast.taking_calls("Noor")
    await volunteer.accept()
    await requester.is_in_call()


async def test_a_call_by_keyboard_alone(cast: Cast) -> None:
    volunteer = await cast.volunteer("Noor")
    await by_keyboard(volunteer, volunteer.button("Start taking calls"))
    await volunteer.sees(volunteer.button("Stop taking calls"))
    requester = await cast.requester()
    await by_keyboard(requester, requester.button("Call a volunteer"))
    await volunteer.sees(volunteer.ring)
    heading = volunteer.ring.get_by_role("heading", name="Someone needs help")
    await expect(heading).to_be_focused(timeout=PATIENCE_MS)
    await by_keyboard(volunteer, volunteer.button("Accept"))
    await by_keyboard(requester, requester.page.get_by_role("textbox", name="Message"), "")
    await requester.page.keyboard.type("hello")
    await requester.page.keyboard.press("Enter")
    await volunteer.reads_in_log("hello")
    await by_keyboard(requester, requester.button("End call"))
    await expect(requester.page.get_by_role("heading", name="The call is over")).to_be_focused(
        timeout=PATIENCE_MS
    )
    await volunteer.sees(volunteer.group("Could you help?"))


async def by_keyboard(guest: Guest, target: Locator, key: str = "Enter") -> None:
    """Tab to it, and press the key; never with a mouse."""
    await guest.settles(target)
    for _ in range(MANY_TABS):
        if await target.evaluate("(element) => element === document.activeElement"):
            break
        await guest.page.keyboard.press("Tab")
    else:
        raise AssertionError(f"{target} is not reached by {MANY_TABS} tabs")
    if key:
        await guest.page.keyboard.press(key)


async def test_escape_is_not_now_and_gives_the_focus_back(cast: Cast) -> None:
    volunteer = await cast.volunteer("Noor")
    await by_keyboard(volunteer, volunteer.button("Start taking calls"))
    await volunteer.sees(volunteer.button("Stop taking calls"))
    requester = await cast.requester()
    await requester.ask()
    await volunteer.settles(volunteer.ring)
    await volunteer.page.keyboard.press("Escape")
    await volunteer.misses(volunteer.ring)
    await expect(volunteer.button("Stop taking calls")).to_be_focused(timeout=PATIENCE_MS)
