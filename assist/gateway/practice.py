"""What may a Volunteer's page do that plays the Requester of their practice?

It rings its own Volunteer, opens the played Requester's Leg, and ends. The id that it plays is made
from the Volunteer's and the house's secret: nobody else can speak for it, it is no device's, and a
page that comes back finds its practice again. Nothing keeps it for longer than a minute after.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.utils.translation import gettext as _

from assist.accounts import handshake, roster
from assist.accounts.languages import tidy_languages
from assist.accounts.sessions import group_of
from assist.gateway import process, views_of
from assist.gateway.consumers import IN_A_CALL, CallSocket, volunteer_of
from assist.gateway.limits import may_practise, practice_of
from assist.gateway.socket import CLOSE_CODES, Handler, farewell
from assist.lib.ids import new_id
from assist.protocol.messages import (
    Client,
    Goodbye,
    HelpAsk,
    HelpCancel,
    LegReport,
    RequesterSnapshot,
)
from assist.protocol.states import Refusal, Role

REFUSALS: Mapping[str, Refusal] = {
    "engaged": Refusal.OUT_OF_TURN,
    "no_relay": Refusal.NO_RELAY,
    "full": Refusal.BUSY,
    "ended": Refusal.TRY_AGAIN,
    "unknown": Refusal.SIGNED_OUT,
    "suspended": Refusal.SUSPENDED,
}


def played_by(volunteer: str) -> str:
    """The Requester whom this Volunteer's page plays: an id that only this house can make."""
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"practice:{volunteer}".encode(), hashlib.sha256).hexdigest()[:32]


class PracticeConsumer(CallSocket):
    """The second socket of the page at `/volunteer/`, while somebody practises."""

    role = Role.REQUESTER

    async def identify(self) -> str | None:
        self.session_key = handshake.session_key(self.scope["headers"])
        found = await volunteer_of(self.session_key)
        if found is None:
            return None
        self.volunteer = found
        return played_by(found.id.hex)

    async def welcome(self) -> None:
        await super().welcome()
        await self.join(group_of(self.session_key))

    async def read_snapshot(self) -> RequesterSnapshot:
        truth = await process.live().requester_snapshot(self.person)
        return views_of.requester_snapshot(truth, lambda _volunteer: self.volunteer.name)

    async def ask(self, message: HelpAsk) -> None:
        """Ring me. One that goes on already is no second one, whatever page began it."""
        # A session may have ended since this socket opened: access is looked at where it is used.
        if await volunteer_of(self.session_key) is None:
            await self.goodbye("signed_out")
            return
        truth = await process.live().requester_snapshot(self.person)
        is_ = "known" if truth.help else await self._begin_practice(message)
        if is_ in ("ok", "known"):
            await self.send_snapshot()
        else:
            await self.refuse(REFUSALS.get(is_, Refusal.TOO_OFTEN), message, words_for(is_))

    async def _begin_practice(self, message: HelpAsk) -> str:
        live, volunteer = process.live(), self.volunteer.id.hex
        if not await may_practise(live, volunteer):
            return "too_often"
        languages = tidy_languages(message.languages)
        is_ = (await live.practise(new_id(), self.person, volunteer, languages)).is_
        if is_ == "unknown":  # a Redis that forgot: its roster may not be rebuilt yet
            await roster.copy(live, self.volunteer)
            is_ = (await live.practise(new_id(), self.person, volunteer, languages)).is_
        if is_ != "ok":
            await live.pardon(practice_of(volunteer))
        return is_

    async def goodbye(self, code: Any) -> None:
        """In a Volunteer's words: no device's cookie is missing here."""
        await self.tell(Goodbye(code=code, text=farewell(code, Role.VOLUNTEER)))
        await self.hang_up(CLOSE_CODES[code])

    async def cancel(self, message: HelpCancel) -> None:
        await self.outcome(await process.live().cancel(message.help_request, self.person), message)

    handlers: ClassVar[Mapping[type[Client], Handler]] = {
        **{kind: handler for kind, handler in IN_A_CALL.items() if kind is not LegReport},
        HelpAsk: ask,
        HelpCancel: cancel,
    }


def words_for(is_: str) -> str:
    """Why there is no practice just now, where the code alone would speak of a call for help."""
    return {
        "too_often": _("You have practised often in this hour. Try again later."),
        "no_relay": _("The lines are needed for calls just now. Try again in a few minutes."),
        "full": _("The lines are needed for calls just now. Try again in a few minutes."),
        "engaged": _("Your phone rings, or you are in a call. You can practise after it."),
    }.get(is_, "")
