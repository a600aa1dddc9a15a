"""Does OpenSSL see only handshake messages of a browser's size?"""

from struct import pack

from hypothesis import given
from hypothesis import strategies as st

from assist.relay.records import HANDSHAKE, MAX_MESSAGE_BYTES, bearable
from assist.relay.stock import Secured, new_certificate


def message(size: int, body: bytes = b"") -> bytes:
    """A fragment of a handshake message that is to be `size` bytes long."""
    head = b"\x01" + size.to_bytes(3, "big") + bytes(2) + bytes(3)
    return head + len(body).to_bytes(3, "big") + body


def record(body: bytes, kind: int = HANDSHAKE, epoch: int = 0) -> bytes:
    return pack("!B2sHIHH", kind, b"\xfe\xfd", epoch, 0, 0, len(body)) + body


def test_a_browsers_messages_pass_and_a_hundred_kilobytes_do_not() -> None:
    good, bad = message(1500, bytes(900)), message(100_000, bytes(900))
    assert bearable(record(good))
    assert bearable(record(message(MAX_MESSAGE_BYTES)))
    assert not bearable(record(bad))
    assert not bearable(record(good + bad))
    assert not bearable(record(good) + record(bad))
    assert not bearable(record(b"\x02\x28", kind=21) + record(bad))


def test_what_is_encrypted_or_no_handshake_is_for_others_to_judge() -> None:
    bad = message(100_000)
    assert bearable(record(bad, epoch=1))
    assert bearable(record(bad, kind=23))


async def test_a_leg_does_not_even_queue_what_is_not_bearable() -> None:
    taken = Secured(new_certificate(), lambda _: None, lambda _: None, lambda _: None)
    taken.feed(record(message(100_000)))
    assert taken._datagrams._waiting.empty()
    taken.feed(record(message(1500)))
    assert not taken._datagrams._waiting.empty()


@given(st.binary(max_size=80))
def test_any_bytes_are_judged_and_nothing_is_raised(body: bytes) -> None:
    bearable(body)
    bearable(record(body))
