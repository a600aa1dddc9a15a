"""In which order do Coordinators see who waits, and how long does the longest wait last?"""

from __future__ import annotations

from prometheus_client.exposition import generate_latest

from assist.live.snapshot import CallTruth, HelpTruth, QueueTruth, RelayLine, VolunteerLine
from assist.monitor import rows
from assist.monitor.health import figures
from assist.protocol.states import Among, HelpState, LegState, VolunteerState

NOW_MS = 100_000


def help_of(name: str, state: HelpState, since_ms: int) -> HelpTruth:
    in_call = state in (HelpState.CONFIRMING, HelpState.IN_CALL)
    return HelpTruth(
        id=name,
        requester="",
        state=state,
        since_ms=since_ms,
        asked=0,
        reachable=0,
        languages=["en"],
        among=Among.ANYONE,
        topic=None,
        question=False,
        named=False,
        braille=False,
        practice=False,
        first_until_ms=0,
        handed=None,
        call=CallTruth("call", "noor", since_ms) if in_call else None,
        requester_leg=LegState.NEW,
        volunteer_leg=LegState.NEW,
    )


def queue_of(*helps: HelpTruth) -> QueueTruth:
    return QueueTruth(now_ms=NOW_MS, helps=list(helps), ringing={}, volunteers=[], relays=[])


QUEUE = queue_of(
    help_of("question", HelpState.PARKED, 1_000),
    help_of("answered", HelpState.CONFIRMING, 2_000),
    help_of("waits", HelpState.WAITING, 60_000),
    help_of("rings", HelpState.RINGING, 70_000),
)


def test_who_stands_there_comes_before_who_is_called_back() -> None:
    shown = rows.queue(QUEUE, {"noor": "Noor"}.get)
    assert [row.help_request for row in shown.waiting] == ["waits", "rings", "question"]
    assert [row.volunteer for row in shown.calls] == ["Noor"]


def test_the_longest_wait_is_of_those_who_stand_there() -> None:
    assert figures(QUEUE).get_sample_value("assist_longest_wait_seconds") == 40
    parked = queue_of(help_of("question", HelpState.PARKED, 1_000))
    assert figures(parked).get_sample_value("assist_longest_wait_seconds") == 0


def test_who_practises_is_in_no_call() -> None:
    noor = VolunteerLine("noor", VolunteerState.IN_CALL, ["en"], 1_000, practising=True)
    found = queue_of()._replace(volunteers=[noor])
    assert [row.practising for row in rows.queue(found, {"noor": "Noor"}.get).volunteers] == [True]
    counted = figures(found)
    assert counted.get_sample_value("assist_volunteers", {"state": "practising"}) == 1
    assert counted.get_sample_value("assist_volunteers", {"state": "in_call"}) is None


def test_what_relays_dropped_is_counted_by_its_reason_and_names_no_relay() -> None:
    relays = [
        RelayLine("f" * 32, "192.0.2.7", 0.1, 4, {"flood": 7, "stranger": 2}),
        RelayLine("a" * 32, "192.0.2.8", 0.2, 6, {}),
    ]
    found = figures(queue_of()._replace(relays=relays))
    flood = {"relay": "2", "why": "flood"}
    assert found.get_sample_value("assist_relay_dropped_total", flood) == 7
    text = generate_latest(found).decode()
    assert "192.0.2" not in text
    assert "f" * 32 not in text
