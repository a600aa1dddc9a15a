"""Do two people stay together when their relay leaves or dies? The chaos program, in small."""

import asyncio
import json
import sys

from assist.lib.env import ROOT


async def test_a_relay_that_leaves_and_one_that_is_killed_are_left_for_another() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.chaos.crossings", "--short"),
        *("--only", "drained", "killed"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, error = await process.communicate()
    assert process.returncode == 0, (out + error).decode()[-3000:]
    last = json.loads(out.decode().splitlines()[-1])
    assert [last["drained_n"], last["killed_n"]] == [1, 1]
    assert [last["drained_legs_replaced"], last["killed_legs_replaced"]] == [2, 2]
