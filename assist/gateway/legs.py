"""How does a page reach the relay? Its descriptions pass through here, its media never does."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from assist.live import Live
from assist.protocol.states import Refusal, Role
from assist.relay.client import RelayClient, RelayRefused, RelayTimeout, RelayUnheard

OPENED_KEPT = 4
RELAYS_TRIED = 3

log = logging.getLogger(__name__)


class NotOpened(Exception):
    """There is no Leg for this page now, and the code says what it may do."""

    def __init__(self, code: Refusal) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Opened:
    """The relay's description of a new Leg."""

    number: int
    description: str


# A Leg that was replaced, or a relay that is leaving: opening again is the way on.
REFUSALS = {
    "legs_full": Refusal.BUSY,
    "bad_description": Refusal.BAD_DESCRIPTION,
    "stale_number": Refusal.TRY_AGAIN,
    "unknown_leg": Refusal.TRY_AGAIN,
    "closing": Refusal.TRY_AGAIN,
}
SEATS = {"gone": Refusal.UNKNOWN_ID, "not_yours": Refusal.UNKNOWN_ID, "no_relay": Refusal.NO_RELAY}


@contextmanager
def in_our_words() -> Iterator[None]:
    """What the relay refuses, or does not answer in time, as a code of the page's protocol."""
    try:
        yield
    except RelayRefused as refusal:
        raise NotOpened(REFUSALS.get(refusal.code, Refusal.TRY_AGAIN)) from None
    except RelayTimeout:
        raise NotOpened(Refusal.TRY_AGAIN) from None


class Legs:
    """The Legs that one socket has opened. Only these can be answered on it."""

    def __init__(self, person: str) -> None:
        self._person = person
        self._opened: OrderedDict[tuple[str, int], str] = OrderedDict()  # -> relay

    async def open(self, live: Live, relays: RelayClient, help_request: str) -> Opened:
        """Take a seat and have the relay describe the Leg. Raises `NotOpened`, RedisError."""
        for _ in range(RELAYS_TRIED):
            seat = await live.seat(help_request, self._person)
            if seat.relay is None or seat.role is None:
                raise NotOpened(SEATS[seat.is_])
            place = (seat.relay, help_request, self._person, Role(seat.role), seat.number)
            with in_our_words():
                try:
                    description = await relays.open_leg(*place)
                except RelayUnheard:
                    # Killed: its lease lives on for some seconds, which nobody need wait for.
                    log.warning("relay %s is gone", seat.relay)
                    await live.relay_withdraw(seat.relay)
                    continue
            self._remember(help_request, seat.number, seat.relay)
            return Opened(seat.number, description)
        raise NotOpened(Refusal.NO_RELAY)

    async def answer(
        self, relays: RelayClient, help_request: str, number: int, description: str
    ) -> None:
        """Pass the page's answer on to the relay that described this Leg. Raises `NotOpened`."""
        relay = self._opened.get((help_request, number))
        if relay is None:
            raise NotOpened(Refusal.UNKNOWN_ID)
        with in_our_words():
            await relays.answer_leg(relay, help_request, self._person, number, description)

    async def check(self, live: Live, help_request: str) -> None:
        """Whether this person may have a Leg there now. Raises `NotOpened`, RedisError."""
        truth = (await live.session_truth([help_request]))[help_request]
        people = [truth["requester"], truth["volunteer"], *truth["ringing"]] if truth else []
        if self._person not in people:
            raise NotOpened(Refusal.UNKNOWN_ID)

    def _remember(self, help_request: str, number: int, relay: str) -> None:
        self._opened[(help_request, number)] = relay
        while len(self._opened) > OPENED_KEPT:
            self._opened.popitem(last=False)
