"""Does the policy ask the right people, in the right order, and no more of them than it must?

Each rule is written here a second time, from the figures of the design and not from the module.
At the end the policy is broken in memory, a little each time, and its rule must then fail.
"""

import itertools
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any, NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assist.live.limits import LIMITS_MS
from assist.live.live import Candidate
from assist.matching import policy

SURE, MOST, LEAST_ODDS, MOST_ODDS = 0.8, 20, 0.02, 0.95
RINGING_COUNTS = 0.5  # a phone that rings already may still be answered, half as likely
NEAR_MS = 30_000  # whose turns are so near to each other, chance may swap
YEAR_MS = 365 * 86_400_000
START_MS = 1_763_780_000_000
TRIES = 1_000  # most mutants are found out at once
TINY = 1e-9  # as exact as sums of floats are

rule = settings(max_examples=200)

Odds = dict[str, tuple[float, float]]
REACHES = st.sampled_from(["page", "push"])
TURNS = st.one_of(
    st.integers(START_MS - 90_000, START_MS),  # near equals
    st.integers(START_MS - 3 * YEAR_MS, START_MS),
    st.integers(START_MS, START_MS + 90_000).map(lambda turn: turn - LIMITS_MS["AGES"]),  # too late
)


@st.composite
def people(draw: st.DrawFn, least: int = 0, most: int = 25) -> list[Candidate]:
    """Volunteers who could be rung, each once."""
    each = st.tuples(REACHES, st.integers(1, 3), TURNS)
    count = draw(st.integers(least, most))  # or there would hardly ever be many
    return [Candidate(f"{number:032x}", *draw(each)) for number in range(count)]


@st.composite
def past(draw: st.DrawFn) -> tuple[float, float]:
    """What was measured: taken, and made."""
    made = draw(st.one_of(st.just(0.0), st.floats(0, 100)))
    return made * draw(st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0])), made


ODDS = st.dictionaries(REACHES, past())
RINGING = st.builds(
    lambda pages, pushes: ["page"] * pages + ["push"] * pushes,
    st.integers(0, 12),
    st.integers(0, 12),
)
SEEDS = st.integers(0, 2**16)


def even() -> float:
    """No chance at all."""
    return 0.0


def likely(odds: Odds, ringing: Sequence[str], rung: Sequence[Candidate]) -> float:
    """That somebody answers promptly: of those who ring already, and of these."""
    nobody = 1.0
    for reach in ringing:
        nobody *= 1 - RINGING_COUNTS * policy.estimate(odds, reach)
    for one in rung:
        nobody *= 1 - policy.estimate(odds, one.reach)
    return 1 - nobody


# How likely is an answer?


@rule
@given(ODDS, REACHES)
def test_the_odds_stay_within_their_bounds(odds: Odds, reach: str) -> None:
    assert LEAST_ODDS <= policy.estimate(odds, reach) <= MOST_ODDS


@rule
@given(REACHES)
def test_the_odds_come_as_near_to_never_and_to_always_as_their_bounds(reach: str) -> None:
    assert policy.estimate({reach: (0.0, 1e6)}, reach) == LEAST_ODDS
    assert policy.estimate({reach: (1e6, 1e6)}, reach) == MOST_ODDS


def test_before_anything_was_measured_a_page_is_likelier_than_a_push() -> None:
    nothing: Odds = {}
    assert policy.estimate(nothing, "page") > policy.estimate(nothing, "push")


@rule
@given(past(), past())
def test_what_was_measured_of_pages_says_nothing_of_pushes(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    with_one = policy.estimate({"page": one, "push": other}, "push")
    assert with_one == policy.estimate({"push": other}, "push")


@rule
@given(st.floats(0.1, 0.9), REACHES)
def test_the_odds_come_to_be_what_is_measured(share: float, reach: str) -> None:
    seen = [
        abs(policy.estimate({reach: (share * made, made)}, reach) - share) for made in (1, 10, 100)
    ]
    assert seen == sorted(seen, reverse=True), "the more was measured, the nearer"
    assert seen[-1] < 0.1


# In what order?


@rule
@given(people(), SEEDS)
def test_the_first_language_is_asked_before_the_second(found: list[Candidate], seed: int) -> None:
    ranks = [one.rank for one in policy.in_order(found, Random(seed).random)]
    assert ranks == sorted(ranks)


@rule
@given(people(), SEEDS)
def test_who_has_waited_clearly_longer_is_asked_before(found: list[Candidate], seed: int) -> None:
    order = policy.in_order(found, Random(seed).random)
    for before, after in itertools.combinations(order, 2):
        if (before.rank, before.reach) == (after.rank, after.reach):
            assert before.place_ms < after.place_ms + NEAR_MS


@rule
@given(people(), SEEDS)
def test_a_page_is_asked_before_a_push_that_waited_not_a_year_longer(
    found: list[Candidate], seed: int
) -> None:
    order = policy.in_order(found, Random(seed).random)
    for before, after in itertools.combinations(order, 2):
        if before.rank == after.rank and (before.reach, after.reach) == ("push", "page"):
            assert before.place_ms + YEAR_MS < after.place_ms + NEAR_MS
        if before.rank == after.rank and (before.reach, after.reach) == ("page", "push"):
            assert before.place_ms < after.place_ms + YEAR_MS + NEAR_MS


@rule
@given(people(least=2), st.data())
def test_who_was_too_late_a_moment_ago_comes_before_all_of_their_language(
    found: list[Candidate], data: st.DataObject
) -> None:
    late = data.draw(st.sampled_from(found))
    ahead = late._replace(place_ms=START_MS - LIMITS_MS["AGES"] - 4 * YEAR_MS)
    order = policy.in_order([ahead if one == late else one for one in found], even)
    assert next(one for one in order if one.rank == ahead.rank) == ahead


@rule
@given(REACHES, st.integers(1, 3), st.integers(0, NEAR_MS - 1_000))
def test_chance_swaps_near_equals_either_way(reach: str, rank: int, apart_ms: int) -> None:
    first = Candidate("a" * 32, reach, rank, START_MS)
    second = Candidate("b" * 32, reach, rank, START_MS + apart_ms)
    assert policy.in_order([first, second], iter([0.0, 0.999]).__next__) == [first, second]
    assert policy.in_order([first, second], iter([0.999, 0.0]).__next__) == [second, first]


@rule
@given(people().flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_the_order_in_which_they_were_found_means_nothing(
    found: tuple[list[Candidate], list[Candidate]],
) -> None:
    one_way, another = ([one[1:] for one in policy.in_order(mixed, lambda: 0.5)] for mixed in found)
    assert one_way == another


# How many?


@rule
@given(people(), RINGING, ODDS, SEEDS)
def test_a_wave_is_the_front_of_the_order_and_asks_nobody_twice(
    found: list[Candidate], ringing: list[str], odds: Odds, seed: int
) -> None:
    chosen = policy.propose(found, ringing, odds, Random(seed).random)
    order = [one.id for one in policy.in_order(found, Random(seed).random)]
    assert chosen == order[: len(chosen)]
    assert len(set(chosen)) == len(chosen)


@rule
@given(people(), RINGING, ODDS)
@example([Candidate(f"{n:032x}", "push", 1, n) for n in range(40)], [], {"push": (0.0, 90.0)})
def test_at_most_twenty_phones_ring_for_one_person(
    found: list[Candidate], ringing: list[str], odds: Odds
) -> None:
    chosen = policy.propose(found, ringing, odds, even)
    assert len(chosen) <= max(0, MOST - len(ringing))


@rule
@given(people(least=1), RINGING, ODDS)
@example([Candidate("a" * 32, "page", 1, 0)], ["page"] * 19, {"page": (100.0, 100.0)})
def test_somebody_is_asked_whenever_anybody_can_be(
    found: list[Candidate], ringing: list[str], odds: Odds
) -> None:
    chosen = policy.propose(found, ringing, odds, even)
    assert bool(chosen) == (len(ringing) < MOST)


@rule
@given(people(), RINGING, ODDS)
def test_as_many_ring_as_make_a_prompt_answer_likely(
    found: list[Candidate], ringing: list[str], odds: Odds
) -> None:
    chosen = policy.propose(found, ringing, odds, even)
    rung = [one for one in found if one.id in chosen]
    is_full = len(ringing) + len(chosen) >= MOST or len(chosen) == len(found)
    assert is_full or likely(odds, ringing, rung) >= SURE - TINY


@rule
@given(people(least=1), RINGING, ODDS)
def test_and_not_one_more(found: list[Candidate], ringing: list[str], odds: Odds) -> None:
    chosen = policy.propose(found, ringing, odds, even)
    but_the_last = [one for one in found if one.id in chosen[:-1]]
    assert len(chosen) <= 1 or likely(odds, ringing, but_the_last) < SURE + TINY


@pytest.mark.parametrize(
    ("taken", "size"), [(0, 20), (10, 16), (25, 6), (50, 3), (81, 1), (100, 1)]
)
def test_a_wave_is_small_where_people_answer_and_large_where_they_do_not(
    taken: float, size: int
) -> None:
    found = [Candidate(f"{number:032x}", "page", 1, number) for number in range(40)]
    # So much was measured that what we believed before weighs nothing.
    odds = {"page": (taken * 1e6, 100 * 1e6)}
    assert len(policy.propose(found, [], odds, even)) == size


def test_who_rings_already_makes_the_next_wave_smaller() -> None:
    found = [Candidate(f"{number:032x}", "page", 1, number) for number in range(40)]
    sizes = [len(policy.propose(found, ["page"] * n, {"page": (4e6, 1e7)}, even)) for n in range(9)]
    assert sizes == [4, 3, 3, 2, 2, 1, 1, 1, 1]


def test_nobody_can_be_asked_where_there_is_nobody() -> None:
    assert policy.propose([], [], {}, even) == []


# Would we notice?


class Mutant(NamedTuple):
    """What stands in the policy, what stands there instead, and the rule that must then fail."""

    name: str
    what: str
    becomes: str
    noticed_by: Any


MUTANTS = (
    Mutant("drops_the_language_rank", "return one.rank, ", "return 0, ",
           test_the_first_language_is_asked_before_the_second),
    Mutant("reverses_the_order", "key=turn)", "key=turn, reverse=True)",
           test_who_has_waited_clearly_longer_is_asked_before),
    Mutant("forgets_whose_turn_it_is", "one.place_ms + late", "late",
           test_who_has_waited_clearly_longer_is_asked_before),
    Mutant("asks_pushes_with_the_pages", 'PAGE_AHEAD_MS if one.reach == "push" else 0', "0",
           test_a_page_is_asked_before_a_push_that_waited_not_a_year_longer),
    Mutant("asks_pushes_only_when_no_page_is_left",
           "return one.rank, ", 'return one.rank + (one.reach == "push") / 2, ',
           test_who_was_too_late_a_moment_ago_comes_before_all_of_their_language),
    Mutant("leaves_nothing_to_chance", "chance() * JITTER_MS", "0 * JITTER_MS",
           test_chance_swaps_near_equals_either_way),
    Mutant("leaves_much_to_chance", "chance() * JITTER_MS", "chance() * 10 * JITTER_MS",
           test_who_has_waited_clearly_longer_is_asked_before),
    Mutant("has_no_least_odds", "max(LEAST_ODDS, measured)", "measured",
           test_the_odds_come_as_near_to_never_and_to_always_as_their_bounds),
    Mutant("has_no_most_odds",
           "min(MOST_ODDS, max(LEAST_ODDS, measured))", "max(LEAST_ODDS, measured)",
           test_the_odds_come_as_near_to_never_and_to_always_as_their_bounds),
    Mutant("measures_nothing", "odds.get(reach, (0.0, 0.0))", "(0.0, 0.0)",
           test_the_odds_come_to_be_what_is_measured),
    Mutant("measures_pages_for_pushes",
           "odds.get(reach, (0.0, 0.0))", 'odds.get("page", (0.0, 0.0))',
           test_what_was_measured_of_pages_says_nothing_of_pushes),
    Mutant("ignores_those_ringing", "chance_of_none *= 1 - STALE * estimate(odds, reach)", "pass",
           test_and_not_one_more),
    Mutant("counts_those_ringing_whole", "1 - STALE * estimate", "1 - estimate",
           test_as_many_ring_as_make_a_prompt_answer_likely),
    Mutant("has_no_upper_bound", "rung + len(chosen) >= MOST or ", "",
           test_at_most_twenty_phones_ring_for_one_person),
    Mutant("has_a_bound_for_each_wave_alone", "rung += 1", "rung += 0",
           test_at_most_twenty_phones_ring_for_one_person),
    Mutant("asks_nobody_while_somebody_rings",
           "(chosen and 1 - chance_of_none >= SURE)", "1 - chance_of_none >= SURE",
           test_somebody_is_asked_whenever_anybody_can_be),
    Mutant("never_asks_the_first",
           "in in_order(candidates, chance):", "in in_order(candidates, chance)[1:]:",
           test_a_wave_is_the_front_of_the_order_and_asks_nobody_twice),
    Mutant("asks_each_twice", "chosen.append(one.id)", "chosen += [one.id, one.id]",
           test_a_wave_is_the_front_of_the_order_and_asks_nobody_twice),
    Mutant("is_sure_too_soon", "SURE = 0.8", "SURE = 0.7",
           test_as_many_ring_as_make_a_prompt_answer_likely),
    Mutant("is_never_sure", "SURE = 0.8", "SURE = 1.1",
           test_and_not_one_more),
)  # fmt: skip


def attack(test: Any) -> None:
    """Look for what breaks this rule; unlike Hypothesis itself, without making it small to read."""
    for number in range(TRIES):
        test.hypothesis.fuzz_one_input(Random(number).randbytes(2_000))


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_broken_policy_is_noticed(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Path(policy.__file__).read_text()
    assert whole.count(mutant.what) == 1, "there is nothing to break"
    broken = ModuleType("broken_policy")
    exec(whole.replace(mutant.what, mutant.becomes), vars(broken))
    monkeypatch.setattr(sys.modules[__name__], "policy", broken)
    with pytest.raises(AssertionError):
        attack(mutant.noticed_by)
