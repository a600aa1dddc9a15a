"""Which facts ring a device, and which silence it? One reader follows the stream and says so.

The worker runs this under a lease, so that there is one reader; it goes on where the last one was.
"""

from __future__ import annotations

import asyncio
import logging

from redis.exceptions import RedisError

from assist.lib.clock import pause
from assist.live import Event, Live
from assist.live.keys import key
from assist.live.limits import LIMITS_MS
from assist.protocol.states import HelpState, Reach
from assist.push.delivery import Delivery
from assist.push.devices import forget_old_requesters
from assist.push.keys import contact, private_key
from assist.push.rings import PASSING, Ring, Rings
from assist.push.seal import Seal
from assist.push.sender import Sender

BATCH = 200
BLOCK_MS = 500
WAIT_SECONDS = 0.5
GATHER_SECONDS = 0.05  # nothing beside the second that a push takes
TIDY_SECONDS = 3600.0
# The Offer itself ended, and each one named in `withdrawn`.
OFFER_OVER = frozenset({"offer.ended", "offer.accepted"})
# Nobody needs to be called back any more, or not now.
CALL_BACK_OVER = frozenset({"help.confirmed", "call.put_back", "help.ended"})
log = logging.getLogger("assist.push")


async def run_push(live: Live, stop: asyncio.Event, sender: Sender | None = None) -> None:
    """Ring those who are away, until `stop`; never raises. `sender` is given by tests alone."""
    rings = Rings(live, Delivery(Seal(private_key(), contact()), sender or Sender()))
    notifier = Notifier(live, rings)
    try:
        while not stop.is_set():
            try:
                await notifier.step()
            except (RedisError, OSError) as error:
                log.warning("pushes wait: %s", type(error).__name__)
                notifier.lose_place()
                await pause(WAIT_SECONDS, stop)
    finally:
        await rings.close()


class Notifier:
    """The reader's place in the stream, and what it has rung."""

    def __init__(self, live: Live, rings: Rings) -> None:
        self._live, self._rings = live, rings
        self._at = ""
        now_s = asyncio.get_running_loop().time()
        self._began_s, self._tidied_s = now_s, now_s - TIDY_SECONDS

    async def step(self) -> None:
        """Heed the next Events, or wait a moment for one. Raises RedisError, OSError."""
        self._at = self._at or await self._place()
        events = await self._live.read_events(self._at, BATCH, BLOCK_MS)
        for event in events:
            try:
                await self._heed(event)
            except (KeyError, ValueError) as error:
                log.error("event %s (%s) not understood: %r", event.id, event.type, error)
            self._at = event.id
        if events:
            await self._live.heeded("push", self._at)
            await pause(GATHER_SECONDS)
        await self._tidy()

    def lose_place(self) -> None:
        """After an outage the place is asked for again: a Redis that forgot counts anew."""
        self._at = ""

    async def _place(self) -> str:
        """Where the last reader was, but not before a ring's life: what is older rings no more."""
        oldest_ms = await self._live.now_ms() - LIMITS_MS["PUSH"]
        mark = await self._live.place_of("push")
        return mark if int(mark.partition("-")[0]) > oldest_ms else f"{oldest_ms}-0"

    async def _heed(self, event: Event) -> None:
        fields = event.fields
        if event.type == "offers.made":
            for made in fields["offers"].split():
                offer, volunteer, deadline_ms, reach = made.split(":")
                if reach == Reach.PUSH:
                    self._rings.begin(Ring("offer", offer, volunteer, int(deadline_ms)))
        if event.type in OFFER_OVER:
            await self._over(fields["offer"], fields["volunteer"])
        for withdrawn in fields.get("withdrawn", "").split():
            offer, volunteer, *_ = withdrawn.split(":")
            await self._over(offer, volunteer)
        if event.type == "offer.accepted" and fields["state"] == HelpState.CONFIRMING:
            until_ms = int(fields["accepted_ms"]) + LIMITS_MS["CONFIRM"]
            ring = Ring("call_back", fields["help_request"], fields["requester"], until_ms)
            self._rings.begin(ring)
        if event.type == "ring.tried":
            self._rings.try_out(fields["test"], fields["volunteer"])
        if event.type in CALL_BACK_OVER:
            self._rings.over(fields["help_request"])

    async def _over(self, offer: str, volunteer: str) -> None:
        """A ring that an earlier reader made is not known here, but it may still be on a screen."""
        young = asyncio.get_running_loop().time() - self._began_s < LIMITS_MS["PUSH"] / 1000
        if young and await self._live.redis.hget(key("offer", offer), "reach") == Reach.PUSH:
            self._rings.over_unseen(offer, volunteer)
        else:
            self._rings.over(offer)

    async def _tidy(self) -> None:
        now_s = asyncio.get_running_loop().time()
        if now_s - self._tidied_s < TIDY_SECONDS:
            return
        self._tidied_s = now_s
        try:
            await self._rings.in_thread(forget_old_requesters)
        except PASSING as trouble:
            log.warning("old devices are kept for now: %s", type(trouble).__name__)
