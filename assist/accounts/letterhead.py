"""From which house is a letter? Whoever reads it may know several, or none."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _


def letter(subject: str, words: str, address: str) -> EmailMessage:
    """In the language that is active now."""
    return EmailMessage(subject, "\n\n".join([words, *foot()]), to=[address])


def foot() -> list[str]:
    """Who runs the house, and under which name; nothing where it has neither."""
    operator, host = settings.ASSIST_OPERATOR, settings.ASSIST_HOST
    who = _("Assist, run by %(operator)s") % {"operator": operator} if operator else ""
    lines = [line for line in (who, host) if line]
    return ["\n".join(["-- ", *lines])] if lines else []
