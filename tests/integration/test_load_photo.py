"""Does the photograph's program run, and notice one that came changed or never? In small."""

import asyncio
import json
import sys
from collections.abc import Callable
from typing import Any, cast

import pytest

from tests.load import photo_call
from tests.load.figures import VOID
from tests.load.photo_call import Message, Page, PhotoCall
from tests.processes import ROOT

KEYS = {
    *("calls", "megabytes", "mbit_s", "quiet_p99_ms", "photo_p99_ms", "added_p99_ms", "photo_s"),
    *("words_p50_ms", "quiet_core", "photo_core", "rounds", "photos_broken"),
}
PHOTOGRAPH = bytes(range(256)) * 200
FAST = 1e9


async def test_a_photograph_crosses_the_relay_beside_other_calls() -> None:
    small = ("--short", "--calls", "4", "--rounds", "1", "--megabytes", "1")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.load.photo", *small),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    last = json.loads(out.decode().splitlines()[-1])
    assert set(last) >= KEYS
    assert process.returncode in (0, VOID)
    assert (last["rounds"], last["photos_broken"]) == (1, 0)
    assert last["words_p50_ms"] > 0
    if process.returncode != VOID:  # else this machine was too busy to measure anything
        assert last["photo_p99_ms"] > 0


class End:
    """One page, whose channel ends right at the other's; what `spoil` makes of it arrives."""

    def __init__(self, spoil: Callable[[Message], Message | None]) -> None:
        self.channel = self
        self.other: End | None = None
        self._spoil = spoil
        self._hear: Callable[[Message], None] = lambda message: None

    def on(self, _event: str, hear: Callable[[Message], None]) -> None:
        self._hear = hear

    def lives(self) -> None:
        """A page of this test needs no sign of life."""

    def say(self, message: Message) -> None:
        arrives = self._spoil(message)
        assert self.other is not None
        if arrives is not None:
            asyncio.get_running_loop().call_soon(self.other._hear, arrives)


def between(spoil: Callable[[Message], Message | None]) -> PhotoCall:
    requester, volunteer = End(spoil), End(lambda message: message)
    requester.other, volunteer.other = volunteer, requester
    ends: Any = (requester, volunteer)
    return PhotoCall(cast(Page, ends[0]), cast(Page, ends[1]), FAST)


async def test_one_that_came_as_it_left_is_well() -> None:
    assert await between(lambda message: message).send(PHOTOGRAPH) > 0


async def test_one_that_came_changed_is_noticed() -> None:
    def turned(message: Message) -> Message:
        return message[::-1]

    with pytest.raises(ValueError, match="changed"):
        await between(turned).send(PHOTOGRAPH)


async def test_one_that_never_came_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo_call, "ARRIVE_SECONDS", 0.2)
    with pytest.raises(TimeoutError):
        await between(lambda message: None).send(PHOTOGRAPH)
