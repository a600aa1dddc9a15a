"""How does somebody's access end? At once: sessions, ring, call and sockets."""

from __future__ import annotations

import asyncio
import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from redis.exceptions import RedisError

from assist.accounts.access import NotOne, reinstate, suspend
from assist.accounts.models import Person
from assist.lib.env import Env
from assist.lib.redis import connect
from assist.live import Live
from assist.management.running import read_running


class Command(BaseCommand):
    help = "End somebody's access, or give it back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="in any case, or an id")
        parser.add_argument("--undo", action="store_true", help="give access back")

    def handle(self, *args: Any, **options: Any) -> None:
        undo = options["undo"]
        try:
            person = reinstate(options["name"]) if undo else suspend(options["name"])
        except NotOne as several:
            raise CommandError(str(several), returncode=2) from None
        except DatabaseError:
            raise CommandError(
                "The database cannot be used; `manage.py up` makes it ready.", returncode=2
            ) from None
        if person is None:
            raise CommandError(f"Nobody here is called {options['name']}.", returncode=2)
        told = asyncio.run(tell_live(person))
        done = "may come in again, with a new invite" if undo else "is suspended"
        self.stdout.write(f"{person.name} {done}.")
        if not told:
            self.stderr.write("The live house could not be told; say it again when it runs.")


def live_address() -> str:
    """REDIS_URL where it is set; else the Redis that `up` started for this state folder."""
    running = read_running(settings.ASSIST_STATE)
    named = Env(os.environ).text("REDIS_URL")
    return running.redis_url if running and not named else settings.REDIS_URL


async def tell_live(person: Person) -> bool:
    """Whether what is live knows now."""
    redis = connect(live_address())
    live = Live(redis)
    try:
        tell = live.reinstate if person.is_active else live.suspend
        await tell(person.id.hex)
    except RedisError:
        return False
    finally:
        await redis.aclose()
        await redis.connection_pool.disconnect()
    return True
