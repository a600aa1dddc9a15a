"""What does Redis hold at this moment? All of it in one atomic read, by the families of keys.py."""

from typing import Any, NamedTuple

import msgspec
from redis.asyncio import Redis

from assist.live.keys import FAMILIES

# One script, so that no transition falls between two reads.
_DUMP = """
local found = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  local kind, value = redis.call('TYPE', key).ok, ''
  if kind == 'string' then value = redis.call('GET', key)
  elseif kind == 'hash' then value = redis.call('HGETALL', key)
  elseif kind == 'set' then value = redis.call('SMEMBERS', key)
  elseif kind == 'zset' then value = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
  end
  found[#found + 1] = { key, kind, value, redis.call('PTTL', key) }
end
return cjson.encode(found)
"""
# What comes and goes without being part of what is live.
PASSING = frozenset({"events", "run", "rate", "role", "mark", "relay", "relays"})
Hash = dict[str, str]


class Truth(NamedTuple):
    """All that is live. Values are as Redis holds them: hashes of strings, scores as floats."""

    now_ms: int
    family: dict[str, dict[str, Any]]
    ttl_ms: dict[str, int]

    def of(self, family: str) -> dict[str, Any]:
        """Every thing of one family by its id ("" where the family has one key)."""
        return self.family.get(family, {})

    def one(self, family: str) -> dict[str, float]:
        """The only zset of a family."""
        found: dict[str, float] = self.of(family).get("", {})
        return found

    @property
    def helps(self) -> dict[str, Hash]:
        """Every HelpRequest, ended ones until they are forgotten."""
        return self.of("help")

    @property
    def open_helps(self) -> dict[str, Hash]:
        """Those not ended."""
        return {id: one for id, one in self.helps.items() if one["state"] != "ended"}

    @property
    def volunteers(self) -> dict[str, Hash]:
        """What each Volunteer does."""
        return self.of("volunteer")

    @property
    def pending(self) -> dict[str, Hash]:
        """Every pending Offer."""
        return {id: one for id, one in self.of("offer").items() if one["state"] == "pending"}

    def state(self, family: str, identity: str, otherwise: str) -> str:
        """The state of one thing."""
        return str(self.of(family).get(identity, {}).get("state", otherwise))

    def same(self) -> dict[str, dict[str, Any]]:
        """What a refused transition must not have changed; a lease may have been renewed."""
        kept = {name: ids for name, ids in self.family.items() if name not in PASSING}
        return kept | {"deadlines": {name: _unleased(name, at) for name, at in self.due.items()}}

    @property
    def due(self) -> dict[str, float]:
        """Every deadline, leases included."""
        return self.one("deadlines")


def _unleased(name: str, at: float) -> float:
    return 0 if name.startswith(("requester:", "volunteer:")) else at


def _value(kind: str, raw: Any) -> Any:
    if kind == "hash":
        return dict(zip(raw[::2], raw[1::2], strict=True))
    if kind == "set":
        return frozenset(raw)
    if kind == "zset":
        return {raw[i]: float(raw[i + 1]) for i in range(0, len(raw), 2)}
    return raw


async def read_truth(redis: "Redis", now_ms: int) -> Truth:
    """The whole of what is live, at one instant."""
    family: dict[str, dict[str, Any]] = {}
    ttl_ms: dict[str, int] = {}
    dump: Any = await redis.eval(_DUMP, 0)
    for key, kind, raw, ttl in sorted(msgspec.json.decode(dump) or ()):
        name, _, identity = key.partition(":")
        family.setdefault(name if name in FAMILIES else "unknown", {})[identity] = _value(kind, raw)
        ttl_ms[key] = ttl
    return Truth(now_ms, family, ttl_ms)
