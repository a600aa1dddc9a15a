"""Is this part running? One process, started again with back-off, ended in time."""

from __future__ import annotations

import asyncio
import os
import platform
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from assist.lib.env import ROOT
from assist.lib.parent import VARIABLE, die_with_parent

SHORTEST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
HEALTHY_AFTER_S = 60.0
LONGEST_LINE = 1 << 16

KERNEL_ENDS_ORPHANS = platform.system() == "Linux"

Say = Callable[[str, str], None]
Launch = tuple[list[str], dict[str, str], tuple[int, ...]]  # command, environment, descriptors


@dataclass(frozen=True, slots=True)
class Part:
    """One process of the house. `ours` can watch the pipe of its parent by itself."""

    name: str
    command: list[str]
    stop_signal: signal.Signals = signal.SIGINT
    ours: bool = True


def next_wait_s(wait_s: float, lived_s: float) -> float:
    """Doubles up to half a minute; a part that lived for a minute starts from the beginning."""
    if lived_s >= HEALTHY_AFTER_S:
        return SHORTEST_WAIT_S
    return min(wait_s * 2, LONGEST_WAIT_S)


class Child:
    """Keeps one Part running until `stop`. `say(name, line)` gets each line that it prints."""

    def __init__(
        self,
        part: Part,
        environ: Mapping[str, str],
        say: Say,
        when_again: Callable[[Child], None] = lambda child: None,
    ) -> None:
        """`when_again` is called at the start of each life but the first."""
        self.part = part
        self.exit_code: int | None = None  # of the last life, while no other has begun
        self.lives = 0
        self.began = 0.0  # this life, on the monotonic clock
        self._when_again = when_again
        self._environ = dict(environ)
        self._say = say
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Event()
        self._lifeline: tuple[int, int] | None = None

    async def keep(self) -> None:
        wait_s = SHORTEST_WAIT_S / 2
        while not self._stopping.is_set():
            self.began = time.monotonic()
            self.exit_code = await self._live()
            if self._stopping.is_set():
                return
            wait_s = next_wait_s(wait_s, time.monotonic() - self.began)
            self._say(self.part.name, f"ended with {self.exit_code}; again in {wait_s:g} s")
            await asyncio.sleep(wait_s)

    async def _live(self) -> int:
        process = self._process = await self._spawn()
        self.exit_code = None
        self.lives += 1
        if self.lives > 1:
            self._when_again(self)
        assert process.stdout is not None
        while line := await read_line(process.stdout):
            self._say(self.part.name, line.decode(errors="replace").rstrip())
        return await process.wait()

    async def _spawn(self) -> asyncio.subprocess.Process:
        kernel = KERNEL_ENDS_ORPHANS
        command, environ, descriptors = self._plain() if kernel else self._with_lifeline()
        return await asyncio.create_subprocess_exec(
            *command,
            cwd=ROOT,
            env=environ,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=LONGEST_LINE,
            pass_fds=descriptors,
            # Of its own session: Ctrl-C in the terminal reaches the supervisor alone, which then
            # ends the parts in order.
            start_new_session=True,
            preexec_fn=die_with_parent() if kernel else None,
        )

    def _plain(self) -> Launch:
        return self.part.command, self._environ, ()

    def _with_lifeline(self) -> Launch:
        """A pipe whose writing end closes with us, for systems whose kernel ends no orphans."""
        self._lifeline = self._lifeline or os.pipe()
        reading = self._lifeline[0]
        command = self.part.command
        if not self.part.ours:
            command = [sys.executable, "-m", "assist.lib.parent", *command]
        return command, {**self._environ, VARIABLE: str(reading)}, (reading,)

    def restart(self) -> None:
        """Ends this life; `keep` begins the next one."""
        self._signal(signal.SIGTERM)

    async def stop(self, within_s: float) -> None:
        """Asks it to end, and kills it when it has not after `within_s`."""
        self._stopping.set()
        process = self._process
        if process is None or process.returncode is not None:
            return
        self._signal(self.part.stop_signal)
        try:
            await asyncio.wait_for(process.wait(), within_s)
        except TimeoutError:
            self._say(self.part.name, f"did not end within {within_s:.1f} s; it is killed")
            self._signal(signal.SIGKILL)
            await process.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(number)


async def read_line(stream: asyncio.StreamReader) -> bytes:
    """One line; of one that is too long to keep, a note that it was."""
    try:
        return await stream.readline()
    except ValueError:
        return b"(a line that was too long was left out)\n"
