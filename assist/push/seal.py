"""How does a push stay between the house and one browser? Encrypted for it, signed by us."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping

from py_vapid import Vapid02
from pywebpush import WebPusher

from assist.push.devices import Device
from assist.push.keys import encode
from assist.push.places import place_of
from assist.push.sender import Letter

SIGNED_FOR_S = 12 * 3600  # push services take 24 h at most


class Seal:
    """The house's key, and the name it signs with."""

    def __init__(self, private: str, contact: str, now_s: Callable[[], float] = time.time) -> None:
        """`contact` is a mailto: or https: address."""
        self._vapid = Vapid02.from_raw(private.encode())
        self._contact, self._now_s = contact, now_s

    def letter(self, device: Device, told: Mapping[str, str], topic: str, ttl_s: int) -> Letter:
        """`told` is all that the device learns; a later letter of the same topic replaces this one.

        Raises ValueError for a device that is at no push service or whose keys are none.
        """
        place = place_of(device.endpoint)
        if place is None:
            raise ValueError("no push service")
        keys = {"p256dh": device.p256dh, "auth": device.auth}
        pusher = WebPusher({"endpoint": device.endpoint, "keys": keys})
        body: bytes = pusher.encode(json.dumps(told).encode())["body"]
        return Letter(device.endpoint, self._headers(place.host, topic, ttl_s), body)

    def _headers(self, host: str, topic: str, ttl_s: int) -> dict[str, str]:
        claims = {
            "aud": f"https://{host}",
            "exp": int(self._now_s()) + SIGNED_FOR_S,
            "sub": self._contact,
        }
        return {
            **self._vapid.sign(claims),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(ttl_s),
            "Topic": topic_of(topic),
            "Urgency": "high",
        }


def topic_of(identity: str) -> str:
    """32 characters that stand for an id, which the push service need not know."""
    return encode(hashlib.sha256(f"assist.push:{identity}".encode()).digest())[:32]
