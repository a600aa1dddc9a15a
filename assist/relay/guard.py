"""How much of one person's data channel do we listen to?

Whatever a page may need (see `chunks`), for as long as it leaves time for everybody else. What is
not listened to counts as lost on the way, so that an honest peer's SCTP says it again, slower.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from assist.relay.chunks import MAX_AHEAD, Standing, harmless
from assist.relay.records import HANDSHAKE, bearable

SHARE = 0.15  # of a core; a photograph at 8 Mbit/s takes as much, for a few seconds
BURST_S = 2.0
GREEDY_SHARE = 0.5  # of a core, for all Legs together that have used up half of their own
RECORD_S = 60e-6  # what opening one DTLS record costs
MESSAGE_S, BYTE_S = 200e-6, 50e-9  # what passing one message on costs
MAX_HELD_CHUNKS = 3 * MAX_AHEAD

log = logging.getLogger(__name__)


class Allowance:
    """How much of our time data channels may still take (a token bucket of seconds)."""

    def __init__(self, now_s: float, share: float = SHARE) -> None:
        self._share = share
        self._left_s = BURST_S
        self._at_s = now_s

    @property
    def is_low(self) -> bool:
        """Whether half of it is gone: few words and beats never come to that."""
        return self._left_s < BURST_S / 2

    def left_at(self, now_s: float) -> bool:
        """Whether there is any left."""
        self._left_s = min(BURST_S, self._left_s + (now_s - self._at_s) * self._share)
        self._at_s = now_s
        return self._left_s > 0

    def spend(self, busy_s: float) -> None:
        """Count `busy_s` seconds of the processor."""
        self._left_s -= busy_s


greedy = Allowance(time.monotonic(), GREEDY_SHARE)  # many pages together must not take the relay


class GuardedReceiver:
    """Stands where aiortc's DTLS expects its SCTP.

    An AssertionError or struct.error that escaped would end aiortc's reading task and with it the
    whole Leg.
    """

    def __init__(
        self,
        sctp: Any,
        stream: int,
        hear: Callable[[str | bytes], None],
        abused: Callable[[str], None],
    ) -> None:
        """`sctp` is aiortc's, `stream` the only one that is agreed on; `hear` takes messages."""
        self._sctp = sctp
        self._stream = stream
        self._hear = hear
        self._abused = abused
        self._allowance = Allowance(time.monotonic())

    def wants(self, datagram: bytes) -> bool:
        """Whether a DTLS record may cost us the time that it takes to open it."""
        if datagram[0] == HANDSHAKE:
            # A peer whose SCTP has spoken has our last word of the handshake; one that starts
            # another wants memory and time of us, and nothing else.
            return self._sctp._last_received_tsn is None and bearable(datagram)
        now_s, own = time.monotonic(), self._allowance
        if not own.left_at(now_s) or (own.is_low and not greedy.left_at(now_s)):
            return False
        self._spend(RECORD_S)
        return True

    def _spend(self, busy_s: float) -> None:
        self._allowance.spend(busy_s)
        if self._allowance.is_low:
            greedy.spend(busy_s)

    async def _handle_data(self, data: bytes) -> None:
        if not harmless(data, self._standing()):
            return
        began_s = time.thread_time()
        try:
            await self._sctp._handle_data(data)
        except ConnectionError:
            raise
        except Exception as error:
            log.debug("dropped an SCTP packet: %s", type(error).__name__)
        self._spend(time.thread_time() - began_s)
        # aiortc announces its receive window but does not hold the peer to it.
        if self._sctp._advertised_rwnd < 0 or self._held_chunks() > MAX_HELD_CHUNKS:
            self._abused("more data than the announced window")

    def heard(self, message: str | bytes) -> None:
        """A whole message came; what it costs on the other Leg is this one's to pay."""
        self._spend(MESSAGE_S + len(message) * BYTE_S)
        self._hear(message)

    def _standing(self) -> Standing:
        sctp = self._sctp
        return Standing(
            established=sctp._association_state == sctp.State.ESTABLISHED,
            received=sctp._last_received_tsn,
            in_flight=len(sctp._sent_queue),
            stream=self._stream,
        )

    def _held_chunks(self) -> int:
        streams = self._sctp._inbound_streams.values()
        pieces = sum(len(stream.reassembly) for stream in streams)
        return pieces + len(self._sctp._sack_misordered)
