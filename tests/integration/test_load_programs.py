"""Do the load programs run, and say what they promise? In small; their figures are not judged."""

import asyncio
import json
import sys

import pytest

from tests.load.figures import VOID, gini, percentile
from tests.load.first_visit import ROUND_TRIP_S
from tests.load.people import crowd
from tests.load.rules import RULES
from tests.load.world import Scenario, World
from tests.processes import ROOT

KEYS = {
    *("volunteers", "requests_per_s", "ask_to_first_offer_p99_ms", "accept_to_both_told_p99_ms"),
    *("losers_told_p99_ms", "invariants_broken"),
}

MEETING_KEYS = {
    *("calls", "first_picture_p50_ms", "first_picture_p95_ms", "first_picture_max_ms"),
    *("estimate_5s_mbit", "estimate_10s_mbit", "legible_s", "cap_followed_s"),
    *("loss_freezes", "loss_frames_share", "no_picture"),
}

RING_KEYS = {
    *("rings", "late", "without_picture", "cold_picture_p50_ms", "cold_picture_p95_ms"),
    *("known_picture_p50_ms", "known_picture_p95_ms", "cold_ring_p50_ms", "cold_ring_p95_ms"),
    *("picture_after_accept_p50_ms", "picture_after_accept_p95_ms"),
}

FIRST_VISIT_KEYS = {
    *("visits", "weight_bytes", "there_p50_s", "works_p50_s", "works_max_s", "asked_p50_s"),
    *("here_works_p50_s", "presses_lost", "too_heavy"),
}


async def run(*arguments: str) -> tuple[int, str]:
    """One program to its end: its exit code, and what it printed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *arguments),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    return await process.wait(), out.decode()


async def test_the_matching_load_ends_sound_and_says_so_in_its_last_line() -> None:
    small = ("--volunteers", "300", "--pages", "100", "--requests", "5", "--seconds", "3")
    code, said = await run("tests.load.matching", "--short", *small)
    last = json.loads(said.splitlines()[-1])
    assert set(last) >= KEYS
    assert last["invariants_broken"] == 0
    assert code in (0, VOID)
    if code != VOID:  # else this machine was too busy to measure anything
        assert last["ask_to_first_offer_p99_ms"] is not None


async def test_the_same_load_through_sockets_ends_sound_and_says_so_in_its_last_line() -> None:
    code, said = await run("tests.load.sockets", "--short", "--volunteers", "30", "--requests", "2")
    last = json.loads(said.splitlines()[-1])
    assert set(last) >= KEYS | {"pages"}
    assert last["invariants_broken"] == 0
    assert code in (0, VOID)
    if code != VOID:
        assert last["ask_to_first_offer_p99_ms"] is not None
        assert last["accept_to_both_told_p99_ms"] is not None


@pytest.mark.timeout(240)
async def test_a_meeting_is_timed_from_accept_to_the_first_picture() -> None:
    code, said = await run("tests.load.meeting", "--short", "--calls", "1", "--only", "first")
    last = json.loads(said.splitlines()[-1])
    assert set(last) == MEETING_KEYS
    assert (last["calls"], last["no_picture"]) == (1, 0)
    assert last["first_picture_max_ms"] > 0
    assert code == 0


@pytest.mark.timeout(240)
async def test_a_push_leads_to_the_picture_by_each_way() -> None:
    code, said = await run("tests.load.cold_ring", "--short", "--rounds", "1")
    last = json.loads(said.splitlines()[-1])
    assert set(last) == RING_KEYS
    assert (last["rings"], last["without_picture"]) == (3, 0)
    assert last["cold_ring_p50_ms"] > 0
    assert last["picture_after_accept_p50_ms"] > 0
    assert code in (0, VOID), "a busy machine says nothing about us"


@pytest.mark.timeout(240)
async def test_a_first_visit_on_a_slow_line_is_weighed_and_timed() -> None:
    code, said = await run("tests.load.first_visit", "--short", "--rounds", "1")
    last = json.loads(said.splitlines()[-1])
    assert set(last) >= FIRST_VISIT_KEYS
    assert (last["visits"], last["too_heavy"]) == (1, 0)
    assert last["presses_lost"] == 0
    assert code in (0, VOID)
    if code != VOID:  # an answer is never there before it could have crossed the line
        assert last["works_p50_s"] >= last["there_p50_s"] > ROUND_TRIP_S


@pytest.mark.parametrize("rule", list(RULES))
def test_the_same_seed_gives_the_same_simulation(rule: str) -> None:
    scenario = Scenario("day", 50, 1.0, 0.4, 300.0)
    first, again = (World(scenario, RULES[rule](), 60, seed=7).run() for _ in range(2))
    assert first == again
    assert len(first.waits_s) == 60
    assert first.answered > 30


def test_a_simulated_volunteer_is_never_in_two_calls() -> None:
    scenario = Scenario("rush", 50, 1.0, 0.4, 5.0)
    for rule in RULES.values():
        world = World(scenario, rule(), 200, seed=3)
        met: list[str] = []
        meet = world._meet

        def watched(ring, meet=meet, world=world, met=met):  # type: ignore[no-untyped-def]
            assert ring.person.id not in world.in_call
            met.append(ring.person.id)
            meet(ring)

        world._meet = watched  # type: ignore[method-assign]
        world.run()
        assert met


def test_people_are_the_same_for_the_same_seed_and_few_speak_the_rare_language() -> None:
    people = crowd(1_000, 0.1, 5)
    assert people == crowd(1_000, 0.1, 5)
    assert people != crowd(1_000, 0.1, 6)
    assert sum(one.reach == "page" for one in people) == 100
    assert sum("so" in one.languages for one in people) == 20


def test_gini_and_percentiles_say_what_they_should() -> None:
    assert gini([3, 3, 3, 3]) == pytest.approx(0)
    assert gini([0, 0, 0, 4]) == pytest.approx(0.75)
    assert percentile([], 0.5) is None
    assert percentile(list(range(100)), 0.99) == 99
    assert percentile([5, 1, 3], 0.5) == 3
