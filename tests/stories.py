"""What happens to a few people in a `World`? Stories, each sound with the real scripts.

After each step every invariant is checked; what those cannot know is asserted here. Whether a
broken script is noticed, asks `tests/integration/test_mutants.py`.
"""

from assist.live import Entry
from assist.live.limits import LIMITS_MS
from assist.protocol.states import Among, HelpState, VolunteerState, WhyAway
from tests.world import RELAYS, World


def rung(w: World, *volunteers: int) -> tuple[str, list[str]]:
    """The first Requester's HelpRequest rings these; its id and their Offers."""
    for one in volunteers:
        w.hidden["volunteer", w.volunteers[one]] = False  # a page that beats as time passes
        w.step(w.live.available(w.volunteers[one]))
    w.step(w.ask(w.requesters[0], ["en"]))
    w.step(w.match())
    offers = {one["volunteer"]: id for id, one in w.truth.pending.items()}
    return w.receipts[w.requesters[0]][0], [offers[w.volunteers[one]] for one in volunteers]


def both_accept(w: World) -> None:
    _, offers = rung(w, 0, 1)
    w.step(w.accept(offers[0], w.volunteers[0]))
    w.step(w.accept(offers[1], w.volunteers[1]))


def cancelled_while_ringing(w: World) -> None:
    help_request, _ = rung(w, 0, 1)
    assert w.step(w.live.cancel(help_request, w.requesters[0])) == "ok"


def offered_across_a_block(w: World) -> None:
    w.step(w.live.available(w.volunteers[0]))
    w.step(w.ask(w.requesters[0], ["en"]))
    w.step(w.live.block(w.requesters[0], w.volunteers[0]))
    w.step(w.live.offer(w.receipts[w.requesters[0]][0], 0, [w.volunteers[0]]))


def proposed_across_a_block(w: World) -> None:
    w.step(w.live.available(w.volunteers[0]))
    w.step(w.ask(w.requesters[0], ["en"]))
    w.step(w.live.block(w.requesters[0], w.volunteers[0]))
    found = w.step(w.live.standing(w.receipts[w.requesters[0]][0]))
    assert found.candidates == []


def blocked_in_a_call(w: World) -> None:
    help_request, offers = rung(w, 0)
    w.step(w.accept(offers[0], w.volunteers[0]))
    w.step(w.block(help_request, w.requesters[0]))


def blocked_while_it_rings(w: World) -> None:
    """By SQL, in either order of the two: that phone is quiet, the other one is answered."""
    for pair in ((w.requesters[0], w.volunteers[0]), (w.volunteers[0], w.requesters[0])):
        w.begin()
        help_request, offers = rung(w, 0, 1)
        w.step(w.live.block(*pair))
        assert [one["volunteer"] for one in w.truth.pending.values()] == [w.volunteers[1]]
        assert w.truth.state("volunteer", w.volunteers[0], "") == "available"
        w.step(w.accept(offers[0], w.volunteers[0]))
        w.step(w.accept(offers[1], w.volunteers[1]))
        assert w.truth.helps[help_request]["volunteer"] == w.volunteers[1]


def offered_to_one_who_left(w: World) -> None:
    w.step(w.live.enlist(w.volunteers[0], Entry(["en"], push=True)))
    w.step(w.ask(w.requesters[0], ["en"]))
    w.step(w.live.available(w.volunteers[0]))
    w.step(w.live.away(w.volunteers[0]))
    w.step(w.live.offer(w.receipts[w.requesters[0]][0], 0, [w.volunteers[0]]))


def offered_to_one_suspended(w: World) -> None:
    w.step(w.live.available(w.volunteers[0]))
    w.step(w.live.runner.run("suspend", volunteer=w.volunteers[0], suspended=1))
    w.step(w.ask(w.requesters[0], ["en"]))
    w.step(w.live.offer(w.receipts[w.requesters[0]][0], 0, [w.volunteers[0]]))


def two_waves_at_once(w: World) -> None:
    help_request, _ = rung(w, 0)
    w.step(w.live.available(w.volunteers[1]))
    assert w.step(w.live.offer(help_request, 0, [w.volunteers[1]])) == "stale"


def stale_leg(w: World) -> None:
    help_request, _ = rung(w, 0)
    old = w.step(w.seat(help_request, w.requesters[0]))
    w.step(w.seat(help_request, w.requesters[0]))
    w.step(w.leg(help_request, w.requesters[0], old, "up"))


def accepted_too_late(w: World) -> None:
    _, offers = rung(w, 0)
    w.clock.forward(26)
    w.step(w.accept(offers[0], w.volunteers[0]))
    assert w.truth.of("offer")[offers[0]]["state"] == "pending"


def hung_up_while_connecting(w: World) -> None:
    help_request, offers = rung(w, 0)
    w.clock.forward(3)
    w.step(w.accept(offers[0], w.volunteers[0]))
    w.step(w.live.end(help_request, w.volunteers[0]))


def missed(w: World) -> None:
    rung(w, 0)
    w.step(w.advance(30))
    w.step(w.match())


def talked(w: World) -> None:
    help_request, offers = rung(w, 0)
    w.step(w.accept(offers[0], w.volunteers[0]))
    for person in (w.requesters[0], w.volunteers[0]):
        number = w.step(w.seat(help_request, person))
        w.step(w.leg(help_request, person, number, "up"))
    w.step(w.live.end(help_request, w.requesters[0]))
    w.step(w.live.available(w.volunteers[0]))


def asked_twice(w: World) -> None:
    w.step(w.ask(w.requesters[0], ["en"]))
    w.step(w.ask(w.requesters[0], ["en"]))


def forgotten(w: World) -> None:
    w.step(w.ask(w.requesters[0], ["en"]))
    w.clock.forward(5)
    w.step(w.wipe())


def relay_died(w: World) -> None:
    help_request, offers = rung(w, 0)
    w.step(w.accept(offers[0], w.volunteers[0]))
    number = w.step(w.seat(help_request, w.requesters[0]))
    relay = w.truth.helps[help_request]["relay"]
    w.step(w.leg(help_request, w.requesters[0], number, "up"))
    w.step(w.move_relay(next(one for one in RELAYS if one != relay)))
    number = w.step(w.seat(help_request, w.volunteers[0]))
    w.step(w.leg(help_request, w.volunteers[0], number, "up"))
    assert w.truth.helps[help_request]["state"] == "connecting", "one of them is on no relay"


# Who may be asked, and when


def nobody_can_ring(w: World, volunteer: str) -> None:
    """The first Requester's HelpRequest finds nobody, and this Volunteer not even by name."""
    help_request = w.receipts[w.requesters[0]][0]
    assert w.step(w.live.standing(help_request)).candidates == []
    assert w.step(w.live.offer(help_request, 0, [volunteer])) == "nobody"


def asleep(w: World) -> None:
    """Their hours are over, and no worker has come to say so."""
    hours = (w.clock() - 1_000, w.clock() + 5_000)
    w.step(w.live.enlist(w.volunteers[0], Entry(["en"], push=True, awake=(hours,))))
    w.step(w.live.available(w.volunteers[0]))
    w.clock.forward(6)
    w.step(w.ask(w.requesters[0], ["en"]))
    nobody_can_ring(w, w.volunteers[0])


def snoozing(w: World) -> None:
    w.step(w.live.enlist(w.volunteers[0], Entry(["en"], snooze_ms=w.clock() + 60_000)))
    w.step(w.live.available(w.volunteers[0]))
    assert w.step(w.live.volunteer_snapshot(w.volunteers[0])).why == WhyAway.SNOOZED


def only_the_circle(w: World) -> None:
    w.step(w.live.available(w.volunteers[0]))
    w.step(w.ask(w.requesters[0], ["en"], Among.CIRCLE))
    nobody_can_ring(w, w.volunteers[0])


def the_circle_first(w: World) -> None:
    w.step(w.live.tie("circle", w.requesters[0], w.volunteers[1]))
    for one in w.volunteers[:3]:
        w.step(w.live.available(one))
    w.step(w.ask(w.requesters[0], ["en"]))
    w.step(w.match())
    assert [one["volunteer"] for one in w.truth.pending.values()] == [w.volunteers[1]]


def private(w: World) -> None:
    """They help nobody but the circles they belong to."""
    w.step(w.live.enlist(w.volunteers[0], Entry(["en"], public=False)))
    w.step(w.live.available(w.volunteers[0]))
    w.step(w.ask(w.requesters[0], ["en"]))
    nobody_can_ring(w, w.volunteers[0])


def caller_hidden(w: World) -> None:
    w.step(w.live.available(w.volunteers[0]))
    w.step(w.ask(w.requesters[0], ["en"]))
    w.step(w.beat([("requester", w.requesters[0], True)]))
    w.clock.forward(21)
    w.step(w.live.available(w.volunteers[0]))
    assert w.step(w.live.offer(w.receipts[w.requesters[0]][0], 0, w.volunteers[:1])) == "nobody"


def not_now(w: World) -> None:
    _, offers = rung(w, 0)
    w.step(w.live.decline(offers[0], w.volunteers[0]))
    w.step(w.match())
    assert w.truth.pending == {}


def more_after_a_while(w: World) -> None:
    """There was nobody more when the Wave had rung long enough, and then there is."""
    rung(w, 0)
    w.step(w.advance(9))
    w.step(w.live.available(w.volunteers[1]))
    w.step(w.match())
    assert len(w.truth.pending) == 2


# What a ring teaches


def set_away(w: World) -> None:
    """Three rings in a row passed."""
    for _ in range(3):
        help_request, _ = rung(w, 0)
        w.step(w.advance(30))
        w.step(w.live.cancel(help_request, w.requesters[0]))
    assert w.step(w.live.volunteer_snapshot(w.volunteers[0])).why == WhyAway.MISSED


def sinks(w: World) -> None:
    """Who lets a ring pass comes after whoever did not."""
    rung(w, 0)
    w.step(w.advance(30))
    turns = [int(w.truth.of("roster")[one]["turn_ms"]) for one in w.volunteers[:2]]
    assert turns[0] > turns[1]


def a_moment_too_late(w: World) -> None:
    _, offers = rung(w, 0, 1)
    w.step(w.accept(offers[0], w.volunteers[0]))
    until_ms = w.step(w.live.volunteer_snapshot(w.volunteers[1])).next_ms
    assert until_ms == w.clock() + LIMITS_MS["NEXT"]


def next_in_line(w: World) -> None:
    a_moment_too_late(w)
    w.clock.forward(1)
    w.step(w.live.available(w.volunteers[2]))
    w.step(w.ask(w.requesters[1], ["en"]))
    found = w.step(w.live.standing(w.receipts[w.requesters[1]][0]))
    assert min(found.candidates, key=lambda one: one.place_ms).id == w.volunteers[1]


def learns_apart(w: World) -> None:
    """What a page did says nothing about pushes."""
    help_request, offers = rung(w, 0)
    w.step(w.live.decline(offers[0], w.volunteers[0]))
    odds = w.step(w.live.standing(help_request)).odds
    assert (odds["page"][1] > 0, odds["push"][1] > 0) == (True, False)


# Push, and call-backs


def rings_by_push(w: World) -> None:
    """Their page is gone, and their phone rings for a minute."""
    w.step(w.live.enlist(w.volunteers[0], Entry(["en"], push=True)))
    w.step(w.live.available(w.volunteers[0]))
    w.step(w.advance(26))
    w.step(w.ask(w.requesters[0], ["en"]))
    w.step(w.match())
    w.step(w.advance(50))
    truth = w.step(w.live.volunteer_snapshot(w.volunteers[0]))
    assert truth.state == VolunteerState.RINGING


def parked_while_it_rings(w: World) -> None:
    help_request, _ = rung(w, 0)
    w.step(w.live.park(help_request, w.requesters[0], w.clock() + 600_000))
    truth = w.step(w.live.volunteer_snapshot(w.volunteers[0]))
    assert truth.state == VolunteerState.AVAILABLE


def called_back(w: World) -> None:
    """The Requester is rung before anything opens."""
    w.step(w.ask(w.requesters[0], ["en"]))
    help_request = w.receipts[w.requesters[0]][0]
    w.step(w.live.park(help_request, w.requesters[0], w.clock() + 600_000))
    w.step(w.live.available(w.volunteers[0]))
    w.step(w.match())
    offer = next(iter(w.truth.pending))
    w.step(w.accept(offer, w.volunteers[0]))
    assert w.truth.helps[help_request]["state"] == HelpState.CONFIRMING


def again(w: World) -> None:
    """Whoever has just helped is asked alone, by whomever, and only if they may be asked."""
    talked(w)
    call = next(iter(w.truth.of("call")))
    w.step(w.live.available(w.volunteers[1]))
    w.clock.forward(1)
    w.step(w.ask(w.requesters[0], ["en"], again=call))
    help_request = w.receipts[w.requesters[0]][0]
    found = w.step(w.live.standing(help_request)).candidates
    assert [one.id for one in found] == [w.volunteers[0]]
    assert w.step(w.live.offer(help_request, 0, [w.volunteers[1]])) == "nobody"
    w.step(w.match())
    assert [one["volunteer"] for one in w.truth.pending.values()] == [w.volunteers[0]]
    w.step(w.live.decline(next(iter(w.truth.pending)), w.volunteers[0]))
    w.step(w.match())
    assert [one["volunteer"] for one in w.truth.pending.values()] == [w.volunteers[1]]


def again_too_late(w: World) -> None:
    """Ten minutes later, and by somebody else, it is an ask as any other."""
    talked(w)
    call = next(iter(w.truth.of("call")))
    w.step(w.ask(w.requesters[1], ["en"], again=call))
    w.step(w.advance(601))
    w.step(w.ask(w.requesters[0], ["en"], again=call))
    assert {one["first_ms"] for one in w.truth.open_helps.values()} == {"0"}


def one_more_language(w: World) -> None:
    """A phone that rings already is told of nobody's other languages, nor holds anybody up."""
    help_request, _ = rung(w, 0)
    w.step(w.live.available(w.volunteers[1]))
    w.step(w.live.enlist(w.volunteers[1], Entry(["da"])))
    assert w.step(w.live.widen(help_request, w.requesters[0], "da")) == "ok"
    w.step(w.match())
    assert len(w.truth.pending) == 2


def parked_before_somebody_asks(w: World) -> None:
    w.step(w.ask(w.requesters[0], ["en"]))
    parked = w.receipts[w.requesters[0]][0]
    w.step(w.live.park(parked, w.requesters[0], w.clock() + 600_000))
    w.clock.forward(1)
    w.step(w.ask(w.requesters[1], ["en"]))
    assert w.step(w.live.hungry()) == [w.receipts[w.requesters[1]][0], parked]
