"""Do both ways of a socket take in and send out the same?"""

import socket
import sys
import time
from collections.abc import Iterator

import pytest

from assist.relay.datagrams import AT_ONCE, MOST_BYTES, Datagrams, ManyAtOnce, OneByOne

WAYS = [OneByOne, ManyAtOnce] if sys.platform == "linux" else [OneByOne]
HOSTS = {socket.AF_INET: "127.0.0.1", socket.AF_INET6: "::1"}


class Line:
    """A socket that is read and written in one of the ways, and a plain one that speaks to it."""

    def __init__(self, way: type[OneByOne | ManyAtOnce], family: socket.AddressFamily) -> None:
        self.ours, self.theirs = (socket.socket(family, socket.SOCK_DGRAM) for _ in range(2))
        for each in (self.ours, self.theirs):
            each.bind((HOSTS[family], 0))
            each.settimeout(5)
        self.ours.setblocking(False)
        self.ways: Datagrams = way(self.ours)

    def say(self, *words: bytes) -> None:
        for word in words:
            self.theirs.sendto(word, self.ours.getsockname()[:2])

    def close(self) -> None:
        self.ours.close()
        self.theirs.close()


@pytest.fixture(params=[(way, family) for way in WAYS for family in HOSTS], ids=str)
def line(request: pytest.FixtureRequest) -> Iterator[Line]:
    made = Line(*request.param)
    yield made
    made.close()


def test_what_comes_in_is_told_in_order_with_who_sent_it(line: Line) -> None:
    assert list(line.ways.receive()) == []
    line.say(b"one", b"", bytes(1200))
    came = line.ways.receive()
    assert [word for word, _ in came] == [b"one", b"", bytes(1200)]
    assert len({address for _, address in came}) == 1
    assert line.ways.where(came[0][1]) == line.theirs.getsockname()[:2]
    line.say(b"again")
    assert line.ways.receive()[0][1] == came[0][1], "the same sender has the same address"


def test_two_senders_have_two_addresses(line: Line) -> None:
    with socket.socket(line.ours.family, socket.SOCK_DGRAM) as other:
        other.sendto(b"x", line.ours.getsockname()[:2])
        line.say(b"x")
        (_, first), (_, second) = line.ways.receive()
    assert first != second


def test_an_answer_goes_out_at_once_and_gathered_ones_in_order_when_flushed(line: Line) -> None:
    line.say(b"who?")
    address = line.ways.receive()[0][1]
    line.ways.send(b"first", address)
    assert line.theirs.recv(100) == b"first"
    line.ways.gathering = True
    for number in range(3):
        line.ways.send(memoryview(bytes([number])), address)
    line.ways.gathering = False
    line.ways.flush()
    line.ways.flush()
    assert [line.theirs.recv(100) for _ in range(3)] == [b"\0", b"\1", b"\2"]
    line.theirs.setblocking(False)
    with pytest.raises(BlockingIOError):
        line.theirs.recv(100)


def test_more_than_one_batch_comes_and_goes_in_several(line: Line) -> None:
    words = [number.to_bytes(2, "big") for number in range(AT_ONCE + 6)]
    line.say(*words)
    first = line.ways.receive()
    came = [*first, *line.ways.receive()]
    assert len(first) == AT_ONCE
    assert [word for word, _ in came] == words
    line.ways.gathering = True
    for word, address in came:
        line.ways.send(word, address)
    line.ways.gathering = False
    line.ways.flush()
    assert [line.theirs.recv(100) for _ in words] == words


def test_the_longest_packet_and_its_seal_go_out_and_a_longer_one_comes_in_cut(line: Line) -> None:
    line.say(bytes(MOST_BYTES + 5), b"after")
    (cut, address), (after, _) = line.ways.receive()
    assert (len(cut), after) == (MOST_BYTES, b"after")
    line.ways.send(bytes(MOST_BYTES + 148), address)
    assert len(line.theirs.recv(4096)) == MOST_BYTES + 148
    assert line.ways.failed == 0


def test_what_cannot_be_sent_is_counted_and_holds_nothing_up(line: Line) -> None:
    line.say(b"who?")
    address = line.ways.receive()[0][1]
    line.ways.gathering = True
    line.ways.send(bytes(70_000), address)
    line.ways.send(b"goes", address)
    line.ways.gathering = False
    line.ways.flush()
    assert line.theirs.recv(100) == b"goes"
    assert line.ways.failed == 1


@pytest.mark.parametrize("way", WAYS)
def test_a_network_that_refuses_one_takes_the_next(way: type[OneByOne | ManyAtOnce]) -> None:
    line = Line(way, socket.AF_INET)
    line.say(b"who?")
    address = line.ways.receive()[0][1]
    nobody = b"\x02\x00\x00\x00" + address[4:] if isinstance(address, bytes) else (address[0], 0)
    line.ways.gathering = True
    for to in (nobody, address, nobody):
        line.ways.send(b"goes", to)
    line.ways.gathering = False
    line.ways.flush()
    assert line.theirs.recv(100) == b"goes"
    assert line.ways.failed == 2
    line.close()


@pytest.mark.parametrize("way", WAYS)
def test_linux_tells_when_the_first_came(way: type[OneByOne | ManyAtOnce]) -> None:
    line = Line(way, socket.AF_INET)
    before = time.time()
    line.say(b"now")
    line.ways.receive()
    arrived_s = line.ways.arrived_s()
    line.close()
    if way is OneByOne:
        assert arrived_s is None
    else:
        assert arrived_s is not None
        assert before - 1 < arrived_s < time.time() + 1
