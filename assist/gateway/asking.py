"""May this Requester ask, and does an old receipt still hold? The way from help.ask to `live`.

Also the way to be called back: at once with the ask, or later, with a question or without.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

from channels.db import database_sync_to_async
from django.db import DatabaseError

from assist.accounts.languages import tidy_languages
from assist.accounts.questions import BadQuestion
from assist.gateway import hours, introductions, questions, receipts
from assist.gateway.limits import may_ask
from assist.gateway.receipts import Receipt
from assist.lib.ids import new_id
from assist.live import Live
from assist.live.snapshot import HelpTruth
from assist.protocol.messages import HelpAsk, HelpPark
from assist.protocol.states import HelpState, Refusal
from assist.records.history import ended

log = logging.getLogger(__name__)

HISTORY_S = 2.0
# So long somebody may be called back, counted from when the house is open; and so long a question
# may wait for an answer.
CALL_BACK = timedelta(hours=2)
QUESTION = timedelta(days=7)
PARKED_FROM = (HelpState.WAITING, HelpState.RINGING)
threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="receipts")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: a device, from a network, in a house that is open to it or not."""

    device: str
    address: str
    may_come_in: bool


class NotAsked(Exception):
    """The house says no to this ask; nothing changed. `text` says more than the code can."""

    def __init__(self, code: Refusal, text: str = "") -> None:
        super().__init__(code)
        self.code, self.text = code, text


async def ask(live: Live, asker: Asker, message: HelpAsk) -> Receipt:
    """Ask, or ask again with a receipt and keep the place. Raises `NotAsked`, RedisError."""
    if not asker.may_come_in:
        raise NotAsked(Refusal.CODE_NEEDED)
    old = await still_good(live, asker, message.receipt) if message.receipt else None
    if old is None:
        await may_ask_anew(live, asker, message)
    named = bool(message.name) and await introductions.introduce(asker.device, message.name)
    asked = await live.ask(
        old.help_request if old else new_id(),
        asker.device,
        spoken(message.languages),
        old.since_ms if old else None,
        message.among,
        message.topic,
        message.again,
        named=named,
        braille=message.braille,
    )
    if not message.name:  # nobody waits for SQL to forget one
        await introductions.introduce(asker.device, None)
    if asked.is_ == "ended":
        raise NotAsked(Refusal.TOO_LATE)
    if asked.is_ == "full":
        raise NotAsked(Refusal.BUSY)
    if message.later:
        await park_at_once(live, asker.device, asked.help_request, asked_before=old is not None)
    return Receipt(asked.help_request, asker.device, asked.since_ms, await live.run())


async def park_at_once(live: Live, device: str, help_request: str, asked_before: bool) -> None:
    """It changes nothing for one that is parked, or has been answered meanwhile.

    A Redis that forgot does not know of the question that was left with it; SQL does.
    """
    words = await questions.words_of(help_request) if asked_before else None
    until_ms = await call_back_until(live) if words is None else await question_until(live)
    await live.park(help_request, device, until_ms, question=words is not None)


async def may_ask_anew(live: Live, asker: Asker, message: HelpAsk) -> None:
    """Who was let in before keeps their place when the house closes; nobody new is let wait."""
    if not message.later and not hours.is_open():
        raise NotAsked(Refusal.CLOSED, hours.closed_text())
    if not await may_ask(live, asker.device, asker.address):
        raise NotAsked(Refusal.TOO_OFTEN)


async def call_back_until(live: Live) -> int:
    """In ms of Redis' clock. Nobody is called back by a house that is closed."""
    closed = hours.opens_in()
    return await live.now_ms() + (closed + CALL_BACK) // timedelta(milliseconds=1)


async def question_until(live: Live) -> int:
    """In ms of Redis' clock."""
    return await live.now_ms() + QUESTION // timedelta(milliseconds=1)


async def park(live: Live, requester: str, message: HelpPark) -> str:
    """Call them back: "ok", or "gone" and "not_yours". Raises `NotAsked`, RedisError.

    The words go to SQL before the first ring that should show them.
    """
    help_request = message.help_request
    if message.question is None:
        return await live.park(help_request, requester, await call_back_until(live))
    truth = (await live.requester_snapshot(requester)).help
    if not truth or truth.id != help_request or not may_carry(truth):
        return "gone"
    try:
        await questions.leave(help_request, message.question)
    except questions.NotKept:
        raise NotAsked(Refusal.TRY_AGAIN) from None
    except BadQuestion as bad:
        raise NotAsked(Refusal.MALFORMED, str(bad)) from None
    until_ms = await question_until(live)
    is_ = await live.park(help_request, requester, until_ms, question=True)
    if is_ != "ok":
        await forget_unless_parked(live, requester, help_request)
    return is_


def may_carry(truth: HelpTruth) -> bool:
    """A question: before it is parked, or once after, as in a house that is closed."""
    called_back = truth.state == HelpState.PARKED and not truth.question
    return truth.state in PARKED_FROM or called_back


async def forget_unless_parked(live: Live, requester: str, help_request: str) -> None:
    """Somebody answered while the words came in; or the same page had said it twice."""
    truth = (await live.requester_snapshot(requester)).help
    if not truth or truth.id != help_request or not truth.question:
        await questions.forget(help_request)


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
