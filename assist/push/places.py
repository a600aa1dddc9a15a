"""Is this an address at a push service? Nobody else is ever connected to.

An endpoint comes from a browser, that is, from anybody. What it may name is a list of hosts, and
what their names may lead to is the public internet: else a push would be a way into our network.
"""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple

HOSTS = frozenset(
    {
        "fcm.googleapis.com",
        "android.googleapis.com",
        "updates.push.services.mozilla.com",
        "web.push.apple.com",
    }
)
DOMAINS = (".push.services.mozilla.com", ".push.apple.com", ".notify.windows.com")
# Spelt out, and not taken apart by a parser of addresses: parsers differ in what they forgive. So
# no port, no user, no upper case, no dot at the end, and no character that could end a header.
ENDPOINT = re.compile(
    r"https://((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24})"
    r"(/[A-Za-z0-9._~:/?=&%+@!$'()*,;-]{1,900})"
)
UNICAST = ipaddress.IPv6Network("2000::/3")
# Public by their number, but what they lead to is another address, or none.
DETOURS = tuple(
    ipaddress.ip_network(network)
    for network in ("2002::/16", "2001::/32", "3fff::/20", "192.88.99.0/24")
)


class Place(NamedTuple):
    """Where a letter goes: the host, always by HTTPS on port 443, and what to ask of it."""

    host: str
    path: str


def place_of(endpoint: str) -> Place | None:
    """The place that an endpoint names; nothing if that is no push service that we know."""
    found = ENDPOINT.fullmatch(endpoint)
    if found is None:
        return None
    host, path = found.groups()
    return Place(host, path) if host in HOSTS or host.endswith(DOMAINS) else None


def is_public(address: str) -> bool:
    """Is this numeric address one of the public internet, and of a single machine?"""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and (ip.scope_id or ip not in UNICAST):
        return False
    return ip.is_global and not ip.is_multicast and not any(ip in each for each in DETOURS)
