"""Which keys are there in Redis? All of them, on one page: the data model of what is live.

`ttl_s` is the longest a key of the family outlives its last use. None means that it lives until
something removes it, and `note` says why that is right.
"""

from typing import NamedTuple

DAY_S = 86_400


class Family(NamedTuple):
    """Keys of one kind. In `pattern`, `{}` stands for the id."""

    pattern: str
    kind: str
    ttl_s: int | None
    note: str


FAMILIES: dict[str, Family] = {
    "run": Family("run", "string", None, "names this memory; another one means all was forgotten"),
    "events": Family("events", "stream", None, "trimmed at what every single reader has heeded"),
    "seq": Family("seq:{}", "string", 7 * DAY_S, "how many transitions concerned this person"),
    "help": Family(
        "help:{}",
        "hash",
        None,
        "one HelpRequest; a day after its end it goes, until then its "
        "Requester's lease or its deadline ends it",
    ),
    "open": Family("open", "zset", None, "HelpRequests not ended, by first ask"),
    "waiting": Family("waiting", "zset", None, "HelpRequests that want a Volunteer, by first ask"),
    "hungry": Family(
        "hungry",
        "zset",
        None,
        "of these, those for whom more may be asked: no Wave rings, or long enough",
    ),
    "odds": Family("odds", "hash", None, "Offers made and promptly taken, by page and by push"),
    "requester": Family(
        "requester:{}", "string", None, "the open HelpRequest of this Requester; goes with it"
    ),
    "asked": Family("asked:{}", "hash", DAY_S, "who was offered this HelpRequest, how it ended"),
    "offers": Family("offers:{}", "set", DAY_S, "pending Offers of this HelpRequest"),
    "offer": Family("offer:{}", "hash", DAY_S, "one Offer"),
    "legs": Family("legs:{}", "hash", DAY_S, "person -> state:number of their Leg"),
    "quality": Family("quality:{}", "hash", 15, "person -> when and what their page measured"),
    "call": Family(
        "call:{}", "hash", DAY_S, "whose Call it was; an hour longer than the Call, or recalled"
    ),
    "roster": Family(
        "roster:{}", "hash", None, "what matching must know of a Volunteer; rebuilt from SQL"
    ),
    "blocks": Family("blocks:{}", "set", None, "never connect with these; rebuilt from SQL"),
    "circle": Family("circle:{}", "set", None, "whom a Requester trusts; rebuilt from SQL"),
    "met": Family("met:{}", "set", None, "who would like to meet again; rebuilt from SQL"),
    "volunteer": Family(
        "volunteer:{}",
        "hash",
        None,
        "what a Volunteer does just now; a week after they stopped taking calls it goes",
    ),
    "present": Family("present", "zset", None, "Volunteers not away, since when"),
    "available": Family(
        "available:{}", "zset", None, "available Volunteers by language.reach.topic, by turn"
    ),
    "deadlines": Family("deadlines", "zset", None, "kind:id -> when it is due, leases included"),
    "relays": Family("relays", "zset", None, "relays by load; the living drop the dead"),
    "relay": Family("relay:{}", "hash", 4, "one relay's lease, address and load"),
    "role": Family("role:{}", "string", 10, "which worker holds this single-reader role"),
    "mark": Family("mark:{}", "string", None, "how far a single reader has come in the stream"),
    "tried": Family(
        "tried:{}", "hash", 120, "a ring that a Volunteer tries: whose, device -> how far it came"
    ),
    "full": Family("full", "string", 60, "the stream has grown past its bound: take no new asks"),
    "rate": Family("rate:{}", "zset", DAY_S, "when something limited was done, in its window"),
}


def key(family: str, identity: str = "") -> str:
    """The key of one thing."""
    return FAMILIES[family].pattern.replace("{}", identity)


def lua() -> str:
    """The same families for Lua: K builds their keys, T holds their lives in milliseconds."""
    lines, lives = [], []
    for name, family in FAMILIES.items():
        head, hole, _ = family.pattern.partition("{}")
        body = f"'{head}' .. id" if hole else f"'{head}'"
        lines.append(f"{name} = function(id) return {body} end")
        if family.ttl_s is not None:
            lives.append(f"{name} = {family.ttl_s * 1000}")
    return f"local K = {{ {', '.join(lines)} }}\nlocal T = {{ {', '.join(lives)} }}\n"
