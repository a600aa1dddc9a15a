"""How does a process speak with what is live? Through one object, made from one Redis client."""

from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any, NamedTuple

import msgspec
from redis.asyncio import Redis

from assist.lib.ids import new_id
from assist.live import snapshot
from assist.live.events import BEGINNING, Event, Stream, in_order
from assist.live.keys import key
from assist.live.roster import Roster
from assist.live.scripts import Clock, Runner
from assist.live.transitions import Transitions
from assist.protocol.states import VolunteerState
from assist.protocol.views import LegQuality

ALL = 1_000_000
BEATS = 50  # in one go: nobody else is served meanwhile, which is a millisecond and a half
READERS = ("ledger", "fanout", "push")


class Candidate(NamedTuple):
    """One Volunteer who could be rung. `rank`: of the shared language in the Requester's order,
    1 is the first. `place_ms`: their turn, the smaller the earlier."""

    id: str
    reach: str
    rank: int
    place_ms: int


class Standing(NamedTuple):
    """One HelpRequest as matching sees it. `held`: its page is hidden, it rests, or no relay has
    room. `odds`: by reach, the share of past Offers promptly accepted, as (taken, made)."""

    state: str
    tier: str
    wave: int
    wave_ms: int
    now_ms: int
    held: bool
    ringing: list[str]
    odds: dict[str, tuple[float, float]]
    candidates: list[Candidate]


class Free(NamedTuple):
    """How many others could be asked now, counted up to 20. `fit`: of these, who take calls about
    what is asked for; the others are asked after them."""

    free: int
    fit: int


def _standing(found: dict[str, Any]) -> Standing:
    odds = found["odds"] or {}
    return Standing(
        state=found["state"],
        tier=found["tier"],
        wave=found["wave"],
        wave_ms=found["wave_ms"],
        now_ms=found["now_ms"],
        held=found["held"],
        ringing=found["ringing"].split(),
        odds={
            reach: (float(odds.get(f"{reach}_taken", 0)), float(odds.get(f"{reach}_made", 0)))
            for reach in ("page", "push")
        },
        candidates=[
            Candidate(one, reach, int(rank), int(place))
            for one, reach, rank, place in (text.split(":") for text in found["candidates"].split())
        ],
    )


class Live(Transitions, Roster):
    """Transitions, the roster, Snapshots, Events, leases and limits on one Redis."""

    def __init__(self, redis: "Redis", clock_ms: Clock | None = None) -> None:
        """`clock_ms` replaces Redis' TIME; only tests and simulations pass it."""
        self.redis = redis
        self.runner = Runner(redis, clock_ms)
        self.stream = Stream(redis)

    # Reads

    async def run(self) -> str:
        """The id of this Redis' memory: another one means that it forgot everything."""
        await self.redis.set(key("run"), new_id(), nx=True)
        return str(await self.redis.get(key("run")))

    async def requester_snapshot(self, requester: str) -> snapshot.RequesterTruth:
        """All that is true for this Requester."""
        return snapshot.requester_truth(
            await self.runner.run("requester_snapshot", requester=requester, fresh_run=new_id())
        )

    async def volunteer_snapshot(self, volunteer: str) -> snapshot.VolunteerTruth:
        """All that is true for this Volunteer."""
        return snapshot.volunteer_truth(
            await self.runner.run("volunteer_snapshot", volunteer=volunteer, fresh_run=new_id())
        )

    async def queue(self, limit: int = 1_000) -> snapshot.QueueTruth:
        """What a Coordinator sees, at most `limit` lines a table."""
        return snapshot.queue_truth(await self.runner.run("queue", limit=limit))

    async def knows(self, help_request: str) -> str:
        """Is this HelpRequest "open", "ended", or "unknown" to this Redis?"""
        state: Any = await self.redis.hget(key("help", help_request), "state")
        if state is None:
            return "unknown"
        return "ended" if state == "ended" else "open"

    async def people_of(self, call: str) -> tuple[str, str, str] | None:
        """Requester, Volunteer and HelpRequest of a Call, until an hour after its end."""
        found: Any = await self.redis.hmget(
            key("call", call), "requester", "volunteer", "help_request"
        )
        return (found[0], found[1], found[2]) if found[0] else None

    async def is_rung(self, volunteer: str) -> bool:
        """Does something ring for this Volunteer now?"""
        state: Any = await self.redis.hget(key("volunteer", volunteer), "state")
        return bool(state == VolunteerState.RINGING)

    async def wraps_until_ms(self, volunteer: str) -> int:
        """When this Volunteer's moment after a Call is over by itself; 0 when it is none."""
        at: Any = await self.redis.zscore(key("deadlines"), f"wrap:{volunteer}")
        return int(at or 0)

    async def lines(self) -> str:
        """Is one more Call possible: "free", "full", or "none" while no relay lives at all?"""
        return str((await self.runner.run("lines"))["is"])

    async def others(self, help_request: str, requester: str) -> dict[str, int] | None:
        """Languages in which somebody could be asked and is not, and how many; with those that a
        hand-over took away, also where it is nobody. None if it is not theirs, or waits no more."""
        found = await self.runner.run("others", help_request=help_request, requester=requester)
        return dict(found["free"] or {}) if found["is"] == "ok" else None

    async def free(
        self, help_request: str, volunteer: str, language: str = "", topic: str = ""
    ) -> Free | None:
        """Who could be asked now if this Volunteer handed over so; None if they cannot."""
        found = await self.runner.run(
            "free",
            help_request=help_request,
            volunteer=volunteer,
            language=language,
            topic=topic,
        )
        return Free(found["free"], found["fit"]) if found["is"] == "ok" else None

    async def standing(self, help_request: str, limit: int = 20) -> Standing | None:
        """Who could be asked now, hardly more than `limit`; None if it wants nobody."""
        found = await self.runner.run("standing", help_request=help_request, limit=limit)
        return None if found["is"] == "gone" else _standing(found)

    async def hungry(self, limit: int = 1_000, at: int = 0) -> list[str]:
        """HelpRequests for whom more may be asked, the oldest first, after them the parked; so
        many, from this place on."""
        found: Any = await self.redis.zrange(key("hungry"), at, at + limit - 1)
        return list(found)

    async def due(self, now_ms: int | None = None, limit: int = 200) -> list[tuple[str, str]]:
        """Deadlines that have passed, as (kind, id), the oldest first."""
        until = await self.now_ms() if now_ms is None else now_ms
        found: Any = await self.redis.zrange(
            key("deadlines"), "-inf", str(until), byscore=True, offset=0, num=limit
        )
        return [(kind, identity) for kind, _, identity in (one.partition(":") for one in found)]

    async def now_ms(self) -> int:
        """Redis' clock, or the one that the tests turn."""
        return await self.runner.now_ms()

    # Leases and limits

    async def beat(self, pages: Iterable[tuple[str, str, bool]]) -> list[int]:
        """Renew many pages' leases, given as (role, person, hidden); each one's last number."""
        texts = [f"{role}:{person}:{int(hidden)}" for role, person, hidden in pages]
        numbers: list[int] = []
        for at in range(0, len(texts), BEATS):
            found = await self.runner.run("beat", pages=" ".join(texts[at : at + BEATS]))
            numbers += found["seqs"] or ()
        return numbers

    async def grace(self) -> None:
        """Nobody could beat for a while: no lease ends before a whole lease from now."""
        await self.runner.run("grace")

    async def allow(self, name: str, limit: int, window_s: int) -> int:
        """0 when allowed (and counted), else the milliseconds until it would be.

        At most `limit` in any window of `window_s`: exact, as people are told.
        """
        found = await self.runner.run(
            "allow", name=name, limit=limit, window_ms=window_s * 1000, event=new_id()
        )
        return int(found["wait_ms"])

    async def pardon(self, name: str) -> None:
        """What `allow` counted last does not count after all."""
        await self.runner.run("pardon", name=name)

    # Rings that are tried

    async def try_ring(self, volunteer: str) -> str:
        """Ring all closed devices of this Volunteer, for a try: the id under which it is told."""
        test = new_id()
        await self.runner.run("try_ring", test=test, volunteer=volunteer)
        return test

    async def tried(self, test: str, volunteer: str, device: str, how: str) -> str:
        """It has come so far on this device: "sent", what the push service said, or "arrived".

        "gone" for a try that is over or somebody else's, and where it was never sent.
        """
        found = await self.runner.run(
            "tried", test=test, volunteer=volunteer, device=device, how=how
        )
        return str(found["is"])

    async def trial(self, test: str, volunteer: str) -> dict[str, str] | None:
        """Device -> how far it came; None when it is over, or somebody else's."""
        found: Any = await self.redis.hgetall(key("tried", test))
        return found if found.pop("volunteer", None) == volunteer else None

    # Figures

    async def report(self, help_request: str, person: str, quality: LegQuality) -> str:
        """What this person's page has measured: "ok", or "practice", which is no figure of a Call;
        or "gone", "not_yours" and nothing kept."""
        text = msgspec.json.encode(quality).decode()
        found = await self.runner.run(
            "report", help_request=help_request, person=person, quality=text
        )
        return str(found["is"])

    # Relays

    async def relay_announce(
        self,
        relay: str,
        address: str,
        port: int,
        load: float,
        legs: int,
        takes_below: float = 1.0,
        dropped: Mapping[str, int] | None = None,
    ) -> int:
        """A relay lives. `load` is its share of one core, 0 to 1. `dropped` counts, by the reason,
        what it has not passed on since it began.

        While that is `takes_below` or more it takes no new HelpRequest, only a Call whose own
        relay died; one that is leaving says less than 0 and takes not even that. Returns how many
        others could carry what it carries.
        """
        found = await self.runner.run(
            "announce",
            relay=relay,
            address=address,
            port=port,
            load=str(load),
            legs=legs,
            takes_below=str(takes_below),
            dropped=" ".join(f"{why}:{count}" for why, count in (dropped or {}).items()),
        )
        return int(found["others"])

    async def relay_withdraw(self, relay: str) -> None:
        """A relay is gone."""
        await self.redis.delete(key("relay", relay))
        await self.redis.zrem(key("relays"), relay)

    async def session_truth(self, help_requests: list[str]) -> dict[str, dict[str, Any] | None]:
        """What a relay must hold for each of these; None when it is over."""
        found = await self.runner.run("sessions", help_requests=" ".join(help_requests))
        sessions = found["sessions"] or {}
        truth: dict[str, dict[str, Any] | None] = {}
        for identity in help_requests:
            one = sessions.get(identity)
            truth[identity] = one and {
                "requester": one["requester"],
                "volunteer": one["volunteer"] or None,
                "call": one["call"] or None,
                "ringing": one["ringing"].split(),
                "relay": one["relay"],
                "state": one["state"],
            }
        return truth

    # Events

    def follow(self, start: str = "$") -> AsyncIterator[Event]:
        """Every Event after `start`, for ever."""
        return self.stream.follow(start)

    async def read_events(
        self, after: str, count: int = 500, block_ms: int | None = None
    ) -> list[Event]:
        """Up to `count` Events after this id."""
        return await self.stream.read(after, count, block_ms)

    async def place_of(self, reader: str) -> str:
        """The last Event that this reader has heeded; before the first if it never ran."""
        return str(await self.redis.get(key("mark", reader)) or BEGINNING)

    async def heeded(self, reader: str, event: str) -> None:
        """This reader needs nothing up to this Event any more."""
        await self.redis.set(key("mark", reader), event)

    async def acknowledge(self, event: str) -> None:
        """The ledger has written down everything up to this Event.

        What every reader has heeded is forgotten: a person must hear of a fact although the one
        who tells it was away while it was written down.
        """
        await self.heeded("ledger", event)
        marks: Any = await self.redis.mget([key("mark", one) for one in READERS])
        await self.stream.trim(min((mark or BEGINNING for mark in marks), key=in_order))

    async def stop_service(self) -> int:
        """End every open HelpRequest because the service stops; how many there were."""
        found: Any = await self.redis.zrange(key("open"), 0, ALL)
        for identity in found:
            await self.finish(identity, "service_stopped")
        return len(found)
