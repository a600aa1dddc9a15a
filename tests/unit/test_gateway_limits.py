"""Are the limits what they say, and is no address kept for them?"""

from __future__ import annotations

import pytest

from assist.gateway.limits import Bucket, network_of, prefix_of


class Turned:
    """Seconds as the test turns them."""

    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s


def test_a_bucket_gives_its_burst_at_once_and_then_its_rate() -> None:
    clock = Turned()
    bucket = Bucket(rate=2, burst=3, clock_s=clock)
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    clock.s += 0.5
    assert [bucket.take() for _ in range(2)] == [True, False]


def test_a_bucket_never_holds_more_than_its_burst() -> None:
    clock = Turned()
    bucket = Bucket(rate=2, burst=3, clock_s=clock)
    clock.s += 1000
    assert sum(bucket.take() for _ in range(10)) == 3


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", "unknown"),
        ("a unix socket", "unknown"),
    ],
)
def test_an_address_counts_for_its_network(address: str, prefix: str) -> None:
    assert prefix_of(address) == prefix


def test_neighbours_share_a_name_and_strangers_do_not() -> None:
    assert network_of("192.0.2.1") == network_of("192.0.2.254")
    assert network_of("192.0.2.1") != network_of("192.0.3.1")


def test_the_name_of_a_network_does_not_show_it_and_needs_our_key(settings: object) -> None:
    before = network_of("192.0.2.1")
    assert len(before) == 32
    assert "." not in before
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    assert network_of("192.0.2.1") != before
