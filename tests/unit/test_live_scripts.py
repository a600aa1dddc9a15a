"""Does the loader refuse a script that is not what its header says, and a call that differs?"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from assist.live import keys, scripts
from assist.live.keys import FAMILIES
from assist.live.scripts import BadScript, Runner, load, names
from assist.live.table import TRANSITIONS

ASSIST = Path(scripts.__file__).parents[1]
GOOD = "-- a -> b. Why.\n-- keys: seq\n-- args: who\n-- returns: ok\nreturn K.seq(who)\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of scripts of our own, with the real fragments."""
    for fragment in scripts.FRAGMENTS:
        (tmp_path / f"{fragment}.lua").write_text((scripts.FOLDER / f"{fragment}.lua").read_text())
    monkeypatch.setattr(scripts, "FOLDER", tmp_path)
    load.cache_clear()
    yield tmp_path
    load.cache_clear()


@pytest.mark.parametrize("name", names())
def test_every_script_loads(name: str) -> None:
    script = load(name)
    assert script.states
    assert script.returns


def test_a_good_script_binds_its_arguments_by_name(folder: Path) -> None:
    (folder / "good.lua").write_text(GOOD)
    script = load("good")
    assert (script.args, script.returns) == (("who",), frozenset({"ok"}))
    assert "local who = ARGV[2]\n" in script.text
    assert script.states == "a -> b. Why."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("-- returns: ok\n", ""),
        ("-- args: who\n", ""),
        ("-- keys: seq\n", ""),
        ("-- a -> b. Why.\n", "\n"),
        ("-- keys: seq", "-- keys:"),
        ("-- keys: seq", "-- keys: seq help"),
        ("K.seq(who)", "K.nothing(who)"),
        ("seq", "nonsense"),
    ],
)
def test_a_wrong_header_is_refused(folder: Path, old: str, new: str) -> None:
    (folder / "wrong.lua").write_text(GOOD.replace(old, new))
    with pytest.raises(BadScript, match=r"wrong\.lua"):
        load("wrong")


class _Answers:
    """Stands for a Redis that answers so."""

    def __init__(self, text: str) -> None:
        self.text = text

    async def script_load(self, _text: str) -> str:
        return "digest"

    async def evalsha(self, *_args: object) -> str:
        return self.text


@pytest.mark.parametrize(
    "args", [{}, {"help": "x", "reason": "y"}, {"reason": "y", "help_request": "x"}]
)
async def test_a_call_whose_names_differ_is_refused(args: dict[str, str]) -> None:
    with pytest.raises(BadScript, match="finish takes"):
        await Runner(Redis()).run("finish", **args)


async def test_an_answer_that_the_header_does_not_name_is_refused() -> None:
    answers: object = _Answers('{"is":"maybe"}')
    with pytest.raises(BadScript, match="maybe"):
        await Runner(answers).run("finish", help_request="x", reason="y")  # type: ignore[arg-type]


def test_every_family_of_keys_is_used() -> None:
    text = "".join(path.read_text() for path in scripts.FOLDER.glob("*.lua"))
    used = set(re.findall(r"\bK\.(\w+)", text))
    python = "".join(path.read_text() for path in ASSIST.rglob("*.py") if path.name != "keys.py")
    used |= set(re.findall(r"\bkey\(\"([a-z]+)\"", python))
    assert used == set(FAMILIES)


def test_every_key_has_an_end_or_a_reason_for_none() -> None:
    for name, family in FAMILIES.items():
        assert family.note, name
        assert family.pattern.partition(":")[0] == name
    assert "seq = function(id) return 'seq:' .. id end" in keys.lua()


def test_the_table_names_real_scripts() -> None:
    assert {row.script.partition(" ")[0] for row in TRANSITIONS} <= set(names())
    still = ("(read)", "(lease)", "(limit)", "(roster)", "(index)", "(figures)", "(ring)")
    moving = {name for name in names() if not load(name).states.startswith(still)}
    assert moving == {row.script.partition(" ")[0] for row in TRANSITIONS}


def test_scripts_use_no_command_younger_than_redis_7_0() -> None:
    """Valkey's and Redis' later commands differ from each other; none of both is needed."""
    young = r"redis\.call\('(HEXPIRE|HPEXPIRE|HSETEX|HGETEX|HGETDEL|SETIFEQ|DELIFEQ|HTTL|HPTTL)'"
    for name in names():
        assert not re.search(young, load(name).text), name
