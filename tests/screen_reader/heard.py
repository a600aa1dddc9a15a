"""What has been heard so far, and what should be heard next?"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

from tests.waiting import wait_for

# What is said first may be long, and a busy machine speaks late.
PATIENCE_S = 90.0


class Spoken(NamedTuple):
    """One utterance: `what` became of it, "begins", "ends" or "cut"."""

    at_s: float
    what: str
    text: str


class Heard:
    """The file that the voice writes, read from a place that moves on with what was expected."""

    def __init__(self, file: Path) -> None:
        file.touch()
        self.file = file
        self.expected: list[str] = []
        self._place = 0

    def all(self) -> list[Spoken]:
        # What stands after the last end of a line is still being written.
        *lines, _unfinished = self.file.read_text(encoding="utf-8").split("\n")
        return [Spoken(**json.loads(line)) for line in lines]

    def since(self, what: str) -> list[str]:
        """The utterances that began, ended or were cut since the last expectation."""
        return [each.text for each in self.all()[self._place :] if each.what == what]

    def move_on(self) -> None:
        """What has been said until now counts no more."""
        self._place = len(self.all())

    async def says(self, *sentences: str) -> None:
        """Each of them is spoken to its end from here on, in whatever order."""
        await wait_for(lambda: self._why_not(sentences), PATIENCE_S)
        self.expected.extend(sentences)
        ends = [
            place
            for place, each in enumerate(self.all())
            if each.what == "ends" and any(sentence in each.text for sentence in sentences)
        ]
        self._place = ends[-1] + 1

    def _why_not(self, sentences: tuple[str, ...]) -> str:
        ended = self.since("ends")
        missing = [each for each in sentences if not any(each in text for text in ended)]
        if not missing:
            return ""
        return f"{missing} not heard; since then: {ended}, cut short: {self.since('cut')}"

    async def begins(self, words: re.Pattern[str]) -> str:
        """The first utterance from here on that has such words, however long it takes to say."""
        found: list[str] = []

        def why_not() -> str:
            found[:] = [text for text in self.since("begins") if words.search(text)]
            begun = self.since("begins")
            return "" if found else f"{words.pattern!r} not heard; since then: {begun}"

        await wait_for(why_not, PATIENCE_S)
        return found[0]

    def story(self) -> list[str]:
        """All of it, a line each, with a star where it was expected, and whether it was cut."""
        spoken = [each for each in self.all() if each.what != "begins"]
        return [self._line(each, spoken[0].at_s) for each in spoken]

    def _line(self, each: Spoken, start_s: float) -> str:
        mark = "*" if any(sentence in each.text for sentence in self.expected) else " "
        cut = " (cut)" if each.what == "cut" else ""
        return f"{each.at_s - start_s:7.1f} s {mark} {each.text}{cut}"
