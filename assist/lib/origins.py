"""Which pages are ours? Scheme, host and port of each address this house answers under."""

from __future__ import annotations

from collections.abc import Iterable

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def origins(lan: Iterable[str], public_host: str, port: int, https_port: int) -> list[str]:
    """Plain HTTP only for this machine, HTTPS for all; the public host also on its default port."""
    hosts = [*LOOPBACK, *lan, *([public_host] if public_host else [])]
    plain = [origin("http", host, port) for host in LOOPBACK]
    secure = [origin("https", host, https_port) for host in hosts]
    public = [origin("https", public_host, 443)] if public_host else []
    return list(dict.fromkeys([*plain, *secure, *public]))


def for_phones(lan: Iterable[str], public_host: str, https_port: int) -> list[str]:
    """Where others find us: by the public name, or at each address in this network."""
    return [origin("https", host, https_port) for host in ([public_host] if public_host else lan)]


def origin(scheme: str, host: str, port: int) -> str:
    """As a browser writes it: the scheme's own port is left out."""
    default = {"http": 80, "https": 443}[scheme]
    return f"{scheme}://{host}" if port == default else f"{scheme}://{host}:{port}"
