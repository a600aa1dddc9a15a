"""How much more can this relay carry?

A relay that took one call too many would spoil all the others, so it says no in time: once it is
busy for most of its core, or once its own packets wait too long to be read.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from statistics import median

WINDOW_S = 5.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """From where on no new HelpRequest is taken: a share of one core, and seconds of delay."""

    most_load: float = 0.85
    most_delay_s: float = 0.005


class Strain:
    """The last five seconds of one process."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._busy: deque[tuple[float, float]] = deque()  # (moment, processor time until then)
        self._delays: deque[tuple[float, float]] = deque()  # (moment, a packet's wait)

    def note_busy(self, now_s: float, busy_s: float) -> None:
        """The process has used `busy_s` of processor time by now."""
        self._busy.append((now_s, busy_s))
        while len(self._busy) > 2 and self._busy[1][0] <= now_s - WINDOW_S:
            self._busy.popleft()

    def note_delay(self, now_s: float, delay_s: float) -> None:
        """A packet waited that long between its arrival and being read."""
        self._delays.append((now_s, delay_s))

    @property
    def load(self) -> float:
        """The share of one core in the window, 0 to 1."""
        if len(self._busy) < 2:
            return 0.0
        (first_s, before_s), (last_s, after_s) = self._busy[0], self._busy[-1]
        share = (after_s - before_s) / max(0.001, last_s - first_s)
        return round(min(1.0, max(0.0, share)), 3)

    def delay_s(self, now_s: float) -> float:
        """The median wait in the window; 0 when nothing came. One late packet is no strain."""
        while self._delays and self._delays[0][0] <= now_s - WINDOW_S:
            self._delays.popleft()
        return median(wait_s for _, wait_s in self._delays) if self._delays else 0.0

    def takes_below(self, now_s: float) -> float:
        """Below which load a new HelpRequest is taken just now; 0 for none at all."""
        return self._bounds.most_load if self.delay_s(now_s) <= self._bounds.most_delay_s else 0.0
