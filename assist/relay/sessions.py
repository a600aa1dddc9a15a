"""Which Sessions does this relay hold, and what does it do with a request?

Everything here happens at once, on the event loop's thread: a request is answered before the next
one is looked at, so that repeating one by its id is simply looking up its reply.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from assist.protocol.states import LegState
from assist.relay import description, stock
from assist.relay.ice import Endpoint
from assist.relay.leg import MOVE, Leg, Whose
from assist.relay.session import Session
from assist.relay.wire import (
    AnswerLeg,
    LegAnswered,
    LegOpened,
    OpenLeg,
    RefusalCode,
    Refused,
    Reply,
    Request,
)

MAX_LEGS = 1000
REPLIES_KEPT = 1024
CERTIFICATE_LIFE_S = 24 * 3600.0
UNKNOWN_KEPT_S = 10.0
# So long may a Leg take that replaces one that was up, before the other person is told of a gap.
RESUME_S = 1.5
SEND_AWAY_AGAIN_S = 5.0  # so long may the way to another relay take

log = logging.getLogger(__name__)

Report = Callable[[Whose, LegState], None]


@dataclass(frozen=True, slots=True)
class Truth:
    """What `live` says of one HelpRequest just now."""

    requester: str
    volunteer: str | None  # who accepted
    ringing: frozenset[str]
    here: bool  # whether this relay is the one that carries it


class Sessions:
    """All Sessions of one relay process."""

    def __init__(
        self, endpoint: Endpoint, candidates: list[tuple[str, int]], report: Report
    ) -> None:
        """`candidates` are the (address, port) pairs that browsers are told."""
        self.closing = False
        self.sessions: dict[str, Session] = {}
        self._endpoint = endpoint
        self._candidates = candidates
        self._report = report
        self._replies: OrderedDict[str, Reply] = OrderedDict()
        self._unknown_since_s: dict[str, float] = {}
        self._resuming_since_s: dict[Leg, float] = {}
        self._counts_of_gone: Counter[str] = Counter()
        self._releases: set[asyncio.Task[None]] = set()
        self._certificate = stock.new_certificate()
        self._certified_s = time.monotonic()

    @property
    def legs(self) -> list[Leg]:
        """Every Leg of every Session."""
        return [leg for session in self.sessions.values() for leg in session.legs.values()]

    def counts(self) -> Counter[str]:
        """What every Leg has counted since this relay began."""
        total = self._counts_of_gone.copy()
        for leg in self.legs:
            total.update(leg.counts)
        return total

    # -- requests -----------------------------------------------------------

    def reply_to(self, request: Request) -> Reply:
        """Do what is asked, or say why not; a repeated request only gets its reply again."""
        known = self._replies.get(request.id)
        if known is not None:
            return known
        reply = self._open(request) if isinstance(request, OpenLeg) else self._answer(request)
        self._replies[request.id] = reply
        if len(self._replies) > REPLIES_KEPT:
            self._replies.popitem(last=False)
        return reply

    def _open(self, request: OpenLeg) -> Reply:
        if self.closing:
            return Refused(request.id, RefusalCode.CLOSING)
        held = self.sessions.get(request.help_request)
        if held is not None and request.number <= held.numbers.get(request.person, -1):
            return Refused(request.id, RefusalCode.STALE_NUMBER)
        full = held is not None and held.is_full_for(request.person, request.role)
        if full or len(self.legs) >= MAX_LEGS:
            return Refused(request.id, RefusalCode.LEGS_FULL)
        session = self.sessions.setdefault(request.help_request, Session(request.help_request))
        leg = self._new_leg(request)
        replaced = session.put(leg)
        self._endpoint.admit(leg.agent)
        if replaced is not None:
            self._resume(leg, replaced, time.monotonic())
        return LegOpened(request.id, request.number, leg.describe(self._candidates))

    def _resume(self, leg: Leg, replaced: Leg, now_s: float) -> None:
        was_up = replaced.state in (LegState.UP, LegState.LOST)
        since_s = self._resuming_since_s.pop(replaced, now_s if was_up else None)
        if since_s is not None:
            self._resuming_since_s[leg] = since_s
        replaced.close(now_s)

    def _new_leg(self, request: OpenLeg) -> Leg:
        now_s = time.monotonic()
        if now_s - self._certified_s > CERTIFICATE_LIFE_S:
            self._certificate, self._certified_s = stock.new_certificate(), now_s
        whose = Whose(request.help_request, request.person, request.role, request.number)
        return Leg(whose, self._certificate, self._changed, self._released, now_s)

    def _answer(self, request: AnswerLeg) -> Reply:
        session = self.sessions.get(request.help_request)
        leg = session.legs.get(request.person) if session is not None else None
        if leg is None or leg.whose.number < request.number:
            return Refused(request.id, RefusalCode.UNKNOWN_LEG)
        if leg.whose.number > request.number:
            return Refused(request.id, RefusalCode.STALE_NUMBER)
        try:
            answer = description.read(request.description)
        except description.BadDescription as error:
            log.info("relay: refused a description: %s", error)
            return Refused(request.id, RefusalCode.BAD_DESCRIPTION)
        leg.answered(answer, time.monotonic())
        return LegAnswered(request.id)

    # -- what legs tell us ----------------------------------------------------

    def _changed(self, leg: Leg) -> None:
        session = self.sessions.get(leg.whose.help_request)
        if session is not None:
            session.join()
            if session.legs.get(leg.whose.person) is leg:  # nobody waits for a replaced one
                self._report(leg.whose, leg.state)

    def _released(self, leg: Leg) -> None:
        self._endpoint.dismiss(leg.agent)
        self._counts_of_gone.update(leg.counts)
        session = self.sessions.get(leg.whose.help_request)
        if session is not None:
            session.drop(leg)
        task = asyncio.get_running_loop().create_task(_release(leg))
        self._releases.add(task)
        task.add_done_callback(self._releases.discard)

    # -- time and truth -------------------------------------------------------

    def tick(self, now_s: float) -> None:
        """Let time pass for every Leg."""
        for leg in self.legs:
            leg.tick(now_s)
        for leg, since_s in list(self._resuming_since_s.items()):
            self._look_for(leg, since_s, now_s)

    def _look_for(self, leg: Leg, since_s: float, now_s: float) -> None:
        """A Leg that was never up cannot fall silent; who waits for it is told all the same."""
        late = now_s - since_s >= RESUME_S
        waiting = leg.state in (LegState.NEW, LegState.CONNECTING)
        if late and waiting:
            self._report(leg.whose, LegState.LOST)
        if late or not waiting:
            del self._resuming_since_s[leg]

    def reconcile(self, help_request: str, truth: Truth, now_s: float) -> None:
        """Make a Session's gate and Legs what `live` says."""
        self._unknown_since_s.pop(help_request, None)
        session = self.sessions.get(help_request)
        if session is None:
            return
        if truth.here:
            self._follow(session, truth, now_s)
        else:
            self.close(help_request)

    def unknown(self, help_request: str, now_s: float) -> None:
        """`live` has never heard of it: end it, but only after a while.

        A Redis that came back empty is told again by the pages; two people who are talking need
        not notice.
        """
        since_s = self._unknown_since_s.setdefault(help_request, now_s)
        if now_s - since_s >= UNKNOWN_KEPT_S:
            self.close(help_request)

    def _follow(self, session: Session, truth: Truth, now_s: float) -> None:
        concerned = {truth.requester, truth.volunteer, *truth.ringing}
        for leg in list(session.legs.values()):
            if leg.whose.person not in concerned:
                leg.close(now_s)
        if session.gate != truth.volunteer:
            # Both may have been up before Accept; `live` waits to hear it again.
            for leg in session.open_gate(truth.volunteer):
                self._report(leg.whose, leg.state)

    def close(self, help_request: str) -> None:
        """End a Session and all its Legs."""
        session = self.sessions.get(help_request)
        if session is not None:
            session.open_gate(None)
            for leg in list(session.legs.values()):
                leg.close(time.monotonic())
            self.sessions.pop(help_request, None)
            self._unknown_since_s.pop(help_request, None)

    def send_away(self, most: int, now_s: float) -> None:
        """Ask the people of up to `most` Sessions to connect to another relay.

        Nothing ends here: each new Leg there replaces one of ours, as after any loss.
        """
        due = [
            session
            for session in self.sessions.values()
            if now_s - session.sent_away_s >= SEND_AWAY_AGAIN_S
        ]
        for session in due[:most]:
            session.sent_away_s = now_s
            for leg in session.legs.values():
                leg.say(MOVE)

    async def stop(self) -> None:
        """Take nothing new, end everything, and wait until the peers were told."""
        self.closing = True
        for help_request in list(self.sessions):
            self.close(help_request)
        if self._releases:
            await asyncio.wait(self._releases, timeout=2)

    def refused_at_gate(self, help_request: str) -> int:
        """How many packets and messages stopped at that Session's closed gate."""
        session = self.sessions.get(help_request)
        return session.refused_at_gate if session is not None else 0


async def _release(leg: Leg) -> None:
    try:
        await asyncio.wait_for(leg.release(), timeout=2)
    except Exception as error:
        log.warning("relay: a leg did not close cleanly: %s", type(error).__name__)
