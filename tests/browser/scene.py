"""What does a Volunteer see of a scene that is known? Marks, patches and an edge, found by colour.

The scene lies before the fake camera: a red and a blue mark that rest, a green one that wanders
along the lower edge, a light and a dark patch that meet in an edge, on an even grey.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.async_api import Page

WIDTH, HEIGHT = 640, 480
FRAMES_PER_SECOND = 10
LOOP_FRAMES = 40
GREY, LIGHT, DARK = 128, 176, 84
MARK = 0.1  # the side of a mark, as a share of the picture's width
RED, BLUE = (0.3, 0.3), (0.66, 0.45)  # their middles, as shares of the picture
GREEN_Y = 0.9
# Light, and beside it dark, from (left, top) to (right, bottom).
LIGHT_PATCH, DARK_PATCH = ((0.3, 0.55), (0.5, 0.8)), ((0.5, 0.55), (0.7, 0.8))
# Of a colour is what has so much more of it than of either other one.
CLEARLY = 60
FEW_PX = 40
RIM_PX = 12  # of the frame: there the focus is shown, in a colour of its own

Colour = Literal["red", "green", "blue"]
COLOURS: tuple[Colour, ...] = ("red", "green", "blue")
Place = tuple[float, float]
Pixels = NDArray[np.float64]


def scene_file(path: Path) -> Path:
    """Write the scene as a y4m film, for `--use-file-for-fake-video-capture`."""
    header = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n"
    with path.open("wb") as film:
        film.write(header.encode())
        for number in range(LOOP_FRAMES):
            film.write(b"FRAME\n" + _frame(number))
    return path


def _frame(number: int) -> bytes:
    picture = Image.new("RGB", (WIDTH, HEIGHT), (GREY,) * 3)
    for value, (upper, lower) in ((LIGHT, LIGHT_PATCH), (DARK, DARK_PATCH)):
        picture.paste((value,) * 3, (*_pixel(upper), *_pixel(lower)))
    # There and back again, in a line: nowhere does it jump.
    way = abs(2 * number / LOOP_FRAMES - 1)
    green = (0.1 + 0.8 * way, GREEN_Y)
    for colour, place in (((210, 30, 30), RED), ((30, 30, 210), BLUE), ((30, 190, 30), green)):
        picture.paste(colour, _square(place))
    y, cb, cr = picture.convert("YCbCr").split()
    half = (WIDTH // 2, HEIGHT // 2)
    return b"".join(
        np.asarray(plane, dtype=np.uint8).tobytes()
        for plane in (y, cb.resize(half), cr.resize(half))
    )


def _pixel(place: Place) -> tuple[int, int]:
    return round(place[0] * WIDTH), round(place[1] * HEIGHT)


def _square(middle: Place) -> tuple[int, int, int, int]:
    (x, y), half = _pixel(middle), round(MARK * WIDTH / 2)
    return x - half, y - half, x + half, y + half


@dataclass(frozen=True, slots=True)
class Seen:
    """What is in the frame of the picture now, as a screenshot shows it."""

    pixels: Pixels

    @classmethod
    async def now(cls, page: Page) -> Seen:
        box = await page.get_by_role("group", name="Their picture").bounding_box()
        assert box is not None
        shot = Image.open(io.BytesIO(await page.screenshot(clip=box)))
        return cls(np.asarray(shot.convert("RGB"), dtype=np.float64))

    @property
    def size(self) -> tuple[int, int]:
        return self.pixels.shape[1], self.pixels.shape[0]

    def mark(self, colour: Colour) -> Place | None:
        """Where its middle is, in pixels of the frame; None while it is not to be seen."""
        rows, columns = np.nonzero(self._has(colour))
        if len(rows) < FEW_PX:
            return None
        return float(np.median(columns)), float(np.median(rows))

    def mark_width(self, colour: Colour) -> float:
        """Of a mark that is wholly within the frame, in pixels."""
        return float(np.sqrt(np.count_nonzero(self._has(colour))))

    def _has(self, colour: Colour) -> NDArray[np.bool_]:
        own = COLOURS.index(colour)
        others = np.delete(self.pixels, own, axis=2).max(axis=2)
        found: NDArray[np.bool_] = self.pixels[:, :, own] - others > CLEARLY
        inside = slice(RIM_PX, -RIM_PX)
        rim = np.ones_like(found)
        rim[inside, inside] = False
        return found & ~rim

    def whole(self, turned: bool = False) -> tuple[float, float, float, float]:
        """Where the whole picture is when it is not zoomed: left, top, width, height."""
        wide, high = (HEIGHT, WIDTH) if turned else (WIDTH, HEIGHT)
        scale = min(self.size[0] / wide, self.size[1] / high)
        width, height = wide * scale, high * scale
        return (self.size[0] - width) / 2, (self.size[1] - height) / 2, width, height

    def at(self, place: Place, turned: bool = False) -> Place:
        """Where that place of the whole picture is, in pixels of the frame."""
        left, top, width, height = self.whole(turned)
        return left + place[0] * width, top + place[1] * height

    def value(self, patch: tuple[Place, Place]) -> float:
        """How bright the middle of that patch of the whole picture is, 0 to 255."""
        (left, top), (right, bottom) = (self.at(corner) for corner in patch)
        x, y = (left + right) / 2, (top + bottom) / 2
        return float(self.pixels[int(y) - 5 : int(y) + 5, int(x) - 5 : int(x) + 5].mean())

    def edge(self) -> float:
        """How steep the edge between the light and the dark patch is, a pixel."""
        (x, top), (_, bottom) = self.at(DARK_PATCH[0]), self.at(LIGHT_PATCH[1])
        middle = int((top + bottom) / 2)
        band = self.pixels[middle - 10 : middle + 10, int(x) - 12 : int(x) + 12]
        line = band.mean(axis=(0, 2))
        return float(np.abs(np.diff(line)).max())
