"""Is the bad network as bad as it says, and no worse? The tests that go through it rely on it."""

import asyncio
import random
from collections.abc import AsyncIterator

import pytest

from assist.protocol.states import Role
from assist.relay import description
from assist.relay.streams import Kind
from tests.impair import BadNetwork, Way, bad_network, detour, detour_script
from tests.waiting import wait_for

NAMES = [f"{number}".encode() for number in range(200)]


class End(asyncio.DatagramProtocol):
    """One end of a line: what came, and from where."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.last: tuple[str, int] = ("", 0)
        self.line: asyncio.DatagramTransport
        self._gone = asyncio.Event()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.heard.append(data)
        self.last = addr

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone.set()

    async def leave(self) -> None:
        self.line.close()
        await self._gone.wait()

    @property
    def address(self) -> tuple[str, int]:
        host, port = self.line.get_extra_info("sockname")
        return host, port

    def has_all(self, names: list[bytes]) -> str:
        """Nothing once each of `names` has come, in whatever order."""
        missing = set(names) - set(self.heard)
        return f"{len(missing)} did not come" if missing else ""


async def end(peer: tuple[str, int] | None = None) -> End:
    place = {"remote_addr": peer} if peer else {"local_addr": ("127.0.0.1", 0)}
    loop = asyncio.get_running_loop()
    line, made = await loop.create_datagram_endpoint(End, **place)  # type: ignore[arg-type]
    made.line = line
    return made


@pytest.fixture
async def line() -> AsyncIterator[tuple[End, BadNetwork, End]]:
    """Somebody, the network, and who plays the relay."""
    relay = await end()
    async with bad_network(relay.address) as network:
        page = await end(network.address)
        yield page, network, relay
        await page.leave()
    await relay.leave()


async def test_a_good_network_passes_everything_both_ways_and_in_order(
    line: tuple[End, BadNetwork, End],
) -> None:
    page, network, relay = line
    for name in NAMES:
        page.line.sendto(name)
    await wait_for(lambda: relay.has_all(NAMES))
    assert relay.heard == NAMES
    for name in NAMES:
        relay.line.sendto(name, relay.last)
    await wait_for(lambda: page.has_all(NAMES))
    assert page.heard == NAMES
    assert network.up.counts == network.down.counts == {"passed": len(NAMES)}


async def test_jitter_lets_later_ones_overtake_and_loses_none(
    line: tuple[End, BadNetwork, End],
) -> None:
    page, network, relay = line
    network.both(jitter_s=0.06)
    for name in NAMES:
        page.line.sendto(name)
    await wait_for(lambda: relay.has_all(NAMES))
    assert relay.heard != NAMES
    assert len(relay.heard) == len(NAMES)


async def test_nothing_passes_in_the_dark_and_all_is_well_after_it(
    line: tuple[End, BadNetwork, End],
) -> None:
    page, network, relay = line
    network.both(dark=True)
    page.line.sendto(b"before")
    await wait_for(lambda: "" if network.up.counts["lost"] else "not yet read")
    network.both(dark=False)
    page.line.sendto(b"after")
    await wait_for(lambda: relay.has_all([b"after"]))
    assert relay.heard == [b"after"]


async def test_rebinding_shows_the_relay_another_port_and_leaves_the_old_one_dead(
    line: tuple[End, BadNetwork, End],
) -> None:
    page, network, relay = line
    page.line.sendto(b"one")
    await wait_for(lambda: relay.has_all([b"one"]))
    before = relay.last
    network.rebind()
    page.line.sendto(b"two")
    await wait_for(lambda: relay.has_all([b"two"]))
    assert relay.last != before
    relay.line.sendto(b"to the old", before)
    relay.line.sendto(b"to the new", relay.last)
    await wait_for(lambda: page.has_all([b"to the new"]))
    assert page.heard == [b"to the new"]


async def test_the_stranded_stay_away_and_newcomers_get_through(
    line: tuple[End, BadNetwork, End],
) -> None:
    page, network, relay = line
    page.line.sendto(b"one")
    await wait_for(lambda: relay.has_all([b"one"]))
    network.strand()
    page.line.sendto(b"lost")
    newcomer = await end(network.address)
    newcomer.line.sendto(b"new")
    await wait_for(lambda: relay.has_all([b"new"]))
    assert relay.heard == [b"one", b"new"]
    assert network.callers == 1
    await newcomer.leave()


def arrivals(way: Way, count: int, size: int = 1000, every_s: float = 0.0) -> list[float]:
    """When each of `count` datagrams of `size` bytes arrives, in seconds after the first left."""
    chance = random.Random(7)
    found = []
    for number in range(count):
        now_s = number * every_s
        wait_s = way.plan(size, now_s, chance)
        if wait_s is not None:
            found.append(now_s + wait_s)
    return found


@pytest.mark.parametrize("loss", [0.0, 0.2, 0.4, 1.0])
def test_the_share_that_is_lost_is_the_one_that_was_asked_for(loss: float) -> None:
    lost = 1 - len(arrivals(Way(loss=loss), 10_000)) / 10_000
    assert lost == pytest.approx(loss, abs=0.015)


def test_delay_is_what_was_asked_for_and_jitter_comes_on_top() -> None:
    found = arrivals(Way(delay_s=0.9, jitter_s=0.06), 1_000)
    assert 0.9 <= min(found) < 0.905
    assert 0.955 < max(found) <= 0.96


def test_a_cap_sends_at_its_rate_and_drops_what_would_queue_too_long() -> None:
    way = Way(rate_bit_s=300_000, queue_s=0.3)
    found = arrivals(way, 1_000, size=1_000, every_s=0.01)  # 800 kbit/s for ten seconds
    assert 8_000 * len(found) / max(found) == pytest.approx(300_000, rel=0.02)
    assert way.counts["queue_full"] == 1_000 - len(found) > 0
    assert arrivals(Way(rate_bit_s=300_000), 10, every_s=0.1)[-1] == pytest.approx(0.9267, abs=1e-3)


def test_a_detour_names_one_candidate_and_keeps_all_else() -> None:
    proposal = description.Proposal(
        role=Role.REQUESTER,
        ufrag="u" * 8,
        password="p" * 32,
        fingerprint="AA",
        candidates=[("192.0.2.1", 5), ("2001:db8::1", 5)],
        ssrcs=dict.fromkeys(Kind, 1),
    )
    written = description.write(proposal)
    turned = detour(written, ("127.0.0.1", 9))

    def others(text: str) -> list[str]:
        return [line for line in text.split("\r\n") if not line.startswith("a=candidate")]

    assert others(turned) == others(written)
    assert [line.split(" ")[4:6] for line in turned.split("\r\n") if "a=candidate" in line] == [
        ["127.0.0.1", "9"]
    ]
    assert '"127.0.0.1 9"' in detour_script(("127.0.0.1", 9))
