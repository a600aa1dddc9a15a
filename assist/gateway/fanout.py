"""How does a fact reach the pages it concerns? One reader follows the stream and tells them.

The worker runs this under a lease, so that there is one reader. It may repeat itself after a
change of hands: pages drop what they know by its number.

What needs no SQL never waits for it: a name and the words of a question are looked up beside the
reading, and only the messages that carry them come later.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Any, NamedTuple

from redis.exceptions import RedisError

from assist.accounts.names import Names
from assist.gateway.narrate import in_words_of, is_named, narrate, people_named
from assist.gateway.post import Layer, Letter, send_all
from assist.gateway.questions import words_of
from assist.live import BEGINNING, Event, Live
from assist.protocol.codec import encode_server
from assist.protocol.messages import CallChanged, OfferMade, ServerMessage

log = logging.getLogger(__name__)

MONITOR = "monitor"
BATCH = 200
BLOCK_MS = 500
MONITOR_EACH_S = 0.25
# Where the next reader would begin, and whether Redis has forgotten, need not be known to the
# millisecond: pages drop what they hear twice.
SAVE_EACH_S = 0.2
RUN_EACH_S = 1.0
BACKOFF_S = (0.1, 0.2, 0.5, 1.0)


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
    await fanout.finish()


class Batch(NamedTuple):
    """What some Events say: at once, and what first needs SQL, with the people it is for."""

    letters: list[Letter]
    later: list[tuple[Event, set[str]]]
    waiting: set[str]  # everybody for whom something comes later


class Fanout:
    """The reader's place in the stream, and what it needs to speak."""

    def __init__(self, live: Live, layer: Layer, names: Names | None = None) -> None:
        self._live, self._layer = live, layer
        self._names = names or Names()
        self._at: str | None = None
        self._run, self._run_read_s = "", 0.0
        self._saved, self._saved_s = "", 0.0
        self._monitor_told_s = 0.0
        self._monitor_owed = False
        self._later: dict[str, asyncio.Task[None]] = {}  # person -> their message still to come

    async def step(self) -> None:
        """Tell the next Events, or wait a moment for one. Raises RedisError, OSError."""
        at = await self._position()
        events = await self._live.read_events(at, BATCH, BLOCK_MS)
        if events:
            await self._tell(events)
            self._at = events[-1].id
            self._monitor_owed = True
        await self._save()
        await self._hint_monitor()

    async def _position(self) -> str:
        """Where we were; the start of the new stream if this Redis has forgotten everything."""
        now_s = asyncio.get_running_loop().time()
        if self._at is not None and now_s - self._run_read_s < RUN_EACH_S:
            return self._at
        run = await self._live.run()
        if self._at is None:
            self._at = await self._live.place_of("fanout")
        elif run != self._run:
            self._at = BEGINNING
        self._run, self._run_read_s = run, now_s
        return self._at

    async def _save(self) -> None:
        """Where the next reader begins."""
        now_s = asyncio.get_running_loop().time()
        if self._at and self._at != self._saved and now_s - self._saved_s >= SAVE_EACH_S:
            await self._live.heeded("fanout", self._at)
            self._saved, self._saved_s = self._at, now_s

    async def _tell(self, events: Iterable[Event]) -> None:
        batch = Batch([], [], set(self._later))
        for event in events:
            self._take(event, batch)
        await send_all(self._layer, batch.letters)
        for event, people in batch.later:  # after what comes before it
            self._tell_later(event, people)

    def _take(self, event: Event, batch: Batch) -> None:
        """Write what this Event says, or put it off for those whose message needs SQL."""
        if event.type == "person.suspended":
            goodbye = {"type": "person.goodbye", "code": "suspended"}
            batch.letters.append((f"person.{event.fields['volunteer']}", goodbye))
            return
        try:
            heard = narrate(event, self._names.name_of)
        except (KeyError, ValueError) as error:
            log.error("event %s (%s) not understood: %r", event.id, event.type, error)
            return
        batch.waiting.update(who for who, said in heard.items() if needs_sql(event, who, said))
        if later := heard.keys() & batch.waiting:
            batch.later.append((event, later))
        batch.letters.extend(letter(who, said) for who, said in heard.items() if who not in later)

    def _tell_later(self, event: Event, people: Iterable[str]) -> None:
        """Tell these people beside the reading, and each of them in the order of the Events."""
        before = {self._later[who] for who in people if who in self._later}
        task = asyncio.create_task(self._tell_in_words(event, people, before))
        self._later.update(dict.fromkeys(people, task))

    async def _tell_in_words(
        self, event: Event, people: Iterable[str], before: Iterable[asyncio.Task[None]]
    ) -> None:
        try:
            await asyncio.gather(*before, return_exceptions=True)
            question = await words_of(in_words_of(event))
            await self._names.learn(people_named(event))
            heard = narrate(event, self._names.name_of, question)
            await send_all(self._layer, [letter(who, heard[who]) for who in people])
        except (RedisError, OSError) as error:
            log.warning("event %s: not told to all (%s)", event.id, type(error).__name__)
        finally:
            for who in people:
                if self._later.get(who) is asyncio.current_task():
                    del self._later[who]

    async def finish(self) -> None:
        """What is still to come gets its moment."""
        await asyncio.gather(*set(self._later.values()))

    async def _hint_monitor(self) -> None:
        """Coordinators read the queue themselves; a hint says when it is worth it."""
        now_s = asyncio.get_running_loop().time()
        if self._monitor_owed and now_s - self._monitor_told_s >= MONITOR_EACH_S:
            self._monitor_owed, self._monitor_told_s = False, now_s
            await self._layer.group_send(MONITOR, {"type": "queue.moved"})


def letter(person: str, said: Any) -> Letter:
    """One person's message: encoded once for all their sockets."""
    return f"person.{person}", {"type": "person.fact", "seq": said.seq, "text": encode_server(said)}


def needs_sql(event: Event, person: str, said: ServerMessage) -> bool:
    """Does this person's message carry the other's name, or the words of a question?"""
    if isinstance(said, OfferMade):
        return in_words_of(event) is not None or is_named(event.fields)
    if not isinstance(said, CallChanged):
        return False
    return person == event.fields["requester"] or is_named(event.fields)
