"""How is the web server started, on one machine and on many?"""

from __future__ import annotations

import sys
from pathlib import Path

# Twice what a page may say (64 KiB): past its own limit Daphne drops the connection without a word,
# and whoever sent a little too much should read why.
LARGEST_MESSAGE_BYTES = 128 * 1024


def daphne_command(port: int, https_port: int, certificate: Path, key: Path) -> list[str]:
    """Plain HTTP for this machine alone, HTTPS for everybody. The files are PEM."""
    files = f"privateKey={escaped(key)}:certKey={escaped(certificate)}"
    secure = f"ssl:{https_port}:interface=0.0.0.0:{files}"
    largest = str(LARGEST_MESSAGE_BYTES)
    return [
        *(sys.executable, "-m", "daphne"),
        *("-v", "0"),  # no access log: addresses are not kept
        *("--websocket-max-message-size", largest, "--websocket-max-frame-size", largest),
        *("--application-close-timeout", "2"),
        *("-e", f"tcp:{port}:interface=127.0.0.1", "-e", secure),
        "assist.asgi:application",
    ]


def escaped(path: Path) -> str:
    """As Twisted's endpoint strings want it."""
    return str(path).replace("\\", "\\\\").replace(":", "\\:")
