"""What must matching know of people? Copied into `live`, so that no ring ever waits for SQL."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from channels.db import database_sync_to_async
from django.db import DatabaseError, InterfaceError
from django.db.models import Q
from redis.exceptions import RedisError

from assist.accounts.blocks import blocks_of
from assist.accounts.hours import windows
from assist.accounts.models import Block, CircleTie, MetTie, Person
from assist.lib.clock import pause
from assist.live import Live
from assist.live.forgetting import Behind
from assist.live.forgetting_volunteers import erase
from assist.live.roster import Entry

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
REFRESH_MS = 3600 * 1000
BATCH = 200
# Who changes their settings faster than this is copied with the last but some.
AGREE_TRIES = 5


class Tie(NamedTuple):
    """As `live.tie` takes it: "circle" or "met", a Requester, a Volunteer."""

    kind: str
    requester: str
    person: str


def entry_of(person: Person, now_ms: int) -> Entry:
    """This Volunteer as matching sees them, for the next two days."""
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    snooze = person.snooze_until
    return Entry(
        languages=person.languages,
        topics=tuple(person.topics),
        public=person.public,
        push=person.push,
        awake=windows(person.hours, person.time_zone, now),
        snooze_ms=int(snooze.timestamp() * 1000) if snooze and snooze > now else 0,
        ring_ms=person.ring_seconds * 1000,
        wrap_ms=person.wrap_up_seconds * 1000,
        taking=person.takes_calls,
    )


async def copy(live: Live, volunteer: Person) -> None:
    """Make what is live agree with what SQL says of this Volunteer. Raises RedisError.

    It may end access but never gives it back: `volunteer` may have been read a moment too early.
    """
    person = volunteer.id.hex
    for one, other in await database_sync_to_async(blocks_of)(person):
        await live.block(one, other)
    for tie in await database_sync_to_async(ties)(person):
        await live.tie(*tie)
    await _enlist(live, [volunteer])  # last: from here on they can be rung
    if not volunteer.is_active:
        await live.suspend(person)


async def wake(live: Live, person: str) -> None:
    """Who starts taking calls sleeps no longer. Raises RedisError and database errors."""
    awake = await database_sync_to_async(_end_snooze)(UUID(person))
    if awake is not None:
        await copy(live, awake)


async def rebuild(live: Live) -> int:
    """Copy everybody, at start or after a Redis that forgot; how many Volunteers there are.

    Blocks are only ever added: one that a Call made a moment ago may not have reached SQL yet.
    """
    await _relate(live)
    return await _enlist_all(live, everybody=True)


async def refresh(live: Live) -> int:
    """Copy anew the hours of those who have any: what is live knows two days ahead; how many.

    And who is tied to whom: a page whose word did not reach Redis has told SQL alone.
    """
    await _relate(live)
    return await _enlist_all(live, everybody=False)


async def run_roster(live: Live, stop: asyncio.Event) -> None:
    """Rebuild now, and whenever Redis has forgotten, until `stop`. Any number of workers may."""
    rebuilt_for, fresh_until_ms = "", 0
    while not stop.is_set():
        try:
            run, now_ms = await live.run(), await live.now_ms()
            if run != rebuilt_for:
                log.info("the roster has %d Volunteers", await rebuild(live))
                rebuilt_for, fresh_until_ms = run, now_ms + REFRESH_MS
            elif now_ms >= fresh_until_ms:
                await refresh(live)
                fresh_until_ms = now_ms + REFRESH_MS
        except (RedisError, DatabaseError, InterfaceError) as trouble:
            log.warning("the roster waits: %s", type(trouble).__name__)
        await pause(LOOK_SECONDS, stop)


def ties(person: str | None = None) -> set[Tie]:
    """Confirmed circles and wishes to meet again; of one Volunteer, or of everybody."""
    circles = CircleTie.objects.filter(confirmed=True)
    met = MetTie.objects.all()
    if person is not None:
        circles, met = circles.filter(person=UUID(person)), met.filter(person=person)
    found = {Tie("circle", who, id_.hex) for who, id_ in circles.values_list("requester", "person")}
    return found | {Tie("met", *pair) for pair in met.values_list("requester", "person")}


async def _relate(live: Live) -> None:
    """Part and tie everybody; who parted meanwhile is parted here too."""
    for one, other in await database_sync_to_async(_blocks)():
        await live.block(one, other)
    before = await database_sync_to_async(ties)()
    for tie in before:
        await live.tie(*tie)
    for kind, requester, person in before - await database_sync_to_async(ties)():
        await live.tie(kind, requester, person, holds=False)


async def _enlist_all(live: Live, everybody: bool) -> int:
    last: UUID | None = None
    count = 0
    while batch := await database_sync_to_async(_volunteers_after)(last, everybody):
        await _enlist(live, batch)
        for volunteer in batch:
            if not volunteer.is_active:
                await live.suspend(volunteer.id.hex)
        last, count = batch[-1].id, count + len(batch)
    return count


async def _enlist(live: Live, volunteers: Sequence[Person]) -> None:
    """Copy them, and again whoever changed their settings meanwhile: the last word must stand."""
    for _ in range(AGREE_TRIES):
        now_ms = await live.now_ms()
        told = {one.id: entry_of(one, now_ms) for one in volunteers}
        await asyncio.gather(*(live.enlist(who.hex, entry) for who, entry in told.items()))
        fresh = await database_sync_to_async(_read)(told)
        for gone in told.keys() - {one.id for one in fresh}:
            await _take_out(live, gone.hex)
        volunteers = [one for one in fresh if entry_of(one, now_ms) != told[one.id]]
        if not volunteers:
            return


async def _take_out(live: Live, person: str) -> None:
    """They were deleted while one of their pages had them copied: nothing may name them again."""
    try:
        await erase(live, person)
    except Behind:
        log.warning("history is behind: what happens just now still names somebody deleted")


def _read(people: Iterable[UUID]) -> list[Person]:
    return list(Person.objects.filter(pk__in=list(people)))


def _end_snooze(person: UUID) -> Person | None:
    """Nothing for who does not snooze, which is nearly everybody."""
    if not Person.objects.filter(pk=person, snooze_until__isnull=False).update(snooze_until=None):
        return None
    return Person.objects.filter(pk=person, volunteers=True).first()


def _blocks() -> list[tuple[str, str]]:
    return list(Block.objects.values_list("one", "other"))


def _volunteers_after(last: UUID | None, everybody: bool) -> list[Person]:
    """The next of them, in order of their ids."""
    found = Person.objects.filter(volunteers=True).order_by("pk")
    if not everybody:
        found = found.filter(Q(hours__isnull=False) | Q(snooze_until__isnull=False))
    if last is not None:
        found = found.filter(pk__gt=last)
    return list(found[:BATCH])
