"""How does a process end when the one that started it is gone, even by kill -9?

On Linux the kernel does it (`die_with_parent`). Elsewhere the parent keeps the writing end of a
pipe open and never writes: its end is the parent's end (`watch`). Programs that are not ours are
started through this module as a program: `python -m assist.lib.parent COMMAND ...`.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

VARIABLE = "ASSIST_PARENT_PIPE"
PR_SET_PDEATHSIG = 1


def die_with_parent() -> Callable[[], None]:
    """For Linux: what a child runs between fork and exec. Made in the parent, before the fork."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def in_child() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # the parent died between the fork and the line above
            os._exit(1)

    return in_child


def watch(gone: Callable[[], None] = lambda: os._exit(1)) -> None:
    """Calls `gone` when the parent is no more; does nothing where no pipe was given."""
    descriptor = os.environ.pop(VARIABLE, "")
    if descriptor:
        threading.Thread(target=wait_for_end, args=(int(descriptor), gone), daemon=True).start()


def wait_for_end(descriptor: int, gone: Callable[[], None]) -> None:
    while os.read(descriptor, 1):
        pass
    gone()


def main(command: list[str]) -> int:
    """Runs a command that cannot watch for itself, hands on signals, ends it with the parent."""
    asked: list[int] = []
    children: list[subprocess.Popen[bytes]] = []

    def hand_on(number: int, _frame: object) -> None:
        asked.append(number)
        for child in children:
            child.send_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, hand_on)
    child = subprocess.Popen(command)
    children.append(child)
    if asked:  # a signal came while the command was being started
        child.send_signal(asked[-1])
    watch(child.kill)
    return child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
