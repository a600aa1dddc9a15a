"""How does a phone leave one network for another? A network namespace with one of two links up.

What runs in it sees an interface go and another one come, as on the way out of the house: other
addresses, a dead path behind every socket. The house has an address of its own, `HOUSE`, that both
links lead to, and takes nothing in from an address that does not belong to the link.

Needs root on Linux; whoever has neither can measure all else.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

HOUSE = "10.77.0.1"
_NAME = "assist-phone"
_LINKS = {"wlan": 1, "cell": 2}


def can_be_made() -> bool:
    """Whether this system and this user can have such a phone."""
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("ip") is not None


class Phone:
    """One at a time on a machine. `close` leaves nothing behind."""

    def __init__(self) -> None:
        """The links are up before any house starts, so that it knows its address."""
        self.close()
        self.link = "wlan"
        _run(f"ip netns add {_NAME}")
        _run(f"ip addr add {HOUSE}/32 dev lo")
        for name, number in _LINKS.items():
            _run(f"ip link add as-{name} type veth peer name {name} netns {_NAME}")
            _run(f"ip addr add 10.77.{number}.1/24 dev as-{name}; ip link set as-{name} up")
            _run(f"echo 1 > /proc/sys/net/ipv4/conf/as-{name}/rp_filter")
            self._inside(f"ip addr add 10.77.{number}.2/24 dev {name}")
            mac = self._inside(f"cat /sys/class/net/{name}/address")
            _run(f"ip neigh replace 10.77.{number}.2 lladdr {mac} dev as-{name} nud permanent")
        self._inside("ip link set lo up")
        self._inside(self._join("wlan"))

    def change(self) -> None:
        """Leave the network that it is in for the other one."""
        other = "cell" if self.link == "wlan" else "wlan"
        self._inside(f"ip link set {self.link} down; {self._join(other)}")
        self.link = other

    def browser(self, chromium: str, folder: Path) -> str:
        """A program in `folder` that runs this browser in the phone."""
        path = folder / "phone-chromium"
        path.write_text(f'#!/bin/sh\nexec ip netns exec {_NAME} {chromium} "$@"\n')
        path.chmod(0o755)
        return str(path)

    def close(self) -> None:
        _run(f"ip addr del {HOUSE}/32 dev lo", check=False)
        for name in _LINKS:
            _run(f"ip link del as-{name}", check=False)
        _run(f"ip netns del {_NAME}", check=False)

    @staticmethod
    def _join(name: str) -> str:
        """Address resolution is spared: it asks in the name of the link before, and waits."""
        gateway = f"10.77.{_LINKS[name]}.1"
        mac = Path(f"/sys/class/net/as-{name}/address").read_text().strip()
        return (
            f"ip link set {name} up; ip route replace default via {gateway}; "
            f"ip neigh replace {gateway} lladdr {mac} dev {name} nud permanent"
        )

    @staticmethod
    def _inside(command: str) -> str:
        return _run(f"ip netns exec {_NAME} sh -c '{command}'")


def _run(command: str, check: bool = True) -> str:
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=10)
    if check and done.returncode:
        raise OSError(f"{command}: {done.stderr.strip()}")
    return done.stdout.strip()
