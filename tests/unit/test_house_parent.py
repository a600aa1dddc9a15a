"""Does a child end with its parent, where the kernel does not see to it?"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from assist.lib import parent
from assist.lib.env import ROOT


@pytest.fixture
def lifeline() -> Iterator[tuple[int, int]]:
    reading, writing = os.pipe()
    os.set_inheritable(reading, True)
    yield reading, writing
    for descriptor in (reading, writing):
        try:
            os.close(descriptor)
        except OSError:
            continue


def test_the_end_of_the_pipe_is_the_end_of_the_parent(
    lifeline: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(parent.VARIABLE, str(lifeline[0]))
    gone = threading.Event()
    parent.watch(gone.set)
    assert not gone.is_set()
    os.close(lifeline[1])
    assert gone.wait(5)


def test_nothing_is_watched_without_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(parent.VARIABLE, raising=False)
    before = threading.active_count()
    parent.watch()
    assert threading.active_count() == before


def test_a_program_that_is_not_ours_ends_with_the_pipe(lifeline: tuple[int, int]) -> None:
    reading, writing = lifeline
    watcher = subprocess.Popen(
        [sys.executable, "-m", "assist.lib.parent", "sleep", "60"],
        cwd=ROOT,
        env={**os.environ, parent.VARIABLE: str(reading)},
        pass_fds=[reading],
    )
    os.close(writing)
    try:
        assert watcher.wait(10) != 0
    finally:
        watcher.kill()
        watcher.wait()


def test_a_program_that_is_not_ours_gets_the_signal_to_stop(lifeline: tuple[int, int]) -> None:
    said = "trap 'exit 7' TERM; echo up; while :; do sleep 0.05; done"
    watcher = subprocess.Popen(
        [sys.executable, "-m", "assist.lib.parent", "sh", "-c", said],
        cwd=ROOT,
        env={**os.environ, parent.VARIABLE: str(lifeline[0])},
        pass_fds=[lifeline[0]],
        stdout=subprocess.PIPE,
    )
    with watcher:
        assert watcher.stdout is not None
        assert watcher.stdout.readline() == b"up\n"
        watcher.terminate()
        assert watcher.wait(10) == 7
