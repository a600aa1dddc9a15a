"""Which states may follow which, by whose act? The table is the specification, Lua follows it.

Each row is one script in one person's hands. `decides` names whose states decide whether it acts:
from one that its arrows do not name it changes nothing and appends no Event. A state that
points at itself is an act that moves only what the other columns say. What a row does not name
stays as it was. `docs/live.md` is written from here, and the tests walk every pair.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from assist.protocol.states import HelpState as H

NOTHING = "nothing"  # a HelpRequest or an Offer that is not there yet
LAST_CALL = "last_call"  # a Volunteer in_call who has said that they want no more after it
RESTING = "resting"  # a Volunteer away who takes calls: asleep by their hours, or snoozing
# A practice stands beside all else: of another HelpRequest or Offer, its states are not these.
PRACTISING = "practising"  # a Volunteer ringing who takes no calls
PRACTICE = (
    "practice"  # a pending Offer of a practice; before the state of a HelpRequest: practice_ringing
)
State = str
Arrows = Mapping[State, frozenset[State]]


class Who(StrEnum):
    """Whose act it is. The worker acts when a deadline has passed."""

    REQUESTER = "Requester"
    VOLUNTEER = "Volunteer"
    RELAY = "relay"
    WORKER = "worker"
    HOUSE = "house"


class Transition(NamedTuple):
    """One row: the arrows of the HelpRequest, the Volunteer and the Offer it is about.

    `events` are the types of which exactly one is appended.
    """

    script: str
    who: Who
    decides: str
    events: frozenset[str]
    help_request: Arrows
    volunteer: Arrows
    offer: Arrows

    def acts(self, states: Mapping[str, State]) -> bool:
        """Does it act when its subjects stand so? {"help_request": state, ...}"""
        return all(states[subject] in getattr(self, subject) for subject in self.decides.split())

    def after(self, subject: str, before: State) -> frozenset[State]:
        """Where a subject may stand after it acted."""
        arrows: Arrows = getattr(self, subject)
        return arrows.get(before, frozenset({before}))


def _arrows(text: str) -> Arrows:
    """From "ringing>waiting|ringing parked": a state without an arrow stays."""
    found = {}
    for part in text.split():
        before, _, after = part.partition(">")
        found[before] = frozenset((after or before).split("|"))
    return found


def _row(
    script: str,
    who: Who,
    decides: str,
    events: str,
    help_request: str = "",
    volunteer: str = "",
    offer: str = "",
) -> Transition:
    return Transition(
        script,
        who,
        decides,
        frozenset(events.split()),
        _arrows(help_request),
        _arrows(volunteer),
        _arrows(offer),
    )


_OPEN = [one for one in H if one is not H.ENDED]
_PRACTICE_ENDS = "practice_ringing>ended practice_connecting>ended practice_in_call>ended"
_ALL_END = " ".join(f"{one}>ended" for one in _OPEN) + f" {_PRACTICE_ENDS}"
_LEFT = "in_call>wrapping_up|available last_call>away"
_FREED = f"ringing>available practising>away {_LEFT}"
_UNANSWERED = "ringing>waiting|ringing parked practice_ringing>ended"
_WITHDRAWN = "pending>withdrawn practice>withdrawn"

TRANSITIONS: tuple[Transition, ...] = (
    _row("ask", Who.REQUESTER, "help_request", "help.asked", "nothing>waiting"),
    _row(
        "offer",
        Who.WORKER,
        "help_request volunteer",
        "offers.made",
        "waiting>ringing ringing parked",
        "available>ringing",
        "nothing>pending",
    ),
    _row(
        "practice",
        Who.VOLUNTEER,
        "help_request volunteer",
        "practice.begun",
        "nothing>practice_ringing",
        "available>ringing resting>ringing wrapping_up>ringing away>practising",
        "nothing>practice",
    ),
    _row("shown", Who.VOLUNTEER, "offer", "offer.shown", "", "", "pending practice"),
    _row(
        "accept",
        Who.VOLUNTEER,
        "offer",
        "offer.accepted",
        "ringing>connecting parked>confirming practice_ringing>practice_connecting",
        "ringing>in_call|available practising>last_call",  # the others who rang are free again
        "pending>accepted|withdrawn practice>accepted",
    ),
    _row(
        "decline",
        Who.VOLUNTEER,
        "offer",
        "offer.ended help.ended",
        _UNANSWERED,
        "ringing>available practising>away",
        "pending>declined practice>withdrawn",
    ),
    _row(
        "miss",
        Who.WORKER,
        "offer",
        "offer.ended help.ended",
        _UNANSWERED,
        "ringing>available practising>away",
        "pending>missed practice>withdrawn",
    ),
    _row(
        "available",
        Who.VOLUNTEER,
        "volunteer",
        "volunteer.changed",
        "",
        "away>available resting wrapping_up>available last_call>in_call practising>ringing",
    ),
    _row(
        "away",
        Who.VOLUNTEER,
        "volunteer",
        "volunteer.changed offer.ended help.ended",
        _UNANSWERED,
        "available>away resting>away ringing>away in_call>last_call wrapping_up>away",
        "pending>declined practice>withdrawn",
    ),
    _row(
        "enlist",
        Who.HOUSE,
        "volunteer",
        "volunteer.changed",
        "",
        "available>resting resting>available",
    ),
    _row(
        "block",
        Who.HOUSE,
        "offer",
        "offer.ended",
        "ringing>waiting|ringing parked",
        "ringing>available",
        "pending>withdrawn",
    ),
    _row(
        "rouse",
        Who.WORKER,
        "volunteer",
        "volunteer.changed",
        "",
        "available>resting resting>available",
    ),
    _row("wrapped", Who.WORKER, "volunteer", "volunteer.changed", "", "wrapping_up>available"),
    _row(
        "leg",
        Who.RELAY,
        "help_request",
        "leg.changed call.connected",
        "waiting ringing connecting>connecting|in_call in_call parked confirming "
        "practice_ringing practice_connecting>practice_connecting|practice_in_call "
        "practice_in_call",
    ),
    _row(
        "seat",
        Who.REQUESTER,
        "help_request",
        "leg.changed",
        "waiting ringing connecting in_call parked confirming "
        "practice_ringing practice_connecting practice_in_call",
    ),
    _row(
        "unconnected",
        Who.WORKER,
        "help_request",
        "call.put_back help.ended",
        "connecting>waiting|ended confirming>parked practice_connecting>ended",
        "in_call>available last_call>away",
    ),
    _row(
        "end",
        Who.REQUESTER,
        "help_request",
        "help.ended",
        _ALL_END,
        _FREED,
        _WITHDRAWN,
    ),
    _row(
        "end",
        Who.VOLUNTEER,
        "help_request volunteer",
        "call.put_back help.ended",
        "connecting>waiting in_call>ended confirming>parked "
        "practice_connecting>ended practice_in_call>ended",
        _LEFT,
    ),
    _row(
        "hand_over",
        Who.VOLUNTEER,
        "help_request volunteer",
        "call.put_back",
        "in_call>waiting",
        _LEFT,
    ),
    _row("finish", Who.HOUSE, "help_request", "help.ended", _ALL_END, _FREED, _WITHDRAWN),
    _row(
        "lapse requester",
        Who.WORKER,
        "help_request",
        "help.ended",
        f"waiting>ended ringing>ended connecting>ended in_call>ended {_PRACTICE_ENDS}",
        _FREED,
        _WITHDRAWN,
    ),
    _row(
        "lapse volunteer",
        Who.WORKER,
        "volunteer",
        "volunteer.changed offer.ended call.put_back help.ended",
        f"{_UNANSWERED} connecting>waiting in_call>ended confirming>parked "
        "practice_connecting>ended practice_in_call>ended",
        "available>away resting>away ringing>away in_call>away last_call>away wrapping_up>away "
        "practising>away",
        "pending>missed practice>withdrawn",
    ),
    _row(
        "expire",
        Who.WORKER,
        "help_request",
        "help.ended",
        "parked>ended confirming>ended",
        _FREED,
        "pending>withdrawn",
    ),
    _row(
        "park",
        Who.REQUESTER,
        "help_request",
        "help.parked",
        "waiting>parked ringing>parked",
        "ringing>available",
        "pending>withdrawn",
    ),
    _row("widen", Who.REQUESTER, "help_request", "help.widened", "waiting ringing"),
    _row("confirm", Who.REQUESTER, "help_request", "help.confirmed", "confirming>connecting"),
)


def _written(arrows: Arrows) -> str:
    parts = []
    for before, after in arrows.items():
        if after == {before}:
            parts.append(f"{before} stays")
        else:
            parts.append(f"{before} → {' or '.join(sorted(after))}")
    return ", ".join(parts) or "-"


def _edges(arrows: Arrows) -> Iterator[tuple[State, State]]:
    for before, after in arrows.items():
        yield from ((before, one) for one in sorted(after) if one != before)


def diagram(subject: str) -> str:
    """A Mermaid state diagram of "help_request", "volunteer" or "offer"."""
    labels: dict[tuple[State, State], list[str]] = {}
    for row in TRANSITIONS:
        for edge in _edges(getattr(row, subject)):
            if row.script not in (said := labels.setdefault(edge, [])):
                said.append(row.script)
    lines = ["```mermaid", "stateDiagram-v2"]
    for (before, after), scripts in labels.items():
        start = "[*]" if before == NOTHING else before
        lines.append(f"    {start} --> {after}: {', '.join(scripts)}")
    return "\n".join([*lines, "```"])


def page() -> str:
    """The Markdown of `docs/live.md`."""
    lines = [
        "# What is live: states and transitions",
        "",
        "Written from `assist/live/table.py` by `python -m assist.live.table`; a test compares.",
        "One row is one script of `assist/live/lua/` in somebody's hands, and appends exactly one",
        "Event. From a state that a row does not name, the script changes nothing and says so.",
        "",
    ]
    for subject in ("help_request", "volunteer", "offer"):
        lines += [f"## {subject}", "", diagram(subject), ""]
    lines += [
        "## Every transition",
        "",
        "| script | whose act | HelpRequest | Volunteer | Offer | Event |",
        "|---|---|---|---|---|---|",
    ]
    for row in TRANSITIONS:
        moves = map(_written, (row.help_request, row.volunteer, row.offer))
        columns = [row.script, row.who, *moves, " or ".join(sorted(row.events))]
        lines.append(f"| {' | '.join(columns)} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    print(page(), end="")
