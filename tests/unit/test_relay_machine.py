"""Does a Leg's state follow what happened to it?"""

import pytest

from assist.protocol.states import LegState
from assist.relay import machine
from assist.relay.machine import Answered, Closed, Dropped, Effect, Secured, Standing, Tick

NEW, CONNECTING, UP = LegState.NEW, LegState.CONNECTING, LegState.UP
LOST, CLOSED = LegState.LOST, LegState.CLOSED


def up(since_s: float = 0.0) -> Standing:
    return Standing(UP, since_s)


def test_a_leg_connects_in_order_and_reports_only_what_others_care_for() -> None:
    leg, effects = machine.step(machine.new(0), Answered(), 1)
    assert (leg.state, effects) == (CONNECTING, ())
    leg, effects = machine.step(leg, Secured(), 2)
    assert (leg.state, effects) == (UP, (Effect.REPORT,))


@pytest.mark.parametrize("state", [NEW, CONNECTING])
def test_a_leg_that_did_not_come_up_is_closed_after_its_deadline(state: LegState) -> None:
    quiet = Tick(heard_s=0, media_s=0)
    leg, effects = machine.step(Standing(state, 0), quiet, machine.SET_UP_DEADLINE_S - 0.1)
    assert (leg.state, effects) == (state, ())
    leg, effects = machine.step(leg, quiet, machine.SET_UP_DEADLINE_S)
    assert (leg.state, effects) == (CLOSED, (Effect.REPORT, Effect.RELEASE))


def test_media_that_stops_is_noticed_after_a_second() -> None:
    flowed = Tick(heard_s=10.0, media_s=10.0)
    assert machine.step(up(), flowed, 10.9)[0].state is UP
    assert machine.step(up(), flowed, 11.0)[0].state is LOST


def test_a_leg_that_only_beats_may_be_silent_for_four_seconds() -> None:
    beats = Tick(heard_s=10.0, media_s=5.0)
    assert machine.step(up(), beats, 13.9)[0].state is UP
    assert machine.step(up(), beats, 14.0)[0].state is LOST


def test_a_leg_that_never_sent_media_is_not_taken_for_one_whose_media_stopped() -> None:
    assert machine.step(up(0.2), Tick(heard_s=0.2, media_s=0.0), 3.0)[0].state is UP


def test_a_lost_leg_comes_back_with_the_next_packet() -> None:
    lost = Standing(LOST, 20)
    assert machine.step(lost, Tick(heard_s=19, media_s=19), 21)[0] == lost
    leg, effects = machine.step(lost, Tick(heard_s=20.5, media_s=19), 21)
    assert (leg.state, effects) == (UP, (Effect.REPORT,))


def test_a_lost_leg_is_kept_for_two_minutes_and_then_closed() -> None:
    quiet = Tick(heard_s=0, media_s=0)
    assert machine.step(Standing(LOST, 0), quiet, 119.9)[0].state is LOST
    leg, effects = machine.step(Standing(LOST, 0), quiet, 120)
    assert (leg.state, effects) == (CLOSED, (Effect.REPORT, Effect.RELEASE))


def test_a_goodbye_in_a_call_means_lost_and_before_it_means_closed() -> None:
    assert machine.step(up(), Dropped(), 5)[0].state is LOST
    assert machine.step(Standing(CONNECTING, 0), Dropped(), 5)[0].state is CLOSED


@pytest.mark.parametrize("late", [Answered(), Secured(), Dropped(), Closed(), Tick(9, 9)])
def test_nothing_brings_a_closed_leg_back(late: machine.Input) -> None:
    assert machine.step(Standing(CLOSED, 0), late, 10) == (Standing(CLOSED, 0), ())
