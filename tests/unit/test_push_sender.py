"""Can a push be made to go anywhere but to a push service? What comes back, and how much of it?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from assist.push import sender as module
from assist.push.places import is_public, place_of
from assist.push.sender import Letter, Outcome, Sender, Streams

GOOD = "https://fcm.googleapis.com/fcm/send/abc:APA91b_-x"
PUBLIC = "142.250.74.106"

KNOWN = [
    GOOD,
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
    "https://autopush.push.services.mozilla.com/wpush/v2/gAAAA",
    "https://web.push.apple.com/QGuQyavXutnMH",
    "https://wns2-par02p.notify.windows.com/w/?token=BQYAAAD%2bx",
]
HOSTILE = [
    # schemes
    "http://fcm.googleapis.com/x",
    "ftp://fcm.googleapis.com/x",
    "file:///etc/passwd",
    "gopher://fcm.googleapis.com:6379/_FLUSHALL",
    "//fcm.googleapis.com/x",
    "fcm.googleapis.com/x",
    "HTTPS://fcm.googleapis.com/x",
    "https:fcm.googleapis.com/x",
    "",
    # ports
    "https://fcm.googleapis.com:6379/x",
    "https://fcm.googleapis.com:443@127.0.0.1/x",
    "https://fcm.googleapis.com:/x",
    "https://127.0.0.1:8000/x",
    # numbers in every spelling
    "https://127.0.0.1/x",
    "https://127.1/x",
    "https://2130706433/x",
    "https://0177.0.0.1/x",
    "https://0x7f.0.0.1/x",
    "https://0x7f000001/x",
    "https://0.0.0.0/x",
    "https://169.254.169.254/latest/meta-data/",
    "https://10.0.0.1/x",
    "https://192.168.1.1/x",
    "https://[::1]/x",
    "https://[::ffff:127.0.0.1]/x",
    "https://[::ffff:7f00:1]/x",
    "https://[64:ff9b::7f00:1]/x",
    "https://[fe80::1%25eth0]/x",
    "https://①②⑦.0.0.1/x",
    # names that only look right
    "https://localhost/x",
    "https://fcm.googleapis.com./x",
    "https://FCM.googleapis.com/x",
    "https://fcm.googleapis.com.evil.example/x",
    "https://evil.example/fcm.googleapis.com",
    "https://evilpush.apple.com/x",
    "https://push.apple.com.evil.example/x",
    "https://evil-notify.windows.com/x",
    "https://.push.apple.com/x",
    "https://notify.windows.com/x",
    "https://127.0.0.1.nip.io/x",
    "https://fcm。googleapis。com/x",
    "https://fcm.googleapis.com%2eevil.example/x",
    # users
    "https://user@fcm.googleapis.com/x",
    "https://user:pass@fcm.googleapis.com/x",
    "https://fcm.googleapis.com@127.0.0.1/x",
    "https://127.0.0.1#@fcm.googleapis.com/x",
    "https://127.0.0.1\\@fcm.googleapis.com/x",
    # characters
    "https://fcm.googleapis.com/x y",
    "https://fcm.googleapis.com/x\r\nX-Evil: 1",
    "https://fcm.googleapis.com/x\n",
    "https://fcm.googleapis.com\t/x",
    "https://fcm.goo\ngleapis.com/x",
    "https://fcm.googleapis.com/\u0000",
    "https://fcm.googleapis.com/x#part",
    "https://fcm.googleapis.com\\evil.example/x",
    "https://fcm.googleapis.com?x",
    "https://fcm.googleapis.com",
    "https://fcm.googleapis.com/" + "x" * 1000,
]
NOT_PUBLIC = [
    *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.0.1"),
    *("169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "203.0.113.9", "224.0.0.1"),
    *("240.0.0.1", "255.255.255.255", "192.88.99.1", "::", "::1", "fe80::1", "fe80::1%2"),
    *("fc00::1", "fd12:3456::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:db8::1", "3fff::1"),
    *("100::1", "fec0::1", "5f00::1", "not a number", "", "2606:4700::1%eth0"),
]


class Trap:
    """Stands in for the network: counts who looks up and who connects, and connects nobody."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers) or [[PUBLIC]]
        self.looked_up: list[str] = []
        self.connected: list[str] = []

    async def resolve(self, host: str) -> Sequence[str]:
        self.looked_up.append(host)
        return self.answers[min(len(self.looked_up), len(self.answers)) - 1]

    async def connect(self, address: str, host: str) -> Streams:
        self.connected.append(address)
        raise ConnectionRefusedError

    def sender(self) -> Sender:
        return Sender(self.resolve, self.connect)


def letter(endpoint: str = GOOD) -> Letter:
    return Letter(endpoint, {"TTL": "60"}, b"sealed")


@pytest.mark.parametrize("endpoint", KNOWN)
async def test_a_known_push_service_is_connected_to_at_a_checked_address(endpoint: str) -> None:
    trap = Trap()
    assert (await trap.sender().send(letter(endpoint))).outcome == Outcome.LATER
    assert trap.connected == [PUBLIC]


@pytest.mark.parametrize("endpoint", HOSTILE)
async def test_a_hostile_endpoint_makes_no_connection(endpoint: str) -> None:
    trap = Trap()
    assert place_of(endpoint) is None
    assert (await trap.sender().send(letter(endpoint))).outcome == Outcome.REFUSED
    assert trap.connected == trap.looked_up == []


def test_there_are_many_hostile_endpoints() -> None:
    assert len(set(HOSTILE)) >= 40


@pytest.mark.parametrize("address", NOT_PUBLIC)
async def test_a_push_service_that_resolves_inwards_is_not_connected_to(address: str) -> None:
    trap = Trap([address])
    assert not is_public(address)
    assert (await trap.sender().send(letter())).outcome == Outcome.REFUSED
    assert trap.connected == []


async def test_one_inner_address_among_public_ones_is_enough_to_refuse() -> None:
    trap = Trap([PUBLIC, "127.0.0.1"])
    assert (await trap.sender().send(letter())).outcome == Outcome.REFUSED
    assert trap.connected == []


async def test_a_name_that_changes_after_the_check_changes_nothing() -> None:
    trap = Trap([PUBLIC], ["127.0.0.1"])
    await trap.sender().send(letter())
    assert (trap.looked_up, trap.connected) == (["fcm.googleapis.com"], [PUBLIC])


async def test_a_name_without_addresses_is_refused() -> None:
    assert (await Trap([]).sender().send(letter())).outcome == Outcome.REFUSED


async def test_the_next_address_is_tried_when_one_is_not_there() -> None:
    trap = Trap(["2a00:1450:400f:80b::200a", PUBLIC])
    await trap.sender().send(letter())
    assert trap.connected == ["2a00:1450:400f:80b::200a", PUBLIC]


# --- What a push service answers -----------------------------------------------------------------

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Service:
    """A push service on this machine; the Sender believes it elsewhere."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.port = 0
        self.talk: Talk = self.nothing

    async def nothing(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.heard.append(await reader.readuntil(b"sealed"))
            await self.talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    def says(self, text: str) -> None:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(text.encode())
            await writer.drain()

        self.talk = talk

    async def connect(self, address: str, host: str) -> Streams:
        return await asyncio.open_connection("127.0.0.1", self.port)

    def sender(self) -> Sender:
        return Sender(Trap().resolve, self.connect)


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    service = Service()
    server = await asyncio.start_server(service.serve, "127.0.0.1", 0)
    service.port = server.sockets[0].getsockname()[1]
    yield service
    server.close()


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("201 Created", Outcome.TAKEN),
        ("200 OK", Outcome.TAKEN),
        ("404 Not Found", Outcome.GONE),
        ("410 Gone", Outcome.GONE),
        ("429 Too Many Requests", Outcome.LATER),
        ("500 Oops", Outcome.LATER),
        ("503 Away", Outcome.LATER),
        ("400 Bad Request", Outcome.REFUSED),
        ("403 Forbidden", Outcome.REFUSED),
        ("413 Too Large", Outcome.REFUSED),
    ],
)
async def test_each_status_has_its_meaning(service: Service, status: str, outcome: Outcome) -> None:
    service.says(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n")
    assert (await service.sender().send(letter())).outcome == outcome


async def test_what_is_sent_is_one_plain_request(service: Service) -> None:
    service.says("HTTP/1.1 201 Created\r\n\r\n")
    await service.sender().send(letter())
    head, _, body = service.heard[0].partition(b"\r\n\r\n")
    assert head.decode().split("\r\n") == [
        "POST /fcm/send/abc:APA91b_-x HTTP/1.1",
        "Host: fcm.googleapis.com",
        "TTL: 60",
        "Content-Length: 6",
        "Connection: close",
    ]
    assert body == b"sealed"


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
async def test_nobody_is_followed(service: Service, code: int) -> None:
    service.says(f"HTTP/1.1 {code} There\r\nLocation: http://127.0.0.1:{service.port}/in\r\n\r\n")
    assert (await service.sender().send(letter())).outcome == Outcome.REFUSED
    assert len(service.heard) == 1


@pytest.mark.parametrize(
    "text",
    ["", "x", "HTTP/1.1\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "SSH-2.0-x 201\r\n\r\n", "\r\n\r\n"],
)
async def test_nonsense_is_tried_again_later(service: Service, text: str) -> None:
    service.says(text)
    assert (await service.sender().send(letter())).outcome == Outcome.LATER


async def test_an_endless_answer_is_not_read_to_its_end(service: Service) -> None:
    sent = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        for _ in range(100_000):
            writer.write(b"X-More: " + b"x" * 1000 + b"\r\n")
            await writer.drain()
            sent += 1000

    service.talk = talk
    assert (await service.sender().send(letter())).outcome == Outcome.LATER
    assert sent < 50_000_000


async def test_a_service_that_says_nothing_is_left(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WHOLE_SECONDS", 0.1)
    began = time.monotonic()
    assert (await service.sender().send(letter())).outcome == Outcome.LATER
    assert time.monotonic() - began < 30


async def told_to_wait(service: Service, header: str) -> float:
    service.says(f"HTTP/1.1 429 Slow\r\nretry-after: {header}\r\n\r\n")
    answer = await service.sender().send(letter())
    assert answer.outcome == Outcome.LATER
    return answer.retry_after_s


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7), ("999999999", 3600), ("-5", 0), ("soon", 0)]
)
async def test_retry_after_is_read_and_bounded(
    service: Service, header: str, seconds: float
) -> None:
    assert await told_to_wait(service, header) == seconds


@pytest.mark.parametrize(("away_s", "least", "most"), [(1800, 1000, 1800), (-300, 0, 0)])
async def test_retry_after_may_be_a_date(
    service: Service, away_s: int, least: float, most: float
) -> None:
    date = datetime.now(UTC) + timedelta(seconds=away_s)
    seconds = await told_to_wait(service, format_datetime(date, usegmt=True))
    assert least <= seconds <= most
