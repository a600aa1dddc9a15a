"""Do we notice when the libraries under the relay have changed?"""

import ast
import asyncio
from pathlib import Path

import pytest
from aioice import stun
from aiortc.rtcdtlstransport import RTCDtlsTransport

from assist.relay import stock

PACKAGE = Path(stock.__file__).parent
LIBRARIES = {"aiortc", "aioice", "pylibsrtp"}
RECORDS = 20


async def test_the_installed_libraries_pass_the_self_test() -> None:
    await stock.self_test()


async def test_a_library_that_changed_is_named_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def moved(self: object, role: str) -> None:
        raise AttributeError("_set_role is gone")

    monkeypatch.setattr(RTCDtlsTransport, "_set_role", moved)
    monkeypatch.setitem(stock.VERSIONS, "aiortc", "0.0.1")
    with pytest.raises(stock.StockChanged, match=r"unknown versions: aiortc .*_set_role is gone"):
        await stock.self_test()


async def test_forged_checks_that_pass_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stun.Message, "check_message_integrity", lambda message, password: True)
    with pytest.raises(stock.StockChanged, match="forged"):
        await stock.self_test()


def test_one_module_alone_touches_the_libraries() -> None:
    users = set()
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if LIBRARIES & {name.split(".")[0] for name in names}:
                users.add(path.name)
    assert users == {"stock.py"}


async def test_between_two_records_of_one_person_everybody_else_gets_a_turn() -> None:
    datagrams = stock._Datagrams(lambda datagram: None)
    turns: list[int] = []

    async def others() -> None:
        while True:
            turns.append(1)
            await asyncio.sleep(0)

    waiting = asyncio.create_task(others())
    for _ in range(RECORDS):
        datagrams.feed(b"record")
    for _ in range(RECORDS):
        await datagrams._recv()
    waiting.cancel()
    assert len(turns) >= RECORDS
