"""How does a code go out by mail, and how is it judged? For both kinds of people."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

from asgiref.sync import async_to_sync
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from assist.accounts import letters
from assist.accounts.letters import Letter
from assist.gateway import process
from assist.gateway.errors import message
from assist.gateway.limits import is_first_use, may_have_a_letter, may_open

log = logging.getLogger(__name__)

# Whoever waits for the page must not learn from it whether a letter went out, or to whom.
post = ThreadPoolExecutor(max_workers=2, thread_name_prefix="letters")


class TooOften(Exception):
    """Too many letters, or too many tries."""


def send(request: HttpRequest, address: str, letter: EmailMessage) -> None:
    """In a moment, if this address and this network may have one more. Raises `TooOften`,
    RedisError."""
    here, name = request.META.get("REMOTE_ADDR", ""), letters.name_of(address)
    if not async_to_sync(may_have_a_letter)(process.live, here, name):
        raise TooOften
    post.submit(carry, letter)


def carry(letter: EmailMessage) -> None:
    """The log gets one line, without the address."""
    try:
        letter.send()
    # What smtplib raises is an OSError; an address that Django cannot write, a ValueError.
    except (OSError, ValueError) as error:
        log.warning("a letter was not sent: %s", type(error).__name__)


def is_right(letter: Letter, said: str) -> bool:
    """A try counts before it is looked at, so that a hundred at once are not five. Raises
    `TooOften`, RedisError."""
    if not async_to_sync(may_open)(process.live, letter.number):
        raise TooOften
    return letters.is_the_code(letter, said)


def is_first(letter: Letter) -> bool:
    """A code is good once. Raises RedisError."""
    return async_to_sync(is_first_use)(process.live, letter.number)


def too_often(request: HttpRequest) -> HttpResponse:
    return message(request, 429, _("Too many tries"), _("Please wait ten minutes."))
