"""What else is written to the people who volunteer? Letters without a code."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from assist.accounts.letterhead import letter


def unknown(address: str) -> EmailMessage:
    """To whoever asked for a code with an address that opens nothing. Only they learn of it."""
    lines = _(
        "Somebody, perhaps you, wanted to come in as a volunteer with this address. Nobody comes "
        "in with it.\n\nIf you volunteer here, you have given another address, or none: then "
        "please ask the people who run this service. If it was not you, you need not do anything."
    )
    return letter(_("This address is not known here"), lines, address)


def moved(address: str) -> EmailMessage:
    """To the address by which somebody came back until now."""
    lines = _(
        "From now on this address does not let you in any more.\n\nIf it was not you who changed "
        "that, please tell the people who run this service at once."
    )
    return letter(_("Your address was changed"), lines, address)


def let_in(address: str, pages: list[str]) -> EmailMessage:
    """To a newcomer whom a coordinator let in. `pages`: where they sign in."""
    lines = _(
        "Welcome! You may take calls now.\n\nSign in here, with this e-mail address:\n%(page)s\n\n"
        "Thank you for being there."
    )
    return letter(_("You are in"), lines % {"page": "\n".join(pages)}, address)


def declined(address: str) -> EmailMessage:
    """To a newcomer whom they did not let in; nobody else hears of it."""
    lines = _(
        "You asked to volunteer. The people who run this service cannot let you in just now.\n\n"
        "What you wrote is deleted, and nobody else was told. Thank you for wanting to help."
    )
    return letter(_("About your wish to volunteer"), lines, address)
