"""How does the stream become history, once?

The position in the stream is written in the transaction of the rows that it stands for. So a
worker that dies anywhere repeats nothing and leaves nothing out, and of two that write at the same
time one finds the position moved and rolls back.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import ParamSpec

from channels.db import database_sync_to_async
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, transaction
from redis.exceptions import RedisError

from assist.lib.clock import pause
from assist.live import BEGINNING, Event, Live
from assist.records.draft import Draft
from assist.records.fold import fold
from assist.records.models import LedgerPosition

log = logging.getLogger(__name__)
P = ParamSpec("P")

BATCH = 500
BLOCK_MS = 1000
GATHER_SECONDS = 0.1  # a transaction for each Event would cost more than all the matching
LEAST_WAIT_SECONDS = 0.1
MOST_WAIT_SECONDS = 5.0
# An event that cannot be written, today or tomorrow.
UNWRITABLE = (DataError, IntegrityError, KeyError, ValueError, OverflowError)
# What passes: a database that is away, locked or not yet migrated, a Redis that is away.
PASSING = (DatabaseError, InterfaceError, RedisError)


class Overtaken(Exception):
    """Somebody else wrote history meanwhile: what is in hand is already there."""


@dataclass(frozen=True, slots=True)
class Position:
    """`last`: the last event that history knows; `run`: of which Redis."""

    run: str
    last: str


class Ledger:
    """Reads events, writes them into history, then lets the stream forget them."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._position: Position | None = None
        # A thread of its own: a locked SQLite makes nobody wait but the ledger.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")

    async def step(self) -> int:
        """Fold one batch; how many events it had. Raises what PASSING names, and Overtaken."""
        position = await self._where()
        events = await self._live.read_events(position.last, BATCH, BLOCK_MS)
        if not events:
            return 0
        self._position = await self._in_sql(write_batch, position, events)
        await self._live.acknowledge(self._position.last)
        return len(events)

    def forget_position(self) -> None:
        """After any trouble SQL is asked again where we are."""
        self._position = None

    def close(self) -> None:
        self._thread.shutdown(wait=False)

    async def _where(self) -> Position:
        run = await self._live.run()
        if self._position is not None and self._position.run == run:
            return self._position
        position = await self._in_sql(read_position, run)
        if position.last != BEGINNING:
            # The last acknowledgement may have been lost with the connection.
            await self._live.acknowledge(position.last)
        self._position = position
        return position

    async def _in_sql(
        self, act: Callable[P, Position], *args: P.args, **kwargs: P.kwargs
    ) -> Position:
        in_thread = database_sync_to_async(act, thread_sensitive=False, executor=self._thread)
        position: Position = await in_thread(*args, **kwargs)
        return position


async def run_ledger(live: Live, stop: asyncio.Event) -> None:
    """Write history until `stop`. Only one worker should, any number may."""
    ledger = Ledger(live)
    wait_seconds = LEAST_WAIT_SECONDS
    try:
        while not stop.is_set():
            try:
                if await ledger.step() < BATCH:
                    await pause(GATHER_SECONDS, stop)
                wait_seconds = LEAST_WAIT_SECONDS
            except Overtaken:
                ledger.forget_position()
            except PASSING as trouble:
                log.warning("history waits %.1f s: %s", wait_seconds, type(trouble).__name__)
                ledger.forget_position()
                await pause(wait_seconds, stop)
                wait_seconds = min(2 * wait_seconds, MOST_WAIT_SECONDS)
    finally:
        ledger.close()


def read_position(run: str) -> Position:
    """Where history ends in the stream of this Redis; the beginning of one that is new to us."""
    known = LedgerPosition.objects.filter(pk=LedgerPosition.ONLY).first()
    if known is None:
        LedgerPosition.objects.bulk_create(
            [LedgerPosition(pk=LedgerPosition.ONLY, run=run, last=BEGINNING)], ignore_conflicts=True
        )
        return Position(run, BEGINNING)
    if known.run != run:
        log.warning("this Redis is a new one: history goes on from its first event")
        _advance(Position(known.run, known.last), Position(run, BEGINNING))
        return Position(run, BEGINNING)
    return Position(known.run, known.last)


def write_batch(position: Position, events: Sequence[Event]) -> Position:
    """Write what these events say, all or nothing; the new position.

    Raises Overtaken and database errors.
    """
    after = Position(position.run, events[-1].id)
    try:
        with transaction.atomic():
            _advance(position, after)
            _write(events)
    except UNWRITABLE:
        _write_one_by_one(position, after, events)
    return after


def _write(events: Sequence[Event]) -> None:
    draft = Draft()
    for event in events:
        fold(event, draft)
    draft.write()


def _write_one_by_one(position: Position, after: Position, events: Sequence[Event]) -> None:
    """One event that cannot be written must not stop history: leave it out, and say which."""
    with transaction.atomic():
        _advance(position, after)
        for event in events:
            try:
                with transaction.atomic():
                    _write([event])
            except UNWRITABLE as error:
                what, why = f"event {event.id} ({event.type})", type(error).__name__
                log.error("%s is not in history: %s", what, why)


def _advance(before: Position, after: Position) -> None:
    """Compare-and-set, first in the transaction: it also makes a second writer wait for us."""
    row = LedgerPosition.objects.filter(pk=LedgerPosition.ONLY, run=before.run, last=before.last)
    if row.update(run=after.run, last=after.last) != 1:
        raise Overtaken
