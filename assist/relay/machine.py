"""How does a Leg stand, and what follows from what just happened to it?

Pure: `(leg, input, now) -> (leg, effects)`. The fast path only writes down when it last heard
something; this machine is asked about it at each tick.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from assist.protocol.states import LegState

SET_UP_DEADLINE_S = 15.0
KEPT_WHILE_LOST_S = 120.0
SILENCE_WITH_MEDIA_S = 1.0
SILENCE_WITHOUT_MEDIA_S = 4.0


class Effect(StrEnum):
    """What the holder of a Leg has to do."""

    REPORT = "report"  # tell `live` the new state
    RELEASE = "release"  # give the connection back


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a Leg and since when (monotonic seconds)."""

    state: LegState
    since_s: float


@dataclass(frozen=True, slots=True)
class Answered:
    """The peer's description arrived."""


@dataclass(frozen=True, slots=True)
class Secured:
    """DTLS gave keys."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """The connection ended by itself: a goodbye of the peer, or a failed handshake."""


@dataclass(frozen=True, slots=True)
class Closed:
    """We close it: the Session ended, or a newer Leg took its place."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passed; when anything authentic, and when media, was last heard."""

    heard_s: float
    media_s: float


Input = Answered | Secured | Dropped | Closed | Tick
Effects = tuple[Effect, ...]


def new(now_s: float) -> Standing:
    """A Leg whose description was just made."""
    return Standing(LegState.NEW, now_s)


def step(leg: Standing, happened: Input, now_s: float) -> tuple[Standing, Effects]:
    """What becomes of `leg`, and what is to be done about it."""
    if leg.state is LegState.CLOSED:
        return leg, ()
    target = _target(leg, happened, now_s)
    if target is leg.state:
        return leg, ()
    effects: Effects = () if target is LegState.CONNECTING else (Effect.REPORT,)
    if target is LegState.CLOSED:
        effects += (Effect.RELEASE,)
    return replace(leg, state=target, since_s=now_s), effects


def _target(leg: Standing, happened: Input, now_s: float) -> LegState:
    match happened:
        case Closed():
            return LegState.CLOSED
        case Answered():
            return LegState.CONNECTING if leg.state is LegState.NEW else leg.state
        case Secured():
            return LegState.UP
        case Dropped():
            # Who was in a call comes back with a newer Leg; until then they are lost, not gone.
            was_up = leg.state in (LegState.UP, LegState.LOST)
            return LegState.LOST if was_up else LegState.CLOSED
        case Tick():
            return _after_time(leg, happened, now_s)


def _after_time(leg: Standing, tick: Tick, now_s: float) -> LegState:
    lasted_s = now_s - leg.since_s
    if leg.state in (LegState.NEW, LegState.CONNECTING):
        return LegState.CLOSED if lasted_s >= SET_UP_DEADLINE_S else leg.state
    if leg.state is LegState.LOST:
        if tick.heard_s > leg.since_s:
            return LegState.UP
        return LegState.CLOSED if lasted_s >= KEPT_WHILE_LOST_S else leg.state
    silent_s = now_s - max(tick.heard_s, leg.since_s)
    return LegState.LOST if silent_s >= _allowed_silence_s(tick) else leg.state


def _allowed_silence_s(tick: Tick) -> float:
    """Short while media flowed up to the end, longer when only beats and checks are due."""
    flowed = tick.media_s > 0 and tick.heard_s - tick.media_s < SILENCE_WITH_MEDIA_S
    return SILENCE_WITH_MEDIA_S if flowed else SILENCE_WITHOUT_MEDIA_S
