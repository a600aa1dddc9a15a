"""What happens when a Volunteer hands over? Stories in a `World`, as in `tests.stories`."""

from assist.live import Entry
from assist.protocol.states import HelpState
from tests.stories import rung
from tests.world import World


def two_meet(w: World) -> str:
    help_request, _ = rung(w, 0)
    meet(w, help_request, w.volunteers[0])
    return help_request


def meet(w: World, help_request: str, volunteer: str) -> None:
    """Whoever is rung accepts, and both are there."""
    (offer,) = [id for id, one in w.truth.pending.items() if one["volunteer"] == volunteer]
    w.step(w.accept(offer, volunteer))
    for person in (w.requesters[0], volunteer):
        number = w.step(w.seat(help_request, person))
        w.step(w.leg(help_request, person, number, "up"))


def handed_over(w: World) -> None:
    """In front of who asked later, for whom it was meant, and never to the same one again."""
    help_request = two_meet(w)
    leg = w.truth.of("legs")[help_request][w.requesters[0]]
    w.clock.forward(5)
    w.step(w.ask(w.requesters[1], ["da"]))
    assert w.step(w.live.hand_over(help_request, w.volunteers[0], "da")) == "ok"
    assert w.truth.helps[help_request]["languages"] == "da"
    assert w.truth.of("legs").get(help_request) == {w.requesters[0]: leg}
    assert next(iter(w.truth.one("waiting"))) == help_request
    w.step(w.live.enlist(w.volunteers[0], Entry(["en", "da"])))
    w.step(w.advance(31))
    assert w.truth.state("volunteer", w.volunteers[0], "") == "available"
    found = w.step(w.live.standing(help_request))
    assert found.candidates == []
    w.step(w.live.available(w.volunteers[1]))
    w.step(w.match())
    (offer,) = [one for one in w.truth.pending.values() if one["help_request"] == help_request]
    assert offer["volunteer"] == w.volunteers[1]


def handed_over_and_cancelled(w: World) -> None:
    """The next one accepts, the two never meet, and that is no Call that took place."""
    help_request = two_meet(w)
    w.step(w.live.hand_over(help_request, w.volunteers[0]))
    w.step(w.live.available(w.volunteers[1]))
    w.step(w.match())
    w.step(w.accept(next(iter(w.truth.pending)), w.volunteers[1]))
    w.step(w.live.cancel(help_request, w.requesters[0]))
    assert w.truth.state("volunteer", w.volunteers[1], "") == "available"


def handed_over_and_blocked(w: World) -> None:
    """The block came a moment after, and holds."""
    help_request = two_meet(w)
    w.step(w.live.hand_over(help_request, w.volunteers[0]))
    w.step(w.block(help_request, w.requesters[0]))
    assert w.truth.helps[help_request]["reason"] == "requester_blocked"
    assert w.volunteers[0] in w.truth.of("blocks").get(w.requesters[0], ())


def blocked_as_the_next_one_came(w: World) -> None:
    """The Requester pressed it on the one who had handed over: they alone are parted."""
    help_request = two_meet(w)
    first = w.truth.helps[help_request]["call"]
    w.step(w.live.hand_over(help_request, w.volunteers[0]))
    w.step(w.live.available(w.volunteers[1]))
    w.step(w.match())
    w.step(w.accept(next(iter(w.truth.pending)), w.volunteers[1]))
    assert w.step(w.live.end(help_request, w.requesters[0], True, first)) == "ok"
    assert w.truth.of("blocks")[w.requesters[0]] == {w.volunteers[0]}
    assert w.truth.helps[help_request]["reason"] == "requester_ended"


def rung_once_more(w: World) -> tuple[str, str]:
    """The two never met, and a minute later the same phone rings again. HelpRequest, first Call."""
    help_request, offers = rung(w, 0)
    w.step(w.accept(offers[0], w.volunteers[0]))
    first = w.truth.helps[help_request]["call"]
    w.step(w.live.end(help_request, w.volunteers[0], call=first))
    w.clock.forward(5)
    w.step(w.live.beat([("requester", w.requesters[0], False)]))
    w.step(w.advance(61))
    w.step(w.live.available(w.volunteers[0]))
    w.step(w.match())
    return help_request, first


def blocked_as_the_same_phone_rang_again(w: World) -> None:
    """By either: the phone is quiet, and the person waits for somebody else."""
    for side in (w.volunteers[0], w.requesters[0]):
        w.begin()
        help_request, first = rung_once_more(w)
        assert w.step(w.live.end(help_request, side, True, first)) == "ok"
        assert (w.truth.pending, w.truth.state("volunteer", w.volunteers[0], "")) == (
            {},
            "available",
        )
        is_left = side == w.requesters[0]
        assert w.truth.state("help", help_request, "") == ("ended" if is_left else "waiting")
        assert w.truth.of("blocks")[w.requesters[0]] == {w.volunteers[0]}
        w.step(w.advance(61))
        assert w.truth.pending == {}


def ended_as_the_same_two_met_again(w: World) -> None:
    """A Volunteer's "End" that comes after their next Call with the same person began."""
    help_request, first = rung_once_more(w)
    w.step(w.accept(next(iter(w.truth.pending)), w.volunteers[0]))
    assert w.step(w.live.end(help_request, w.volunteers[0], call=first)) == "gone"
    assert w.truth.helps[help_request]["volunteer"] == w.volunteers[0]


def handed_over_by_somebody_else(w: World) -> None:
    help_request = two_meet(w)
    assert w.step(w.live.hand_over(help_request, w.volunteers[1])) == "not_yours"
    assert w.step(w.live.hand_over(help_request, w.requesters[0])) == "not_yours"
    assert w.truth.helps[help_request]["state"] == HelpState.IN_CALL


def handed_over_before_they_met(w: World) -> None:
    help_request, offers = rung(w, 0)
    w.step(w.accept(offers[0], w.volunteers[0]))
    assert w.step(w.live.hand_over(help_request, w.volunteers[0])) == "out_of_turn"


def thought_of_twice(w: World) -> None:
    """Nobody is counted whom the person blocked, nor who handed over before."""
    help_request = two_meet(w)
    for one, topic in ((1, "reading"), (2, "reading"), (3, "cooking")):
        w.hidden["volunteer", w.volunteers[one]] = False
        w.step(w.live.enlist(w.volunteers[one], Entry(["en"], topics=(topic,))))
        w.step(w.live.available(w.volunteers[one]))
    w.step(w.live.block(w.requesters[0], w.volunteers[1]))
    w.step(w.hand_over(help_request, w.volunteers[0], "", "reading"))
    w.step(w.match())
    meet(w, help_request, w.volunteers[2])
    w.step(w.advance(31))
    assert w.truth.state("volunteer", w.volunteers[0], "") == "available"
    w.step(w.hand_over(help_request, w.volunteers[2], "", ""))
