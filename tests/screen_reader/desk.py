"""On what does a screen reader run? A screen, a bus, a window manager and a voice that nobody sees.

Everything is private to one `Desk`: its own X server, its own D-Bus session with the accessibility
bus, its own speech-dispatcher (whose only voice is `speech.py`) and its own Orca with Orca's own
defaults. Keys come by the X server, as from a keyboard: Orca hears them before the browser does.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import sys
from pathlib import Path

from assist.lib.parent import die_with_parent
from tests.screen_reader import speech
from tests.screen_reader.heard import Heard
from tests.waiting import wait_for

START_S = 60.0
STOP_S = 10.0
BUS_LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
SCREEN = "1280x900x24"
VOICE = """
LogDir "{folder}"
AddModule "paper" "sd_paper"
DefaultModule paper
DefaultLanguage en
"""
ASK_BUS = (
    *("dbus-send", "--session", "--print-reply", "--dest=org.a11y.Bus"),
    *("/org/a11y/bus", "org.a11y.Bus.GetAddress"),
)


class Desk:
    """Somebody's computer, with the screen off."""

    def __init__(self, folder: Path, heard: Heard) -> None:
        self._folder, self.heard = folder, heard
        self._running: list[asyncio.subprocess.Process] = []
        self.environ = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(folder / "home"),
            "XDG_RUNTIME_DIR": str(folder / "run"),
            "ASSIST_HEARD": str(heard.file),
            "SPEECHD_ADDRESS": f"unix_socket:{folder / 'run' / 'speech.sock'}",
            "GDK_BACKEND": "x11",
            "ACCESSIBILITY_ENABLED": "1",
        }

    async def start(self) -> Desk:
        """Returns when Orca has said that it is there."""
        for name in ("home", "run", "voices"):
            (self._folder / name).mkdir(mode=0o700, parents=True)
        number = await self._tells("Xvfb", "-screen", "0", SCREEN, "-nolisten", "tcp", "-displayfd")
        self.environ["DISPLAY"] = f":{number}"
        self.environ["DBUS_SESSION_BUS_ADDRESS"] = await self._tells(
            "dbus-daemon", "--session", "--nofork", "--print-address"
        )
        await self._start(bus_launcher(), "--launch-immediately", "--a11y=1", "--screen-reader=1")
        await self._start("openbox")
        await self._give_voice()
        await wait_for(lambda: self._why_not(*ASK_BUS), START_S)
        await wait_for(lambda: self._why_not("xdotool", "get_num_desktops"), START_S)
        await self._start("orca")
        await self.heard.says("Screen reader on")
        return self

    async def _give_voice(self) -> None:
        voice = self._folder / "voices" / "sd_paper"
        program = shlex.join([sys.executable, speech.__file__])
        voice.write_text(f"#!/bin/sh\nexec {program}\n", encoding="utf-8")
        voice.chmod(0o700)
        settings = VOICE.format(folder=self._folder)
        (self._folder / "speechd.conf").write_text(settings, encoding="utf-8")
        socket = self._folder / "run" / "speech.sock"
        await self._start(
            *("speech-dispatcher", "--run-single", "--timeout", "0"),
            *("--communication-method", "unix_socket", "--socket-path", str(socket)),
            *("--config-dir", str(self._folder), "--module-dir", str(voice.parent)),
            *("--pid-file", str(self._folder / "speech.pid"), "--log-dir", str(self._folder)),
        )
        await wait_for(lambda: "" if socket.exists() else "no voice yet", START_S)

    async def _start(self, *command: str, tell: int | None = None) -> None:
        name = Path(command[0]).name
        with (self._folder / f"{name}.log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                *command,
                env=self.environ,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=() if tell is None else (tell,),
                preexec_fn=die_with_parent(),
            )
        self._running.append(process)

    async def _tells(self, *command: str) -> str:
        """What a server says of itself once it is ready, by the pipe that its last option names."""
        ours, theirs = os.pipe()
        *most, option = command
        told = (f"{option}={theirs}",) if option.startswith("--") else (option, str(theirs))
        await self._start(*most, *told, tell=theirs)
        os.close(theirs)
        with os.fdopen(ours) as pipe:
            async with asyncio.timeout(START_S):
                return (await asyncio.to_thread(pipe.readline)).strip()

    async def _why_not(self, *command: str) -> str:
        process = await asyncio.create_subprocess_exec(
            *command,
            env=self.environ,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        return "" if process.returncode == 0 else f"{command[0]}: {said.decode(errors='replace')}"

    async def press(self, *keys: str) -> None:
        """Keys by X's names, as "Tab" or "ctrl+Home"."""
        await self._must("xdotool", "key", "--delay", "60", *keys)

    async def type(self, words: str) -> None:
        await self._must("xdotool", "type", "--delay", "60", words)

    async def _must(self, *command: str) -> None:
        why = await self._why_not(*command)
        assert not why, why

    async def close(self) -> None:
        """In the order in which nobody misses anybody."""
        for process in reversed(self._running):
            if process.returncode is None:
                process.terminate()
            try:
                await asyncio.wait_for(process.wait(), STOP_S)
            except TimeoutError:
                process.kill()
                await process.wait()


def bus_launcher() -> str:
    """The program that gives a session its accessibility bus; it is on nobody's PATH."""
    return next(path for path in BUS_LAUNCHERS if Path(path).exists())
