"""In which words does the server say no? One sentence for each code, in the person's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assist.protocol.messages import Refused
from assist.protocol.states import Refusal

SENTENCES: Mapping[Refusal, str | Promise] = {
    Refusal.MALFORMED: _("The page sent something we do not understand. Please reload it."),
    Refusal.TOO_LARGE: _("The page sent too much at once. Please reload it."),
    Refusal.OUT_OF_TURN: _("That is not possible just now."),
    Refusal.UNKNOWN_ID: _("That call is not known here."),
    Refusal.TOO_OFTEN: _("That was too often in a short time. Please wait a few minutes."),
    Refusal.CODE_NEEDED: _("This service asks for a code before the first call."),
    Refusal.QUICKER: _("Someone else was quicker. Thank you for being there."),
    Refusal.TOO_LATE: _("That has already ended."),
    Refusal.BAD_DESCRIPTION: _("Your browser's answer about picture and sound was not understood."),
    Refusal.NO_RELAY: _("Picture and sound cannot be connected just now. We keep trying."),
    Refusal.BUSY: _("There is no room just now. Please try again in a minute."),
    Refusal.SIGNED_OUT: _("You are signed out. Please open your invitation again."),
    Refusal.SUSPENDED: _("Your access has been ended by the people who run this service."),
    Refusal.PROMISE_NEEDED: _("Please read what every volunteer promises, and promise it first."),
    Refusal.CLOSED: _("Nobody is here just now. You can ask to be called back."),
    Refusal.TRY_AGAIN: _("That took too long. Please try again."),
}


def refused(code: Refusal, about: str | None, text: str = "") -> Refused:
    """`about` is the wire name of the message that is refused, if it had one.

    `text` says more than the code's own sentence can.
    """
    return Refused(code=code, text=text or str(SENTENCES[code]), about=about)
