"""How does a `.lua` file become a function that cannot be called wrongly?

Each file starts with a header: which states it moves, why, then `keys`, `args` and `returns`.
The loader binds the arguments to Lua locals of the same names, so that no script counts ARGV,
and refuses a call whose names differ. Keys are built inside from ids (one Redis, no cluster):
an Offer leads to its HelpRequest, and that to the others' Offers, atomically.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from redis.asyncio import Redis
from redis.exceptions import NoScriptError

from assist.live import keys
from assist.live.limits import lua as limits_lua

FOLDER = Path(__file__).parent / "lua"
FRAGMENTS = ("_prelude", "_people", "_help")
Clock = Callable[[], int]


class BadScript(Exception):
    """A script and its header, or a call and the script, do not match."""


@dataclass(frozen=True)
class Script:
    """One transition or read: its text as sent to Redis and the contract in its header."""

    name: str
    states: str
    args: tuple[str, ...]
    returns: frozenset[str]
    text: str


def _header(name: str, source: str) -> dict[str, str]:
    found = dict(re.findall(r"^-- (keys|args|returns):[ ]?(.*)$", source, re.MULTILINE))
    if set(found) != {"keys", "args", "returns"} or not source.startswith("-- "):
        raise BadScript(f"{name}.lua: the header needs a first line, keys, args and returns")
    return found


def _check_keys(name: str, source: str, declared: str) -> None:
    used = set(re.findall(r"\bK\.(\w+)", source))
    named = set(declared.split())
    if used != named or not named <= set(keys.FAMILIES):
        raise BadScript(f"{name}.lua: keys in the header {sorted(named)}, used {sorted(used)}")


@cache
def load(name: str) -> Script:
    """Read, check and bind one script; raises `BadScript`."""
    source = (FOLDER / f"{name}.lua").read_text()
    header = _header(name, source)
    _check_keys(name, source, header["keys"])
    args = tuple(header["args"].split())
    binding = "".join(f"local {arg} = ARGV[{i}]\n" for i, arg in enumerate(args, start=2))
    fragments = "".join((FOLDER / f"{part}.lua").read_text() for part in FRAGMENTS)
    text = keys.lua() + limits_lua() + fragments + binding + source
    states = source.splitlines()[0].removeprefix("-- ")
    returns = frozenset(word.strip() for word in header["returns"].split("|"))
    return Script(name, states, args, returns, text)


def names() -> list[str]:
    """Every script there is."""
    return sorted(p.stem for p in FOLDER.glob("*.lua") if not p.stem.startswith("_"))


class Runner:
    """Runs scripts on one Redis, by digest, with Redis' own clock or one that the tests turn."""

    def __init__(self, redis: "Redis", clock_ms: Clock | None = None) -> None:
        """`clock_ms` replaces TIME inside the scripts; only tests and simulations pass it."""
        self.redis = redis
        self._clock_ms = clock_ms
        self._digests: dict[str, str] = {}

    async def now_ms(self) -> int:
        """The time by which the scripts decide."""
        if self._clock_ms is not None:
            return self._clock_ms()
        seconds, micros = await self.redis.time()
        return int(seconds) * 1000 + int(micros) // 1000

    async def run(self, name: str, /, **args: str | int) -> dict[str, Any]:
        """Run one script; the answer is its JSON object, whose `is` the header names."""
        script = load(name)
        if tuple(args) != script.args:
            raise BadScript(f"{name} takes {script.args}, not {tuple(args)}")
        now = "" if self._clock_ms is None else str(self._clock_ms())
        answer = msgspec.json.decode(await self._evaluate(script, [now, *map(str, args.values())]))
        if answer["is"] not in script.returns:
            raise BadScript(f"{name} answered {answer['is']!r}, its header does not name that")
        result: dict[str, Any] = answer
        return result

    async def _evaluate(self, script: Script, argv: list[str]) -> str:
        digest = self._digests.get(script.name)
        if digest is None:
            digest = await self._remember(script)
        try:
            answer = await self.redis.evalsha(digest, 0, *argv)
        except NoScriptError:  # a restarted or wiped server knows no scripts
            answer = await self.redis.evalsha(await self._remember(script), 0, *argv)
        return str(answer)

    async def _remember(self, script: Script) -> str:
        digest = str(await self.redis.script_load(script.text))
        self._digests[script.name] = digest
        return digest
