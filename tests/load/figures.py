"""How does a load program say what it found? Percentiles, the machine, one last line of JSON."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

BROKEN, VOID = 1, 2
Figure = float | int | str | None


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value that this share (0 to 1) of all stays at or below; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def rounded(value: float | None, digits: int = 1) -> float | None:
    return None if value is None else round(value, digits)


def gini(counts: Sequence[float]) -> float:
    """0: everybody has the same; towards 1: one has all. Of nothing at all it is 0."""
    total, n = sum(counts), len(counts)
    if not total:
        return 0.0
    ranked = sum(rank * count for rank, count in enumerate(sorted(counts), start=1))
    return 2 * ranked / (n * total) - (n + 1) / n


def machine() -> str:
    """What the figures were measured on, and what else it was doing."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    load = "/".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"{os.cpu_count()} cores of {model}, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, load before {load}"
    )


def table(heads: Sequence[str], rows: Sequence[Sequence[Figure]]) -> str:
    """As Markdown; what is not known is a dash."""
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for row in rows:
        cells = ["-" if cell is None else str(cell) for cell in row]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def close(figures: Mapping[str, Figure], broken: int, void: Sequence[str]) -> int:
    """Print the last line; the exit code. `void`: why this run says nothing about us."""
    for why in void:
        print(f"void: {why}", file=sys.stderr)
    print(json.dumps(dict(figures)), flush=True)
    if broken:
        return BROKEN
    return VOID if void else 0
