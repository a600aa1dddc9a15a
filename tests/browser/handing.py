"""How does a Volunteer hand over, until somebody says yes or no? For the tour of names."""

from __future__ import annotations

from tests.browser.people import Requester, Volunteer
from tests.browser.stops import Tour

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
