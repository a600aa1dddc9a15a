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

SHARE = 0.15  # of a core; a photograph at 8 Mbit/s takes as much, for a few seconds
BURST_S = 2.0
MESSAGE_S, BYTE_S = 200e-6, 50e-9  # what passing one message on costs
MAX_HELD_CHUNKS = 3 * MAX_AHEAD

log = logging.getLogger(__name__)


class Allowance:
    """How much of our time one Leg's data channel may still take (a token bucket of seconds)."""

    def __init__(self, now_s: float) -> None:
        self._left_s = BURST_S
        self._at_s = now_s

    def left_at(self, now_s: float) -> bool:
        """Whether there is any left."""
        self._left_s = min(BURST_S, self._left_s + (now_s - self._at_s) * SHARE)
        self._at_s = now_s
        return self._left_s > 0

    def spend(self, busy_s: float) -> None:
        """Count `busy_s` seconds of the processor."""
        self._left_s -= busy_s

    def spend_on_message(self, size: int) -> None:
        """Count what one of `size` bytes will cost once it goes out on the other Leg."""
        self._left_s -= MESSAGE_S + size * BYTE_S


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

    async def _handle_data(self, data: bytes) -> None:
        affordable = self._allowance.left_at(time.monotonic())
        if not affordable or not harmless(data, self._standing()):
            return
        began_s = time.thread_time()
        try:
            await self._sctp._handle_data(data)
        except ConnectionError:
            raise
        except Exception as error:
            log.debug("dropped an SCTP packet: %s", type(error).__name__)
        self._allowance.spend(time.thread_time() - began_s)
        # aiortc announces its receive window but does not hold the peer to it.
        if self._sctp._advertised_rwnd < 0 or self._held_chunks() > MAX_HELD_CHUNKS:
            self._abused("more data than the announced window")

    def heard(self, message: str | bytes) -> None:
        """A whole message came; passing it on costs time elsewhere."""
        self._allowance.spend_on_message(len(message))
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
