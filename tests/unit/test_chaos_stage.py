"""Does the chaos program read a gap off what a page has noted?"""

from tests.chaos.stage import Gap, gap_in


def arrivals(*times_ms: int) -> list[dict[str, int]]:
    return [{"at": at} for at in times_ms]


def test_the_gap_is_the_longest_hole_that_ends_after_what_happened() -> None:
    noted = arrivals(0, 4_000, 4_100, 4_900, 6_900, 7_000, 7_500)
    assert gap_in(noted, 5_000, 7_600) == Gap(lasted_s=2.0, over_after_s=1.9)


def test_media_that_never_came_back_is_a_gap_until_somebody_looked() -> None:
    assert gap_in(arrivals(900), 1_000, 9_000) == Gap(lasted_s=8.1, over_after_s=8.0)


def test_a_page_that_was_loaded_anew_has_a_gap_from_what_happened_on() -> None:
    assert gap_in(arrivals(1_800, 1_850), 1_000, 2_000) == Gap(lasted_s=0.8, over_after_s=0.8)
