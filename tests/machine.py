"""Who does what next? Hypothesis draws it, a `World` does it and looks at everything."""

from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from assist.live import Entry
from assist.protocol.states import Among, Topic
from tests.world import LANGUAGES, RELAYS, World

# How often each act is drawn, so that many examples come as far as a Call and beyond it.
ACTS = {
    **{"two_people_meet": 5, "somebody_is_rung": 3, "accept": 4, "match": 4, "time_passes": 3},
    **{"ask": 3, "available": 3, "everybody_is_available": 2, "decline": 2, "end": 3, "leg": 3},
    **{"away": 2, "block": 2, "park": 1, "confirm": 1, "somebody_is_called_back": 2},
    **{"ask_again": 1, "beat": 2, "requester_page_crashes": 1, "volunteer_page_crashes": 1},
    **{
        "enlist": 2,
        "tie": 2,
        "block_from_sql": 1,
        "block_by_history": 1,
        "suspend": 1,
        "reinstate": 2,
        "relay_dies": 1,
    },
    **{"shown": 1, "accept_of_another": 1, "redis_forgets": 1, "grace": 1, "a_moment_passes": 3},
    **{"somebody_is_rung_by_push": 3, "widen": 2, "call_again": 3, "practise": 3},
    **{"hand_over": 1, "somebody_is_handed_over": 2},
}
WEIGHTED = [name for name, weight in ACTS.items() for _ in range(weight)]
ANY = st.integers(0, 255)


class Machine(RuleBasedStateMachine):
    """Draws who does what next; the world does it and looks at everything.

    One rule draws every act: Hypothesis leaves whole rules out of an example, and few examples
    would ever reach a Call.
    """

    world: World  # set on a subclass: one server for all examples

    @initialize()
    def begins(self) -> None:
        self.world.begin()

    @rule(act=st.sampled_from(WEIGHTED), pick=ANY, other=ANY)
    def happens(self, act: str, pick: int, other: int) -> None:
        getattr(self, act)(pick, other)

    # Who and what: an index into what there is, so that examples shrink well

    def offer(self, pick: int) -> tuple[str, str]:
        """Mostly a pending Offer, sometimes an old one."""
        pending = list(self.world.truth.pending)
        offers = pending if pending and pick % 8 else list(self.world.history.offers)
        if not offers:
            return "0" * 32, self.world.volunteers[0]
        offer = offers[pick % len(offers)]
        return offer, self.world.history.offers[offer].volunteer

    def help_request(self, pick: int) -> str:
        """Mostly an open one, sometimes one that has ended, or none that ever was."""
        opened = list(self.world.truth.open_helps)
        helps = opened if opened and pick % 8 else list(self.world.truth.helps)
        return helps[pick % len(helps)] if helps else "0" * 32

    def person_of(self, help_request: str, pick: int) -> str:
        """One of its two people."""
        help = self.world.truth.helps.get(help_request, {})
        volunteer = help.get("volunteer") or self.world.volunteers[pick % 4]
        return (help.get("requester", self.world.requesters[0]), volunteer)[pick % 2]

    def requester(self, pick: int) -> str:
        return self.world.requesters[pick % 3]

    def volunteer(self, pick: int) -> str:
        return self.world.volunteers[pick % 4]

    # What happens

    def enlist(self, pick: int, other: int) -> None:
        spoken = [one for i, one in enumerate(LANGUAGES) if other % 8 >> i & 1] or ["en"]
        now_ms = self.world.clock()
        hours = ((now_ms - 1_000, now_ms + 40_000), (now_ms + 70_000, now_ms + 400_000))
        entry = Entry(
            spoken,
            topics=("reading",) if other & 8 else (),
            public=not other & 16,
            push=bool(other & 32),
            awake=hours if other & 64 else (),
            snooze_ms=now_ms + 20_000 if other & 128 else 0,
        )
        self.world.step(self.world.live.enlist(self.volunteer(pick), entry))

    def tie(self, pick: int, other: int) -> None:
        kind, holds = ("circle", "met")[other % 2], bool(other & 6)
        people = self.requester(pick), self.volunteer(other // 8)
        self.world.step(self.world.live.tie(kind, *people, holds))

    def available(self, pick: int, other: int) -> None:
        self.world.hidden[("volunteer", self.volunteer(pick))] = False
        self.world.step(self.world.live.available(self.volunteer(pick)))

    def everybody_is_available(self, pick: int, other: int) -> None:
        for one in range(4):
            self.available(one, other)

    def away(self, pick: int, other: int) -> None:
        self.world.step(self.world.live.away(self.volunteer(pick)))

    def ask(self, pick: int, other: int) -> None:
        languages = [LANGUAGES[other % 3], "en"][: 1 + other % 2]
        among = (Among.CIRCLE_FIRST, Among.CIRCLE_FIRST, Among.ANYONE, Among.CIRCLE)[other // 4 % 4]
        topic = Topic.READING if other & 32 else None
        spoken = list(dict.fromkeys(languages))
        self.world.step(self.world.ask(self.requester(pick), spoken, among, topic))

    def ask_again(self, pick: int, other: int) -> None:
        self.world.step(self.world.ask_again(self.requester(pick)))

    def call_again(self, pick: int, other: int) -> None:
        """Whoever has met somebody wants them again, with both pages there and without."""
        calls = list(self.world.truth.of("call").items())
        if not calls:
            return
        call, met = calls[other % len(calls)]
        self.world.step(self.world.live.end(met["help_request"], met["requester"]))
        requester = met["requester"] if pick % 8 else self.requester(pick)
        among = (Among.CIRCLE, Among.ANYONE)[pick // 8 % 2]
        self.world.step(self.world.ask(requester, ["en"], among, again=call))
        self.match(pick, other)

    def beat(self, pick: int, other: int) -> None:
        pages = [
            ("requester", self.requester(pick), bool(other % 2)),
            ("volunteer", self.volunteer(pick), bool(other // 2 % 2)),
        ]
        self.world.step(self.world.beat(pages))

    def requester_page_crashes(self, pick: int, other: int) -> None:
        self.world.step(self.world.crash("requester", self.requester(pick), other))

    def volunteer_page_crashes(self, pick: int, other: int) -> None:
        self.world.step(self.world.crash("volunteer", self.volunteer(pick), other))

    def match(self, pick: int, other: int) -> None:
        self.world.step(self.world.match())

    def somebody_is_rung(self, pick: int, other: int) -> None:
        self.available(pick, other)
        self.available(pick + 1, other)
        self.ask(pick, 0)
        self.match(pick, other)

    def somebody_is_rung_by_push(self, pick: int, other: int) -> None:
        """Their page is gone; left to chance alone this would hardly ever come about."""
        volunteer = self.volunteer(pick)
        self.world.step(self.world.live.enlist(volunteer, Entry(["en", "da"], push=True)))
        self.available(pick, other)
        self.world.step(self.world.crash("volunteer", volunteer, 26))
        self.ask(pick, 0)
        self.match(pick, other)

    def shown(self, pick: int, other: int) -> None:
        self.world.step(self.world.live.shown(*self.offer(pick)))

    def accept(self, pick: int, other: int) -> None:
        self.world.step(self.world.accept(*self.offer(pick)))

    def accept_of_another(self, pick: int, other: int) -> None:
        self.world.step(self.world.accept(self.offer(pick)[0], self.volunteer(other)))

    def decline(self, pick: int, other: int) -> None:
        self.world.step(self.world.live.decline(*self.offer(pick)))

    def leg(self, pick: int, other: int) -> None:
        help_request = self.help_request(pick)
        person = self.person_of(help_request, other)
        number = self.world.step(self.world.seat(help_request, person))
        if other % 4 == 3:  # the word of a Leg that was replaced meanwhile
            self.world.step(self.world.seat(help_request, person))
        state = ("up", "lost", "closed")[other % 3]
        self.world.step(self.world.leg(help_request, person, number, state))

    def two_people_meet(self, pick: int, other: int) -> None:
        self.somebody_is_rung(pick, other)
        self.accept(1 + pick // 8 * 8, other)  # one that is pending, if any
        help_request = self.help_request(1 + pick // 8 * 8)
        for side in (0, 1)[: 1 + other % 4]:  # now and then only one Leg comes up
            person = self.person_of(help_request, side)
            number = self.world.step(self.world.seat(help_request, person))
            self.world.step(self.world.leg(help_request, person, number, "up"))

    def practise(self, pick: int, other: int) -> None:
        """Whatever they do just now; and often as far as a Call with themselves."""
        self.world.step(self.world.practise(self.volunteer(pick)))
        played = self.world.played(self.volunteer(pick))
        begun = [
            id for id, one in self.world.truth.open_helps.items() if one["requester"] == played
        ]
        pending = [
            id for id, one in self.world.truth.pending.items() if one["help_request"] in begun
        ]
        if not pending or not other % 4:
            return
        self.world.step(self.world.accept(pending[0], self.volunteer(pick)))
        for person in (played, self.volunteer(pick))[: 1 + other % 2]:
            number = self.world.step(self.world.seat(begun[0], person))
            self.world.step(self.world.leg(begun[0], person, number, "up"))

    def somebody_is_called_back(self, pick: int, other: int) -> None:
        self.available(pick, other)
        self.ask(pick, 0)
        self.park(1 + pick // 8 * 8, 100 + other)
        self.match(pick, other)
        self.accept(1 + pick // 8 * 8, other)
        if other % 2:
            self.confirm(1 + pick // 8 * 8, other)

    def relay_dies(self, pick: int, other: int) -> None:
        self.world.step(self.world.move_relay(RELAYS[pick % 2]))

    def end(self, pick: int, other: int) -> None:
        help_request = self.help_request(pick)
        person = self.person_of(help_request, other)
        self.world.step(self.world.live.end(help_request, person))

    def block(self, pick: int, other: int) -> None:
        help_request = self.help_request(pick)
        self.world.step(self.world.block(help_request, self.person_of(help_request, other)))

    def block_from_sql(self, pick: int, other: int) -> None:
        self.world.step(self.world.block_from_sql(self.requester(pick), self.volunteer(other)))

    def block_by_history(self, pick: int, other: int) -> None:
        """Of any Call there ever was; now and then Redis has just forgotten it."""
        if not self.world.met:
            return
        call = list(self.world.met)[pick % len(self.world.met)]
        if other % 4 == 0:
            self.world.step(self.world.wipe())
        person = [*self.world.met[call][1:], self.volunteer(other)][other // 4 % 3]
        self.world.step(self.world.block_by_history(call, person))

    def suspend(self, pick: int, other: int) -> None:
        self.world.step(self.world.suspend(self.volunteer(pick)))

    def reinstate(self, pick: int, other: int) -> None:
        self.world.step(self.world.live.reinstate(self.volunteer(pick)))

    def park(self, pick: int, other: int) -> None:
        help_request = self.help_request(pick)
        requester, until_ms = self.person_of(help_request, 0), self.world.clock() + other * 1000
        self.world.step(self.world.live.park(help_request, requester, until_ms))

    def widen(self, pick: int, other: int) -> None:
        help_request = self.help_request(pick)
        requester, language = self.person_of(help_request, 0), LANGUAGES[other % 3]
        self.world.step(self.world.live.widen(help_request, requester, language))

    def hand_over(self, pick: int, other: int) -> None:
        help_request = self.help_request(pick)
        volunteer = self.person_of(help_request, 1) if pick % 16 else self.volunteer(other)
        language = ("", *LANGUAGES)[other % 4]
        # Whoever named topics named reading: of cooking they know nothing.
        topic = (Topic.COOKING if other & 8 else Topic.READING) if other & 4 else ""
        self.world.step(self.world.hand_over(help_request, volunteer, language, topic))

    def somebody_is_handed_over(self, pick: int, other: int) -> None:
        """By chance alone few who hand over would have met anybody."""
        self.two_people_meet(pick, other | 1)
        self.hand_over(1 + pick // 8 * 8, other)

    def confirm(self, pick: int, other: int) -> None:
        help_request = self.help_request(pick)
        requester = self.person_of(help_request, 0)
        self.world.step(self.world.live.confirm(help_request, requester))

    def a_moment_passes(self, pick: int, other: int) -> None:
        self.world.step(self.world.advance(1 + pick % 9))

    def time_passes(self, pick: int, other: int) -> None:
        self.world.step(self.world.advance(10 + pick % 90))

    def redis_forgets(self, pick: int, other: int) -> None:
        self.world.step(self.world.wipe())

    def grace(self, pick: int, other: int) -> None:
        self.world.step(self.world.live.grace())


def run_machine(world: World, seed: int, examples: int, steps: int, shrink: bool = True) -> None:
    """Raises AssertionError with the invariants that broke."""
    machine: Any = type("MachineHere", (Machine,), {"world": world})
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)
    settings = hypothesis.settings(
        max_examples=examples,
        stateful_step_count=steps,
        database=None,
        phases=phases,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(hypothesis.seed(seed)(machine), settings=settings)
