"""How do hundreds of sockets renew their leases in one call? They are collected for a second."""

from __future__ import annotations

import asyncio
import logging
from asyncio import Future

from redis.exceptions import RedisError

from assist.live import Live

log = logging.getLogger(__name__)

ROUND_S = 1.0
Person = tuple[str, str]  # role, id


class Beats:
    """One for each process. A beat waits for its round and comes back with the person's number."""

    def __init__(self, live: Live, round_s: float = ROUND_S) -> None:
        self._live, self._round_s = live, round_s
        self._hidden: dict[Person, bool] = {}
        self._waiting: dict[Person, Future[tuple[int, int]]] = {}
        self._round: asyncio.Task[None] | None = None

    async def beat(self, role: str, person: str, hidden: bool) -> tuple[int, int]:
        """Renew this person's lease with the next round: their last number and Redis' time in ms.

        Raises RedisError if the round failed.
        Two tabs of one person in one round: the page is hidden only if all of them are.
        """
        key = (role, person)
        self._hidden[key] = hidden and self._hidden.get(key, True)
        future = self._waiting.setdefault(key, asyncio.get_running_loop().create_future())
        if self._round is None:
            self._round = asyncio.create_task(self._renew_soon())
        return await asyncio.shield(future)

    async def _renew_soon(self) -> None:
        await asyncio.sleep(self._round_s)
        hidden, self._hidden = self._hidden, {}
        waiting, self._waiting = self._waiting, {}
        self._round = None
        people = list(waiting)
        try:
            numbers = await self._live.beat([(*person, hidden[person]) for person in people])
            now_ms = await self._live.now_ms()
        except RedisError as error:
            log.warning("leases not renewed for %d people: %s", len(people), type(error).__name__)
            for future in waiting.values():
                future.set_exception(error)
                future.exception()  # a socket that closed meanwhile will not look at it
            return
        for person, number in zip(people, numbers, strict=True):
            waiting[person].set_result((number, now_ms))
