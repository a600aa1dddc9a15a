"""Does the meeting program judge what it sees as a person would?"""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from tests.load.meeting import CAP_BIT_S, between, estimate_at, followed_s, reached_s, too_late
from tests.load.meeting_page import HEIGHT, WIDTH, Paper, print_paper, read_paper


@pytest.fixture(scope="module")
def paper() -> Paper:
    return print_paper(7)


def photographed(paper: Paper, width: int, noise: float = 0.0) -> bytes:
    """As it arrives when the picture was shrunk to that width on its way."""
    seen = paper.picture[40 : 40 + HEIGHT, 53 : 53 + WIDTH]
    seen = seen + np.random.default_rng(1).normal(0, noise, seen.shape)
    picture = Image.fromarray(seen.clip(0, 255).astype(np.uint8))
    small = picture.resize((width, width * HEIGHT // WIDTH), Image.Resampling.BOX)
    png = io.BytesIO()
    small.save(png, "png")
    return png.getvalue()


def test_twelve_points_are_as_large_on_the_paper_as_on_a_page_of_a4(paper: Paper) -> None:
    tall = {top for _, _, top in paper.letters}
    assert len(tall) > 10  # lines
    assert len(paper.letters) > 300


@pytest.mark.parametrize(
    ("width", "legible"), [(1280, True), (960, True), (480, False), (320, False), (160, False)]
)
def test_small_print_is_lost_in_a_small_picture(paper: Paper, width: int, legible: bool) -> None:
    assert read_paper(paper, photographed(paper, width)).legible is legible


def test_noise_and_another_paper_are_not_read(paper: Paper) -> None:
    assert read_paper(paper, photographed(paper, 1280, noise=8)).legible
    other = read_paper(paper, photographed(print_paper(8), 1280))
    assert other.read < 0.3
    assert not read_paper(paper, photographed(paper, 1280, noise=300)).legible


def estimates(*mbit: float) -> list[dict[str, float]]:
    """One each second, from 1000 ms on."""
    return [
        {"at": 1000.0 * second, "availableOutgoingBitrate": one * 1e6}
        for second, one in enumerate(mbit, 1)
    ]


def test_a_cap_is_followed_from_when_the_estimate_stays_below_it() -> None:
    cap = CAP_BIT_S / 1e6
    assert followed_s(estimates(2, 1, cap, cap, cap, cap), 1000) == 2.0
    assert followed_s(estimates(2, cap, 1, cap, cap, cap, cap), 1000) == 3.0  # once is not enough
    assert followed_s(estimates(2, 1, cap, cap), 1000) is None  # nor is a moment
    assert followed_s(estimates(2, 2, 2, 2, 2, 2), 1000) is None
    assert followed_s([], 1000) is None


def test_what_was_never_reached_or_comes_after_the_end_is_nothing() -> None:
    samples = estimates(1, 2, 3)
    assert reached_s(samples, 1000, 3e6) == 2.0
    assert reached_s(samples, 1000, 4e6) is None
    assert estimate_at(samples, 2500) == 3e6
    assert estimate_at(samples, 3500) is None


def test_pages_that_look_at_different_moments_are_compared_at_the_same_ones() -> None:
    def counted(first_ms: float) -> list[dict[str, float]]:
        times = [first_ms + 200 * look for look in range(30)]
        return [{"at": at, "frames": 24 * at / 1000} for at in times]

    for first_ms in (1000.0, 1150.0):
        assert between(counted(first_ms), "frames", 2000, 5000) == pytest.approx(72)
    assert between([], "frames", 2000, 5000) == 0


def test_a_machine_without_time_for_the_camera_is_void() -> None:
    def encoded(rate: float) -> list[dict[str, float]]:
        return [{"at": 1000.0 * second, "framesEncoded": rate * second} for second in range(5)]

    assert too_late(encoded(24)) == []
    assert too_late(encoded(9)) == ["only 9 of 24 pictures a second were encoded"]
    assert too_late([]) != []
