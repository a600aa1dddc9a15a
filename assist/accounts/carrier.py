"""Who takes letters to the mail server? Two threads, so that no page waits for it."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

from django.core.mail import EmailMessage

log = logging.getLogger(__name__)

# Whoever waits for the page must not learn from it whether a letter went out, or to whom.
post = ThreadPoolExecutor(max_workers=2, thread_name_prefix="letters")


def send(letter: EmailMessage) -> None:
    """In a moment."""
    post.submit(carry, letter)


def carry(letter: EmailMessage) -> None:
    """The log gets one line, without the address."""
    try:
        letter.send()
    # What smtplib raises is an OSError; an address that Django cannot write, a ValueError.
    except (OSError, ValueError) as error:
        log.warning("a letter was not sent: %s", type(error).__name__)
