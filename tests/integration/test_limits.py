"""Is a limit what people are told: so many in any window, and the wait until the next?"""

from assist.gateway.limits import may_have_a_letter
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


async def test_a_stranger_does_not_use_up_the_letters_of_a_day(turned: Live, clock: Clock) -> None:
    stranger = owner = 0
    for _ in range(20):
        stranger += await may_have_a_letter(lambda: turned, "192.0.2.1", "of maria")
        clock.forward(601)
    for _ in range(20):
        owner += await may_have_a_letter(lambda: turned, "198.51.100.1", "of maria")
        clock.forward(601)
    assert (stranger, owner) == (6, 4)
