"""How do a hundred thousand Volunteers come into `live`? By the real scripts, in bundles."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec
from redis.asyncio import Redis

from assist.live import Entry, keys, limits
from assist.live.scripts import FOLDER, FRAGMENTS, load
from tests.load.people import Person

BUNDLE = 500
MONTH_MS = 30 * 86_400_000


def in_bundles(name: str) -> str:
    """A real script as a Lua function, called once for each list of arguments in ARGV[2].

    So a bundle pays once for what every script stands on, and what it does is the script's own.
    """
    fragments = "".join((FOLDER / f"{part}.lua").read_text() for part in FRAGMENTS)
    body, args = (FOLDER / f"{name}.lua").read_text(), load(name).args
    guard = f"assert(#a == {len(args)}, '{name} takes {len(args)} arguments')"
    function = f"local function act({', '.join(args)})\n{body}\nend\n"
    loop = f"for _, a in ipairs(cjson.decode(ARGV[2])) do {guard} act(unpack(a)) end\n"
    return (
        keys.lua() + limits.lua() + fragments + function + loop + "return redis.status_reply('OK')"
    )


def bundles(of: Iterable[Person]) -> Iterator[list[Person]]:
    rest = iter(of)
    while bundle := list(islice(rest, BUNDLE)):
        yield bundle


def enlisted(person: Person) -> list[str]:
    """What `enlist` is told of a person; whom a push reaches takes calls from the start."""
    push = person.reach == "push"
    entry = Entry(list(person.languages), push=push, taking=push)
    return [person.id, *map(str, entry.told().values())]


async def populate(redis: Redis, people: Sequence[Person], now_ms: int, seed: int) -> None:
    """Everybody available, their last answered calls spread over a month."""
    chance = random.Random(seed)
    enlist, available = in_bundles("enlist"), in_bundles("available")
    for bundle in bundles(people):
        pipe: Any = redis.pipeline(transaction=False)
        for person in bundle:
            turn_ms = now_ms - chance.randrange(MONTH_MS)
            pipe.hset(keys.key("roster", person.id), "turn_ms", turn_ms)
        pipe.eval(enlist, 0, "", msgspec.json.encode([enlisted(one) for one in bundle]))
        pages = [[one.id] for one in bundle if one.reach == "page"]
        pipe.eval(available, 0, "", msgspec.json.encode(pages))
        await pipe.execute()
