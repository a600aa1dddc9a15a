"""How does a fact reach the pages it concerns? One reader follows the stream and tells them.

The worker runs this under a lease, so that there is one reader. It may repeat itself after a
change of hands: pages drop what they know by its number.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from redis.exceptions import RedisError

from assist.accounts.names import Names
from assist.gateway.narrate import narrate, people_named
from assist.live import Event, Live
from assist.protocol.codec import encode_server

log = logging.getLogger(__name__)

MONITOR = "monitor"
BATCH = 200
BLOCK_MS = 500
MONITOR_EACH_S = 0.25
BACKOFF_S = (0.1, 0.2, 0.5, 1.0)

Layer = Any  # Channels has no types


async def run_fanout(live: Live, layer: Layer, stop: asyncio.Event) -> None:
    """Tell the pages every fact since the saved position, until `stop` is set; never raises.

    Redis away: wait and go on where we were. A message that the layer loses is found missing by
    its page, which asks for its Snapshot.
    """
    fanout = Fanout(live, layer)
    misses = 0
    while not stop.is_set():
        try:
            await fanout.step()
            misses = 0
        except (RedisError, OSError) as error:
            if misses == 0:
                log.warning("fan-out waits: %s", type(error).__name__)
            await asyncio.sleep(BACKOFF_S[min(misses, len(BACKOFF_S) - 1)])
            misses += 1


class Fanout:
    """The reader's place in the stream, and what it needs to speak."""

    def __init__(self, live: Live, layer: Layer, names: Names | None = None) -> None:
        self._live, self._layer = live, layer
        self._names = names or Names()
        self._at: str | None = None
        self._run = ""
        self._monitor_told_s = 0.0
        self._monitor_owed = False

    async def step(self) -> None:
        """Tell the next Events, or wait a moment for one. Raises RedisError, OSError."""
        at = await self._position()
        events = await self._live.read_events(at, BATCH, BLOCK_MS)
        for event in events:
            await self._tell(event)
            self._at = event.id
        if events:
            await self._live.save_fanout_position(events[-1].id)
            self._monitor_owed = True
        await self._hint_monitor()

    async def _position(self) -> str:
        """Where we were; the start of the new stream if this Redis has forgotten everything."""
        run = await self._live.run()
        if self._at is None:
            self._at = await self._live.fanout_position()
        elif run != self._run:
            self._at = "0-0"
        self._run = run
        return self._at

    async def _tell(self, event: Event) -> None:
        if event.type == "person.suspended":
            await self._layer.group_send(
                f"person.{event.fields['volunteer']}",
                {"type": "person.goodbye", "code": "suspended"},
            )
            return
        try:
            await self._names.learn(people_named(event))
            heard = narrate(event, self._names.name_of)
        except (KeyError, ValueError) as error:
            log.error("event %s (%s) not understood: %r", event.id, event.type, error)
            return
        for person, message in heard.items():
            text = encode_server(message)
            fact = {"type": "person.fact", "seq": event.seqs[person], "text": text}
            await self._layer.group_send(f"person.{person}", fact)

    async def _hint_monitor(self) -> None:
        """Coordinators read the queue themselves; a hint says when it is worth it."""
        now_s = asyncio.get_running_loop().time()
        if self._monitor_owed and now_s - self._monitor_told_s >= MONITOR_EACH_S:
            self._monitor_owed, self._monitor_told_s = False, now_s
            await self._layer.group_send(MONITOR, {"type": "queue.moved"})
