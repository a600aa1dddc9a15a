"""Under which addresses can others on the same network reach this machine?"""

from __future__ import annotations

import ipaddress
import socket

import ifaddr


def lan_addresses() -> list[str]:
    """IPv4 addresses of this machine's own interfaces, loopback and link-local aside, sorted."""
    found = {ip.ip for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4}
    usable = (ipaddress.ip_address(str(address)) for address in found)
    return [str(ip) for ip in sorted(usable) if not (ip.is_loopback or ip.is_link_local)]


def machine_name() -> str:
    """The machine's `.local` name, which phones resolve by mDNS; nothing if it has none."""
    label = socket.gethostname().split(".")[0].lower()
    if not label or not all(sign.isascii() and (sign.isalnum() or sign == "-") for sign in label):
        return ""
    return "" if label == "localhost" else f"{label}.local"
