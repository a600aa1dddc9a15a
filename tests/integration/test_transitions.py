"""Do the scripts do what the table says, from every state, and nothing where it says nothing?"""

from pathlib import Path

import pytest

from assist.lib.ids import new_id
from assist.live import Live
from assist.live.table import (
    LAST_CALL,
    NOTHING,
    PRACTICE,
    PRACTISING,
    RESTING,
    TRANSITIONS,
    Transition,
    page,
)
from tests.acts import ACTS
from tests.conftest import Clock
from tests.invariants import broken
from tests.situations import RELAY, SITUATIONS, Situation, reach, ringing, subscribed
from tests.truth import Hash, Truth

PSEUDO = {("in_call", "0"): LAST_CALL, ("away", "1"): RESTING, ("ringing", "0"): PRACTISING}
BY_PUSH = " by push"  # no page of this Volunteer is open, or none was when they last moved
SHOWN = "shown"  # a pending Offer that is on a screen


def refined(row: Transition, push: bool) -> Transition:
    """The row in finer states: an Offer may be shown, and a push may reach the Volunteer."""
    offer = dict(row.offer)
    if row.script == "shown":
        offer = {"pending": frozenset({SHOWN}), PRACTICE: frozenset({PRACTICE})}
    elif "pending" in offer:
        offer[SHOWN] = offer["pending"]
    return row._replace(offer=offer, volunteer=for_push(row) if push else row.volunteer)


def for_push(row: Transition) -> dict[str, frozenset[str]]:
    """Whom a push reaches, moves as everybody does, but for two rows."""
    arrows: dict[str, frozenset[str]] = {}
    for before, after in row.volunteer.items():
        either = frozenset(state + how for state in after for how in ("", BY_PUSH))
        arrows |= {before: either, before + BY_PUSH: either}
    if row.script == "available":  # who says so has opened a page, and that rings from here on
        free = ("available", "ringing", "in_call")
        return arrows | {state + BY_PUSH: frozenset({state}) for state in free}
    if row.script == "practice":  # so has whoever practises
        return arrows | {state + BY_PUSH: after for state, after in row.volunteer.items()}
    if row.script == "lapse volunteer":  # only who had a page loses one, and they stay available
        had = ("available", "ringing", "in_call" + BY_PUSH, "wrapping_up")
        stays = frozenset({"available" + BY_PUSH, "wrapping_up" + BY_PUSH})
        return {LAST_CALL + BY_PUSH: frozenset({"away"}), **dict.fromkeys(had, stays)}
    return arrows


def states(s: Situation, truth: Truth, row: Transition) -> dict[str, str]:
    """Where the three subjects of a row stand. Making an Offer is about a new one."""
    noors = truth.volunteers.get(s.noor, {}).get("offer") or s.offer
    is_new = row.script == "offer" and s.offer == noors
    offer = truth.of("offer").get(noors, {"state": NOTHING})
    return {
        "help_request": help_state(truth.helps.get(s.help_request, {"state": NOTHING})),
        "volunteer": volunteer_state(truth.volunteers.get(s.noor)),
        "offer": NOTHING if is_new else offer_state(offer),
    }


def help_state(help: Hash) -> str:
    """In the table's words: a practice has states of its own until it has ended."""
    own = help.get("practice") == "1" and help["state"] != "ended"
    return f"practice_{help['state']}" if own else help["state"]


def offer_state(offer: Hash) -> str:
    if offer["state"] != "pending":
        return offer["state"]
    if offer.get("practice") == "1":
        return PRACTICE
    return SHOWN if "shown_ms" in offer else "pending"


def volunteer_state(is_: Hash | None) -> str:
    """In the table's words, and whether only a push reaches them."""
    if is_ is None:
        return "away"
    state = PSEUDO.get((is_["state"], is_["taking"]), is_["state"])
    return state + BY_PUSH if is_["reach"] == "push" and state != "away" else state


def is_bystander(s: Situation, before: Truth, row: Transition) -> bool:
    """A Volunteer's own act moves no HelpRequest with which they have nothing to do."""
    in_hand = before.volunteers.get(s.noor, {}).get("help_request", "")
    return row.decides == "volunteer" and in_hand != s.help_request


def test_every_row_of_the_table_is_walked() -> None:
    assert set(ACTS) == {(row.script, row.who) for row in TRANSITIONS}


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: f"{row.script}-{row.who}")
async def test_a_script_does_what_the_table_says(
    row: Transition, turned: Live, clock: Clock
) -> None:
    for situation in SITUATIONS:
        await turned.redis.flushall()
        s = await reach(situation, turned, clock)
        await act_and_compare(s, row, situation.__name__)


async def act_and_compare(s: Situation, row: Transition, situation: str) -> None:
    """One act from one situation: as the row says with one Event, or nothing at all."""
    row = refined(row, s.push)
    stood = states(s, await s.look(), row)
    answer = await ACTS[row.script, row.who](s)
    before, events = s.truth, s.history.events
    assert before is not None
    after = await s.look()
    where = f"{row.script} by {row.who} when {situation} {stood} answered {answer}"
    if row.acts(stood):
        assert answer == "ok", where
        assert s.history.events == events + 1, where
        assert s.history.newest in row.events, where
        for subject, state in states(s, after, row).items():
            told = row.after(subject, stood[subject])
            if subject == "help_request" and is_bystander(s, before, row):
                told = frozenset({stood[subject]})
            assert state in told, (where, subject, state)
    else:
        assert s.history.events == events, where
        assert after.same() == before.same(), where
    assert broken(after, s.history) == [], where
    await others_see_the_same(s, after)


async def others_see_the_same(s: Situation, truth: Truth) -> None:
    """What a Coordinator sees and what a relay must hold are what is true."""
    queue = await s.live.queue()
    assert {one.id: one.state for one in queue.helps} == {
        id: one["state"] for id, one in truth.open_helps.items() if not is_practice(one)
    }
    assert {one.id: one.state for one in queue.volunteers} == {
        id: one["state"] for id, one in truth.volunteers.items() if one["state"] != "away"
    }
    sessions = await s.live.session_truth([s.help_request])
    ringing = {one["volunteer"] for one in truth.pending.values()}
    if (session := sessions[s.help_request]) is None:
        assert s.help_request not in truth.open_helps
        return
    help = truth.open_helps[s.help_request]
    assert (session["state"], session["requester"]) == (help["state"], s.alice)
    assert (session["volunteer"] or "") == help.get("volunteer", "")
    assert set(session["ringing"]) == ringing
    assert queue.ringing == ({} if is_practice(help) else {s.help_request: len(ringing)})
    assert any(one.practising for one in queue.volunteers) == is_practice(help)


def is_practice(help: Hash) -> bool:
    return help.get("practice") == "1"


def test_the_page_about_what_is_live_is_up_to_date() -> None:
    written = Path(__file__).parents[2] / "docs" / "live.md"
    assert written.read_text() == page(), "run python -m assist.live.table > docs/live.md"


async def test_an_offer_is_shown_once(turned: Live, clock: Clock) -> None:
    s = await reach(ringing, turned, clock)
    assert await turned.shown(s.offer, s.noor) == "ok"
    shown = await s.look()
    clock.forward(5)
    assert await turned.shown(s.offer, s.noor) == "ok"
    assert (await s.look()).same() == shown.same()


async def test_a_ring_by_push_outlives_the_hidden_page_and_can_be_accepted(
    turned: Live, clock: Clock
) -> None:
    s = await reach(subscribed, turned, clock)
    await turned.beat([("volunteer", s.noor, True)])  # and is never heard of again
    clock.forward(100)
    await s.asks()
    await s.wave(s.noor)
    clock.forward(21)
    assert await turned.lapse("volunteer", s.noor) == "gone"
    assert (await s.look()).pending[s.offer]["reach"] == "push"
    assert (await turned.accept(s.offer, s.noor)).is_ == "ok"
    assert broken(await s.look(), s.history) == []


async def test_another_persons_ids_open_nothing(turned: Live, clock: Clock, mallory: str) -> None:
    for situation in SITUATIONS:
        await turned.redis.flushall()
        s = await reach(situation, turned, clock)
        before = await s.look()
        await turned.relay_announce(RELAY, "127.0.0.1", 1, 0.1, 0)
        answers = {
            (await turned.accept(s.offer, mallory)).is_,
            await turned.decline(s.offer, mallory),
            await turned.shown(s.offer, mallory),
            await turned.end(s.help_request, mallory, block=True),
            await turned.park(s.help_request, mallory, clock() + 1000),
            await turned.widen(s.help_request, mallory, "fi"),
            await turned.confirm(s.help_request, mallory),
            (await turned.seat(s.help_request, mallory)).is_,
            await turned.leg(s.help_request, mallory, 1, "up", RELAY),
            await turned.available(mallory),
            (await turned.accept(new_id(), s.noor)).is_,
        }
        assert answers <= {"gone", "not_yours", "unknown"}, situation.__name__
        assert (await s.look()).same() == before.same(), situation.__name__
