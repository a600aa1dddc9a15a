"""Which connection belongs to the event loop that is running? One of each for every loop.

The web server has no start-up hook and one loop; a test, or a sync view that calls async code, has
others. A Redis connection used from a second loop hangs, so each loop makes its own, when first
asked for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")


class PerLoop(Generic[T]):
    """Call it inside a running loop: the loop's own object, made by `make` the first time."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: WeakKeyDictionary[asyncio.AbstractEventLoop, T] = WeakKeyDictionary()

    def __call__(self) -> T:
        loop = asyncio.get_running_loop()
        if loop not in self._made:
            self._made[loop] = self._make()
        return self._made[loop]

    def made(self) -> list[T]:
        """What stands already, in whatever loop."""
        return list(self._made.values())
