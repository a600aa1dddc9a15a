"""May this Requester ask, and does an old receipt still hold? The way from help.ask to `live`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from channels.db import database_sync_to_async
from django.db import DatabaseError

from assist.accounts.languages import tidy_languages
from assist.gateway import receipts
from assist.gateway.limits import may_ask
from assist.gateway.receipts import Receipt
from assist.lib.ids import new_id
from assist.live import Live
from assist.protocol.messages import HelpAsk
from assist.protocol.states import Refusal
from assist.records.history import ended

log = logging.getLogger(__name__)

HISTORY_S = 2.0
threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="receipts")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: a device, from a network, in a house that is open to it or not."""

    device: str
    address: str
    may_come_in: bool


class NotAsked(Exception):
    """The house says no to this ask; nothing changed."""

    def __init__(self, code: Refusal) -> None:
        super().__init__(code)
        self.code = code


async def ask(live: Live, asker: Asker, message: HelpAsk) -> Receipt:
    """Ask, or ask again with a receipt and keep the place. Raises `NotAsked`, RedisError."""
    if not asker.may_come_in:
        raise NotAsked(Refusal.CODE_NEEDED)
    old = await still_good(live, asker, message.receipt) if message.receipt else None
    if old is None and not await may_ask(live, asker.device, asker.address):
        raise NotAsked(Refusal.TOO_OFTEN)
    asked = await live.ask(
        old.help_request if old else new_id(),
        asker.device,
        spoken(message.languages),
        old.since_ms if old else None,
    )
    if asked.is_ == "ended":
        raise NotAsked(Refusal.TOO_LATE)
    if asked.is_ == "full":
        raise NotAsked(Refusal.BUSY)
    return Receipt(asked.help_request, asker.device, asked.since_ms, await live.run())


async def still_good(live: Live, asker: Asker, text: str) -> Receipt:
    """The receipt, if it is this device's and neither `live` nor SQL knows its end."""
    receipt = receipts.read(text, asker.device)
    if receipt is None:
        raise NotAsked(Refusal.UNKNOWN_ID)
    known = await live.knows(receipt.help_request)
    if known == "unknown" and await has_ended(receipt.help_request):
        known = "ended"
    if known == "ended":
        raise NotAsked(Refusal.TOO_LATE)
    return receipt


async def has_ended(help_request: str) -> bool:
    """What SQL says; without SQL nobody can tell, and the page is asked to try again."""
    read = database_sync_to_async(ended, thread_sensitive=False, executor=threads)
    try:
        async with asyncio.timeout(HISTORY_S):
            return bool(await read(help_request))
    except (TimeoutError, DatabaseError) as error:
        log.warning("receipt not checked: no SQL (%s)", type(error).__name__)
        raise NotAsked(Refusal.TRY_AGAIN) from None


def spoken(languages: Iterable[str]) -> list[str]:
    """Primary subtags, best first, each once; the three Norwegian tags are one language."""
    return tidy_languages(languages)
