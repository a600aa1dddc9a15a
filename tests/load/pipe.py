"""How does a load program speak to Redis fast enough? RESP by hand over one blocking socket."""

import socket
from collections.abc import Iterable, Sequence
from pathlib import Path

from assist.live import scripts

Reply = bytes | int | None


def encode(*words: str) -> bytes:
    """One command."""
    parts = [f"*{len(words)}\r\n".encode()]
    for word in words:
        raw = word.encode()
        parts.append(b"$%d\r\n%b\r\n" % (len(raw), raw))
    return b"".join(parts)


class Pipe:
    """One connection. A command's answer is bytes, a number, or None; an error is raised."""

    def __init__(self, path: Path) -> None:
        """`path`: the server's unix socket."""
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(30)
        self._socket.connect(str(path))
        self._file = self._socket.makefile("rb")
        self._digests: dict[str, str] = {}
        self._args: dict[str, int] = {}

    def all(self, commands: Sequence[bytes]) -> list[Reply]:
        """Send these in one piece and read every answer."""
        self._socket.sendall(b"".join(commands))
        return [self._answer() for _ in commands]

    def script(self, name: str, *args: str) -> bytes:
        """One of the real scripts as a command, on Redis' own clock; all that it is told."""
        if name not in self._digests:
            script = scripts.load(name)
            [found] = self.all([encode("SCRIPT", "LOAD", script.text)])
            assert isinstance(found, bytes)
            self._digests[name], self._args[name] = found.decode(), len(script.args)
        assert len(args) == self._args[name], f"{name} takes {self._args[name]} arguments"
        return encode("EVALSHA", self._digests[name], "0", "", *args)

    def each(self, commands: Iterable[bytes], size: int) -> list[Reply]:
        """The same in pieces of this size, each answered before the next is sent."""
        queue, answers = list(commands), []
        for at in range(0, len(queue), size):
            answers += self.all(queue[at : at + size])
        return answers

    def close(self) -> None:
        """The end."""
        self._file.close()
        self._socket.close()

    def _answer(self) -> Reply:
        line = self._file.readline()
        kind, rest = line[:1], line[1:-2]
        if kind == b"$":
            if rest == b"-1":
                return None
            return self._file.read(int(rest) + 2)[:-2]
        if kind == b":":
            return int(rest)
        if kind == b"+":
            return rest
        raise RuntimeError(f"Redis answered {line!r}")
