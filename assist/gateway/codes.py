"""How does a code go out by mail, and how is it judged? For both kinds of people."""

from __future__ import annotations

from asgiref.sync import async_to_sync
from django.http import HttpRequest

from assist.accounts import letters
from assist.accounts.letters import Letter
from assist.gateway import process
from assist.gateway.letter_limits import digits_for, wait_for_letter, wait_for_try, was_right
from assist.gateway.limits import is_first_use


class TooOften(Exception):
    """Too many letters, or too many tries: `wait_ms` until the next."""

    def __init__(self, wait_ms: int) -> None:
        super().__init__(wait_ms)
        self.wait_ms = wait_ms


def write(request: HttpRequest, address: str) -> tuple[str, str]:
    """A fresh code and the number of its letter, if this address and this network may have one
    more. Raises `TooOften`, RedisError."""
    here, name = request.META.get("REMOTE_ADDR", ""), letters.name_of(address)
    if wait_ms := async_to_sync(wait_for_letter)(process.live, here, name):
        raise TooOften(wait_ms)
    return letters.write(async_to_sync(digits_for)(process.live, name))


def is_right(request: HttpRequest, letter: Letter, said: str) -> bool:
    """A try counts before it is looked at, so that a hundred at once are not five. Raises
    `TooOften`, RedisError."""
    here = request.META.get("REMOTE_ADDR", "")
    if wait_ms := async_to_sync(wait_for_try)(process.live, here, letter.number):
        raise TooOften(wait_ms)
    is_right = letters.is_the_code(letter, said)
    if is_right:
        async_to_sync(was_right)(process.live, here)
    return is_right


def is_first(letter: Letter) -> bool:
    """A code is good once. Raises RedisError."""
    return async_to_sync(is_first_use)(process.live, letter.number)
