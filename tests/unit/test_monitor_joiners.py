"""How often is SQL asked who waits to be let in, and what if it does not answer?"""

from __future__ import annotations

import pytest
from django.db import OperationalError

from assist.accounts import joining
from assist.monitor import joiners as asking
from assist.monitor.joiners import KEPT_S, Joiners, sentence
from tests.waiting import PATIENCE_S


async def test_sql_is_asked_now_and_then_and_what_was_known_stays_where_it_is_down(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now_s, asked, answers = [100.0], [], iter([2, None, 3])

    def how_many() -> int:
        asked.append(now_s[0])
        answer = next(answers)
        if answer is None:
            raise OperationalError
        return answer

    monkeypatch.setattr(joining, "how_many", how_many)
    monkeypatch.setattr(asking, "ANSWER_S", PATIENCE_S)  # a slow machine answers, too
    joiners = Joiners(lambda: now_s[0])
    assert [await joiners.count(), await joiners.count()] == [2, 2]
    now_s[0] += KEPT_S
    assert [await joiners.count(), await joiners.count()] == [2, 2]
    now_s[0] += KEPT_S
    assert await joiners.count() == 3
    assert asked == [100.0, 100.0 + KEPT_S, 100.0 + 2 * KEPT_S]


def test_nothing_is_said_where_nobody_waits() -> None:
    assert [sentence(0), sentence(1), sentence(2)] == [
        "",
        "1 person would like to volunteer",
        "2 people would like to volunteer",
    ]
