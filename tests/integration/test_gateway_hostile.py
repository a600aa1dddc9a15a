"""Does any address of ours break when what it is sent makes no sense?"""

from __future__ import annotations

import inspect
import itertools
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from channels.db import database_sync_to_async as in_sql
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from pytest_django import Settings

from assist.accounts import letters
from assist.accounts.device import DEVICE_COOKIE, sign_device
from assist.accounts.models import Person
from assist.gateway import process
from assist.gateway.account_views import TICKET_COOKIE
from assist.lib.ids import new_id
from assist.lib.mail import parse
from assist.live import Live
from assist.protocol.states import Role
from assist.records.models import Call, HelpRequest

pytestmark = pytest.mark.django_db(transaction=True)

HALF = "\ud800"  # of a letter: no text can be written with it
HOSTILE = {
    "NUL": "a\0b",
    "half a letter": f"a{HALF}b",
    "no id": "0" * 31 + "g",
}
JSON = "application/json"
COOKIES = (
    "sessionid",
    "csrftoken",
    "messages",
    "django_language",
    "assist-device",
    "assist-letter",
    "assist-errand",
    "assist-passkey",
    "assist-code",
)
READ = re.compile(r'(?:POST|fields|written|said)\.(?:get|getlist)\("([a-z_0-9]+)"')
# Of these a view reads nothing else before the first one makes sense.
USUAL = {
    "act": "confirm",
    "again": "yes",
    "feeling": "good",
    "address": "maria@example.org",
    "language": "en",
    "name": "Noor",
    "ring_seconds": "20",
    "role": "requester",
    "solved": "yes",
    "text": "Thank you.",
    "time_zone": "Europe/Copenhagen",
    "topic": "reading",
    "when": "hours",
}


def addresses(patterns: Iterable[Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Each address of ours with its view."""
    for each in patterns:
        path = before + re.sub(r"<[^>]+>", "a%00b", str(each.pattern))
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, path)
        elif isinstance(each, URLPattern):
            yield f"/{path}", each.callback


WITHOUT_PEOPLE = ("/healthz", "/readyz", "/metrics")
VIEWS = {
    address: view
    for address, view in addresses(get_resolver().url_patterns)
    if address not in WITHOUT_PEOPLE
}


def read_by(view: Any) -> tuple[list[str], bool]:
    """The names that the module of this view reads, and whether it hears scripts."""
    module = inspect.getmodule(inspect.unwrap(view))
    assert module is not None
    source = Path(inspect.getfile(module)).read_text(encoding="utf-8")
    documents = [each for each in vars(module).values() if isinstance(each, type(msgspec.Struct))]
    fields = [name for each in documents for name in each.__struct_fields__]
    return list(dict.fromkeys([*READ.findall(source), *fields, "call"])), "json" in source


class Somebody:
    """A browser of a Requester who is a Volunteer, too, and was in a Call with somebody else."""

    def __init__(self) -> None:
        self.person = Person(name="Noor", languages=["en"], volunteers=True, coordinates=True)
        self.person.save()
        self.device = new_id()
        asked = HelpRequest.objects.create(
            id=new_id(), requester=self.device, asked_at=timezone.now()
        )
        self.call = Call.objects.create(
            id=new_id(), help_request=asked, volunteer=new_id(), accepted_at=timezone.now()
        )
        self.usual = {**USUAL, "call": self.call.id, "person": self.person.id.hex}

    def client(self) -> Client:
        found = Client(raise_request_exception=False)
        found.force_login(self.person)
        found.cookies[DEVICE_COOKIE] = sign_device(self.device)
        ticket = letters.ticket("maria@example.org", "123456", new_id())
        found.cookies[TICKET_COOKIE] = ticket
        return found

    def answers(self, address: str, view: Any) -> Iterator[tuple[str, int]]:
        """What each hostile thing was, and what it was answered."""
        names, with_json = read_by(view)
        usual = {name: self.usual.get(name, "x") for name in names}
        for said, body, kind in hostile_bodies(usual, with_json):
            answer = self.client().generic("POST", address, body, kind)
            yield said, answer.status_code
            if answer.status_code == 405:  # it hears nothing
                return


def hostile_bodies(usual: dict[str, str], with_json: bool) -> Iterator[tuple[str, bytes, str]]:
    """A form, and what a script sends, one field after the other spoilt; and no form at all."""
    junk = (b"\xff\xfe", b"[]", b'{"a":' * 5_000, b"\0" * 1_000_000)
    for name, (what, bad) in itertools.product(usual, HOSTILE.items()):
        spoilt = {**usual, name: bad}
        yield f"{name}: {what}", *as_form(spoilt)
        if with_json:
            yield f"{name}: {what}, from a script", json.dumps(spoilt).encode(), JSON
    yield "a megabyte in each", *as_form(dict.fromkeys(usual, "x" * 1_000_000))
    for each, kind in itertools.product(junk, (JSON, "application/x-www-form-urlencoded")):
        yield f"{each[:8]!r} as {kind}", each, kind


def as_form(fields: dict[str, str]) -> tuple[bytes, str]:
    """In a spelling by which half a letter comes through, where one is let choose it."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="'
    parts = [f'{head}{name}"\r\n\r\n{text}\r\n' for name, text in fields.items()]
    whole = "".join([*parts, f"--{BOUNDARY}--\r\n"])
    if HALF not in whole:
        return whole.encode(), MULTIPART_CONTENT
    spelling = "raw_unicode_escape"
    return whole.encode(spelling), f"{MULTIPART_CONTENT}; charset={spelling}"


@pytest.fixture(autouse=True)
def _house(live: Live, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ASSIST_STATE, settings.STATIC_ROOT = tmp_path, tmp_path
    settings.ASSIST_EMAIL = parse("smtp://localhost")
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    monkeypatch.setattr(process, "live", lambda: live)
    monkeypatch.setattr(Live, "allow", unlimited)


async def unlimited(_live: Live, _name: str, _limit: int, _window_s: int) -> int:
    """Every try is heard: what is refused for being one too many breaks nothing."""
    return 0


async def test_nothing_that_is_sent_breaks_an_address() -> None:
    def broken() -> list[str]:
        somebody = Somebody()
        return [
            f"{address} {said}: {status}"
            for address, view in VIEWS.items()
            for said, status in somebody.answers(address, view)
            if status >= 500
        ]

    assert await in_sql(broken)() == []


async def test_no_cookie_breaks_an_address() -> None:
    """A cookie may spell NUL, within quotes, and be as long as a browser likes."""
    spoilt = [f'{name}="{bad}"' for name in COOKIES for bad in (r"\000" * 32, "\xe9" * 4000)]

    def broken() -> list[str]:
        clients = {one: Client(False, False, HTTP_COOKIE=one) for one in spoilt}
        asked = itertools.product(VIEWS, clients.items())
        return [f"{at} {one[:40]}" for at, (one, it) in asked if it.get(at).status_code == 500]

    assert await in_sql(broken)() == []


async def test_what_is_usual_reaches_further_than_the_first_check() -> None:
    """Otherwise the others would be refused for something else than what is wrong with them."""

    def send() -> list[int]:
        somebody = Somebody()
        said = {"call": somebody.call.id, "role": Role.REQUESTER.value, **USUAL}
        return [somebody.client().post(at, said).status_code for at in ("/report/", "/rating/")]

    assert await in_sql(send)() == [204, 204]
