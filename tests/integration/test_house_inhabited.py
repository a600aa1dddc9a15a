"""Does a misspelt state folder stay as it was?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assist.lib.env import ROOT
from tests.houses import clean_environ

INVITE = ("invite", "--role", "coordinator", "--name", "Clara")


def typed(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(
        command, cwd=ROOT, env=clean_environ(), capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("words", [INVITE, ("suspend", "Noor"), ("reports",)])
def test_where_no_house_lives_one_sentence_says_so_and_nothing_is_left(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    for state in (tmp_path / "typo", tmp_path):
        done = typed("--state", str(state), *words)
        sentence = f"No house lives in {state}; `manage.py up` makes one.\n"
        assert (done.returncode, done.stdout, done.stderr) == (2, "", sentence)
        assert list(tmp_path.iterdir()) == []


def test_help_needs_no_house(tmp_path: Path) -> None:
    done = typed("invite", "--help", "--state", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "--role" in done.stdout


def test_a_command_whose_reader_has_read_enough_ends_quietly(tmp_path: Path) -> None:
    house = {**clean_environ(), "ASSIST_STATE": str(tmp_path)}
    made = [sys.executable, "manage.py", "migrate", "-v", "0"]
    subprocess.run(made, cwd=ROOT, env=house, check=True, timeout=60)
    reads, writes = os.pipe()
    os.close(reads)
    asks = [sys.executable, "manage.py", *INVITE]
    done = subprocess.run(
        asks, cwd=ROOT, env=house, stdout=writes, stderr=subprocess.PIPE, text=True, timeout=60
    )
    os.close(writes)
    assert (done.returncode, done.stderr) == (141, "")
