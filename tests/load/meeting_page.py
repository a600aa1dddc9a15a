"""Can a page of 12-point text be read at the far side? A paper for the camera, and a reader of it.

The paper is A4 held upright so that its width fills the picture: 12 points are 26 pixels of 1280.
Its letters are random, so that each must be seen by itself, and a hand holds it that is never quite
still. The reader knows where a letter is printed but not which: it takes the shape, of all shapes
in the alphabet, that what it sees there resembles most. Of noise it would get one in 26 right.

How sharp they are is the mean agreement (correlation) of a letter as it is seen with how it was
printed. Shrunk and enlarged again, this paper agrees by 0.97 at 960x540 and by 0.91 at 640x360,
where tesseract reads 97 % of it, and by 0.73 at 320x180, where tesseract reads nothing.
"""

from __future__ import annotations

import io
import random
import string
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1280, 720
FRAMES_PER_SECOND = 24
LOOP_S = 4
A4_WIDTH_MM = 210
POINT_MM = 25.4 / 72
POINTS = 12
LETTER_PX = round(POINTS * POINT_MM * WIDTH / A4_WIDTH_MM)
INK, PAPER = 40.0, 215.0
NOISE = 4.0  # of 255: what a phone's sensor adds in a room with the light on
SWAY_PX = 6
EDGE = 48
LETTERS = string.ascii_lowercase
LEGIBLE_READ, LEGIBLE_SHARP = 0.98, 0.9

Picture = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Paper:
    """What is printed: the picture of it, and for each letter its (left, top)."""

    picture: Picture
    letters: list[tuple[str, int, int]]


def shapes() -> dict[str, Picture]:
    """Each letter in a cell of its own, all of one size."""
    font = ImageFont.load_default(LETTER_PX)
    found = {}
    for letter in LETTERS:
        cell = Image.new("L", (LETTER_PX, round(1.4 * LETTER_PX)), round(PAPER))
        ImageDraw.Draw(cell).text((2, 2), letter, fill=round(INK), font=font)
        found[letter] = np.asarray(cell, dtype=np.float64)
    return found


def print_paper(seed: int) -> Paper:
    """A paper as large as the picture and the edge that the hand may move it by."""
    chance, known = random.Random(seed), shapes()
    tall, wide = known["a"].shape
    picture = np.full((HEIGHT + 2 * EDGE, WIDTH + 2 * EDGE), PAPER)
    letters = []
    for top in range(2 * EDGE, HEIGHT - tall, round(1.3 * tall)):
        for left in range(2 * EDGE, WIDTH - wide, wide):
            if chance.random() < 0.15:  # between words
                continue
            letter = chance.choice(LETTERS)
            picture[top : top + tall, left : left + wide] = known[letter]
            letters.append((letter, left, top))
    return Paper(picture, letters)


def write_camera(path: Path, paper: Paper, seed: int) -> Path:
    """A y4m film of the paper in a hand, for `--use-file-for-fake-video-capture`."""
    noise = np.random.default_rng(seed)
    count = FRAMES_PER_SECOND * LOOP_S
    header = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n"
    colourless = bytes([128]) * (WIDTH * HEIGHT // 2)
    with path.open("wb") as film:
        film.write(header.encode())
        for number in range(count):
            turn = 2 * np.pi * number / count
            left = EDGE + round(SWAY_PX * np.sin(turn))
            top = EDGE + round(SWAY_PX / 2 * np.sin(2 * turn))
            seen = paper.picture[top : top + HEIGHT, left : left + WIDTH]
            seen = seen + noise.normal(0, NOISE, seen.shape)
            film.write(b"FRAME\n" + seen.clip(0, 255).astype(np.uint8).tobytes() + colourless)
    return path


@dataclass(frozen=True, slots=True)
class Reading:
    """`read`: the share of letters told apart; `sharp`: how much they agree with the print."""

    read: float
    sharp: float

    @property
    def legible(self) -> bool:
        return self.read >= LEGIBLE_READ and self.sharp >= LEGIBLE_SHARP


def read_paper(paper: Paper, png: bytes) -> Reading:
    """What can be read of the paper in this picture; nothing of a picture of something else."""
    seen = (
        Image.open(io.BytesIO(png)).convert("L").resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    )
    pixels = np.asarray(seen, dtype=np.float64)
    top, left = _held_at(paper, pixels)
    known = shapes()
    tall, wide = known["a"].shape
    alphabet = np.stack([_even(known[letter]) for letter in LETTERS])
    right, agreements = 0, []
    for letter, x, y in paper.letters:
        cell = pixels[y - top : y - top + tall, x - left : x - left + wide]
        if cell.shape != (tall, wide):
            continue
        alike = np.einsum("ijk,jk->i", alphabet, _even(cell))
        agreements.append(float(alike[LETTERS.index(letter)]))
        right += LETTERS[int(alike.argmax())] == letter
    if not agreements:
        return Reading(0.0, 0.0)
    return Reading(right / len(agreements), float(np.mean(agreements)))


def _held_at(paper: Paper, pixels: Picture) -> tuple[int, int]:
    """Where on the paper (top, left) the picture begins: the shift at which both agree most."""
    size = paper.picture.shape
    print_ = np.fft.rfft2(paper.picture - PAPER)
    seen = np.fft.rfft2(pixels - pixels.mean(), size)
    agree = np.fft.irfft2(print_ * np.conj(seen), size)[: 2 * EDGE + 1, : 2 * EDGE + 1]
    top, left = np.unravel_index(int(agree.argmax()), agree.shape)
    return int(top), int(left)


def _even(cell: Picture) -> Picture:
    """Without its brightness and contrast."""
    flat = cell - cell.mean()
    even: Picture = flat / (np.linalg.norm(flat) or 1.0)
    return even
