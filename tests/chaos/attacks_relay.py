"""What goes on inside the relay that is attacked? The real one, in a process that can be asked.

Answers each word on its standard input ("look", "states", "streams") with a line of JSON.
Whatever reaches the loop's own handler or is logged as a warning is kept and told.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from assist.lib import memory, parent
from assist.lib.redis import connect
from assist.live import Live
from assist.relay import node as nodes
from assist.relay.node import Node
from assist.relay.strain import Bounds

STEP_S = 0.01
UNBOUNDED = Bounds(most_load=9.0, most_delay_s=9.0)  # nobody is turned away for the attack's sake
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class Complaints(logging.Handler):
    """All that was logged as a warning or worse, and what nobody caught."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record)[:2000])

    def uncaught(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self.lines.append(f"uncaught: {context.get('message')}: {context.get('exception')!r}")


class Watcher:
    """Looks at one relay from inside."""

    def __init__(self, node: Node, redis: Redis, complaints: Complaints) -> None:
        self._node = node
        self._pool: Any = redis.connection_pool
        self._complaints = complaints
        self._stall_s = 0.0

    async def feel(self) -> None:
        """Notice how long others keep the loop for themselves."""
        while True:
            began_s = time.monotonic()
            await asyncio.sleep(STEP_S)
            self._stall_s = max(self._stall_s, time.monotonic() - began_s - STEP_S)

    def states(self) -> dict[str, int]:
        """How many Legs stand where."""
        return dict(Counter(leg.state.value for leg in self._node.sessions.legs))

    def streams(self) -> int:
        """How many streams the Leg keeps that keeps most."""
        return max((len(leg.sources) for leg in self._node.sessions.legs), default=0)

    def look(self) -> dict[str, Any]:
        """How things stand now, and since the last look.

        Memory is what the process really has, with what nobody has cleared away yet.
        """
        memory_mb = _statm()[1] * _PAGE_BYTES / 2**20
        gc.collect()
        stall_s, self._stall_s = self._stall_s, 0.0
        complaints, self._complaints.lines = self._complaints.lines, []
        legs = self._node.sessions.legs
        counts: Counter[str] = Counter()
        for leg in legs:
            counts.update(leg.counts)
        return {
            "memory_mb": memory_mb,
            "objects": len(gc.get_objects()),
            "files": len(os.listdir("/proc/self/fd")) - self._connections(),
            "threads": len(os.listdir("/proc/self/task")),
            "tasks": len(asyncio.all_tasks()),
            "legs": len(legs),
            "counts": dict(counts),
            "dropped": dict(self._node._endpoint.dropped),
            "stall_ms": round(stall_s * 1000, 1),
            "busy_s": time.process_time(),
            "complaints": complaints,
        }

    def _connections(self) -> int:
        """To Redis: as many as were once needed at the same time, whatever calls there were."""
        return len(self._pool._available_connections) + len(self._pool._in_use_connections)


def _statm() -> list[int]:
    return [int(word) for word in Path("/proc/self/statm").read_text().split()]


def _say(line: str) -> None:
    print(line, flush=True)


async def main(url: str, address: str) -> None:
    """Until standard input ends."""
    complaints = Complaints()
    logging.getLogger().addHandler(complaints)
    logging.getLogger().setLevel(logging.INFO)
    asyncio.get_running_loop().set_exception_handler(complaints.uncaught)
    nodes.SUMMARY_SECONDS = 1e9  # what was dropped is to be counted to the end
    redis = connect(url)
    node = Node(redis, Live(redis), 0, [address], _say, UNBOUNDED)
    watcher = Watcher(node, redis, complaints)
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    running, feeling = asyncio.create_task(node.run()), asyncio.create_task(watcher.feel())
    while line := await reader.readline():
        answer: Callable[[], Any] = getattr(watcher, line.decode().strip())
        print(json.dumps(answer()), flush=True)
    node.stop()
    await running
    feeling.cancel()
    await redis.aclose()


if __name__ == "__main__":
    parent.watch()
    memory.settle()  # as `manage.py relay` does
    asyncio.run(main(*sys.argv[1:]))
