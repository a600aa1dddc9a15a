"""Does the page of a Volunteer's wishes help when something is missing, and say what it kept?"""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.browser.conftest import Cast
from tests.browser.people import PATIENCE_MS

COPENHAGEN = "Europe/Copenhagen"


async def test_what_is_missing_is_said_at_its_field_and_the_focus_is_there(cast: Cast) -> None:
    volunteer = await cast.volunteer("Noor")
    await volunteer.visit("/volunteer/settings/")
    monday = volunteer.group("Monday")
    await volunteer.misses(monday)
    await volunteer.answer("When my phone may ring", "Only at these hours")
    await volunteer.sees(monday)
    await monday.get_by_label("From", exact=True).fill("08:00")
    volunteer.expects_refusal("/volunteer/settings/")
    await volunteer.press("Save")
    missing = monday.get_by_label("Until", exact=True)
    await expect(missing).to_be_focused(timeout=PATIENCE_MS)
    await expect(missing).to_have_accessible_description(re.compile("both times of a day"))
    await volunteer.finds_no_barrier()
    await missing.fill("20:00")
    await volunteer.press("Save")
    await expect(volunteer.page.get_by_text("Saved.")).to_be_focused(timeout=PATIENCE_MS)
    await volunteer.answer("When my phone may ring", "Always")
    await volunteer.press("Save")
    await volunteer.reads("Saved")


async def test_quiet_is_counted_in_the_time_zone_that_the_browser_knows(cast: Cast) -> None:
    volunteer = await cast.volunteer("Zoe", timezone_id=COPENHAGEN)
    await volunteer.visit("/volunteer/settings/")
    await volunteer.press("Until tomorrow 8:00")
    await volunteer.reads("It is quiet until .*, 08:00")
    kept = cast.house.history("SELECT time_zone FROM accounts_person WHERE name = ?", "Zoe")
    assert kept == [(COPENHAGEN,)]
    await volunteer.press("Wake me now")
    await volunteer.reads("You are awake")
