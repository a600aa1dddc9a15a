"""Is what a screen reader said written down as it was: whole, cut short, or never begun?"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from tests.screen_reader import heard as hearing
from tests.screen_reader import speech
from tests.screen_reader.heard import Heard
from tests.waiting import wait_for

LONG = "A sentence that nobody could have said in the moment before it was stopped. " * 9


@pytest.fixture
def heard(tmp_path: Path) -> Heard:
    return Heard(tmp_path / "heard.jsonl")


@contextmanager
def voice(heard: Heard) -> Iterator[tuple[IO[str], IO[str]]]:
    """What speech-dispatcher writes to, and reads from."""
    environ = {**os.environ, "ASSIST_HEARD": str(heard.file)}
    command = [sys.executable, speech.__file__]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environ, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdin, process.stdout
        process.stdin.write("QUIT\n")
        process.stdin.close()
        assert process.wait() == 0


def tell(to: IO[str], *lines: str) -> None:
    to.write("".join(f"{line}\n" for line in lines))
    to.flush()


async def test_the_voice_speaks_the_protocol_of_its_dispatcher(heard: Heard) -> None:
    with voice(heard) as (to, said):
        tell(to, "INIT", "SET", "rate=0", "..", ".", "LIST VOICES")
        tell(to, "SPEAK", '<speak>Tom &amp; <mark name="1"/>Noor.</speak>', ".")
        await heard.says("Tom & Noor.")
        lines = [said.readline().strip() for _ in range(10)]
    assert lines == [
        "299-It writes what it would say",
        "299 OK LOADED SUCCESSFULLY",
        "203 OK RECEIVING SETTINGS",
        "203 OK SETTINGS RECEIVED",
        "200-paper\ten\tnone",
        "200 OK VOICE LIST SENT",
        "202 OK RECEIVING MESSAGE",
        "200 OK SPEAKING",
        "701 BEGIN",
        "702 END",
    ]


async def test_what_was_stopped_was_not_heard(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    with voice(heard) as (to, _said):
        tell(to, "SPEAK", LONG, ".")
        await wait_for(lambda: "" if heard.since("begins") else "nothing begins")
        tell(to, "STOP")
        await wait_for(lambda: "" if heard.since("cut") else "nothing is cut")
    monkeypatch.setattr(hearing, "PATIENCE_S", 0)
    with pytest.raises(AssertionError, match=r"not heard.*cut short"):
        await heard.says("A sentence")
    assert heard.expected == []


async def test_what_was_said_before_does_not_count_again(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    with voice(heard) as (to, _said):
        tell(to, "SPEAK", "Connected to Noor.", ".")
        await heard.says("Connected")
    assert heard.story() == ["    0.0 s * Connected to Noor."]
    monkeypatch.setattr(hearing, "PATIENCE_S", 0)
    with pytest.raises(AssertionError, match="not heard"):
        await heard.says("Connected")
