"""Does everybody promise before their first call, and is it kept which words it were?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from assist.accounts.promise import WORDING
from tests.pagesockets import Browser, invited
from tests.processes import Processes
from tests.redis_server import RedisServer


@pytest.fixture(scope="module")
def house() -> Iterator[Processes]:
    server = RedisServer().start()
    processes = Processes(server).start("web")
    yield processes
    processes.close()
    server.close()


def column(house: Processes, name: str, of: str) -> object:
    """What SQL has of the person with this name."""
    file = f"file:{house.state / 'assist.sqlite3'}?mode=ro"
    with closing(sqlite3.connect(file, uri=True)) as database:
        found = database.execute(f"SELECT {name} FROM accounts_person WHERE name = ?", (of,))
        return found.fetchone()[0]


def test_the_promise_comes_before_the_first_call_and_once(house: Processes) -> None:
    noor = invited(house, "volunteer", "Noor", "en")
    page = noor.get("/volunteer/")[1]
    assert "Before your first call" in page
    assert "Start taking calls" not in page
    assert column(house, "promised_at", "Noor") is None
    assert noor.post("/volunteer/promise/", {})[0] == 302
    kept = column(house, "promised_at", "Noor")
    assert kept is not None
    assert column(house, "promise", "Noor") == WORDING
    assert "Start taking calls" in noor.get("/volunteer/")[1]
    noor.post("/volunteer/promise/", {})
    assert column(house, "promised_at", "Noor") == kept
    stranger = Browser(house)
    stranger.get("/")
    assert stranger.post("/volunteer/promise/", {})[0] == 302
