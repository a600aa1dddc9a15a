"""What does each process of a run cost? Its share of one core, from what the kernel counted."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def _busy_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def _waited_s(pid: int) -> float:
    """How long its threads were ready to run, and no core was free."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((one / "schedstat").read_text().split()[1]) for one in tasks) / 1e9


class Costs:
    """Counts from when it is made."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._pids, self._began_s = pids, time.monotonic()
        self._busy = {name: _busy_s(pid) for name, pid in pids.items()}
        self._waited = {name: _waited_s(pid) for name, pid in pids.items()}

    def so_far(self) -> dict[str, float]:
        """`NAME_core`: share of a core used; `NAME_starved`: of the time, waiting for one."""
        past_s = time.monotonic() - self._began_s
        found = {}
        for name, pid in self._pids.items():
            found[f"{name}_core"] = round((_busy_s(pid) - self._busy[name]) / past_s, 2)
            found[f"{name}_starved"] = round((_waited_s(pid) - self._waited[name]) / past_s, 2)
        return found
