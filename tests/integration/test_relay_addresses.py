"""Is a relay reached by each address that it announces, and does it announce no other?"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aioice import ice
from redis.asyncio import Redis

from assist.lib.ids import new_id
from assist.live import Live
from assist.protocol.states import Role
from assist.relay.client import RelayClient
from assist.relay.ice import own_addresses
from tests.integration.relay_people import WHITE, Meeting, Person, started
from tests.waiting import wait_for

FOUR, SIX = "127.0.0.1", "::1"
# An SDP has places for an address that nobody uses; these are what stands there.
PLACEHOLDERS = ["c=IN IP4 0.0.0.0", "IN IP4 127.0.0.1"]


@asynccontextmanager
async def meeting_at(redis: Redis, live: Live, addresses: list[str]) -> AsyncIterator[Meeting]:
    """A relay that announces these, and a HelpRequest on it."""
    node, task = await started(redis, live, addresses=addresses)
    client = RelayClient(redis)
    meeting = Meeting(live, node, client)
    try:
        yield meeting
    finally:
        await meeting.close()
        await client.close()
        node.stop()
        await task


def addresses_in(description: str) -> list[str]:
    """Every word that reads as an IP address, the placeholders aside."""
    for placeholder in PLACEHOLDERS:
        description = description.replace(placeholder, "")
    found = []
    for word in re.split(r"[\s=]+", description):
        try:
            found.append(str(ipaddress.ip_address(word)))
        except ValueError:
            continue
    return found


@pytest.mark.parametrize(
    "announced",
    [[FOUR], [FOUR, SIX], ["203.0.113.9", "2001:db8::9"], ["203.0.113.9", FOUR, "198.51.100.9"]],
)
async def test_a_description_holds_the_announced_addresses_and_no_other(
    redis: Redis, live: Live, announced: list[str]
) -> None:
    async with meeting_at(redis, live, announced) as meeting:
        await meeting.ask(noor := new_id())
        for person, role in ((meeting.alice, Role.REQUESTER), (noor, Role.VOLUNTEER)):
            seat = await live.seat(meeting.help_request, person)
            place = (meeting.node.relay, meeting.help_request, person)
            description = await meeting.client.open_leg(*place, role, seat.number)
            assert addresses_in(description) == announced
            others = set(own_addresses()) - {*announced, FOUR}
            assert [one for one in others if one in description] == []


async def test_people_with_one_family_of_addresses_each_meet(
    redis: Redis, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine: list[str] = []
    monkeypatch.setattr(ice, "get_host_addresses", lambda **_families: list(mine))
    async with meeting_at(redis, live, [FOUR, SIX]) as meeting:
        await meeting.ask(noor := new_id())
        mine[:] = [FOUR]
        alice = await meeting.join(Role.REQUESTER, meeting.alice, WHITE)
        mine[:] = [SIX]
        volunteer = await meeting.join(Role.VOLUNTEER, noor)
        await wait_for(lambda: alice.is_connected() or volunteer.is_connected())
        assert [by_which(person) for person in (alice, volunteer)] == [FOUR, SIX]
        assert await meeting.accept(noor) == "ok"
        await wait_for(lambda: volunteer.sees(WHITE) or volunteer.hears() or alice.hears())


def by_which(person: Person) -> str:
    """The relay's address that this person speaks to."""
    sctp = person.pc.sctp
    assert sctp is not None
    pair = sctp.transport.transport._connection._nominated[1]
    return str(pair.remote_addr[0])
