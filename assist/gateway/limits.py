"""How often may someone do something? A bucket in memory for a socket, a window in Redis for asks.

To end, to block and to cancel is never limited anywhere: a person must always be able to leave.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Callable
from time import monotonic

from django.conf import settings

from assist.live import Live

ASK_WINDOW_S = 600
ASKS_A_DEVICE = 5
ASKS_A_NETWORK = 20
REPORTS_A_PERSON = 10
PRACTICES_A_PERSON = 10
CODES_A_NETWORK = 20
FORGETS_A_NETWORK = 10
PASSKEYS_A_NETWORK = 60
JOINS_A_NETWORK = 20
HOUR_S = 3_600
DAY_S = 86_400


class Bucket:
    """Tokens for one socket's messages: `burst` at once, `rate` a second after that."""

    def __init__(
        self, rate: float = 20, burst: float = 60, clock_s: Callable[[], float] = monotonic
    ) -> None:
        self._rate, self._burst, self._clock_s = rate, burst, clock_s
        self._tokens, self._at_s = burst, clock_s()

    def take(self) -> bool:
        """One token, if there is one."""
        now_s = self._clock_s()
        self._tokens = min(self._burst, self._tokens + (now_s - self._at_s) * self._rate)
        self._at_s = now_s
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


def network_of(address: str) -> str:
    """A name for the /24 or /48 around an address, from which the address cannot be read back.

    The key is the house's secret: a plain hash of so few possible networks is undone in a second.
    """
    prefix = prefix_of(address)
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"network:{prefix}".encode(), hashlib.sha256).hexdigest()[:32]


def prefix_of(address: str) -> str:
    """The network as text; `unknown` for what is no address (a unix socket's peer)."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 48), strict=False))


async def may_ask(live: Live, device: str, address: str) -> bool:
    """Count one ask; the network is only counted for what the device may still do."""
    if await live.allow(f"ask:device:{device}", ASKS_A_DEVICE, ASK_WINDOW_S):
        return False
    network = network_of(address)
    return not await live.allow(f"ask:network:{network}", ASKS_A_NETWORK, ASK_WINDOW_S)


async def may_report(live: Live, person: str) -> bool:
    return not await live.allow(f"report:{person}", REPORTS_A_PERSON, ASK_WINDOW_S)


async def may_practise(live: Live, volunteer: str) -> bool:
    return not await live.allow(practice_of(volunteer), PRACTICES_A_PERSON, HOUR_S)


def practice_of(volunteer: str) -> str:
    """What is counted, so that one that came to nothing can be pardoned."""
    return f"practice:{volunteer}"


async def may_forget(live: Callable[[], Live], address: str) -> bool:
    """Redis writes its whole file anew each time. `live` is asked for inside the loop."""
    network = network_of(address)
    return not await live().allow(f"forget:network:{network}", FORGETS_A_NETWORK, ASK_WINDOW_S)


async def is_first_use(live: Callable[[], Live], letter: str) -> bool:
    """A code is good once."""
    return not await live().allow(f"letter:used:{letter}", 1, DAY_S)


async def wait_to_join(live: Callable[[], Live], address: str) -> int:
    """In ms. A whole class may join from one room; a program that makes people may not go on."""
    return await live().allow(f"join:network:{network_of(address)}", JOINS_A_NETWORK, DAY_S)


async def may_ask_for_a_passkey(live: Callable[[], Live], address: str) -> bool:
    """Each question is answered once, so that this bounds the answers, too."""
    network = network_of(address)
    return not await live().allow(f"passkey:network:{network}", PASSKEYS_A_NETWORK, ASK_WINDOW_S)


async def may_try_a_code(live: Callable[[], Live], address: str) -> bool:
    """Guessing the house's code must not be quick. `live` is asked for inside the loop."""
    network = network_of(address)
    return not await live().allow(f"code:network:{network}", CODES_A_NETWORK, ASK_WINDOW_S)
