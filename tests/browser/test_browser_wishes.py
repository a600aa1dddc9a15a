"""Does the page of a Volunteer's wishes help when something is missing, and say what it kept?"""

from __future__ import annotations

from typing import Any, NamedTuple

from playwright.async_api import Locator, expect

from tests.browser.conftest import Cast
from tests.browser.people import PATIENCE_MS, Guest, Volunteer

COPENHAGEN = "Europe/Copenhagen"


EIGHT_IN_THE_MORNING, EIGHT_IN_THE_EVENING = "0800A", "0800P"
# A field of time has hours, minutes, morning or evening, and a clock to choose from.
STOPS_IN_A_FIELD = 4
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Node = dict[str, Any]


class Field(NamedTuple):
    """A field of time as a screen reader has it."""

    day: str
    name: str
    is_wrong: bool
    description: str


async def fields_of_time(guest: Guest) -> list[Field]:
    """All that the accessibility tree has, in order, each with the group that it is in."""
    cdp = await guest.context.new_cdp_session(guest.page)
    await cdp.send("Accessibility.enable")
    nodes: list[Node] = (await cdp.send("Accessibility.getFullAXTree"))["nodes"]
    await cdp.detach()
    known = {node["nodeId"]: node for node in nodes}
    times = [node for node in nodes if said(node, "role") == "InputTime" and not node["ignored"]]
    return [
        Field(day_of(one, known), said(one, "name"), is_wrong(one), said(one, "description"))
        for one in times
    ]


def said(node: Node, what: str) -> str:
    return str(node.get(what, {}).get("value", ""))


def is_wrong(node: Node) -> bool:
    told = {one["name"]: one["value"].get("value") for one in node.get("properties", [])}
    return told.get("invalid") == "true"


def day_of(node: Node, known: dict[str, Node]) -> str:
    while said(node, "role") != "group":
        node = known[node["parentId"]]
    return said(node, "name")


async def tabs_on_to(guest: Guest, what: Locator) -> None:
    """Out of one field of time into what comes next."""
    for _stop in range(STOPS_IN_A_FIELD):
        await guest.page.keyboard.press("Tab")
        if await what.evaluate("(each) => each === document.activeElement"):
            return
    raise AssertionError(f"Tab does not lead to {what}")


async def saves(volunteer: Volunteer) -> None:
    await volunteer.button("Save").focus()
    await volunteer.page.keyboard.press("Enter")


async def test_a_week_is_filled_by_keys_and_what_is_missing_is_said_at_its_field(
    cast: Cast,
) -> None:
    volunteer = await cast.volunteer("Noor")
    keyboard = volunteer.page.keyboard
    await volunteer.visit("/volunteer/settings/")
    monday = volunteer.group("Monday")
    await volunteer.misses(monday)
    assert await fields_of_time(volunteer) == []  # nor does a screen reader meet a week
    await volunteer.named("radio", "Always").focus()
    await keyboard.press("ArrowDown")
    await volunteer.sees(monday)
    fields = [(one.day, one.name) for one in await fields_of_time(volunteer)]
    assert fields == [(day, name) for day in DAYS for name in ("From", "Until")]
    begins, ends = (monday.get_by_label(name, exact=True) for name in ("From", "Until"))
    await tabs_on_to(volunteer, begins)
    await keyboard.type(EIGHT_IN_THE_MORNING)
    await tabs_on_to(volunteer, ends)
    volunteer.expects_refusal("/volunteer/settings/")
    await saves(volunteer)
    await expect(ends).to_be_focused(timeout=PATIENCE_MS)
    [wrong] = [one for one in await fields_of_time(volunteer) if one.is_wrong]
    assert (wrong.day, wrong.name) == ("Monday", "Until")
    assert "both times of a day" in wrong.description
    await volunteer.finds_no_barrier()
    await keyboard.type(EIGHT_IN_THE_EVENING)
    await saves(volunteer)
    await expect(volunteer.page.get_by_text("Saved.")).to_be_focused(timeout=PATIENCE_MS)
    kept = cast.house.history("SELECT hours FROM accounts_person WHERE name = ?", "Noor")
    assert kept == [('{"mo": [["08:00", "20:00"]]}',)]
    await volunteer.named("radio", "Only at these hours").focus()
    await keyboard.press("ArrowUp")
    await volunteer.misses(monday)
    await saves(volunteer)
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
