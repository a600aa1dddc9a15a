"""How does a Volunteer hand over, and who can be spoken of afterwards? For the tour of names."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.conftest import Cast
from tests.browser.people import PATIENCE_MS, Requester, Volunteer
from tests.browser.senses import PATIENCE_S
from tests.browser.stops import Tour
from tests.waiting import wait_for

WHY = "Why do you hand over?"
# On a slow machine the question may be over by itself before all of it was looked at.
REFUSE = "() => document.querySelector('#consent:not([hidden]) #refuse')?.click()"


async def thinks_about_handing_over(requester: Requester, volunteer: Volunteer, tour: Tour) -> None:
    """Every choice is looked at, the person is asked, and would rather stay."""
    await volunteer.press("Hand over")
    await tour.stop(volunteer, "/volunteer/", "handing over")
    await volunteer.answer(WHY, "Somebody else would know better")
    await tour.stop(volunteer, "/volunteer/", "handing over to somebody else")
    await volunteer.answer(WHY, "Another language would help")
    await tour.stop(volunteer, "/volunteer/", "handing over to another language")
    await volunteer.named("combobox", "Language they need").select_option("en")
    await volunteer.press("Hand over now")
    await tour.stop(requester, "/", "asked to be handed over")
    await requester.page.evaluate(REFUSE)
    await volunteer.reads_in_log("They would rather not|They did not answer")
    await volunteer.press("Hand over")
    await volunteer.press("Stay in the call")
    await volunteer.misses(volunteer.button("Hand over now"))


async def is_handed_over_and_reports_the_first(
    cast: Cast, requester: Requester, volunteer: Volunteer, tour: Tour
) -> None:
    """The report goes to the Call that it is about, not to the last one."""
    await requester.press("Back to the start")
    await requester.ask()
    await volunteer.accept()
    await volunteer.is_in_call()
    bob = await cast.taking_calls("Bob")
    await volunteer.press("Hand over")
    await volunteer.press("Hand over now")
    await bob.accept()
    await bob.is_in_call()
    await requester.press("End call")
    await requester.press("Report a problem")
    whom = requester.named("combobox", "Who is it about?")
    await expect(whom).to_be_focused(timeout=PATIENCE_MS)
    assert await whom.locator("option").all_inner_texts() == [
        "Bob, who helped last",
        "NAME, before that",
    ]
    await whom.select_option(label="NAME, before that")
    await tour.stop(requester, "/", "reporting after a hand-over")
    await requester.fill("What happened?", "They hurried.")
    await requester.press("Send report")
    await requester.reads("will read your report")
    await wait_for(lambda: why_not_of_the_first(cast), PATIENCE_S)


def why_not_of_the_first(cast: Cast) -> str:
    said = "SELECT call FROM feedback_report WHERE text = 'They hurried.'"
    ((call,),) = cast.house.history(said)
    ends = cast.house.history("SELECT reason FROM records_call WHERE id = ?", call)
    return "" if ends == [("handed_over",)] else f"the call of the report ended: {ends}"
