"""What may a Requester's page do, and what a Volunteer's? One small handler a message."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, ClassVar

from channels.db import database_sync_to_async
from django.db import DatabaseError

from assist.accounts import handshake, promise, roster
from assist.accounts.languages import tidy_languages
from assist.accounts.models import Person
from assist.accounts.sessions import group_of, person_of
from assist.gateway import process, quality, receipts, views_of, visitors
from assist.gateway.asking import Asker, NotAsked, ask, park
from assist.gateway.blocking import NotTold, block_by_history, end_and_block, is_unknown
from assist.gateway.legs import Legs, NotOpened
from assist.gateway.questions import words_of
from assist.gateway.socket import Handler, PageSocket
from assist.protocol.messages import (
    CallBlock,
    CallEnd,
    CallFree,
    CallHandOver,
    CallsStart,
    CallsStop,
    Client,
    FreeGet,
    HelpAsk,
    HelpCancel,
    HelpConfirm,
    HelpOthers,
    HelpPark,
    HelpReceipt,
    HelpWiden,
    LegAnswer,
    LegAnswered,
    LegDescription,
    LegOpen,
    LegRenew,
    LegReport,
    LegServers,
    OfferAccept,
    OfferDecline,
    OfferShown,
    OthersGet,
    RequesterSnapshot,
    VolunteerSnapshot,
)
from assist.protocol.states import Refusal, Role

REVALIDATE_S = 60
SQL_S = 1.0

# What `live` answers, in the page's codes. What is over, what is somebody else's and what never
# was get the same answer, so that ids cannot be tried out.
OUTCOMES: Mapping[str, Refusal] = {
    "gone": Refusal.UNKNOWN_ID,
    "not_yours": Refusal.UNKNOWN_ID,
    "unknown": Refusal.SIGNED_OUT,
    "out_of_turn": Refusal.OUT_OF_TURN,
    "suspended": Refusal.SUSPENDED,
    "quicker": Refusal.QUICKER,
    "too_late": Refusal.TOO_LATE,
}


class CallSocket(PageSocket):
    """What both people may do: open their Leg, hang up, block."""

    async def welcome(self) -> None:
        self.legs = Legs(self.person)

    async def outcome(self, is_: str, message: Client) -> None:
        """Say nothing more if it went well: the fact is on its way to every page concerned."""
        if is_ != "ok":
            await self.refuse(OUTCOMES[is_], message)

    async def end(self, message: CallEnd) -> None:
        is_ = await process.live().end(message.help_request, self.person, call=message.call or "")
        await self.outcome(is_, message)

    async def block(self, message: CallBlock) -> None:
        """What is live has ended at once; whom Redis does not know, SQL may name beside it.

        That alone is limited, to a few at a time: whoever tries out ids must not busy SQL.
        """
        is_ = await end_and_block(process.live(), self.person, message)
        if await is_unknown(process.live(), message):
            self.begin(self._block_by_history(message, is_), message)
        else:
            await self.outcome(is_, message)

    async def _block_by_history(self, message: CallBlock, ended: str) -> None:
        try:
            is_ = await block_by_history(process.live(), self.person, message)
        except NotTold:
            await self.refuse(Refusal.TRY_AGAIN, message)
            return
        await self.outcome("ok" if "ok" in (is_, ended) else is_, message)

    async def open_leg(self, message: LegOpen) -> None:
        self.begin(self._open_leg(message), message)

    async def answer_leg(self, message: LegAnswer) -> None:
        self.begin(self._answer_leg(message), message)

    async def _open_leg(self, message: LegOpen) -> None:
        try:
            opened = await self.legs.open(process.live(), process.relays(), message.help_request)
        except NotOpened as no:
            await self.refuse(no.code, message)
            return
        await self.tell(
            LegDescription(
                help_request=message.help_request,
                number=opened.number,
                description=opened.description,
                ice_servers=process.turn.servers(message.help_request, self.person),
                renew_ms=process.turn.renew_ms,
            )
        )

    async def _answer_leg(self, message: LegAnswer) -> None:
        try:
            await self.legs.answer(
                process.relays(), message.help_request, message.number, message.description
            )
        except NotOpened as no:
            await self.refuse(no.code, message)
            return
        await self.tell(LegAnswered(help_request=message.help_request, number=message.number))

    async def renew_leg(self, message: LegRenew) -> None:
        try:
            await self.legs.check(process.live(), message.help_request)
        except NotOpened as no:
            await self.refuse(no.code, message)
            return
        servers = process.turn.servers(message.help_request, self.person)
        await self.tell(LegServers(help_request=message.help_request, ice_servers=servers))

    async def report_leg(self, message: LegReport) -> None:
        """Figures that come after the end are no mistake of the page's: nothing is said of them."""
        is_ = await process.live().report(message.help_request, self.person, message.quality)
        if is_ == "ok":
            quality.count(self.role, message.quality)


IN_A_CALL: dict[type[Client], Handler] = {
    CallEnd: CallSocket.end,
    CallBlock: CallSocket.block,
    LegOpen: CallSocket.open_leg,
    LegAnswer: CallSocket.answer_leg,
    LegRenew: CallSocket.renew_leg,
    LegReport: CallSocket.report_leg,
}


class RequesterConsumer(CallSocket):
    """The page at `/`. No account: a signed device cookie says which Requester this is."""

    role = Role.REQUESTER

    async def identify(self) -> str | None:
        return visitors.device_of(self.scope)

    async def read_snapshot(self) -> RequesterSnapshot:
        truth = await process.live().requester_snapshot(self.person)
        await process.names().learn(views_of.people_in(truth))
        return views_of.requester_snapshot(truth, process.names().name_of)

    async def ask(self, message: HelpAsk) -> None:
        asker = Asker(
            device=self.person,
            address=visitors.address_of(self.scope),
            may_come_in=visitors.may_come_in(self.scope),
        )
        try:
            receipt = await ask(process.live(), asker, message)
        except NotAsked as no:
            await self.refuse(no.code, message, no.text)
            return
        written = receipts.write(receipt)
        await self.tell(HelpReceipt(help_request=receipt.help_request, receipt=written))
        await self.send_snapshot()

    async def cancel(self, message: HelpCancel) -> None:
        await self.outcome(await process.live().cancel(message.help_request, self.person), message)

    async def park(self, message: HelpPark) -> None:
        """A question is taken down by SQL: meanwhile the socket listens, above all to a cancel."""
        self.begin(self._park(message), message)

    async def _park(self, message: HelpPark) -> None:
        try:
            is_ = await park(process.live(), self.person, message)
        except NotAsked as no:
            await self.refuse(no.code, message, no.text)
            return
        await self.outcome(is_, message)

    async def widen(self, message: HelpWiden) -> None:
        language = tidy_languages([message.language])[0]
        is_ = await process.live().widen(message.help_request, self.person, language)
        await self.outcome(is_, message)

    async def others(self, message: OthersGet) -> None:
        free = await process.live().others(message.help_request, self.person)
        if free is None:
            await self.refuse(Refusal.UNKNOWN_ID, message)
            return
        languages = best_first(free, self.language)
        await self.tell(HelpOthers(help_request=message.help_request, languages=languages))

    async def confirm(self, message: HelpConfirm) -> None:
        await self.outcome(await process.live().confirm(message.help_request, self.person), message)

    handlers: ClassVar[Mapping[type[Client], Handler]] = {
        **IN_A_CALL,
        HelpAsk: ask,
        HelpPark: park,
        HelpWiden: widen,
        OthersGet: others,
        HelpConfirm: confirm,
        HelpCancel: cancel,
    }


class VolunteerConsumer(CallSocket):
    """The page at `/volunteer/`, for people who are signed in and volunteer."""

    role = Role.VOLUNTEER

    async def identify(self) -> str | None:
        self.session_key = handshake.session_key(self.scope["headers"])
        found = await volunteer_of(self.session_key)
        if found is None:
            return None
        self.volunteer = found
        return found.id.hex

    async def welcome(self) -> None:
        await super().welcome()
        await self.join(group_of(self.session_key))
        # Whose phone rings stands in the roster: whoever waits need not wait for SQL as well.
        if not await process.live().is_rung(self.person):
            await roster.copy(process.live(), self.volunteer)
        self.watch(self._revalidate())

    async def _revalidate(self) -> None:
        """A session may end where nobody tells us; SQL that is down ends nobody's."""
        while True:
            await asyncio.sleep(REVALIDATE_S)
            with suppress(DatabaseError):
                if await volunteer_of(self.session_key) is None:
                    await self.goodbye("signed_out")
                    return

    async def read_snapshot(self) -> VolunteerSnapshot:
        truth = await process.live().volunteer_snapshot(self.person)
        await process.names().learn(views_of.requester_in(truth))
        words = await words_of(views_of.question_in(truth))
        return views_of.volunteer_snapshot(truth, process.names().name_of, words)

    async def start(self, message: CallsStart) -> None:
        if not await self._has_promised():
            await self.refuse(Refusal.PROMISE_NEEDED, message)
            return
        await self._wake()
        is_ = await process.live().available(self.person)
        if is_ == "unknown":  # a Redis that forgot: its roster may not be rebuilt yet
            await roster.copy(process.live(), self.volunteer)
            is_ = await process.live().available(self.person)
        await self.outcome(is_, message)

    async def _has_promised(self) -> bool:
        """In the words of today. SQL is asked only of whoever had not when this page came."""
        if not promise.is_given_by(self.volunteer):
            with suppress(TimeoutError, DatabaseError):
                async with asyncio.timeout(SQL_S):
                    self.volunteer = await volunteer_of(self.session_key) or self.volunteer
        return promise.is_given_by(self.volunteer)

    async def _practises(self) -> bool:
        """Only whom their own page plays is shown to them there, and nobody has two Offers."""
        truth = await process.live().volunteer_snapshot(self.person)
        return truth.help is not None and truth.help.practice

    async def _wake(self) -> None:
        """Whoever takes calls sleeps no longer. Without SQL they still take calls, or snooze on."""
        with suppress(TimeoutError, DatabaseError):
            async with asyncio.timeout(SQL_S):
                await roster.wake(process.live(), self.person)

    async def stop(self, message: CallsStop) -> None:
        await self.outcome(await process.live().away(self.person), message)

    async def shown(self, message: OfferShown) -> None:
        await self.outcome(await process.live().shown(message.offer, self.person), message)

    async def accept_offer(self, message: OfferAccept) -> None:
        if not (await self._has_promised() or await self._practises()):
            await process.live().away(self.person)  # somebody else's phone rings at once
            await self.refuse(Refusal.PROMISE_NEEDED, message)
            return
        accepted = await process.live().accept(message.offer, self.person)
        await self.outcome(accepted.is_, message)

    async def decline(self, message: OfferDecline) -> None:
        await self.outcome(await process.live().decline(message.offer, self.person), message)

    async def hand_over(self, message: CallHandOver) -> None:
        language = tidy_languages([message.language])[0] if message.language else ""
        is_ = await process.live().hand_over(
            message.help_request, self.person, language, message.topic or ""
        )
        await self.outcome(is_, message)

    async def free(self, message: FreeGet) -> None:
        language = tidy_languages([message.language])[0] if message.language else ""
        found = await process.live().free(
            message.help_request, self.person, language, message.topic or ""
        )
        if found is None:
            await self.refuse(Refusal.UNKNOWN_ID, message)
            return
        await self.tell(
            CallFree(
                help_request=message.help_request,
                language=message.language,
                topic=message.topic,
                free=found.free,
                fit=found.fit,
            )
        )

    handlers: ClassVar[Mapping[type[Client], Handler]] = {
        **IN_A_CALL,
        CallsStart: start,
        CallsStop: stop,
        OfferShown: shown,
        OfferAccept: accept_offer,
        OfferDecline: decline,
        CallHandOver: hand_over,
        FreeGet: free,
    }


def best_first(free: Mapping[str, int], language: str) -> list[str]:
    """The page's own language is understood; of the others the one that most speak."""
    return sorted(free, key=lambda one: (one != language, -free[one], one))


async def volunteer_of(session_key: str) -> Person | None:
    """The Volunteer who is signed in with this session, read afresh."""
    person: Any = await database_sync_to_async(person_of, thread_sensitive=False)(session_key)
    return person if person is not None and person.volunteers else None
