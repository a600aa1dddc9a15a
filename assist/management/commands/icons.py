"""Draw the pictures by which a phone's home screen knows us, from `frontend/img/icon.svg`."""

import subprocess
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand

from assist.lib.env import ROOT
from assist.management.tools import chromium

FOLDER = ROOT / "frontend" / "img"
PAGE = "<!doctype html><style>body {{ margin: 0 }} svg {{ display: block }}</style>{}"
DRAW_S = 60


class Icon(NamedTuple):
    """`full`: to the very corners, for systems that cut their own shape (an eye fits in each)."""

    name: str
    side_px: int
    full: bool


ICONS = (
    Icon("icon-192.png", 192, full=False),
    Icon("icon-512.png", 512, full=False),
    Icon("icon-full-180.png", 180, full=True),
    Icon("icon-full-512.png", 512, full=True),
)


class Command(BaseCommand):
    """`manage.py icons`, once the drawing has changed. Needs Chromium, as the tests do."""

    help = __doc__
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own name and type

    def handle(self, *args: Any, **options: Any) -> None:
        browser = chromium(self.stdout.write)
        for icon in ICONS:
            draw(browser, icon)
            self.stdout.write(f"Drawn: {icon.name}")


def draw(browser: str, icon: Icon) -> None:
    with tempfile.TemporaryDirectory(prefix="assist-icons-") as folder:
        page = Path(folder) / "icon.html"
        page.write_text(PAGE.format(drawing(icon)), encoding="utf-8")
        command = [
            *(browser, "--headless", "--no-sandbox", "--hide-scrollbars"),
            *(f"--user-data-dir={folder}/profile", "--default-background-color=00000000"),
            *(f"--window-size={icon.side_px},{icon.side_px}", f"--screenshot={FOLDER / icon.name}"),
            page.as_uri(),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=DRAW_S)


def drawing(icon: Icon) -> str:
    """The SVG at this size, with or without its round corners."""
    source = (FOLDER / "icon.svg").read_text(encoding="utf-8")
    size = f'<svg width="{icon.side_px}" height="{icon.side_px}"'
    sized = source.replace("<svg", size, 1)
    return sized.replace(' rx="15"', "", 1) if icon.full else sized
