"""Where do letters arrive in the tests? A small SMTP server on this machine's own address."""

from __future__ import annotations

import email
import re
import socketserver
import threading
from email.message import Message


class _Line(socketserver.StreamRequestHandler):
    """One letter after the other, as RFC 5321 has it; everything else is answered with "ok"."""

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline():
            word = line.strip().upper()
            if word.startswith(b"QUIT"):
                return self._say("221 bye")
            if word.startswith(b"DATA"):
                self._say("354 go on")
                self.server.keep(self._letter())  # type: ignore[attr-defined]
            self._say("250 ok")
        return None

    def _letter(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """Use it with `with`; `letters` are what has arrived."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Line)
        self.letters: list[Message] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """As ASSIST_EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.server_address[1]}?from=house@assist.example"

    def code(self) -> str:
        """The digits of the newest letter, as they are written there; nothing without one."""
        text = str(self.letters[-1].get_payload()) if self.letters else ""
        found = re.search(r"[0-9]{3}( [0-9]{3})+", text)
        return found[0] if found else ""

    def keep(self, letter: bytes) -> None:
        self.letters.append(email.message_from_bytes(letter))

    def __exit__(self, *_args: object) -> None:
        self.shutdown()
        self.server_close()
