"""How does a phone get to know this machine? A plain-HTTP page with the authority's certificate.

It is reached before anything is trusted, so it serves nothing else: one page and one file, by GET.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.template import Context, Engine
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

LONGEST_HEAD_BYTES = 8192
LONGEST_WAIT_S = 5.0
TEMPLATE = Path(__file__).parent / "trust_page.html"
AUTHORITY_PATH = "/assist-authority.crt"
HEADERS = (
    "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n"
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'; base-uri 'none'\r\n"
)


@dataclass(frozen=True, slots=True)
class TrustPage:
    """`addresses`: those of the app, HTTPS. `authority`: the PEM file a phone is asked to trust."""

    authority: Path
    addresses: list[str]

    async def serve(self, hosts: Iterable[str], port: int) -> list[asyncio.Server]:
        return [
            await asyncio.start_server(self._answer, host, port, limit=LONGEST_HEAD_BYTES)
            for host in hosts
        ]

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(
            OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError
        ):
            async with asyncio.timeout(LONGEST_WAIT_S):
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(self.response(head.decode("latin-1")))
                await writer.drain()
        writer.close()

    def response(self, head: str) -> bytes:
        """The whole answer to one request, from its head."""
        lines = head.split("\r\n")
        words = lines[0].split(" ")
        if len(words) != 3 or words[0] != "GET":
            return answer(HTTPStatus.METHOD_NOT_ALLOWED, "text/plain", b"Only GET.\n")
        if words[1] == AUTHORITY_PATH:
            certificate = self.authority.read_bytes()
            return answer(HTTPStatus.OK, "application/x-x509-ca-cert", certificate)
        if words[1] == "/":
            page = self.page(wanted_language(lines[1:])).encode()
            return answer(HTTPStatus.OK, "text/html; charset=utf-8", page)
        return answer(HTTPStatus.NOT_FOUND, "text/plain", b"Nothing is here.\n")

    def page(self, language: str) -> str:
        engine = Engine(libraries={"i18n": "django.templatetags.i18n"})
        with translation.override(language):
            return engine.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
                Context(
                    {
                        "language": language,
                        "addresses": self.addresses,
                        "authority": AUTHORITY_PATH,
                        "operator": settings.ASSIST_OPERATOR,
                    }
                )
            )


def answer(status: HTTPStatus, kind: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {kind}\r\n{HEADERS}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def wanted_language(headers: list[str]) -> str:
    """The first of the phone's languages that we speak."""
    for line in headers:
        name, _colon, value = line.partition(":")
        if name.lower() != "accept-language":
            continue
        for language, _weight in parse_accept_lang_header(value.strip()):
            with suppress(LookupError):
                return translation.get_supported_language_variant(language)
    return settings.LANGUAGE_CODE
