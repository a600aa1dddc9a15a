"""Would we notice? Each script is broken once in memory, and its story must then fail.

A story is a few steps that are sound with the real scripts; after each the invariants are checked.
"""

import dataclasses
import re
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from assist.live import Live, scripts
from tests.conftest import enlisted
from tests.world import RELAYS, World


@pytest.fixture(scope="module")
def shared(redis_url: str) -> Iterator[World]:
    """One connection for all stories."""
    world = World(redis_url)
    yield world
    world.run(world.redis.flushall())
    world.close()


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


def accepted_across_a_block(w: World) -> None:
    _, offers = rung(w, 0)
    w.step(w.live.block(w.requesters[0], w.volunteers[0]))
    w.step(w.accept(offers[0], w.volunteers[0]))


def offered_to_one_who_left(w: World) -> None:
    w.step(w.ask(w.requesters[0], ["en"]))
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


class Mutant(NamedTuple):
    """A regular expression in one script (or what all share), and what stands there instead."""

    story: Callable[[World], None]
    script: str
    what: str
    becomes: str


MUTANTS = (
    # Accept decides nothing any more: it withdraws nobody, and nobody's lateness counts.
    Mutant(
        both_accept,
        "accept",
        r"local withdrawn, people = withdraw\(help_id, 'quicker'\)(.*)",
        r"local withdrawn, people = '', {}\1",
    ),
    Mutant(
        both_accept,
        "accept",
        r"if offer.state == 'withdrawn'.*?\n(?=redis.call\('HSET', K.offer)",
        "",
    ),
    Mutant(accepted_too_late, "accept", r" or tonumber\(offer.deadline_ms\) <= now", ""),
    Mutant(accepted_across_a_block, "accept", r"\n  or blocked\(help.requester, volunteer\)", ""),
    Mutant(offered_across_a_block, "offer", r"\n    and not blocked\(.*?\)", ""),
    Mutant(proposed_across_a_block, "standing", r"\n    or blocked\(requester, id\)", ""),
    Mutant(offered_to_one_who_left, "offer", r"can_ring\(volunteer.*?\)\) and", ""),
    Mutant(offered_to_one_suspended, "offer", r"if roster.suspended == '1' then[^\n]*", ""),
    Mutant(two_waves_at_once, "offer", r"if help.wave ~= wave .*?end\n", ""),
    Mutant(stale_leg, "leg", r"seated ~= number or ", ""),
    Mutant(relay_died, "seat", r"redis.call\('DEL', K.legs\(help_request\)\)", ""),
    Mutant(cancelled_while_ringing, "end", r"withdraw\(help_id, 'gone'\)", "'', {}"),
    Mutant(cancelled_while_ringing, "end", r"undue\('requester', help.requester\)", ""),
    Mutant(cancelled_while_ringing, "end", r"people\[#people \+ 1\] = help.requester", ""),
    Mutant(cancelled_while_ringing, "end", r"redis.call\('ZREM', K.open\(\), help_id\)", ""),
    Mutant(cancelled_while_ringing, "end", r"redis.call\('PEXPIRE', K.help\(.*?\)\n", ""),
    Mutant(hung_up_while_connecting, "end", r"K.waiting\(\), help.since_ms", "K.waiting(), now"),
    Mutant(hung_up_while_connecting, "end", r"undue\('setup', help_id\)", ""),
    Mutant(missed, "standing", r"outcome ~= 'missed' or .*?\n", "true\n"),
    Mutant(talked, "available", r"redis.call\('ZREM', K.available\(list\), id\)", ""),
    Mutant(talked, "available", r"undue\('wrap', id\)", ""),
    Mutant(talked, "leg", r"redis.call\('INCR', K.seq\(person\)\)", "1"),
    Mutant(asked_twice, "ask", r"if open then.*?\nend\n", ""),
    Mutant(forgotten, "ask", r"tonumber\(since_ms\) or now", "now"),
)


def break_it(monkeypatch: pytest.MonkeyPatch, mutant: Mutant) -> None:
    """From here on the script says something else."""
    whole = scripts.load

    def load(name: str) -> scripts.Script:
        script = whole(name)
        text = re.sub(mutant.what, mutant.becomes, script.text, flags=re.DOTALL)
        assert text != script.text or name != mutant.script, "there is nothing to break"
        return dataclasses.replace(script, text=text)

    monkeypatch.setattr(scripts, "load", load)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: f"{m.script}-{m.story.__name__}")
def test_a_broken_script_is_noticed(
    shared: World, mutant: Mutant, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.begin()
    mutant.story(shared)
    shared.begin()
    break_it(monkeypatch, mutant)
    with pytest.raises(AssertionError):
        mutant.story(shared)


async def test_a_process_whose_clock_is_wrong_ends_nothing_early(
    live: Live, alice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant is a worker that brings its own clock: it makes an end of everybody."""
    noor = await enlisted(live, "en")
    await live.available(noor)
    await live.ask(alice, alice, ["en"])
    true_time = time.time
    monkeypatch.setattr(time, "time", lambda: true_time() + 3_600)
    assert await live.due() == []
    assert await live.lapse("requester", alice) == "gone"
    own_clock = Live(live.redis, lambda: int(time.time() * 1000))
    assert await own_clock.lapse("requester", alice) == "ok", "this worker would lose everybody"
