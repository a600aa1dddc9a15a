"""Who is connected in one HelpRequest, and for which Volunteer is the gate open?"""

from __future__ import annotations

import math

from assist.protocol.states import Role
from assist.relay.leg import OPEN, SHUT, Leg

MAX_VOLUNTEER_LEGS = 4  # three that ring and the one in the call


class Session:
    """The Legs of one HelpRequest: the Requester's, a few ringing ones, and one open gate."""

    def __init__(self, help_request: str) -> None:
        self.help_request = help_request
        self.legs: dict[str, Leg] = {}  # by person
        self.numbers: dict[str, int] = {}  # the highest that each person had
        self.gate: str | None = None  # the Volunteer who may see and hear
        self.gate_refused = 0  # of Legs that are gone; see `refused_at_gate`
        self.sent_away_s = -math.inf  # when its people were last asked to go to another relay

    def of_role(self, role: Role) -> list[Leg]:
        """The Legs on that side."""
        return [leg for leg in self.legs.values() if leg.whose.role is role]

    def is_full_for(self, person: str, role: Role) -> bool:
        """Whether one more Leg of `role` would be too many, one of `person`'s own replaced."""
        others = [leg for leg in self.of_role(role) if leg.whose.person != person]
        return len(others) >= (1 if role is Role.REQUESTER else MAX_VOLUNTEER_LEGS)

    def put(self, leg: Leg) -> Leg | None:
        """Take a Leg in; returns the one that it replaces."""
        person = leg.whose.person
        replaced = self.legs.get(person)
        self.legs[person] = leg
        self.numbers[person] = leg.whose.number
        self.join()
        return replaced

    def drop(self, leg: Leg) -> None:
        """Forget a Leg that is over (a newer one of the same person stays)."""
        self.gate_refused += leg.counts["gate_refused"]
        leg.peer = None
        if self.legs.get(leg.whose.person) is leg:
            del self.legs[leg.whose.person]
        self.join()

    def open_gate(self, volunteer: str | None) -> tuple[Leg, ...]:
        """Let the Requester and `volunteer` see and hear each other, and nobody else."""
        self.gate = volunteer
        return self.join()

    def join(self) -> tuple[Leg, ...]:
        """Make each Leg's peer what the gate says; returns the pair if it is a new one."""
        requester = next(iter(self.of_role(Role.REQUESTER)), None)
        volunteer = self.legs.get(self.gate) if self.gate is not None else None
        pair = self._pair(requester, volunteer)
        before = requester.peer if requester is not None else None
        for leg in self.legs.values():
            leg.peer = None
        if pair is None:
            if requester is not None and before is not None:
                requester.say(SHUT)
            return ()
        pair[0].peer, pair[1].peer = pair[1], pair[0]
        if before is pair[1]:
            return ()
        # The page hears of Accept from the house, too, but that way is longer, and both people wait
        # for the camera.
        pair[0].say(OPEN)
        pair[0].ask_for_key_frame()  # the Volunteer need not first miss a picture
        return pair

    @staticmethod
    def _pair(requester: Leg | None, volunteer: Leg | None) -> tuple[Leg, Leg] | None:
        if requester is None or volunteer is None or requester is volunteer:
            return None
        return (requester, volunteer) if requester.ready and volunteer.ready else None

    @property
    def refused_at_gate(self) -> int:
        """Packets and messages that stopped at the closed gate since the Session began."""
        return self.gate_refused + sum(leg.counts["gate_refused"] for leg in self.legs.values())
