"""How often may a letter go out and its code be tried, and how long must one wait for the next?

Each answers 0 (and has counted) or the milliseconds until it would be allowed. `live` is asked for
inside the loop.

Somebody who guesses at codes: a mailbox gets 4 letters a day whose code has six digits and 20 whose
code has nine, and each letter bears five tries. Whoever tries all of them every day, from wherever,
is right on one day in 50 000: 4 * 5 / 10^6 + 20 * 5 / 10^9 = 0.00002. One network guesses wrong 30
times a day at the most, at whatever mailboxes: it is right on one day in 33 000.

Somebody who wants to lock another out of their mailbox's letters needs six networks a day for it,
and then the page says how long that lasts; a passkey opens the account meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assist.gateway.limits import ASK_WINDOW_S, DAY_S, network_of
from assist.live import Live

LETTERS_A_NETWORK = 10
LETTERS_AN_ADDRESS = 3
LETTERS_A_DAY_HERE = 4
LETTERS_A_DAY = 24
SHORT_CODES_A_DAY = 4
SHORT_CODE_DIGITS, LONG_CODE_DIGITS = 6, 9
TRIES_A_LETTER = 5
WRONG_CODES_A_NETWORK = 30

GetLive = Callable[[], Live]
Limit = tuple[str, int, int]  # name, how often, in how many seconds


async def wait_for_letter(live: GetLive, address: str, letter_for: str) -> int:
    """Nobody's mailbox is filled. `letter_for`: the name of the mail's address, not the address.

    One network alone does not use up a mailbox's day: its owner has the rest elsewhere.
    """
    network = network_of(address)
    return await wait_for_all(
        live(),
        (
            (f"letter:here:{network}:{letter_for}", LETTERS_A_DAY_HERE, DAY_S),
            (f"letter:day:{letter_for}", LETTERS_A_DAY, DAY_S),
            (f"letter:network:{network}", LETTERS_A_NETWORK, ASK_WINDOW_S),
            (f"letter:to:{letter_for}", LETTERS_AN_ADDRESS, ASK_WINDOW_S),
        ),
    )


async def digits_for(live: GetLive, letter_for: str) -> int:
    """Six are easy for ears; who reads their own mail needs no more than some of those a day."""
    wait_ms = await live().allow(f"letter:short:{letter_for}", SHORT_CODES_A_DAY, DAY_S)
    return LONG_CODE_DIGITS if wait_ms else SHORT_CODE_DIGITS


async def wait_for_try(live: GetLive, address: str, letter: str) -> int:
    """One more try at this letter's code. It counts before it is looked at: see `was_right`."""
    return await wait_for_all(
        live(),
        (
            (wrong_from(address), WRONG_CODES_A_NETWORK, DAY_S),
            (f"letter:try:{letter}", TRIES_A_LETTER, ASK_WINDOW_S),
        ),
    )


async def was_right(live: GetLive, address: str) -> None:
    """A right code was no guess."""
    await live().pardon(wrong_from(address))


def wrong_from(address: str) -> str:
    return f"letter:wrong:{network_of(address)}"


async def wait_for_all(live: Live, limits: Sequence[Limit]) -> int:
    """The longest windows first, so that whoever is told to wait is told the longest wait.

    What is refused under one name has not happened: it is taken back under those before.
    """
    counted: list[str] = []
    for name, limit, window_s in limits:
        if wait_ms := await live.allow(name, limit, window_s):
            for before in counted:
                await live.pardon(before)
            return wait_ms
        counted.append(name)
    return 0
