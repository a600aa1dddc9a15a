"""How is one device told one thing in time? Tried again while it makes sense, and no longer."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping

from assist.lib.clock import pause
from assist.push.devices import Device
from assist.push.seal import Seal
from assist.push.sender import Outcome, Sender

FIRST_WAIT_SECONDS = 1.0
MOST_WAIT_SECONDS = 16.0


class Delivery:
    """Seals and sends."""

    def __init__(self, seal: Seal, sender: Sender) -> None:
        self._seal, self._sender = seal, sender

    async def tell(
        self, device: Device, told: Mapping[str, str], topic: str, until_s: float
    ) -> Outcome:
        """Until the loop's time `until_s`; the push service keeps the letter no longer than that.

        LATER when time ran out. Never raises.
        """
        now_s = asyncio.get_running_loop().time
        wait_s = FIRST_WAIT_SECONDS
        while (left_s := until_s - now_s()) > 0:
            try:
                letter = self._seal.letter(device, told, topic, math.ceil(left_s))
            except ValueError:
                return Outcome.REFUSED
            answer = await self._sender.send(letter)
            if answer.outcome != Outcome.LATER:
                return answer.outcome
            rest_s = max(wait_s, answer.retry_after_s)
            if now_s() + rest_s >= until_s:
                break
            await pause(rest_s)
            wait_s = min(2 * wait_s, MOST_WAIT_SECONDS)
        return Outcome.LATER
