"""Do the pages' modules keep their directions, and do their hashed names hold together?"""

from __future__ import annotations

import re
from pathlib import Path

from django.contrib.staticfiles.finders import find

from assist.lib.env import ROOT

JS = ROOT / "frontend" / "js"
PAGES = ("requester", "volunteer", "monitor")
# Whom a room may import from. `pages` may import anybody and nobody imports it.
MAY: dict[str, set[str]] = {
    "pages": {"call", "net", "push", "state", "ui"},
    "call": {"call", "net", "push", "state"},
    "ui": {"ui", "call", "push", "state"},
    "net": {"net", "state"},
    "push": {"push"},
    "state": {"state"},
}
WIRING_LINES = 80
IMPORT = re.compile(r'^import [^"]*from "(\.[^"]+)";', re.MULTILINE)
OUTSIDE = re.compile(r"https?://(?!www\.w3\.org/)[\w.]+")


def modules() -> list[Path]:
    return sorted(JS.glob("*/*.js"))


def imports(module: Path) -> list[Path]:
    """What a module loads; types are not loaded."""
    text = module.read_text(encoding="utf-8")
    return [(module.parent / name).resolve() for name in IMPORT.findall(text)]


def reached(module: Path) -> set[Path]:
    """Everything that a page loads besides itself."""
    seen: set[Path] = set()
    todo = [module]
    while todo:
        new = set(imports(todo.pop())) - seen
        seen |= new
        todo.extend(new)
    return seen


def test_rooms_import_only_from_where_they_may() -> None:
    wrong = [
        f"{module.relative_to(JS)} imports {target.relative_to(JS)}"
        for module in modules()
        for target in imports(module)
        if target.parent.name not in MAY[module.parent.name]
    ]
    assert wrong == []


def test_every_import_leads_to_a_file() -> None:
    lost = [
        str(target) for module in modules() for target in imports(module) if not target.exists()
    ]
    assert lost == []


def test_a_page_is_wiring_and_no_more() -> None:
    lengths = {page: len((JS / f"pages/{page}.js").read_text().splitlines()) for page in PAGES}
    assert {page: n for page, n in lengths.items() if n > WIRING_LINES} == {}


def test_every_module_is_used_by_a_page() -> None:
    pages = list(JS.glob("pages/*.js"))
    used = set(pages).union(*(reached(page) for page in pages))
    assert set(modules()) - used == set()


def test_nobody_outside_is_spoken_to() -> None:
    files = [path for path in (ROOT / "frontend").rglob("*") if is_served(path)]
    assert len(files) > 50
    found = {str(path): OUTSIDE.findall(path.read_text(encoding="utf-8")) for path in files}
    assert {path: hits for path, hits in found.items() if hits} == {}


def is_served(path: Path) -> bool:
    if "node_modules" in path.parts:
        return False
    return path.suffix in {".js", ".css", ".html", ".svg"}


def test_every_page_finds_its_script() -> None:
    for page in PAGES:
        assert find(f"js/pages/{page}.js")
