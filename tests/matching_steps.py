"""Which steps do the tests of matching share? People ask, ring and answer by the real scripts."""

from assist.lib.ids import new_id
from assist.live import Live
from assist.protocol.states import HelpState, VolunteerState
from tests.conftest import enlisted


async def asks(live: Live, requester: str, *languages: str) -> str:
    """A new HelpRequest of this Requester."""
    help_request = new_id()
    assert (await live.ask(help_request, requester, list(languages))).is_ == "ok"
    return help_request


async def available(live: Live, count: int, *languages: str) -> list[str]:
    """So many Volunteers, ready."""
    volunteers = [await enlisted(live, *languages) for _ in range(count)]
    for volunteer in volunteers:
        assert await live.available(volunteer) == "ok"
    return volunteers


async def ringing(live: Live, volunteers: list[str]) -> list[str]:
    """Those of them whose phone rings."""
    states = [(one, (await live.volunteer_snapshot(one)).state) for one in volunteers]
    return [one for one, state in states if state == VolunteerState.RINGING]


async def offer_to(live: Live, volunteer: str) -> str:
    """The id of the ring this Volunteer sees."""
    offer = (await live.volunteer_snapshot(volunteer)).offer
    assert offer is not None
    return offer.id


async def help_state(live: Live, requester: str) -> HelpState | None:
    """Where this Requester's HelpRequest stands."""
    found = (await live.requester_snapshot(requester)).help
    return found and found.state


async def keep_alive(live: Live, requesters: list[str], volunteers: list[str]) -> None:
    """Everybody's page beats once."""
    pages = [("requester", one, False) for one in requesters]
    await live.beat([*pages, *(("volunteer", one, False) for one in volunteers)])
