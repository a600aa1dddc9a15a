"""What would be spoken? A module for speech-dispatcher that writes it down instead of sounding.

speech-dispatcher starts it, speaks to it by lines (its "module protocol"), and stops it in mid
sentence as it would any voice. Each line of the file that `ASSIST_HEARD` names is one of
  {"at_s": 12.3, "what": "begins" | "ends" | "cut", "text": "Connected to Noor."}
It imports nothing but Python's own, so that any Python can run it.
"""

from __future__ import annotations

import html
import json
import os
import queue
import re
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

# About as fast as somebody listens who is used to it.
LETTERS_A_SECOND = 30.0
BREATH_S = 0.1
TAG = re.compile(r"<[^>]*>")
SETTINGS = {
    "SET": ("203 OK RECEIVING SETTINGS", "203 OK SETTINGS RECEIVED"),
    "AUDIO": ("207 OK RECEIVING AUDIO SETTINGS", "203 OK AUDIO INITIALIZED"),
    "LOGLEVEL": ("207 OK RECEIVING LOGLEVEL SETTINGS", "203 OK LOG LEVEL SET"),
}
ANSWERS = {
    "INIT": ("299-It writes what it would say", "299 OK LOADED SUCCESSFULLY"),
    "LIST VOICES": ("200-paper\ten\tnone", "200 OK VOICE LIST SENT"),
}
MESSAGES = {"SPEAK", "CHAR", "KEY", "SOUND_ICON"}


class Voice:
    """Says one thing after the other, in a thread of its own, for as long as each would take."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._waiting: queue.Queue[str] = queue.Queue()
        self._stop = threading.Event()
        threading.Thread(target=self._speak, daemon=True).start()

    def say(self, text: str) -> None:
        self._stop.clear()
        self._waiting.put(text)

    def stop(self) -> None:
        self._stop.set()

    def _speak(self) -> None:
        while True:
            text = self._waiting.get()
            answer("701 BEGIN")
            self._write("begins", text)
            cut = self._stop.wait(BREATH_S + len(text) / LETTERS_A_SECOND)
            self._write("cut" if cut else "ends", text)
            answer("703 STOP" if cut else "702 END")

    def _write(self, what: str, text: str) -> None:
        line = {"at_s": round(time.monotonic(), 3), "what": what, "text": text}
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


LOCK = threading.Lock()


def answer(*lines: str) -> None:
    with LOCK:
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        sys.stdout.flush()


def block(lines: Iterator[str]) -> str:
    """What stands before a line with one dot; a dot at a line's start is doubled."""
    found = []
    for line in lines:
        if line == ".":
            break
        found.append(line[1:] if line.startswith("..") else line)
    return "\n".join(found)


def main(file: Path) -> None:
    voice = Voice(file)
    lines = (line.rstrip("\n") for line in sys.stdin)
    for word in lines:
        if word in SETTINGS:
            begin, end = SETTINGS[word]
            answer(begin)
            block(lines)
            answer(end)
        elif word in MESSAGES:
            answer("202 OK RECEIVING MESSAGE")
            text = html.unescape(TAG.sub("", block(lines))).strip()
            answer("200 OK SPEAKING")
            voice.say(text)
        elif word in ("STOP", "PAUSE"):
            voice.stop()
        elif word in ANSWERS:
            answer(*ANSWERS[word])
        elif word == "QUIT":
            return answer("210 OK QUIT")


if __name__ == "__main__":
    main(Path(os.environ["ASSIST_HEARD"]))
