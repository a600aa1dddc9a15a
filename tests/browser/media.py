"""What do the fake camera and microphones play? A photographed page in a hand, and two tones.

The photograph is the scanned page that scikit-image's wheel carries. A code with a word that only
this run knows is drawn into it: whoever reads that word from a screen has seen this very camera.
The tones come in syllables, because a browser's noise suppression takes a steady tone away.
"""

from __future__ import annotations

import io
import math
import wave
from pathlib import Path

import numpy as np
import segno
import skimage.data
import zxingcpp
from numpy.typing import NDArray
from PIL import Image

WIDTH, HEIGHT = 640, 480
FRAMES_PER_SECOND = 10
LOOP_S = 2
SAMPLES_PER_SECOND = 48_000
SYLLABLES_PER_SECOND = 4
LOUDNESS = 0.4  # of the full scale
MARGIN = 60  # pixels that the hand may move before the edge shows

Picture = NDArray[np.uint8]


def camera_file(path: Path, code: str, light: float = 1.0) -> Path:
    """Write a y4m film of the page and the code, for `--use-file-for-fake-video-capture`.

    `light`: 1.0 by day, less by night.
    """
    page = _page_with(code).point(lambda value: value * light)
    header = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n"
    colourless = bytes([128]) * (WIDTH * HEIGHT // 2)
    with path.open("wb") as film:
        film.write(header.encode())
        for number in range(FRAMES_PER_SECOND * LOOP_S):
            film.write(b"FRAME\n" + _held(page, number).tobytes() + colourless)
    return path


def _page_with(code: str) -> Image.Image:
    """The page, larger than the frame, with the code in its middle."""
    size = (WIDTH + 2 * MARGIN, HEIGHT + 2 * MARGIN)
    photograph: Picture = skimage.data.page()  # type: ignore[no-untyped-call]
    page = Image.fromarray(photograph).convert("L").resize(size, Image.Resampling.BICUBIC)
    drawn = io.BytesIO()
    segno.make(code, error="m", micro=False).save(drawn, kind="png", scale=9, border=4)
    mark = Image.open(drawn).convert("L")
    page.paste(mark, ((size[0] - mark.width) // 2, (size[1] - mark.height) // 2))
    return page


def _held(page: Image.Image, number: int) -> Picture:
    """The frame with this number: a hand sways a little, and is back where it was at the end."""
    turn = 2 * math.pi * number / (FRAMES_PER_SECOND * LOOP_S)
    angle = math.radians(1.5 * math.sin(turn))
    left = MARGIN + 12 * math.sin(turn)
    top = MARGIN + 8 * math.sin(2 * turn)
    cosine, sine = math.cos(angle), math.sin(angle)
    moved = page.transform(
        (WIDTH, HEIGHT),
        Image.Transform.AFFINE,
        (cosine, -sine, left, sine, cosine, top),
        Image.Resampling.BILINEAR,
    )
    return np.asarray(moved, dtype=np.uint8)


def microphone_file(path: Path, hertz: int) -> Path:
    """Write one second of a tone (it is played in a loop), for `--use-file-for-fake-audio-capture`.

    `hertz` is whole, so that the loop has no seam.
    """
    times = np.arange(SAMPLES_PER_SECOND) / SAMPLES_PER_SECOND
    syllables = np.sin(np.pi * SYLLABLES_PER_SECOND * times) ** 2
    samples = LOUDNESS * syllables * np.sin(2 * np.pi * hertz * times)
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(SAMPLES_PER_SECOND)
        sound.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


def read_code(png: bytes) -> str:
    """The words of the code in this picture, "" where there is none to read."""
    picture = np.asarray(Image.open(io.BytesIO(png)).convert("L"))
    found = zxingcpp.read_barcodes(picture)
    return found[0].text if found else ""
