"""Which line of small print lies before the camera? Nine points on a page that lies on a table.

The camera sees 45 cm across, as a phone does that is held so that the whole page fits: nine points
are nine pixels of 1280. The table has a grain, the sensor noise, and the hand is never still: each
pixel is the mean of what falls on it, wherever between two of them the page lies.

The reader is a judge for tests alone. It knows where on the page a letter is printed, but not
which: it takes the one, of the whole alphabet at each such place, that what it sees resembles most.
The line is random, so none can be guessed; of noise it would get one in 26 right.
"""

from __future__ import annotations

import io
import random
import string
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1280, 720
SEEN_MM, PAGE_MM, POINTS, POINT_MM = 450, 210, 9, 25.4 / 72
LETTER_PX = round(POINTS * POINT_MM * WIDTH / SEEN_MM)
LINE_PX = 13
PAGE_PX = round(PAGE_MM * WIDTH / SEEN_MM)
FINE = 4  # of these to a pixel, each way: so finely the page is drawn
EDGE, SWAY = 48, 40
INK, PAPER, TABLE, GRAIN, NOISE = 40, 215, 110, 25, 4
FRAMES_PER_SECOND, LOOP_FRAMES = 12, 30
LETTERS = string.ascii_lowercase
LEGIBLE = 0.98

Picture = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Page:
    """`drawn`: FINE times as large as it is seen. `letters`: each with its left side, in pixels."""

    drawn: NDArray[np.uint8]
    letters: list[tuple[str, int]]
    top: int


def print_line(seed: int) -> Page:
    """A page on its table, with one line in its middle."""
    chance = random.Random(seed)
    tall, wide = HEIGHT + 2 * EDGE, WIDTH + 2 * EDGE
    grain = np.random.default_rng(seed).normal(TABLE, GRAIN, (tall // 3, wide // 3 + 1))
    table = Image.fromarray(grain.clip(0, 255).astype(np.uint8))
    drawn = table.resize((wide * FINE, tall * FINE), Image.Resampling.NEAREST)
    left, top = (wide - PAGE_PX) // 2, tall // 2
    drawn.paste(
        PAPER, (left * FINE, 2 * EDGE * FINE, (left + PAGE_PX) * FINE, (tall - 2 * EDGE) * FINE)
    )
    letters = []
    for x in range(left + 2 * LETTER_PX, left + PAGE_PX - 2 * LETTER_PX, LETTER_PX):
        if chance.random() < 0.15:  # between words
            continue
        letter = chance.choice(LETTERS)
        drawn.paste(_shape(letter), (x * FINE, top * FINE))
        letters.append((letter, x))
    return Page(np.asarray(drawn), letters, top)


def _shape(letter: str) -> Image.Image:
    cell = Image.new("L", (LETTER_PX * FINE, LINE_PX * FINE), PAPER)
    font = ImageFont.load_default(LETTER_PX * FINE)
    ImageDraw.Draw(cell).text((FINE, FINE), letter, fill=INK, font=font)
    return cell


def write_hand(path: Path, page: Page, seed: int) -> Path:
    """A y4m film of the page from a hand, for `--use-file-for-fake-video-capture`."""
    chance = np.random.default_rng(seed)
    header = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n"
    colourless = bytes([128]) * (WIDTH * HEIGHT // 2)
    with path.open("wb") as film:
        film.write(header.encode())
        for number in range(LOOP_FRAMES):
            turn = 2 * np.pi * number / LOOP_FRAMES
            left = EDGE + SWAY * np.sin(2 * turn)
            top = EDGE + SWAY / 2 * np.sin(3 * turn + 1)
            seen = seen_from(page, left, top) + chance.normal(0, NOISE, (HEIGHT, WIDTH))
            film.write(b"FRAME\n" + seen.clip(0, 255).astype(np.uint8).tobytes() + colourless)
    return path


def seen_from(page: Page, left: float, top: float) -> Picture:
    """The frame that begins there, in pixels and parts of them."""
    x, y = round(left * FINE), round(top * FINE)
    return _pixels(page.drawn[y : y + HEIGHT * FINE, x : x + WIDTH * FINE])


def _pixels(drawn: NDArray[np.uint8]) -> Picture:
    """The mean of what falls on each."""
    tall, wide = (side // FINE for side in drawn.shape)
    parts = drawn[: tall * FINE, : wide * FINE].reshape(tall, FINE, wide, FINE)
    mean: Picture = parts.mean(axis=(1, 3))
    return mean


def read_line(page: Page, png: bytes) -> float:
    """The share of its letters that can be told apart in this picture."""
    size = (WIDTH, HEIGHT)
    seen = Image.open(io.BytesIO(png)).convert("L").resize(size, Image.Resampling.BICUBIC)
    pixels = np.asarray(seen, dtype=np.float64)
    left, top = _held_at(page, pixels)
    shapes, names = _alphabet()
    right = 0
    for letter, x in page.letters:
        cells = list(_cells(pixels, x - left, page.top - top))
        alike = np.einsum("sjk,cjk->sc", shapes, cells).max(axis=1) if cells else np.zeros(1)
        right += names[int(alike.argmax())] == letter
    return right / len(page.letters)


def _held_at(page: Page, pixels: Picture) -> tuple[int, int]:
    """Where on the page (left, top) the picture begins: the shift at which both agree most."""
    whole = _pixels(page.drawn)
    drawn = np.fft.rfft2(whole - whole.mean())
    seen = np.fft.rfft2(pixels - pixels.mean(), whole.shape)
    agree = np.fft.irfft2(drawn * np.conj(seen), whole.shape)[: 2 * EDGE + 1, : 2 * EDGE + 1]
    top, left = np.unravel_index(int(agree.argmax()), agree.shape)
    return int(left), int(top)


def _alphabet() -> tuple[Picture, str]:
    """Each letter as it falls on pixels, wherever between them it begins; and which it is."""
    shapes, names = [], ""
    for letter, right, down in product(LETTERS, range(FINE), range(FINE)):
        paper = Image.new("L", ((LETTER_PX + 1) * FINE, (LINE_PX + 1) * FINE), PAPER)
        paper.paste(_shape(letter), (right, down))
        shapes.append(_even(_pixels(np.asarray(paper))))
        names += letter
    return np.stack(shapes), names


def _cells(pixels: Picture, left: int, top: int) -> Iterator[Picture]:
    """What is seen where a letter should be, or a pixel beside it."""
    for x, y in product(range(left - 1, left + 2), range(top - 1, top + 2)):
        cell = pixels[max(0, y) : y + LINE_PX + 1, max(0, x) : x + LETTER_PX + 1]
        if cell.shape == (LINE_PX + 1, LETTER_PX + 1):
            yield _even(cell)


def _even(cell: Picture) -> Picture:
    """Without its brightness and contrast."""
    flat = cell - cell.mean()
    even: Picture = flat / (np.linalg.norm(flat) or 1.0)
    return even
