"""What may people, pages, relays and workers do, in any order? A small world on a real server.

Each method is one step. After it `broken` looks at everything; `step` says what is wrong with a
sentence. Nothing here decides what is right: that stands in `tests.invariants`.
"""

import asyncio
import itertools
from collections.abc import Coroutine, Iterable, Sequence
from typing import Any, Protocol

from assist.lib.ids import new_id
from assist.lib.redis import connect
from assist.live import Event, Live, transitions
from assist.matching.deadlines import sweep
from assist.matching.matchmaker import match_all
from assist.protocol.states import Among, Topic
from tests.conftest import Clock
from tests.history import History
from tests.invariants import LATE, broken, may_be_asked, overdue, tier_of, unkind, unserved
from tests.truth import read_truth

RELAYS = ("relay-one", "relay-two")
LANGUAGES = ("en", "da", "fi")
BEAT_SECONDS = 10


class Watcher(Protocol):
    """Sees the Events of each step and says what is wrong with them."""

    async def watch(self, live: Live, events: list[Event]) -> list[str]: ...

    def forget(self) -> None: ...


def is_known(requester: str) -> bool:
    """Every second one has a name, and reads braille."""
    return int(requester[-1], 16) % 2 == 0


class World:
    """Three Requesters, four Volunteers, two relays and one worker, on a clock that is turned."""

    def __init__(self, url: str, watchers: Sequence[Watcher] = ()) -> None:
        """`watchers` look at each step too."""
        self._loop = asyncio.Runner()
        self.redis = self.run(self._connect(url))
        self._watchers = watchers
        vars(transitions).update(new_id=self.new_id)
        self.begin()

    async def _connect(self, url: str) -> Any:
        return connect(url)

    def run(self, what: Coroutine[Any, Any, Any]) -> Any:
        """Run to its end."""
        return self._loop.run(what)

    def new_id(self) -> str:
        """The same ids in the same order, so that what went wrong can be played again."""
        return f"{next(self._ids):032x}"

    def close(self) -> None:
        """The end of this world."""
        vars(transitions).update(new_id=new_id)
        self.run(self.redis.aclose())
        self.run(self.redis.connection_pool.disconnect())
        self._loop.close()

    def begin(self) -> None:
        """A new world with people in it, and nobody doing anything."""
        self.clock = Clock()
        self.live = Live(self.redis, self.clock)
        self._ids = itertools.count(1)
        self.requesters = [self.new_id() for _ in range(3)]
        self.volunteers = [self.new_id() for _ in range(4)]
        self.hidden: dict[tuple[str, str], bool] = {}
        self.receipts: dict[str, tuple[str, int]] = {}
        # What SQL knows, and a Redis that forgot does not: who is parted, and whose a Call was.
        self.parted: set[tuple[str, str]] = set()
        self.met: dict[str, tuple[str, str, str]] = {}
        self.run(self._forget())

    async def _forget(self) -> None:
        await self.redis.flushall()
        self.history, self.at = History(parted=self.parted), "0-0"
        for watcher in self._watchers:
            watcher.forget()
        self.truth = await read_truth(self.redis, self.clock())
        for relay in RELAYS:
            await self.live.relay_announce(relay, "127.0.0.1", 1, 0.1, 0)
        for pair in self.parted:  # as SQL knows them, before anybody can be rung
            await self.live.block(*pair)
        for number, volunteer in enumerate(self.volunteers):
            await self.live.enlist(volunteer, ["en", *LANGUAGES[1 : number + 1]])

    # One step and all that must be true after it

    def step(self, what: Coroutine[Any, Any, Any]) -> Any:
        """Do it, then look at everything."""
        return self.run(self._step(what))

    async def _step(self, what: Coroutine[Any, Any, Any]) -> Any:
        answer = await what
        wrong = [*await self.look(), *broken(self.truth, self.history)]
        assert wrong == [], wrong
        return answer

    async def look(self) -> list[str]:
        """Read what is true and what has happened since the last look."""
        before = self.truth
        self.truth = await read_truth(self.redis, self.clock())
        events = await self.live.read_events(self.at, 10_000)
        for event in events:
            self.history.fold(event, before)
            self.at = event.id
            if event.type == "offer.accepted" and event.fields["practice"] != "1":
                of = event.fields
                self.met[of["call"]] = of["help_request"], of["requester"], of["volunteer"]
        wrong = [await watcher.watch(self.live, events) for watcher in self._watchers]
        return [sentence for one in wrong for sentence in one]

    # What can happen

    async def ask(
        self,
        requester: str,
        languages: list[str],
        among: Among = Among.CIRCLE_FIRST,
        topic: Topic | None = None,
        again: str | None = None,
    ) -> None:
        """Ask anew; the answer's place becomes this page's receipt."""
        asked = await self.live.ask(
            self.new_id(),
            requester,
            languages,
            among=among,
            topic=topic,
            again=again,
            named=is_known(requester),
            braille=is_known(requester),
        )
        assert asked.is_ in ("ok", "known")
        self.receipts[requester] = (asked.help_request, asked.since_ms)
        self.hidden.setdefault(("requester", requester), False)

    def played(self, volunteer: str) -> str:
        """The Requester whom this Volunteer's own page plays."""
        return f"{int(volunteer, 16) + 0xF000:032x}"

    async def practise(self, volunteer: str) -> None:
        """Nobody else's phone rings for it, and what matching knows of anybody is as before."""
        before = await read_truth(self.redis, self.clock())
        practised = await self.live.practise(
            self.new_id(), self.played(volunteer), volunteer, ["en"]
        )
        after = await read_truth(self.redis, self.clock())
        assert practised.is_ in ("ok", "known", "suspended", "engaged", "no_relay")
        fresh = [one["volunteer"] for id, one in after.pending.items() if id not in before.pending]
        assert fresh == ([volunteer] if practised.is_ == "ok" else [])
        for family in ("roster", "odds", "waiting", "hungry"):
            assert after.of(family) == before.of(family), family
        if practised.is_ == "ok":
            for role, person in (("volunteer", volunteer), ("requester", self.played(volunteer))):
                self.hidden[role, person] = False

    async def ask_again(self, requester: str) -> None:
        """With the receipt: it is known, it has ended, or it is back in its old place."""
        if requester not in self.receipts:
            return
        help_request, since_ms = self.receipts[requester]
        asked = await self.live.ask(help_request, requester, ["en"], since_ms)
        if asked.is_ == "ok":
            assert (asked.help_request, asked.since_ms) == (help_request, since_ms)
            assert help_request not in self.history.help_state, "it was known before"
        if asked.is_ == "ended":
            assert self.truth.state("help", help_request, "") == "ended"

    async def beat(self, pages: Iterable[tuple[str, str, bool]]) -> None:
        """Pages show or hide themselves, and beat."""
        told = list(pages)
        self.hidden.update({(role, person): hidden for role, person, hidden in told})
        seqs = await self.live.beat(told)
        assert seqs == [self.history.seq.get(person, 0) for _, person, _ in told]

    async def crash(self, role: str, person: str, seconds: int) -> None:
        """A page is gone without a word, and the others go on."""
        self.hidden.pop((role, person), None)
        await self.advance(seconds)

    async def match(self) -> None:
        """One round of matching serves whoever can be served, the oldest first."""
        before = await read_truth(self.redis, self.clock())
        await match_all(self.live)
        after = await read_truth(self.redis, self.clock())
        wrong = [*unserved(before, after), *unkind(before, after)]
        assert wrong == [], wrong

    async def advance(self, seconds: int) -> None:
        """Time passes; pages that live beat, and the worker sweeps."""
        while seconds > 0:
            part = min(BEAT_SECONDS, seconds)
            seconds -= part
            self.clock.forward(part)
            await self.live.beat([(*page, hidden) for page, hidden in self.hidden.items()])
            await sweep(self.live)
        wrong = overdue(await read_truth(self.redis, self.clock()))
        assert wrong == [], wrong

    async def accept(self, offer: str, volunteer: str) -> None:
        """Whoever gets "ok" is in the Call of that HelpRequest, and asking again says the same."""
        is_new = offer in self.truth.pending
        accepted = await self.live.accept(offer, volunteer)
        if accepted.is_ != "ok":
            return
        truth = await read_truth(self.redis, self.clock())
        help = truth.helps[accepted.help_request or ""]
        assert truth.of("offer")[offer]["volunteer"] == help["volunteer"] == volunteer
        blocked = volunteer in truth.of("blocks").get(help["requester"], ())
        assert not (is_new and blocked), "a Call across a block"
        assert await self.live.accept(offer, volunteer) == accepted

    async def seat(self, help_request: str, person: str) -> int:
        """A fresh number for a Leg, higher than any before."""
        return (await self.live.seat(help_request, person)).number

    async def leg(self, help_request: str, person: str, number: int, state: str) -> None:
        """The relay reports; a number that is not the newest changes nothing."""
        stored = self.truth.of("legs").get(help_request, {}).get(person, "new:0")
        relay = self.truth.of("help").get(help_request, {}).get("relay", RELAYS[0])
        is_ = await self.live.leg(help_request, person, number, state, relay)
        assert is_ != "ok" or int(stored.partition(":")[2]) == number, "a stale Leg was believed"

    async def move_relay(self, relay: str) -> None:
        """One relay dies, the other lives."""
        for other in RELAYS:
            await self.live.relay_withdraw(other)
        await self.live.relay_announce(relay, "127.0.0.1", 1, 0.1, 0)

    async def block(self, help_request: str, person: str) -> None:
        """Hang up and block; who only practised is parted from nobody."""
        help = self.truth.helps.get(help_request, {})
        volunteer, requester = help.get("volunteer", ""), help.get("requester", "")
        if await self.live.end(help_request, person, block=True) == "ok" and volunteer:
            truth = await read_truth(self.redis, self.clock())
            if help.get("practice") == "1":
                assert requester not in truth.of("blocks")
                return
            assert volunteer in truth.of("blocks")[requester]
            assert requester in truth.of("blocks")[volunteer]

    async def hand_over(self, help_request: str, volunteer: str, language: str, topic: str) -> None:
        """Who thinks of it is told how many could be asked; and those, no others, can be."""
        told = await self.live.free(help_request, volunteer, language, topic)
        is_ = await self.live.hand_over(help_request, volunteer, language, topic)
        if told is None:
            assert is_ != "ok" or self.truth.helps[help_request]["handed_by"] == volunteer
            return
        assert is_ == "ok"
        truth = await read_truth(self.redis, self.clock())
        able = [one for one in truth.volunteers if may_be_asked(truth, help_request, one)]
        fit = [one for one in able if tier_of(truth, help_request, one) < LATE]
        assert told == (len(able), len(fit)), f"{able} can be asked, {fit} about this"

    async def block_from_sql(self, requester: str, volunteer: str) -> None:
        """From now on SQL knows it, and tells each Redis that comes."""
        self.parted.add((requester, volunteer))
        await self.live.block(requester, volunteer)

    async def block_by_history(self, call: str, person: str) -> None:
        """Redis may have forgotten the Call. One of its two may block the other, nobody else."""
        help_request, *two = self.met[call]
        before = self.truth.of("blocks")
        await self.live.recall(call, help_request, *two)
        await self.live.end(help_request, person, True, call)
        blocks = (await read_truth(self.redis, self.clock())).of("blocks")
        if person in two:
            assert two[1] in blocks[two[0]]
        else:
            assert blocks == before

    async def suspend(self, volunteer: str) -> None:
        """Nothing goes on for someone whose access has ended."""
        await self.live.suspend(volunteer)
        assert (await self.live.volunteer_snapshot(volunteer)).state == "away"
        assert await self.live.available(volunteer) == "suspended"

    async def wipe(self) -> None:
        """Redis forgets everything, and everybody asks again with their receipt."""
        held = {one["requester"]: id for id, one in self.truth.open_helps.items()}
        await self._forget()
        for requester, (help_request, since_ms) in self.receipts.items():
            if held.get(requester) != help_request:
                continue
            asked = await self.live.ask(help_request, requester, ["en"], since_ms)
            assert asked == ("ok", help_request, since_ms)
