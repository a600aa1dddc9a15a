"""How is our relay attacked? One function each; see `attacks` for the list and the table."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import time
from collections.abc import AsyncIterator, Iterator
from struct import pack

from assist.protocol.states import Role
from assist.relay.client import RelayRefused
from assist.relay.leg import MAX_SOURCES
from tests.chaos.attacks_arena import Arena, Outcome
from tests.chaos.attacks_fuzz import Fuzz, sctp_packet
from tests.chaos.attacks_house import Call, Helper, Seats
from tests.chaos.attacks_page import Page

GANG_CALLS = 4
EACH_PER_S = 900  # what one Leg's allowances let in
GANG_PER_S = 2.0 * GANG_CALLS * EACH_PER_S
RACE_PER_S = 1000
CALL_MB = 0.3  # what a call leaves until the collector comes by; the soak shows that it does
CANDIDATES_EACH = 150  # as many as fit a description
_HELLO = pack("!B2sHIHH", 22, b"\xfe\xfd", 0, 0, 0, 60)
FORGED = {
    "ClientHello": _HELLO + b"\x01" + (48).to_bytes(3, "big") + bytes(56),
    "ServerHello": _HELLO + b"\x02" + (48).to_bytes(3, "big") + bytes(56),
    "alert": pack("!B2sHIHH", 21, b"\xfe\xfd", 0, 0, 0, 2) + b"\x02\x28",
    "garbage": bytes([22]) + os.urandom(80),
}


# -- DTLS before the handshake (T12) --------------------------------------------


async def race(arena: Arena, outcome: Outcome, times: int) -> None:
    """Forged records from a foreign port while a call connects: every kind, both roles."""
    tried = connected = 0
    for setup in ("active", "passive"):
        for forged in FORGED.values():
            for _ in range(times):
                tried += 1
                connected += await _connects_under(arena, forged, setup, outcome)
    outcome.remark = f"{connected} of {tried} calls connected"
    outcome.allowed_mb += CALL_MB * tried
    if connected < tried:
        outcome.broken.append(outcome.remark)


async def _connects_under(arena: Arena, forged: bytes, setup: str, outcome: Outcome) -> bool:
    call = Call(arena.house)
    racing = asyncio.create_task(_forge(arena, forged, outcome))
    try:
        await call.connect(setup)
    except (TimeoutError, ConnectionError):
        return False
    finally:
        racing.cancel()
        await call.close()
    return True


async def _forge(arena: Arena, forged: bytes, outcome: Outcome) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as foreign:
        while True:
            for _ in range(RACE_PER_S // 100):
                foreign.sendto(forged, (arena.house.address, arena.house.port))
                outcome.sent += 1
            await asyncio.sleep(0.01)


# -- floods (T13, T14, T16) -------------------------------------------------------


async def strangers(arena: Arena, outcome: Outcome, kind: str, count: int, rate: float) -> None:
    """From sockets that nobody knows."""
    found = await arena.flood(kind, count, rate, seed=count)
    _note_flood(outcome, found, rate)
    outcome.bytes_back = int(found["bytes_back"])


async def as_alice(arena: Arena, outcome: Outcome, kind: str, count: int, rate: float) -> None:
    """From the attacked page's own address."""
    _note_flood(outcome, await arena.flood_as_alice(kind, count, rate, seed=count), rate)


def _note_flood(outcome: Outcome, found: dict[str, float], rate: float) -> None:
    outcome.sent += int(found["sent"])
    outcome.remark = f"{found['rate']:,.0f} packets a second"
    if found["rate"] < 0.95 * rate:
        outcome.void.append(f"{outcome.name}: the flood came to {found['rate']:,.0f} a second only")


# -- who is signed in (T15, T17) --------------------------------------------------


@contextlib.asynccontextmanager
async def gang(arena: Arena) -> AsyncIterator[Helper]:
    """Hostile pages, each in a call with another one, gates open."""
    helper = await Helper.start("tests.chaos.attacks_hostile", arena.house.address)
    seats = [Seats(arena.house) for _ in range(GANG_CALLS)]
    roles = [(seat, role) for seat in seats for role in (Role.REQUESTER, Role.VOLUNTEER)]
    try:
        for seat in seats:
            await seat.ask()
        descriptions = [await seat.sit_down(role) for seat, role in roles]
        answers = await helper.ask(_request("answer", descriptions=descriptions))
        for (seat, role), answer in zip(roles, answers, strict=True):
            await seat.answer(role, answer)
        assert await helper.ask(_request("connect")) == len(roles)
        for seat in seats:
            await seat.accept()
        yield helper
    finally:
        await helper.close()
        for seat in seats:
            await seat.end()


def _request(what: str, **arguments: object) -> str:
    return json.dumps({"do": what, **arguments})


async def signed_in(
    arena: Arena, outcome: Outcome, kind: str, count: int, rate: float = GANG_PER_S, each: int = 0
) -> None:
    """`each`: how many packets one gang sends before a fresh one goes on (0: all)."""
    rounds = max(1, -(-count // each)) if each else 1
    for number in range(rounds):
        share = count // rounds
        async with gang(arena) as hostile:
            asked = _request("attack", kind=kind, count=share, rate=rate, seed=1000 * number + 1)
            found = await hostile.ask(asked, share / rate * 4 + 60)
            up, kept = (await arena.house.states()).get("up", 0), await arena.house.streams()
        outcome.sent += int(found["sent"])
    outcome.remark = f"{found['rate']:,.0f} packets a second, {up} Legs up at the end"
    if kept > MAX_SOURCES:
        outcome.broken.append(f"a Leg kept {kept} streams")


# -- one packet that is enough ------------------------------------------------------
# Each yields chunks of one packet; `tsn` is the attacker's next, `received` the other's newest.


def _chunk(kind: int, body: bytes, flags: int = 3) -> bytes:
    return pack("!BBH", kind, flags, 4 + len(body)) + body + bytes(-len(body) % 4)


def _endless(tsn: int, received: int) -> Iterator[bytes]:
    """A parameter of length 0, in each chunk that has parameters."""
    nothing = pack("!HH", 1, 0)
    for kind in (4, 5, 6, 9, 130):
        yield _chunk(kind, nothing)
    for kind in (1, 2):
        yield _chunk(kind, pack("!IIHHI", 1, 1 << 20, 8, 8, 1) + nothing)


def _gaps(tsn: int, received: int) -> Iterator[bytes]:
    """Acknowledgements of everything, over and over."""
    gaps = pack("!HH", 1, 65_535) * 280
    for _ in range(20):
        yield _chunk(3, pack("!IIHH", received, 1 << 20, 280, 0) + gaps)


def _streams(tsn: int, received: int) -> Iterator[bytes]:
    """Sixty-five thousand streams of one byte each."""
    for first in range(0, 65_000, 50):
        body = [pack("!IHHI", tsn + first + at, first + at + 1, 0, 51) + b"x" for at in range(50)]
        yield b"".join(_chunk(0, one) for one in body)


def _pieces(tsn: int, received: int) -> Iterator[bytes]:
    """Middles of messages that have no beginning and take no room in the window."""
    for first in range(0, 60_000, 60):
        body = [pack("!IHHI", tsn + 2 * (first + at) + 9, 0, 0, 51) for at in range(60)]
        yield b"".join(_chunk(0, one, flags=0) for one in body)


def _channels(tsn: int, received: int) -> Iterator[bytes]:
    """Channels that nobody agreed on."""
    opening = pack("!BBHLHH", 3, 0, 0, 0, 1, 0) + b"x"
    for first in range(0, 20_000, 20):
        body = [pack("!IHHI", tsn + first + at, first + at + 1, 0, 50) for at in range(20)]
        yield b"".join(_chunk(0, one + opening) for one in body)


BOMBS = {
    "endless": _endless,
    "gaps": _gaps,
    "streams": _streams,
    "pieces": _pieces,
    "channels": _channels,
}


async def bomb(arena: Arena, outcome: Outcome, kind: str) -> None:
    """SCTP with real keys, of which stock stops or fills up."""
    call = await arena.house.call()
    sctp = call.alice.sctp
    for chunks in BOMBS[kind](sctp._local_tsn, sctp._last_received_tsn):
        packet = sctp_packet(chunks, sctp._remote_verification_tag)
        with contextlib.suppress(Exception):  # the relay may have had enough of us
            await call.alice.dtls._send_data(packet)
        outcome.sent += 1
        await asyncio.sleep(1 / EACH_PER_S)
    outcome.remark = f"{outcome.sent} packets"
    await call.close()


# -- the front door (T10, T11) -----------------------------------------------------


async def descriptions(arena: Arena, outcome: Outcome, count: int) -> None:
    """Mutated answers; each is taken or refused, and nothing else happens."""
    seats, page = Seats(arena.house), Page(arena.house.address, shows=True)
    await seats.ask()
    page.read(await seats.sit_down(Role.REQUESTER))
    fuzz, good, refused = Fuzz(count), page.answer(), 0
    for _ in range(count):
        try:
            await seats.answer(Role.REQUESTER, fuzz.description(good))
        except RelayRefused:
            refused += 1
        outcome.sent += 1
    outcome.remark = f"{refused} of {count} refused"
    await page.close()
    await seats.end()


async def candidates(arena: Arena, outcome: Outcome, count: int, wait_s: float) -> None:
    """Descriptions that name a victim's address again and again."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as victim:
        victim.bind((arena.house.address, 0))
        victim.setblocking(False)
        host, port = victim.getsockname()
        lines = [f"a=candidate:{n} 1 udp {n} {host} {port} typ host" for n in range(1, count + 1)]
        for first in range(0, count, CANDIDATES_EACH):
            await _name(arena, lines[first : first + CANDIDATES_EACH], refused=False)
        await _name(arena, lines, refused=count > CANDIDATES_EACH)
        await asyncio.sleep(wait_s)
        reached = len(list(_datagrams(victim)))
    outcome.sent = 2 * count
    outcome.remark = f"{reached} packets to the victim"
    if reached:
        outcome.broken.append(outcome.remark)


async def _name(arena: Arena, lines: list[str], refused: bool) -> None:
    seats, page = Seats(arena.house), Page(arena.house.address)
    await seats.ask()
    page.read(await seats.sit_down(Role.REQUESTER))
    try:
        await seats.answer(Role.REQUESTER, page.answer("passive", lines))
        assert not refused, "a description of a thousand candidates was taken"
    except RelayRefused:
        assert refused, "a description that could be read was refused"
    await page.close()
    await seats.end()


def _datagrams(sock: socket.socket) -> Iterator[bytes]:
    with contextlib.suppress(BlockingIOError):
        while True:
            yield sock.recv(4096)


# -- half-open (T18) ----------------------------------------------------------------

_FRAGMENTS = 12  # of handshake messages that claim to be 100 kB long
_PATIENCE_S = 30.0
HALF_OPEN_MB = 0.25  # what stock takes, and keeps


class HalfOpen:
    """Legs that never come up: a third each is not answered, answered, or shakes half a hand."""

    def __init__(self, arena: Arena) -> None:
        self._arena = arena
        self._seats: list[Seats] = []
        self._pages: list[Page] = []
        self.took_s = 0.0
        self.left = 0

    async def open(self, count: int) -> None:
        """All of them, one after the other."""
        for number in range(count):
            seats, page = Seats(self._arena.house), Page(self._arena.house.address)
            await seats.ask()
            page.read(await seats.sit_down(Role.REQUESTER))
            if number % 3:
                await seats.answer(Role.REQUESTER, page.answer())
            if number % 3 == 2:
                await page.introduce()
                self._half_a_hand(page)
            self._seats.append(seats)
            self._pages.append(page)

    @staticmethod
    def _half_a_hand(page: Page) -> None:
        """The beginnings of a hello whose rest never comes."""
        for number in range(_FRAGMENTS):
            message = b"\x01" + (100_000).to_bytes(3, "big") + pack("!H", number)
            fragment = message + (0).to_bytes(3, "big") + (900).to_bytes(3, "big") + bytes(900)
            page.send(pack("!B2sHIHH", 22, b"\xfe\xfd", 0, 0, number, len(fragment)) + fragment)

    async def all_gone(self) -> None:
        """Until none is left, from the last one's beginning on."""
        began_s = time.monotonic()
        while time.monotonic() - began_s < _PATIENCE_S:
            states = await self._arena.house.states()
            self.left = states.get("new", 0) + states.get("connecting", 0)
            if not self.left:
                break
            await asyncio.sleep(0.25)
        self.took_s = time.monotonic() - began_s
        await asyncio.gather(*(page.close() for page in self._pages))
        for seats in self._seats:
            await seats.end()


async def half_open(
    arena: Arena, outcome: Outcome, count: int, each_mb: float = HALF_OPEN_MB
) -> None:
    """As many as one relay takes; none may be left 20 s later.

    What the first ones took stays with the process for the next ones: then `each_mb` is small.
    """
    outcome.allowed_mb += each_mb * count
    legs = HalfOpen(arena)
    await legs.open(count)
    await legs.all_gone()
    outcome.sent = count
    outcome.remark = f"{legs.left} left after {legs.took_s:.1f} s"
    if legs.left or legs.took_s > 20:
        outcome.broken.append(outcome.remark)
