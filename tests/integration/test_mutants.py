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
from tests import handings, practices, stories
from tests.conftest import enlisted
from tests.world import World


@pytest.fixture(scope="module")
def shared(redis_url: str) -> Iterator[World]:
    """One connection for all stories."""
    world = World(redis_url)
    yield world
    world.run(world.redis.flushall())
    world.close()


class Mutant(NamedTuple):
    """A regular expression in one script (or what all share), and what stands there instead."""

    name: str
    story: Callable[[World], None]
    script: str
    what: str
    becomes: str


MUTANTS = (
    # Accept decides nothing any more: it withdraws nobody, and nobody's lateness counts.
    Mutant("accept_withdraws_nobody", stories.both_accept, "accept",
           r"local withdrawn, people = withdraw\(help_id, 'quicker'\)(.*)",
           r"local withdrawn, people = '', {}\1"),
    Mutant("accept_after_somebody_quicker", stories.both_accept, "accept",
           r"if offer.state == 'withdrawn'.*?\n(?=redis.call\('HSET', K.offer)", ""),
    Mutant("accept_after_the_deadline", stories.accepted_too_late, "accept",
           r" or tonumber\(offer.deadline_ms\) <= now", ""),
    Mutant("a_block_from_sql_lets_it_ring_on", stories.blocked_while_it_rings, "block",
           r"if not hush.*?end\n", ""),
    Mutant("offer_across_a_block", stories.offered_across_a_block, "offer",
           r"\n    and not blocked\(.*?\)", ""),
    Mutant("propose_across_a_block", stories.proposed_across_a_block, "standing",
           r"\n    or blocked\(requester, id\)", ""),
    Mutant("offer_to_whoever_left", stories.offered_to_one_who_left, "offer",
           r"if can_ring\(volunteer, is, roster\)", "if reach_of(volunteer, is, roster)"),
    Mutant("offer_to_the_suspended", stories.offered_to_one_suspended, "offer",
           r"if roster.suspended == '1' then[^\n]*", ""),
    Mutant("offer_without_fencing", stories.two_waves_at_once, "offer",
           r"if help.wave ~= wave .*?end\n", ""),
    Mutant("leg_without_fencing", stories.stale_leg, "leg", r"seated ~= number or ", ""),
    Mutant("seat_keeps_the_legs_of_a_dead_relay", stories.relay_died, "seat",
           r"redis.call\('DEL', K.legs\(help_request\)\)", ""),
    Mutant("cancel_withdraws_nobody", stories.cancelled_while_ringing, "end",
           r"withdraw\(help_id, 'gone'\)", "'', {}"),
    Mutant("end_leaves_the_lease", stories.cancelled_while_ringing, "end",
           r"undue\('requester', help.requester\)", ""),
    Mutant("end_does_not_tell_the_requester", stories.cancelled_while_ringing, "end",
           r"people\[#people \+ 1\] = help.requester", ""),
    Mutant("end_leaves_it_open", stories.cancelled_while_ringing, "end",
           r"redis.call\('ZREM', K.open\(\), help_id\)", ""),
    Mutant("end_stays_for_ever", stories.cancelled_while_ringing, "end",
           r"redis.call\('PEXPIRE', K.help\(.*?\)\n", ""),
    Mutant("put_back_at_the_end_of_the_queue", stories.hung_up_while_connecting, "end",
           r"K.waiting\(\), help.since_ms", "K.waiting(), now"),
    Mutant("put_back_leaves_the_deadline", stories.hung_up_while_connecting, "end",
           r"undue\('setup', help_id\)", ""),
    Mutant("again_without_a_rest", stories.missed, "standing",
           r"outcome ~= 'missed' or .*?\n", "true\n"),
    Mutant("available_in_lists_of_before", stories.talked, "available",
           r"redis.call\('ZREM', K.available\(list\), id\)", ""),
    Mutant("available_leaves_the_wrap_up", stories.talked, "available", r"undue\('wrap', id\)", ""),
    Mutant("nobody_counts_what_they_are_told", stories.talked, "leg",
           r"redis.call\('INCR', K.seq\(person\)\)", "1"),
    Mutant("two_open_asks_of_one_person", stories.asked_twice, "ask",
           r"if open then.*?\nend\n", ""),
    Mutant("ask_again_loses_the_place", stories.forgotten, "ask",
           r"tonumber\(since_ms\) or now", "now"),
    # Who is asked, and how long it rings.
    Mutant("offer_to_the_sleeping", stories.asleep, "offer",
           r"if not awake\(roster\) then return 'asleep' end", ""),
    Mutant("propose_the_sleeping", stories.asleep, "standing",
           r"or not awake\(\{ awake = hours\[1\] or '' \}\)", ""),
    Mutant("no_snooze", stories.snoozing, "available",
           r"if tonumber\(roster.snooze_ms or 0\) > now then return 'snoozed' end", ""),
    Mutant("offer_beyond_the_circle", stories.only_the_circle, "offer",
           r"if help.among == 'circle' then return redis[^\n]*", ""),
    Mutant("propose_beyond_the_circle", stories.only_the_circle, "standing",
           r"circle = \{ 'circle' \}", "circle = { 'circle', 'everybody' }"),
    Mutant("the_circle_no_sooner_than_others", stories.the_circle_first, "standing",
           r"circle_first = \{ 'circle', 'met', 'everybody' \}",
           "circle_first = { 'everybody', 'met', 'circle' }"),
    Mutant("offer_the_private_to_anybody", stories.private, "offer",
           r"return roster.public ~= '0' or [^\n]*", "return true"),
    Mutant("propose_the_private_to_anybody", stories.private, "available",
           r" and roster.public ~= '0' then", " then"),
    Mutant("ring_for_a_hidden_page", stories.caller_hidden, "offer",
           r"if help.hold_ms and [^\n]*\n", ""),
    Mutant("again_after_not_now", stories.not_now, "standing",
           r"tonumber\(volunteer.fresh_ms or 0\) > tonumber\(at\)", "true"),
    Mutant("never_more_than_one_wave", stories.more_after_a_while, "wave_over",
           r"hunger\(help_request, help_of\(help_request\)\)", ""),
    Mutant("misses_do_not_count", stories.set_away, "miss", r"misses >= L.MISSES", "false"),
    Mutant("a_miss_costs_no_turn", stories.sinks, "miss",
           r"redis.call\('HSET', K.roster\(volunteer\), 'turn_ms'[^\n]*", ""),
    Mutant("too_late_for_nothing", stories.a_moment_too_late, "accept",
           r"return \{ next_ms = now \+ L.NEXT \}", "return {}"),
    Mutant("next_in_line_behind_all", stories.next_in_line, "standing",
           r"and turn - L.AGES or turn", "and turn or turn"),
    Mutant("learn_of_pushes_from_pages", stories.learns_apart, "decline",
           r"offer.reach \.\. '_made', offer.reach \.\. '_taken'", "'push_made', 'push_taken'"),
    Mutant("a_push_rings_as_short_as_a_page", stories.rings_by_push, "offer",
           r"if reach == 'push' then return L.PUSH, L.PUSH_SHOWN end", ""),
    Mutant("no_page_no_calls", stories.rings_by_push, "lapse",
           r"if roster.push ~= '1' then", "if true then"),
    Mutant("park_withdraws_nobody", stories.parked_while_it_rings, "park",
           r"withdrawn, people = withdraw\(help_request, 'gone'\)", "withdrawn, people = '', {}"),
    Mutant("called_back_without_being_asked", stories.called_back, "accept",
           r"if help.state == 'parked' then state, limit, kind = [^\n]*", ""),
    Mutant("parked_before_those_who_wait", stories.parked_before_somebody_asks, "park",
           r"place = place \+ L.AGES", "place = place"),
    Mutant("one_more_language_waits_for_the_wave", stories.one_more_language, "widen",
           r",\n  'wave_ms', 0\)", ")"),
    Mutant("propose_others_beside_the_one", stories.again, "standing",
           r"if is_alone\(help\) then", "if false then"),
    Mutant("offer_others_beside_the_one", stories.again, "offer",
           r"if alone then return id == help.first and", "if alone then return"),
    Mutant("alone_after_not_now", stories.again, "decline",
           r"if offer.volunteer == help.first then [^\n]*", ""),
    Mutant("again_for_ever", stories.again_too_late, "ask",
           r"\n    or now - tonumber\(before.ended_ms\) > L.AGAIN", ""),
    Mutant("a_practice_costs_a_turn", practices.practised, "leg",
           r"if help.practice ~= '1' then (redis.call\('HSET', K.roster.*?) end\n", r"\1\n"),
    Mutant("a_practice_teaches_the_odds", practices.practised, "accept",
           r"if offer.practice == '1' then return end", ""),
    Mutant("a_practice_blocks_for_good", practices.practised, "end",
           r"if help.practice == '1' then blocks = '0' end", ""),
    Mutant("a_practice_is_kept_as_a_call", practices.practised, "accept",
           r"if help.practice ~= '1' then\n(?=  redis.call\('HSET', K.call)", "if true then\n"),
    Mutant("a_practice_stays_for_a_day", practices.practised, "end",
           r"help.practice == '1' and L.PRACTICE_KEPT or ", ""),
    Mutant("a_practice_asks_others", practices.practice_comes_to_nothing, "decline",
           r"if help.practice == '1' then\n    return finish.*?end\n", ""),
    Mutant("a_practice_is_put_back", practices.practice_comes_to_nothing, "end",
           r"if help.practice == '1' then return finish\(help_id, help, reason\) end", ""),
    Mutant("a_practice_for_ever", practices.practice_ends_by_itself, "practice",
           r"due\('practice', help_request, now \+ L.PRACTICE\)", ""),
    Mutant("a_practice_takes_the_last_line", practices.practice_while_lines_are_few, "practice",
           r"relay_with_room\(\{\}, L.PRACTICE_ROOM\)", "relay_with_room({})"),
    Mutant("a_practice_in_a_call", practices.practice_in_a_call, "practice",
           r"if is.state == 'ringing' or is.state == 'in_call' then[^\n]*", ""),
    Mutant("again_by_anybody", stories.again_too_late, "ask",
           r"met.requester ~= requester or ", ""),
    # Handing over keeps the place and the Leg.
    Mutant("hand_over_to_the_end_of_the_queue", handings.handed_over, "hand_over",
           r"K.waiting\(\), help.since_ms", "K.waiting(), now"),
    Mutant("hand_over_drops_the_leg", handings.handed_over, "hand_over",
           r"redis.call\('HDEL', K.legs\(help_id\), volunteer\)",
           "redis.call('DEL', K.legs(help_id))"),
    Mutant("hand_over_keeps_the_volunteers_leg", handings.handed_over, "hand_over",
           r"redis.call\('HDEL', K.legs\(help_id\), volunteer\)", ""),
    Mutant("hand_over_in_the_language_of_before", handings.handed_over, "hand_over",
           r"if language ~= ''[^\n]*", ""),
    Mutant("asks_again_who_handed_over", handings.handed_over, "standing",
           r"if outcome == 'handed' then return false end", ""),
    Mutant("a_hand_over_nobody_is_asked_for", handings.handed_over, "hand_over",
           r"hunger\(help_id, help\)\n  emit\('call.put_back'", "emit('call.put_back'"),
    Mutant("hand_over_as_if_the_next_two_had_met", handings.handed_over_and_cancelled, "hand_over",
           r"redis.call\('HDEL', K.help\(help_request\), 'connected_ms'\)", ""),
    Mutant("hand_over_escapes_the_block", handings.handed_over_and_blocked, "end",
           r"whom, call = help.handed_by or '', help.handed_call or ''", ""),
    Mutant("a_late_block_takes_the_next_one", handings.blocked_as_the_next_one_came, "end",
           r"past = call ~= '' and [^\n]*", "past = false"),
    Mutant("a_late_block_lets_it_ring_on", handings.blocked_as_the_same_phone_rang_again, "end",
           r"if not hush\(.*?\) then (.*?) end\n", r"\1\n"),
    Mutant("a_late_end_ends_the_next_call", handings.ended_as_the_same_two_met_again, "end",
           r" or past and person ~= help.requester", ""),
    Mutant("hand_over_by_anybody", handings.handed_over_by_somebody_else, "hand_over",
           r"if help.volunteer ~= volunteer then.*?\nend\n", ""),
    Mutant("hand_over_before_they_met", handings.handed_over_before_they_met, "hand_over",
           r"if help.state ~= 'in_call' then[^\n]*", ""),
    # Whoever thinks of handing over is told what would come of it.
    Mutant("counts_across_a_block", handings.thought_of_twice, "free",
           r" or blocked\(help.requester, id\)", ""),
    Mutant("counts_only_who_knows_of_it", handings.thought_of_twice, "free",
           r"likes\(roster, condition_of\(help\)\)", "likes(roster, help.topic)"),
    Mutant("counts_who_handed_over_before", handings.thought_of_twice, "free",
           r"if past and not may_repeat[^\n]*", ""),
)  # fmt: skip


def break_it(monkeypatch: pytest.MonkeyPatch, mutant: Mutant) -> None:
    """From here on the script says something else."""
    whole = scripts.load
    assert broken(whole(mutant.script), mutant) != whole(mutant.script), "there is nothing to break"
    monkeypatch.setattr(scripts, "load", lambda name: broken(whole(name), mutant))


def broken(script: scripts.Script, mutant: Mutant) -> scripts.Script:
    """What all scripts share is broken in each of them."""
    text = re.sub(mutant.what, mutant.becomes, script.text, flags=re.DOTALL)
    return dataclasses.replace(script, text=text)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
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
