"""The worker: matches, keeps the time, rings people, writes history. Any number may run."""

import asyncio
import logging
import signal
from typing import Any

from channels.layers import get_channel_layer
from django.conf import settings
from django.core.management.base import BaseCommand
from redis.exceptions import RedisError

from assist.accounts.roster import run_roster
from assist.gateway.fanout import run_fanout
from assist.gateway.hours import is_open
from assist.lib import memory, parent
from assist.lib.clock import pause
from assist.lib.redis import connect
from assist.live import Live
from assist.live.roles import hold_role
from assist.matching.deadlines import run_deadlines
from assist.matching.matchmaker import run_matchmaker
from assist.push.notifier import run_push
from assist.records.ledger import run_ledger
from assist.records.retention import run_retention

WEIGH_SECONDS = 10.0
KEPT_SECONDS = 600
log = logging.getLogger("assist.worker")


async def run_scales(live: Live, stop: asyncio.Event) -> None:
    """When history has been away for so long that the stream is full, take no new asks."""
    while not stop.is_set():
        try:
            if await live.stream.size_up():
                log.error("the event stream is full: new asks are refused until history is back")
        except RedisError:
            log.warning("the stream could not be weighed")
        await pause(WEIGH_SECONDS, stop)


async def work(live: Live, stop: asyncio.Event) -> None:
    """Everything a worker does, until told to stop. One part's failure ends them all, loudly."""
    layer = get_channel_layer()

    async def fan_out(over: asyncio.Event) -> None:
        await run_fanout(live, layer, over)

    async def ring_devices(over: asyncio.Event) -> None:
        await run_push(live, over)

    async def write_history(over: asyncio.Event) -> None:
        await run_ledger(live, over)

    async with asyncio.TaskGroup() as group:
        group.create_task(run_matchmaker(live, stop, is_open))
        group.create_task(run_deadlines(live, stop, is_open))
        group.create_task(hold_role(live, "fanout", fan_out, stop))
        group.create_task(hold_role(live, "push", ring_devices, stop))
        group.create_task(hold_role(live, "ledger", write_history, stop))
        group.create_task(run_roster(live, stop))
        group.create_task(run_retention(live, stop))
        group.create_task(run_scales(live, stop))


def keep_connections() -> None:
    """A worker has few threads, which live as long as it does: each keeps its line to SQL.

    To open one for every name that is told was a sixth of its work.
    """
    settings.DATABASES["default"].update(CONN_MAX_AGE=KEPT_SECONDS, CONN_HEALTH_CHECKS=True)


async def serve(url: str) -> None:
    """Work until a signal says stop."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    redis = connect(url)
    memory.settle()
    print("worker: ready", flush=True)
    try:
        await work(Live(redis), stop)
    finally:
        await redis.aclose()


class Command(BaseCommand):
    """`manage.py worker`."""

    help = __doc__
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own name and type

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs until SIGTERM or SIGINT."""
        parent.watch()
        keep_connections()
        asyncio.run(serve(settings.REDIS_URL))
