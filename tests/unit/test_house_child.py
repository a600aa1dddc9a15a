"""Is one part of the house kept running, heard, and ended in time?"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable

import pytest

from assist.management import child as child_module
from assist.management.child import Child, Part
from tests.waiting import wait_for

Kept = Callable[[str], Child]


@pytest.fixture
def said() -> list[str]:
    """What the parts have printed, and what was said about them."""
    return []


@pytest.fixture
async def kept(said: list[str]) -> AsyncIterator[Kept]:
    """Keeps a part that runs these lines of Python; all are ended with the test."""
    tasks: list[asyncio.Task[None]] = []
    children: list[Child] = []

    def keep(lines: str) -> Child:
        part = Part("part", [sys.executable, "-u", "-c", lines])
        child = Child(part, os.environ, lambda name, line: said.append(f"{name}: {line}"))
        children.append(child)
        tasks.append(asyncio.create_task(child.keep()))
        return child

    yield keep
    for child in children:
        await child.stop(5)
    await asyncio.gather(*tasks)


async def heard(said: list[str], words: str, times: int = 1) -> None:
    await wait_for(
        lambda: "" if sum(words in line for line in said) >= times else f"heard {said}", 20
    )


async def test_what_a_part_prints_is_heard_with_its_name(kept: Kept, said: list[str]) -> None:
    kept("import sys, time; print('out'); print('err', file=sys.stderr); time.sleep(60)")
    await heard(said, "part: out")
    await heard(said, "part: err")


async def test_a_part_that_ends_is_started_again(
    kept: Kept, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_module, "SHORTEST_WAIT_S", 0.01)
    child = kept("print('up'); raise SystemExit(3)")
    await heard(said, "part: up", 3)
    await heard(said, "part: ended with 3")
    assert child.exit_code in (3, None)


async def test_a_line_without_an_end_does_not_stop_the_listening(
    kept: Kept, said: list[str]
) -> None:
    kept("import time; print('x' * 300_000); print('after'); time.sleep(60)")
    await heard(said, "part: after")


async def test_a_part_that_will_not_end_is_killed(kept: Kept, said: list[str]) -> None:
    child = kept(
        "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN);"
        "print('deaf'); time.sleep(60)"
    )
    await heard(said, "part: deaf")
    await child.stop(0.2)
    assert any("it is killed" in line for line in said)


async def test_a_part_that_ends_when_asked_is_not_started_again(
    kept: Kept, said: list[str]
) -> None:
    child = kept("import time; print('up'); time.sleep(60)")
    await heard(said, "part: up")
    await child.stop(10)
    assert child.exit_code in (None, -signal.SIGINT, 1)
    assert not any("again in" in line for line in said)


async def test_where_the_kernel_ends_no_orphans_a_pipe_does(
    kept: Kept, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_module, "KERNEL_ENDS_ORPHANS", False)
    lifelines: list[tuple[int, int]] = []
    pipe = os.pipe

    def remembered() -> tuple[int, int]:
        lifelines.append(pipe())
        return lifelines[-1]

    monkeypatch.setattr(os, "pipe", remembered)
    kept("from assist.lib.parent import watch; import time; watch();print('up'); time.sleep(60)")
    await heard(said, "part: up")
    os.close(lifelines[0][1])  # as the kernel does when this process dies
    await heard(said, "part: ended with 1")
