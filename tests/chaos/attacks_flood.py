"""Who sends twenty thousand packets a second? `python -m tests.chaos.attacks_flood`, seeded.

A process of its own, so that the pages that are measured lose no time to it. A stranger sends from
sockets of its own and counts what comes back; whoever is given a page's socket sends with that
page's very address, as somebody could who forges it.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import socket
import sys
import time
from collections.abc import Callable

from tests.chaos.attacks_fuzz import COOKIE, Fuzz
from tests.chaos.attacks_page import binding_request

SOCKETS = 8
MOST_AT_ONCE = 200
POOL = 2_000
_STEP_S = 0.002


class Options(argparse.Namespace):
    """What to send, where, and how quickly."""

    to: str
    port: int
    kind: str
    count: int
    rate: float
    seed: int
    fd: int
    ssrc: int
    ufrag: str


def options() -> Options:
    """Of the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.attacks_flood")
    parser.add_argument("to", help="the relay's address")
    parser.add_argument("port", type=int)
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--rate", type=float, default=20_000.0, help="packets a second")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fd", type=int, default=-1, help="a page's socket, inherited")
    parser.add_argument("--ssrc", type=int, default=1, help="of the page's voice")
    parser.add_argument("--ufrag", default="0" * 8, help="of the Leg that is attacked")
    return parser.parse_args(namespace=Options())


Source = Callable[[], bytes]


def _mixed(fuzz: Fuzz, asked: Options) -> Source:
    """All that a stranger may try, each packet new."""
    good = binding_request(asked.ufrag, "stranger", "p" * 32)
    sources: list[Source] = [fuzz.junk, fuzz.record, fuzz.junk, fuzz.record]
    sources.append(lambda: fuzz.check(good))
    turn = 0

    def next_one() -> bytes:
        nonlocal turn
        turn += 1
        return sources[turn % len(sources)]()

    return next_one


def _pooled(make: Source) -> Source:
    """From a pool: a flood's packets are many rather than new."""
    pool, turn = [make() for _ in range(POOL)], 0

    def next_one() -> bytes:
        nonlocal turn
        turn += 1
        return pool[turn % POOL]

    return next_one


def _stuffed(fuzz: Fuzz, asked: Options) -> Source:
    """STUN of hundreds of empty attributes before the name."""
    body = bytes(4 * 300) + b"\x00\x06\x00\x08" + asked.ufrag.encode()[:8]
    head = b"\x00\x01" + len(body).to_bytes(2, "big") + COOKIE
    return _pooled(lambda: head + os.urandom(12) + body)


def _forged_check(fuzz: Fuzz, asked: Options) -> Source:
    return _pooled(lambda: binding_request(asked.ufrag, "peer", "wrong" * 6))


def _forged_voice(fuzz: Fuzz, asked: Options) -> Source:
    """Of the page's own stream, and with a seal that is none."""
    ssrc = asked.ssrc.to_bytes(4, "big")
    return _pooled(lambda: b"\x80\x6f" + os.urandom(6) + ssrc + os.urandom(96))


def _forged_report(fuzz: Fuzz, asked: Options) -> Source:
    ssrc = asked.ssrc.to_bytes(4, "big")
    return _pooled(lambda: b"\x80\xc9\x00\x01" + ssrc + os.urandom(40))


def _forged_record(fuzz: Fuzz, asked: Options) -> Source:
    """Application data of the right epoch."""
    return _pooled(lambda: b"\x17\xfe\xfd\x00\x01" + os.urandom(6) + b"\x00\x40" + os.urandom(64))


KINDS: dict[str, Callable[[Fuzz, Options], Source]] = {
    "mixed": _mixed,
    "junk": lambda fuzz, asked: _pooled(fuzz.junk),
    "stuffed": _stuffed,
    "forged_check": _forged_check,
    "forged_voice": _forged_voice,
    "forged_report": _forged_report,
    "forged_record": _forged_record,
}


def _sockets(asked: Options) -> list[socket.socket]:
    if asked.fd >= 0:
        return [socket.socket(fileno=asked.fd)]
    made = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(SOCKETS)]
    for one in made:
        one.setblocking(False)
    return made


def _came_back(sockets: list[socket.socket]) -> int:
    """Bytes that the relay said to strangers."""
    total = 0
    for one in sockets:
        with contextlib.suppress(BlockingIOError):
            while True:
                total += len(one.recv(4096))
    return total


def flood(asked: Options) -> dict[str, float]:
    """Send them all, evenly; how it went."""
    sockets, source = _sockets(asked), KINDS[asked.kind](Fuzz(asked.seed), asked)
    to, sent, came_back = (asked.to, asked.port), 0, 0
    began_s = time.monotonic()
    while sent < asked.count:
        due = min(asked.count, int((time.monotonic() - began_s) * asked.rate))
        for _ in range(min(due - sent, MOST_AT_ONCE)):
            with contextlib.suppress(BlockingIOError):
                sockets[sent % len(sockets)].sendto(source(), to)
            sent += 1
        if asked.fd < 0:
            came_back += _came_back(sockets)
        if due <= sent:
            time.sleep(_STEP_S)
    took_s = time.monotonic() - began_s
    time.sleep(0.3)  # what an answer would take at most
    came_back += _came_back(sockets) if asked.fd < 0 else 0
    return {"sent": sent, "rate": sent / took_s, "bytes_back": came_back}


if __name__ == "__main__":
    print(json.dumps(flood(options())))
    sys.exit(0)
