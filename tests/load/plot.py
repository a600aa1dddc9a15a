"""How do figures become a picture? A small SVG with logarithmic axes, and no library."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 640, 400, 70, 50, 40, 170
COLOURS = ("#0b6e4f", "#b3261e", "#3b5ba5", "#8a5a00", "#6b4fa0", "#444444")
MARKS = ("●", "■", "▲", "◆", "▼", "★")  # not by colour alone


class Series(NamedTuple):
    """What is drawn under one name: points, joined if there are several."""

    name: str
    points: Sequence[tuple[float, float]]


class Axis:
    """Logarithmic, from a power of ten to another."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        """`start` and `end` are where the axis lies in the picture."""
        self.low = math.floor(math.log10(min(values)))
        self.high = max(self.low + 1, math.ceil(math.log10(max(values))))
        self._start, self._end = start, end

    def place(self, value: float) -> float:
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return self._start + share * (self._end - self._start)

    def ticks(self) -> list[tuple[float, str]]:
        powers = [10.0**power for power in range(self.low, self.high + 1)]
        return [(self.place(one), f"{one:,.0f}" if one >= 1 else f"{one:g}") for one in powers]


def _text(x: float, y: float, text: str, more: str = "") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" {more}>{escape(text)}</text>'


def _grid(x: Axis, y: Axis) -> Iterator[str]:
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    for at, label in x.ticks():
        yield f'<path d="M{at:.0f} {TOP}V{bottom}" stroke="#ddd"/>'
        yield _text(at, bottom + 18, label, 'text-anchor="middle"')
    for at, label in y.ticks():
        yield f'<path d="M{LEFT} {at:.0f}H{right}" stroke="#ddd"/>'
        yield _text(LEFT - 8, at + 4, label, 'text-anchor="end"')


def _drawn(number: int, series: Series, x: Axis, y: Axis) -> Iterator[str]:
    colour, mark = COLOURS[number % len(COLOURS)], MARKS[number % len(MARKS)]
    places = [(x.place(a), y.place(b)) for a, b in series.points]
    if len(places) > 1:
        line = " ".join(f"{a:.0f},{b:.0f}" for a, b in places)
        yield f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>'
    fill = f'fill="{colour}"'
    for a, b in places:
        yield _text(a, b + 5, mark, f'text-anchor="middle" {fill}')
    yield _text(WIDTH - RIGHT + 14, TOP + 14 + 20 * number, f"{mark} {series.name}", fill)


def plot(path: Path, title: str, across: str, up: str, all_: Sequence[Series]) -> None:
    """Write one picture; what is infinite is left out."""
    kept = [
        Series(one.name, [p for p in one.points if all(0 < v < math.inf for v in p)])
        for one in all_
    ]
    points = [point for one in kept for point in one.points]
    x = Axis([a for a, _ in points], LEFT, WIDTH - RIGHT)
    y = Axis([b for _, b in points], HEIGHT - BOTTOM, TOP)
    middle = (HEIGHT - BOTTOM + TOP) / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title)}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        _text(LEFT, 22, title, 'font-size="15" font-weight="bold"'),
        _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, across, 'text-anchor="middle"'),
        _text(18, middle, up, f'text-anchor="middle" transform="rotate(-90 18 {middle:.0f})"'),
        *_grid(x, y),
        *(part for number, one in enumerate(kept) for part in _drawn(number, one, x, y)),
        "</svg>",
    ]
    path.write_text("\n".join(parts) + "\n", encoding="utf-8")
