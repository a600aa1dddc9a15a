"""Is the house well? Alive, ready, and in figures.

Ready means that a person who asks now can be helped: Redis and SQL answer within a second, a
worker holds the roles, and a relay has announced itself. A socket that is accepted proves none of
these, so each is asked with a round trip.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import logging
from collections import Counter
from collections.abc import Awaitable, Iterator
from concurrent.futures import ThreadPoolExecutor

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Gauge
from prometheus_client.core import CounterMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from assist.live import Live
from assist.live.keys import key
from assist.live.snapshot import QueueTruth, VolunteerLine
from assist.monitor import process
from assist.protocol.states import HelpState

log = logging.getLogger(__name__)

ANSWER_S = 1.0
ROLES = ("fanout", "ledger")
threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="health")


@require_safe
async def healthz(_request: HttpRequest) -> HttpResponse:
    """This process answers; it says nothing about the others."""
    return word("ok", 200)


@require_safe
async def readyz(_request: HttpRequest) -> HttpResponse:
    """`ready`, or 503 with what is missing: redis, sql, relay or worker."""
    missing = await what_is_missing(process.live())
    return word(missing or "ready", 503 if missing else 200)


def word(text: str, status: int) -> HttpResponse:
    response = HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
    # Whoever watches asks each second: Django would fill the log with it.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


async def what_is_missing(live: Live) -> str:
    """The first part that does not do its work, or nothing."""
    if not await in_time(redis_answers(live)):
        return "redis"
    if not await in_time(sql_answers()):
        return "sql"
    if not await in_time(a_relay_lives(live)):
        return "relay"
    if not await in_time(a_worker_works(live)):
        return "worker"
    return ""


async def in_time(check: Awaitable[bool]) -> bool:
    try:
        async with asyncio.timeout(ANSWER_S):
            return await check
    except (TimeoutError, RedisError, DatabaseError, OSError):
        return False


async def redis_answers(live: Live) -> bool:
    """A write and a read: a frozen server accepts connections, a full one only reads."""
    return bool(await live.run())


async def sql_answers() -> bool:
    await database_sync_to_async(ask_sql, thread_sensitive=False, executor=threads)()
    return True


def ask_sql() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


async def a_relay_lives(live: Live) -> bool:
    return bool((await live.queue(limit=1)).relays)


async def a_worker_works(live: Live) -> bool:
    held: int = await live.redis.exists(*(key("role", name) for name in ROLES))
    return held == len(ROLES)


# --- figures -------------------------------------------------------------------------------------
@require_safe
async def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text, to this machine or with the token: counts, no ids, no content."""
    if not may_read(request):
        return word("forbidden", 403)
    text = generate_latest(REGISTRY)
    try:
        async with asyncio.timeout(ANSWER_S):
            text += generate_latest(figures(await process.live().queue(limit=10_000)))
    except (TimeoutError, RedisError) as error:
        log.warning("figures without the queue (%s)", type(error).__name__)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def may_read(request: HttpRequest) -> bool:
    """The bearer token if there is one, else only from this machine itself."""
    token = settings.ASSIST_METRICS_TOKEN
    said = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(said.encode(), token.encode()):
        return True
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


class Dropped(Collector):
    """What the relays have counted themselves, as far as each of them has come."""

    def __init__(self, truth: QueueTruth) -> None:
        self._relays = sorted(truth.relays)

    def collect(self) -> Iterator[CounterMetricFamily]:
        meaning = "Packets and messages that a relay did not pass on, by the reason."
        family = CounterMetricFamily("assist_relay_dropped", meaning, labels=["relay", "why"])
        for number, line in enumerate(self._relays, start=1):
            for why, count in line.dropped.items():
                family.add_metric([str(number), why], count)
        yield family


def doing(line: VolunteerLine) -> str:
    """A practice is no Call."""
    return "practising" if line.practising else str(line.state)


def figures(truth: QueueTruth) -> CollectorRegistry:
    """What is live, counted."""
    registry = CollectorRegistry()
    counts = {
        "help_requests": (Counter(str(one.state) for one in truth.helps), "Open, by state."),
        "volunteers": (Counter(map(doing, truth.volunteers)), "Present, by state."),
    }
    for name, (counted, meaning) in counts.items():
        gauge = Gauge(f"assist_{name}", meaning, ["state"], registry=registry)
        for state, number in counted.items():
            gauge.labels(state=state).set(number)
    load = Gauge("assist_relay_load", "Share of one core.", ["relay"], registry=registry)
    legs = Gauge("assist_relay_legs", "Legs held.", ["relay"], registry=registry)
    for number, line in enumerate(sorted(truth.relays), start=1):
        load.labels(relay=number).set(line.load)
        legs.labels(relay=number).set(line.legs)
    registry.register(Dropped(truth))
    standing = (HelpState.WAITING, HelpState.RINGING)  # nobody stands there for a call-back
    waits = [one.since_ms for one in truth.helps if one.state in standing]
    wait = Gauge("assist_longest_wait_seconds", "Of those who wait now.", registry=registry)
    wait.set((truth.now_ms - min(waits, default=truth.now_ms)) / 1000)
    return registry
