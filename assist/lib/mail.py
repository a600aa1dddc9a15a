"""Which mail server carries our letters? One address: who, where, how safely, from whom.

`smtps://` is encrypted from the first byte; `smtp://` turns to TLS before anything is said, but on
this very machine.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

PORTS = {"smtp": 587, "smtps": 465}
# No quotes and no comments: "(1)ann@example.org" is Ann's mailbox under another name, and limits
# count by names.
ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
ADDRESS = re.compile(
    rf"(?=[^@]{{1,64}}@){ATOM}(\.{ATOM})*@([a-z0-9-]+\.)+[a-z0-9-]{{2,}}", re.ASCII | re.IGNORECASE
)


class BadMail(ValueError):
    """No mail server; its text goes on after the setting's name and never repeats the value."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """As Django's SMTP backend takes it. `sender`: from whom letters come, if the address says."""

    host: str
    port: int
    user: str
    password: str
    starts_tls: bool
    is_tls: bool
    sender: str


def is_address(text: str) -> bool:
    """Does this look like an e-mail address?"""
    return ADDRESS.fullmatch(text) is not None


def parse(url: str) -> MailServer | None:
    """Nothing for an empty one. Raises `BadMail`."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)
        asked = parse_qs(parts.query, strict_parsing=bool(parts.query))
    except ValueError as error:
        raise BadMail("must be an address like smtps://user:password@mail.example.org") from error
    if parts.scheme not in PORTS or not host or parts.path.strip("/") or parts.fragment:
        raise BadMail("must be an address that starts with smtp:// or smtps://")
    sender = asked.pop("from", [""])[0]
    if asked or (sender and not is_address(sender)):
        raise BadMail("may end with ?from= and an e-mail address, and with nothing else")
    return MailServer(
        host=host,
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starts_tls=parts.scheme == "smtp" and not is_here(host),
        is_tls=parts.scheme == "smtps",
        sender=sender,
    )


def is_here(host: str) -> bool:
    """This very machine, where nobody listens in between."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
