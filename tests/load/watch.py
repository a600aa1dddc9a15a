"""Did everything stay sound under load? Every Event is folded, and the end compared.

The stream is trimmed as history is written, so the Events are read from the server's append-only
file, as the house keeps one too: every Event of the run stands there, in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from redis.asyncio import Redis

from assist.live import Event
from tests.history import History
from tests.invariants import broken
from tests.load.figures import percentile
from tests.load.people import Person
from tests.redis_server import RedisServer
from tests.truth import Truth, read_truth

NOTHING = Truth(0, {}, {})
APPENDED = re.compile(rb"\*(\d+)\r\n\$4\r\nXADD\r\n\$6\r\nevents\r\n")


def events_in(log: bytes) -> Iterator[Event]:
    """Every Event that this piece of an append-only file adds to the stream."""
    for found in APPENDED.finditer(log):
        at, words = found.end(), []
        for _ in range(int(found[1]) - 2):
            end = log.index(b"\r\n", at)
            start, length = end + 2, int(log[at + 1 : end])
            words.append(log[start : start + length].decode())
            at = start + length + 2
        fields = dict(zip(words[1::2], words[2::2], strict=True))
        yield Event(words[0], fields["type"], fields)


class Watch:
    """Remembers where a round began; its verdict is to be asked when nothing moves any more."""

    def __init__(self, server: RedisServer, people: Sequence[Person]) -> None:
        """Everybody is available, and has been told so once."""
        self._server = server
        self._begins = self._log().stat().st_size
        self.history = History()
        self.history.volunteer_state = dict.fromkeys((one.id for one in people), "available")
        self.history.seq = dict.fromkeys(self.history.volunteer_state, 1)
        self._asked: dict[str, int] = {}
        self._decided: list[float] = []

    def _log(self) -> Path:
        (log,) = self._server.folder.glob("appendonlydir/*.incr.aof")
        return log

    async def verdict(self) -> list[str]:
        """What is wrong; empty is what we want."""
        with self._log().open("rb") as log:
            log.seek(self._begins)
            for event in events_in(log.read()):
                self.history.fold(event, NOTHING)
                self._time(event)
        # All of a large house at once takes longer than a client of the house would wait.
        patient = Redis.from_url(self._server.url, decode_responses=True, socket_timeout=120)
        try:
            seconds, micros = await patient.time()
            truth = await read_truth(patient, seconds * 1000 + micros // 1000)
        finally:
            await patient.aclose()
        return broken(truth, self.history)

    def _time(self, event: Event) -> None:
        """From ask to the first Wave, both by the scripts' own clock: the matchmaker's part."""
        fields = event.fields
        if event.type == "help.asked":
            self._asked[fields["help_request"]] = int(fields["since_ms"])
        elif event.type == "offers.made":
            since_ms = self._asked.pop(fields["help_request"], None)
            if since_ms is not None:
                self._decided.append(int(fields["made_ms"]) - since_ms)

    def decided_ms(self, share: float) -> float | None:
        """Ask to first Wave."""
        return percentile(self._decided, share)
