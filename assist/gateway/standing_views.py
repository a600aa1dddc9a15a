"""Why is this Volunteer rung just now, or not? What their page cannot know by itself, and quiet for
a while in one action."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import NamedTuple

from asgiref.sync import async_to_sync
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from redis.exceptions import RedisError

from assist.accounts.hours import windows
from assist.accounts.models import Person
from assist.accounts.wishes import BadWish, live_in, snooze, zone_of
from assist.gateway import hours, process
from assist.gateway.circle_views import enlist, volunteer_of
from assist.gateway.push_views import refusal
from assist.protocol.states import Refusal

log = logging.getLogger(__name__)

WEEK_HOURS = 8 * 24  # hours that are the same each week begin again within it


class House(NamedTuple):
    """What `live` knows: is there a line for one more call, and when is the pause over?"""

    lines: str
    wraps_until_ms: int


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def standing(request: HttpRequest) -> HttpResponse:
    """GET: what keeps phones silent, each with until when in the person's own words and hours.

    POST: `snooze` (`hour`, `three_hours`, `tomorrow`, `week` or `wake`) first. Both answer
    `{"snoozed": TEXT, "awake": TEXT, "opens": TEXT, "lines": "free", "wraps_until_ms": 0}`; a text
    is empty where nothing of the kind is so.
    """
    person = volunteer_of(request)
    if person is None:
        return refusal(Refusal.SIGNED_OUT)
    try:
        if request.method == "POST":
            rest(request, person)
        house = async_to_sync(ask)(person.id.hex)
    except BadWish:
        return refusal(Refusal.MALFORMED)
    except RedisError as error:
        log.warning("how a volunteer stands: no Redis (%s)", type(error).__name__)
        return refusal(Refusal.TRY_AGAIN)
    return JsonResponse({**told(person, timezone.now()), **house._asdict()})


def rest(request: HttpRequest, person: Person) -> None:
    """Quiet for so long, at once. Raises `BadWish`, RedisError."""
    live_in(person, request.POST.get("time_zone", ""))
    snooze(person, request.POST.get("snooze", ""), timezone.now())
    async_to_sync(enlist)(person)


async def ask(person: str) -> House:
    live = process.live()
    return House(await live.lines(), await live.wraps_until_ms(person))


def told(person: Person, now: datetime) -> dict[str, str]:
    """Until when, as the person would say it."""
    until = person.snooze_until
    return {
        "snoozed": when(person, until, now) if until and until > now else "",
        "awake": awake_from(person, now),
        "opens": hours.opens_at_text(now),
    }


def awake_from(person: Person, now: datetime) -> str:
    """When their own hours begin again; empty while they last."""
    ahead = windows(person.hours, person.time_zone, now, WEEK_HOURS)
    now_ms = now.timestamp() * 1000
    if not ahead or any(start <= now_ms < end for start, end in ahead):
        return ""
    starts = [start for start, _end in ahead if start > now_ms]
    return when(person, datetime.fromtimestamp(min(starts) / 1000, UTC), now) if starts else ""


def when(person: Person, at: datetime, now: datetime) -> str:
    return hours.in_words(at.astimezone(zone_of(person.time_zone)), now)
