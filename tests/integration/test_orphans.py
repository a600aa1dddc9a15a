"""Does anything that a test has started outlive it, when it is killed?"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from assist.lib.env import ROOT
from tests.waiting import wait_for

# What a test run does, and then it hangs. A relay needs neither tables nor the web.
STARTED = """
from tests.processes import Processes
from tests.redis_server import RedisServer

redis = RedisServer().start()
house = Processes(redis)
house.start_part("relay")
print(redis._process.pid, house.pid("relay"), house.state, redis.folder, flush=True)
input()
"""


def a_test_run() -> subprocess.Popen[bytes]:
    command, pipe = [sys.executable, "-c", STARTED], subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe)


async def test_killed_tests_leave_no_process_behind() -> None:
    with a_test_run() as run:
        assert run.stdout is not None
        *pids, state, folder = run.stdout.readline().decode().split()
        try:
            assert living(pids) == pids
            run.kill()
            await wait_for(lambda: f"still there: {living(pids)}" * bool(living(pids)))
        finally:
            for path in (state, folder):
                shutil.rmtree(path, ignore_errors=True)


def living(pids: list[str]) -> list[str]:
    return [pid for pid in pids if alive(pid)]


def alive(pid: str) -> bool:
    """Nobody may have collected it yet: a zombie has ended, too."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in ("Z", "X")
