"""Is who is handed over in the same place, on the same line, and never in the dark?"""

from __future__ import annotations

from typing import NamedTuple

from playwright.async_api import expect

from assist.live.keys import key
from tests.browser.conftest import VOLUNTEER_HERTZ, Cast, Devices
from tests.browser.handing import WHY
from tests.browser.house import House
from tests.browser.people import PATIENCE_MS, Requester, Volunteer
from tests.browser.senses import PATIENCE_S, REMEMBER_SAID, connections, hears_tone, sees_code
from tests.waiting import wait_for

NOTE = "We have read the letter as far as page 2."


class Place(NamedTuple):
    """Where somebody stands in the queue, since when, and which Leg is theirs."""

    help_request: str
    since_ms: int
    leg: str


async def place_of(house: House) -> Place:
    """Of the only one who asks."""
    (line,) = (await house.live.queue()).helps
    leg = await house.live.redis.hget(key("legs", line.id), line.requester)
    return Place(line.id, line.since_ms, str(leg))


async def said_to(requester: Requester) -> list[str]:
    said: list[str] = await requester.page.evaluate("() => window.said")
    return said


async def test_the_next_volunteer_goes_on_where_the_first_one_stopped(
    cast: Cast, devices: Devices
) -> None:
    noor = await cast.taking_calls("Noor")
    alice = await cast.requester(script=REMEMBER_SAID)
    await alice.ask()
    await noor.accept()
    await sees_code(noor.page, devices.code)
    bob = await cast.taking_calls("Bob")
    coordinator = await cast.coordinator()
    await coordinator.sees(coordinator.row("Calls", "Noor"))
    before = await place_of(cast.house)
    await alice.button("Mute microphone").focus()
    heard = len(await said_to(alice))

    await noor.press("Hand over")
    await hears_who_is_free(noor)
    await noor.fill("Note to the next volunteer (optional)", NOTE)
    await noor.press("Hand over now")
    await noor.reads("Handed over. The person is first in line")
    await expect(noor.named("heading", "The call is over")).to_be_focused(timeout=PATIENCE_MS)
    await expect(alice.named("heading", "Asking for help")).to_be_focused(timeout=PATIENCE_MS)
    over = "Noor has to go and hands you over. You are first in line, and we ask others."
    note = f"Their note to the next volunteer: {NOTE}"
    await alice.hears(note)
    assert (await said_to(alice))[heard:][:2] == [over, note]

    await bob.sees(bob.ring)
    await bob.reads("Another volunteer has helped them so far")
    await coordinator.sees(coordinator.row("Waiting", "English"))
    await coordinator.misses(coordinator.row("Calls", "Noor"))
    assert await place_of(cast.house) == before
    (asking,) = await connections(alice.page)
    assert asking["active"] == [False, False]
    assert [one["packetsReceived"] for one in (await connections(bob.page))[-1]["received"]] in (
        [],
        [0],
        [0, 0],
    )

    await bob.accept()
    await sees_code(bob.page, devices.code)
    await hears_tone(alice.page, VOLUNTEER_HERTZ)
    await bob.reads(f"Their phone says that the volunteer before you wrote: {NOTE}")
    await alice.hears("Connected to Bob")
    await coordinator.sees(coordinator.row("Calls", "Bob"))
    assert await place_of(cast.house) == before
    assert await alice.page.evaluate("() => window.connections.length") == 1

    await alice.press("End call")
    await bob.reads("The person ended the call")
    await bob.press("Skip")
    await bob.sees(bob.button("Stop taking calls"))

    async def why_not_forgotten() -> str:
        """What a screen reader was told last stands for some seconds where it listens."""
        return "the note is still on the page" if NOTE in await bob.page.content() else ""

    await wait_for(why_not_forgotten, PATIENCE_S)
    await alice.answer("Did you get what you needed?", "Yes")
    await noor.answer("Could you help?", "Partly")
    await noor.press("Send answers")
    await alice.press("Send answers")
    await wait_for(lambda: why_not_written(cast.house), PATIENCE_S)


async def hears_who_is_free(volunteer: Volunteer) -> None:
    """Beforehand, of each choice; it stands at the button, and takes the focus from nothing."""
    must_go = volunteer.group(WHY).get_by_role("radio", name="I must go")
    over = volunteer.button("Hand over now")
    await expect(over).to_have_accessible_description(
        "1 other is free just now.", timeout=PATIENCE_MS
    )
    await volunteer.hears("1 other is free just now")
    await expect(must_go).to_be_focused()
    await volunteer.answer(WHY, "Another language would help")
    await expect(over).to_have_accessible_description("", timeout=PATIENCE_MS)
    await volunteer.named("combobox", "Language they need").select_option("fi")
    nobody = "Nobody who speaks Finnish is free just now: they will wait, first in line."
    await expect(over).to_have_accessible_description(nobody, timeout=PATIENCE_MS)
    await volunteer.hears(nobody)
    await volunteer.answer(WHY, "I must go")
    await expect(over).to_have_accessible_description(
        "1 other is free just now.", timeout=PATIENCE_MS
    )


def why_not_written(house: House) -> str:
    """Both Calls, each with its own end and answers; of the note nothing."""
    calls = house.history("SELECT id, reason FROM records_call ORDER BY accepted_at DESC LIMIT 2")
    ends = [reason for _, reason in reversed(calls)]
    said = "SELECT role, solved FROM feedback_rating WHERE call = ?"
    answers = [house.history(said, call) for call, _ in reversed(calls)]
    wanted = (
        ["handed_over", "requester_ended"],
        [[("volunteer", "partly")], [("requester", "yes")]],
    )
    return "" if (ends, answers) == wanted else f"{ends}, {answers}"


async def test_who_is_handed_over_may_cancel_and_say_how_the_call_was(cast: Cast) -> None:
    alice, noor = await cast.meet("Noor")
    await noor.press("Hand over")
    await noor.fill("Note to the next volunteer (optional)", NOTE)
    await alice.press("End call")
    await alice.press("Back to the start")
    await noor.press("Skip")
    await alice.ask()
    await noor.accept()
    await noor.press("Hand over")
    box = noor.named("textbox", "Note to the next volunteer (optional)")
    await expect(box).to_have_value("")  # what was written of somebody else
    await noor.page.get_by_role("checkbox", name="Stop taking calls after this").check()
    await noor.press("Hand over now")
    await noor.reads("Handed over")
    await alice.reads("Noor has to go and hands you over")
    await alice.press("Cancel call")
    await alice.answer("Did you get what you needed?", "Partly")
    await alice.press("Send answers")
    await alice.is_back_at_start()
    await noor.press("Skip")
    await noor.sees(noor.button("Start taking calls"))
