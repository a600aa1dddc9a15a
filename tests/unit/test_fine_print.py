"""Does the judge of small print read as a person would: what is sharp, and nothing else?"""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from tests.browser.fine_print import (
    HEIGHT,
    LEGIBLE,
    NOISE,
    WIDTH,
    Page,
    print_line,
    read_line,
    seen_from,
)


@pytest.fixture(scope="module")
def page() -> Page:
    return print_line(7)


def photographed(page: Page, left: float, top: float, width: int = WIDTH) -> bytes:
    """A still as a phone sends it; shrunk to that width on its way."""
    seen = seen_from(page, left, top) + np.random.default_rng(1).normal(0, NOISE, (HEIGHT, WIDTH))
    picture = Image.fromarray(seen.clip(0, 255).astype(np.uint8))
    still = io.BytesIO()
    picture.resize((width, width * HEIGHT // WIDTH), Image.Resampling.BOX).save(still, "jpeg")
    return still.getvalue()


@pytest.mark.parametrize("place", [(48, 48), (10.5, 30.5), (87.75, 40.25)])
def test_a_sharp_still_is_read_wherever_the_hand_was(
    page: Page, place: tuple[float, float]
) -> None:
    assert read_line(page, photographed(page, *place)) >= LEGIBLE


def test_a_small_picture_and_another_line_are_not_read(page: Page) -> None:
    assert read_line(page, photographed(page, 48, 48, width=WIDTH // 2)) < 0.8
    assert read_line(print_line(8), photographed(page, 48, 48)) < 0.3
