"""Is somebody else already using a port that we need? Asked before anything is started."""

from __future__ import annotations

import socket

from assist.lib.env import EnvError


def check_tcp(host: str, port: int, option: str) -> None:
    check(socket.SOCK_STREAM, host, port, option)


def check_udp(host: str, port: int, option: str) -> None:
    check(socket.SOCK_DGRAM, host, port, option)


def check(kind: socket.SocketKind, host: str, port: int, option: str) -> None:
    """Raises EnvError with one sentence when (host, port) cannot be bound."""
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind is socket.SOCK_STREAM:
            # A connection that ended a moment ago must not look like somebody else.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise EnvError(f"Only root may use port {port}; choose another: {option}.") from error
        except OSError as error:
            name = "UDP port" if kind is socket.SOCK_DGRAM else "Port"
            raise EnvError(
                f"{name} {port} on {host} is in use; end what uses it or choose another: {option}."
            ) from error
