"""What happens when somebody practises in a `World`? Stories, each sound with the real scripts.

As those in `tests.stories`; whether a broken script is noticed asks
`tests/integration/test_mutants.py`.
"""

from assist.live import Entry
from assist.live.limits import LIMITS_MS
from assist.protocol.states import HelpState
from tests.stories import rung
from tests.world import RELAYS, World


def practised(w: World) -> None:
    """Rung, met and ended as any Call; and all that decides who is rung next is as it was."""
    noor, played = w.volunteers[0], w.played(w.volunteers[0])
    w.step(w.live.enlist(w.volunteers[1], Entry(["en"])))
    w.step(w.live.available(noor))
    before = {family: w.truth.of(family) for family in ("roster", "odds", "available", "call")}
    w.step(w.practise(noor))
    help_request, offer = next(iter(w.truth.open_helps)), next(iter(w.truth.pending))
    w.step(w.live.available(w.volunteers[1]))
    w.step(w.match())
    assert list(w.truth.pending) == [offer]
    w.step(w.live.away(w.volunteers[1]))
    w.clock.forward(2)
    w.step(w.accept(offer, noor))
    for person in (played, noor):
        w.step(w.leg(help_request, person, w.step(w.seat(help_request, person)), "up"))
    assert w.truth.helps[help_request]["state"] == HelpState.IN_CALL
    w.step(w.live.end(help_request, noor, block=True))
    w.step(w.live.available(noor))
    assert {family: w.truth.of(family) for family in before} == before
    assert w.truth.of("blocks") == {}
    assert 0 < w.truth.ttl_ms[f"help:{help_request}"] <= LIMITS_MS["PRACTICE_KEPT"]
    assert 0 < w.truth.ttl_ms[f"seq:{played}"] <= LIMITS_MS["PRACTICE_KEPT"]


def practice_comes_to_nothing(w: World) -> None:
    """Not now, or let ring, or left: nobody else is asked, and nobody's turn changes."""
    noor = w.volunteers[0]
    w.step(w.live.grace())
    before = w.truth.of("roster")[noor]
    for give_up in ("decline", "ring out", "leave"):
        w.step(w.practise(noor))
        (offer,) = w.truth.pending
        if give_up == "decline":
            w.step(w.live.decline(offer, noor))
        elif give_up == "ring out":
            w.step(w.advance(30))
        else:
            w.step(w.accept(offer, noor))
            w.step(w.live.end(w.truth.of("offer")[offer]["help_request"], noor))
        assert w.truth.open_helps == {}
        assert w.truth.of("roster")[noor] == before
        assert w.truth.of("odds") == {}


def practice_ends_by_itself(w: World) -> None:
    """A page that was left open gives its line back."""
    w.step(w.practise(w.volunteers[0]))
    w.step(w.accept(next(iter(w.truth.pending)), w.volunteers[0]))
    help_request = next(iter(w.truth.open_helps))
    for person in (w.played(w.volunteers[0]), w.volunteers[0]):
        w.step(w.leg(help_request, person, w.step(w.seat(help_request, person)), "up"))
    w.step(w.advance(595))
    assert help_request in w.truth.open_helps
    w.step(w.advance(10))
    assert w.truth.open_helps == {}


def practice_in_a_call(w: World) -> None:
    """Whoever rings, or talks with somebody, is not rung once more."""
    _, offers = rung(w, 0)
    w.step(w.practise(w.volunteers[0]))
    w.step(w.accept(offers[0], w.volunteers[0]))
    w.step(w.practise(w.volunteers[0]))
    assert len(w.truth.open_helps) == 1


def practice_while_lines_are_few(w: World) -> None:
    """The last line is for somebody who needs help."""
    for relay in RELAYS:
        w.run(w.live.relay_announce(relay, "127.0.0.1", 1, 0.92, 0))
    noor = w.volunteers[0]
    w.step(w.practise(noor))
    assert w.truth.open_helps == {}
    help_request, _ = rung(w, 0)
    assert w.step(w.live.seat(help_request, w.requesters[0])).is_ == "ok"
