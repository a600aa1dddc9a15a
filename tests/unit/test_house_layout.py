"""Does the house keep its own rules about size, rooms and locks?"""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
from pathlib import Path

from assist.lib.env import ROOT

LONGEST_FILE = 400
# A file may be longer only with a reason, here.
LONG_FILES: dict[str, str] = {}
NO_QUESTIONS = {"utils", "common", "core", "helpers", "util", "misc"}
CODE = {".py", ".js", ".lua", ".css", ".html"}
PACKAGES = {
    *("accounts", "feedback", "gateway", "lib", "live", "management", "matching", "monitor"),
    *("protocol", "push", "records", "relay"),
}


def tracked() -> list[Path]:
    """Every file of the project: what git knows, and what it would."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [ROOT / name for name in listed.split("\0") if name]
    return [path for path in paths if path.is_file()]


def code() -> list[Path]:
    return [path for path in tracked() if path.suffix in CODE]


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    long = {str(path.relative_to(ROOT)): lines(path) for path in code()}
    found = {name: length for name, length in long.items() if length > LONGEST_FILE}
    assert set(found) == set(LONG_FILES), found


def test_the_median_function_is_short_and_few_are_long() -> None:
    lengths = []
    for path in code():
        if path.suffix == ".py" and path.is_relative_to(ROOT / "assist"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    lengths.append((node.end_lineno or 0) - node.lineno + 1)
    assert statistics.median(lengths) <= 8
    assert sum(length > 40 for length in lengths) <= len(lengths) // 50


def test_no_room_is_called_after_nothing() -> None:
    parts = {part for path in code() for part in (*path.relative_to(ROOT).parts[:-1], path.stem)}
    assert parts & NO_QUESTIONS == set()


def test_every_package_is_one_of_the_plan() -> None:
    found = {path.parent.name for path in tracked() if path.name == "__init__.py"}
    inside = {path.name for path in (ROOT / "assist").iterdir() if path.name in found}
    assert inside == PACKAGES


def test_every_python_module_of_ours_begins_with_its_question() -> None:
    silent = []
    for path in code():
        if path.suffix != ".py" or "migrations" in path.parts:
            continue
        if not path.is_relative_to(ROOT / "assist"):
            continue
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))):
            silent.append(str(path.relative_to(ROOT)))
    assert silent == []


def test_no_lock_names_an_index_or_an_address() -> None:
    locks = [*(ROOT / "assist" / "requirements").glob("*.txt"), ROOT / "frontend/package-lock.json"]
    for lock in locks:
        assert not re.search(r"https?://|index-url|\bfile:", lock.read_text(encoding="utf-8")), lock


def test_every_locked_package_is_pinned_and_hashed() -> None:
    for lock in (ROOT / "assist" / "requirements").glob("*.txt"):
        text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
        for line in text.splitlines():
            if line.strip() and not line.strip().startswith("#"):
                assert re.match(r"^[a-z0-9._-]+(\[[a-z,]+\])?==\S+ .*--hash=sha256:", line), line


def test_the_test_lock_holds_the_run_lock_unchanged() -> None:
    def pins(name: str) -> dict[str, str]:
        text = (ROOT / "assist" / "requirements" / name).read_text(encoding="utf-8")
        return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", text, re.MULTILINE))

    run, test = pins("run.txt"), pins("test.txt")
    assert run.items() <= test.items()


def test_the_readme_is_short_and_names_every_package() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) <= 120
    assert [name for name in sorted(PACKAGES) if f"`{name}/`" not in readme] == []
