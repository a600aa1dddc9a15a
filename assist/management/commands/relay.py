"""The relay: carries picture, sound and typed words between the two people of a Call."""

import asyncio
import logging
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from assist.lib import memory, parent
from assist.lib.redis import connect
from assist.live import Live
from assist.relay.ice import checked_addresses
from assist.relay.node import Node
from assist.relay.stock import StockChanged
from assist.relay.strain import Bounds

log = logging.getLogger("assist.relay")


def say(line: str) -> None:
    """One line for whoever started this process."""
    print(line, flush=True)


async def serve(url: str, port: int, addresses: list[str], bounds: Bounds, drain_s: float) -> None:
    """Relay until SIGINT, or for at most `drain_s` after the first SIGTERM."""
    redis = connect(url)
    node = Node(redis, Live(redis), port, addresses, say, bounds)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, node.stop)
    loop.add_signal_handler(signal.SIGTERM, node.drain, drain_s)
    try:
        await node.run()
    finally:
        await redis.aclose()


class Command(BaseCommand):
    """`manage.py relay`."""

    help = __doc__
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own name and type

    def handle(self, *args: Any, **options: Any) -> None:
        """SIGINT ends it at once; SIGTERM lets people move or finish (ASSIST_DRAIN_SECONDS)."""
        parent.watch()
        memory.settle()  # a full collection would make every call wait for some 40 ms
        port = settings.ASSIST_RELAY_PORT
        bounds = Bounds(
            settings.ASSIST_RELAY_MAX_LOAD / 100, settings.ASSIST_RELAY_MAX_DELAY_MS / 1000
        )
        try:
            addresses = checked_addresses(list(settings.ASSIST_RELAY_ADDRESS))
        except ValueError as error:
            raise CommandError(f"ASSIST_RELAY_ADDRESS: {error}.", returncode=2) from error
        try:
            drain_s = settings.ASSIST_DRAIN_SECONDS
            asyncio.run(serve(settings.REDIS_URL, port, addresses, bounds, drain_s))
        except StockChanged as error:
            raise CommandError(str(error), returncode=2) from error
        except OSError as error:
            text = f"The relay could not use UDP port {port}: {error.strerror}."
            raise CommandError(text, returncode=2) from error
