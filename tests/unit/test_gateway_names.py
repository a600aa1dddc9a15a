"""Do names come quickly, or not at all?"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError

from assist.accounts import names
from assist.accounts.names import KEPT_S, OWN_KEPT_S, UNKNOWN_KEPT_S, Names

NOOR, BO = "a" * 32, "b" * 32


class Sql:
    """A table of people that counts how often it is read, and can be down."""

    def __init__(self) -> None:
        self.rows = {NOOR: "Noor"}
        self.own: dict[str, str] = {}
        self.reads: list[list[str]] = []
        self.down = False
        self.now_s = 0.0

    def read_own(self, requesters: list[str]) -> dict[str, str]:
        return {who: self.own[who] for who in requesters if who in self.own}

    def read(self, people: list[str]) -> dict[str, str]:
        self.reads.append(sorted(people))
        if self.down:
            raise OperationalError("down")
        return {who: self.rows[who] for who in people if who in self.rows}


@pytest.fixture
def sql(monkeypatch: pytest.MonkeyPatch) -> Sql:
    table = Sql()
    monkeypatch.setattr(names, "read_names", table.read)
    monkeypatch.setattr(names, "read_own_names", table.read_own)
    # Django's own wrapper closes connections around each call, which a unit test must not open.
    monkeypatch.setattr(names, "database_sync_to_async", plain)
    return table


def plain(read: Any, **_options: Any) -> Any:
    async def call(people: list[str]) -> dict[str, Any]:
        return dict(read(people))

    return call


async def test_a_name_is_read_once_and_remembered_for_minutes(sql: Sql) -> None:
    known = Names(lambda: sql.now_s)
    await known.learn([NOOR])
    await known.learn([NOOR])
    assert known.name_of(NOOR) == "Noor"
    assert sql.reads == [[NOOR]]
    sql.now_s += KEPT_S
    sql.rows[NOOR] = "Noor H"
    await known.learn([NOOR])
    assert known.name_of(NOOR) == "Noor H"


async def test_without_sql_there_is_no_name_and_no_error_and_no_second_wait(sql: Sql) -> None:
    known = Names(lambda: sql.now_s)
    sql.down = True
    await known.learn([NOOR])
    await known.learn([NOOR])
    assert known.name_of(NOOR) is None
    assert len(sql.reads) == 1
    sql.now_s += UNKNOWN_KEPT_S
    sql.down = False
    await known.learn([NOOR])
    assert known.name_of(NOOR) == "Noor"


async def test_a_name_that_was_known_outlives_an_outage_of_sql(sql: Sql) -> None:
    known = Names(lambda: sql.now_s)
    await known.learn([NOOR])
    sql.down = True
    sql.now_s += KEPT_S
    await known.learn([NOOR])
    assert known.name_of(NOOR) == "Noor"


async def test_nobody_is_asked_for_nothing(sql: Sql) -> None:
    await Names(lambda: sql.now_s).learn([])
    assert sql.reads == []
    assert Names().name_of(BO) is None


async def test_the_name_a_requester_chose_is_read_anew_and_gone_when_they_take_it_back(
    sql: Sql,
) -> None:
    known = Names(lambda: sql.now_s)
    sql.own[BO] = "Maria"
    await known.learn([BO])
    assert known.name_of(BO) == "Maria"
    sql.now_s += OWN_KEPT_S
    sql.own[BO] = "Mia"
    await known.learn([BO])
    assert known.name_of(BO) == "Mia"
    sql.now_s += OWN_KEPT_S
    del sql.own[BO]
    await known.learn([BO])
    assert known.name_of(BO) is None
