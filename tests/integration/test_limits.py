"""Is a limit what people are told: so many in any window, and the wait until the next?"""

from assist.gateway.letter_limits import (
    digits_for,
    wait_for_letter,
    wait_for_try,
    was_right,
)
from assist.gateway.limits import DAY_S
from assist.live import Live
from tests.conftest import Clock


async def test_five_in_ten_minutes_are_five_in_any_ten_minutes(turned: Live, clock: Clock) -> None:
    for _ in range(5):
        assert await turned.allow("ask:device:x", 5, 600) == 0
        clock.forward(60)
    assert await turned.allow("ask:device:x", 5, 600) == 300_000
    clock.forward(299.9)
    assert await turned.allow("ask:device:x", 5, 600) == 100
    clock.forward(0.1)
    assert await turned.allow("ask:device:x", 5, 600) == 0
    assert await turned.allow("ask:device:x", 5, 600) == 60_000


async def test_what_was_refused_does_not_count(turned: Live, clock: Clock) -> None:
    assert await turned.allow("a", 1, 10) == 0
    for _ in range(20):
        clock.forward(0.4)
        assert await turned.allow("a", 1, 10) > 0
    clock.forward(2)
    assert await turned.allow("a", 1, 10) == 0


async def test_limits_of_different_names_know_nothing_of_each_other(turned: Live) -> None:
    assert await turned.allow("a", 1, 10) == 0
    assert await turned.allow("b", 1, 10) == 0


async def letters(live: Live, clock: Clock, network: int, times: int = 20) -> int:
    """How many of these a network has sent to Maria's mailbox, ten minutes apart."""
    sent = 0
    for _ in range(times):
        sent += not await wait_for_letter(lambda: live, f"192.0.{network}.1", "of maria")
        clock.forward(601)
    return sent


async def test_a_stranger_does_not_use_up_the_letters_of_a_day(turned: Live, clock: Clock) -> None:
    assert await letters(turned, clock, 1) == 4
    assert await letters(turned, clock, 2) == 4
    assert await letters(turned, clock, 3, times=4) == 4


async def test_a_mailbox_gets_so_many_a_day_and_the_wait_is_the_longest(
    turned: Live, clock: Clock
) -> None:
    assert [await letters(turned, clock, network, times=4) for network in range(6)] == [4] * 6
    wait_ms = await wait_for_letter(lambda: turned, "192.0.9.1", "of maria")
    assert wait_ms == DAY_S * 1000 - 24 * 601_000
    # Also for whoever could not have another one within ten minutes.
    for _ in range(10):
        assert await wait_for_letter(lambda: turned, "192.0.9.1", f"of number {_}") == 0
    assert await wait_for_letter(lambda: turned, "192.0.9.1", "of maria") == wait_ms
    assert await wait_for_letter(lambda: turned, "192.0.9.1", "of noor") == 600_000


async def test_what_the_short_limit_refuses_costs_nothing_of_the_day(
    turned: Live, clock: Clock
) -> None:
    for _ in range(50):
        await wait_for_letter(lambda: turned, "192.0.2.1", "of maria")
    clock.forward(601)
    assert await wait_for_letter(lambda: turned, "192.0.2.1", "of maria") == 0


async def test_codes_grow_longer_when_a_mailbox_gets_many(turned: Live, clock: Clock) -> None:
    found = [await digits_for(lambda: turned, "of maria") for _ in range(6)]
    assert found == [6, 6, 6, 6, 9, 9]
    assert await digits_for(lambda: turned, "of noor") == 6


async def test_a_network_guesses_so_often_whatever_the_mailboxes(
    turned: Live, clock: Clock
) -> None:
    for guess in range(30):
        assert await wait_for_try(lambda: turned, "192.0.2.1", f"letter {guess}") == 0
        clock.forward(601)
    wait_ms = await wait_for_try(lambda: turned, "192.0.2.1", "another letter")
    assert wait_ms == DAY_S * 1000 - 30 * 601_000
    assert await wait_for_try(lambda: turned, "198.51.100.1", "another letter") == 0


async def test_whoever_is_right_has_not_guessed(turned: Live) -> None:
    for letter in range(40):
        assert await wait_for_try(lambda: turned, "192.0.2.1", f"letter {letter}") == 0
        await was_right(lambda: turned, "192.0.2.1")


async def test_a_letter_bears_five_tries(turned: Live) -> None:
    waits = [await wait_for_try(lambda: turned, "192.0.2.1", "letter") for _ in range(6)]
    assert [wait > 0 for wait in waits] == [False] * 5 + [True]
