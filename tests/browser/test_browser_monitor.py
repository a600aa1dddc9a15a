"""What does a Coordinator see of all this? Four tables that are true within a moment."""

from __future__ import annotations

from tests.browser.conftest import Cast


async def test_the_four_tables_follow_a_call(cast: Cast) -> None:
    coordinator = await cast.coordinator()
    await coordinator.sees(coordinator.row("Relays", r"\d %"))
    requester = await cast.requester()
    await requester.ask()
    await coordinator.sees(coordinator.row("Waiting", "English"))
    await coordinator.misses(coordinator.row("Calls", "Noor"))
    volunteer = await cast.taking_calls("Noor")
    await coordinator.sees(coordinator.row("Volunteers", "Noor"))
    await volunteer.accept()
    await coordinator.sees(coordinator.row("Calls", "Noor"))
    await coordinator.misses(coordinator.row("Waiting", "English"))
    measured = r"Connected, \d+ ms, [\d.]+ % lost.*Connected, \d+ ms, [\d.]+ % lost.*640 by 480"
    await coordinator.sees(coordinator.row("Calls", measured))
    await requester.press("End call")
    await coordinator.misses(coordinator.row("Calls", "Noor"))


async def test_the_queue_is_for_coordinators_alone(cast: Cast) -> None:
    volunteer = await cast.volunteer("Noor")
    await volunteer.visit("/monitor/", 403)
    await volunteer.misses(volunteer.page.get_by_role("table", name="Waiting", exact=True))
    await volunteer.reads("invitation|not for everybody")
