"""How are the states of a page drawn side by side, small enough for the docs?"""

from __future__ import annotations

import io
from collections.abc import Collection
from pathlib import Path
from typing import Literal

from PIL import Image

from tests.browser.people import PHONE, Guest

SIZES = ({"width": 320, "height": 640}, {"width": 1280, "height": 900})
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
CELL_PX, GAP_PX = 234, 12
GROUND = "#7d8590"
# From the top, and as far down as what has the focus.
AS_SEEN = "() => { scrollTo(0, 0); document.activeElement.scrollIntoView({block: 'nearest'}); }"


class Portraits:
    """Each state on a phone, light and dark; those of `also` on the narrowest and a desk, too."""

    def __init__(self, also: Collection[str]) -> None:
        self._also = also
        self._rows: dict[str, list[Image.Image]] = {scheme: [] for scheme in (*SCHEMES, "also")}

    async def draw(self, guest: Guest, name: str) -> None:
        before = guest.page.viewport_size
        for scheme in SCHEMES:
            self._rows[scheme].append(await picture(guest, PHONE, scheme))
        if name in self._also:
            for size, scheme in zip(SIZES, SCHEMES, strict=True):
                self._rows["also"].append(await picture(guest, size, scheme))
        if before:
            await guest.page.set_viewport_size(before)

    def save(self, path: Path) -> None:
        """All of them, small, a row for each of light, dark and the other sizes."""
        rows = [[small(each) for each in row] for row in self._rows.values()]
        width = max(sum(each.width + GAP_PX for each in row) for row in rows) + GAP_PX
        height = sum(max(each.height for each in row) + GAP_PX for row in rows) + GAP_PX
        sheet = Image.new("RGB", (width, height), GROUND)
        y = GAP_PX
        for row in rows:
            x = GAP_PX
            for each in row:
                sheet.paste(each, (x, y))
                x += each.width + GAP_PX
            y += max(each.height for each in row) + GAP_PX
        sheet.save(path, quality=60, method=6)


async def picture(
    guest: Guest, size: dict[str, int], scheme: Literal["light", "dark"]
) -> Image.Image:
    await guest.page.set_viewport_size(size)  # type: ignore[arg-type]
    await guest.page.emulate_media(color_scheme=scheme)
    await guest.page.evaluate(AS_SEEN)
    return Image.open(io.BytesIO(await guest.page.screenshot()))


def small(drawn: Image.Image) -> Image.Image:
    """As wide as its share of a phone's width."""
    width = round(drawn.width * CELL_PX / PHONE["width"] / (2 if drawn.width > 1000 else 1))
    return drawn.resize(
        (width, round(drawn.height * width / drawn.width)), Image.Resampling.LANCZOS
    )
