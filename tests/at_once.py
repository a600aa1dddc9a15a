"""How do tests let two pages change one thing at once? One commits when both are at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from asgiref.sync import async_to_sync, sync_to_async
from django.db import connection, transaction

from tests.waiting import PATIENCE_S, wait_for

WAITS_FOR_US = """
    SELECT count(*) FROM pg_locks
    WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))
"""


@contextmanager
def at_once(act: Callable[..., Any], *said: object) -> Iterator[Future[Any]]:
    """What the block does is committed once `act`, begun after it, is through or waits for it."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            other: Future[Any] = Future()
            yield other
            beside = pool.submit(on_its_own, act, *said)
            if connection.vendor == "postgresql":
                async_to_sync(wait_for)(lambda: sync_to_async(why_not_met)(beside))
        other.set_result(beside.result(PATIENCE_S))


def on_its_own(act: Callable[..., Any], *said: object) -> Any:
    try:
        return act(*said)
    finally:
        connection.close()


def why_not_met(beside: Future[Any]) -> str:
    if beside.done():
        return ""
    with connection.cursor() as cursor:
        cursor.execute(WAITS_FOR_US)
        [waits] = cursor.fetchone()
    return "" if waits else "the other one has neither finished nor come to wait"
