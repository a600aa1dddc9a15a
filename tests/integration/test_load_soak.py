"""Does the soak program run, and would it notice a leak? In small."""

import asyncio
import json
import sys
from typing import Any

import pytest

from tests.load import soak
from tests.processes import ROOT

FLAT = {"memory_mb": 80.0, "objects": 50_000, "files": 13, "tasks": 10, "threads": 1}


def looks(**more: float) -> list[dict[str, Any]]:
    """At every hundredth call, with so much more of something for each call."""
    return [
        {
            "calls": calls,
            "complaints": [],
            **FLAT,
            **{what: FLAT[what] + each * calls for what, each in more.items()},
        }
        for calls in range(200, 700, 100)
    ]


def test_what_stays_flat_is_fine() -> None:
    flat = looks()
    assert soak.wrong(soak.verdict(flat, flat)) == []


@pytest.mark.parametrize(
    ("what", "each"),
    [("memory_mb", 0.025), ("objects", 30), ("files", 0.01), ("tasks", 0.01), ("threads", 0.01)],
)
def test_what_grows_with_the_calls_is_told(what: str, each: float) -> None:
    leaking = looks(**{what: each})
    assert len(soak.wrong(soak.verdict(leaking, leaking))) == 1


async def test_a_few_calls_in_a_row_leave_nothing_behind() -> None:
    few = ("--short", "--calls", "8", "--settled", "4", "--every", "2")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.load.soak", *few), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    last = json.loads(out.decode().splitlines()[-1])
    for exact in ("files_more", "tasks_more", "threads_more", "complaints"):
        assert last[exact] == 0
    assert last["calls"] == 8
