"""What is true now? Redis holds it; one Lua script is one transition, one transition one Event."""

from assist.live.events import BEGINNING, Event
from assist.live.live import Candidate, Live, Standing
from assist.live.roster import Entry
from assist.live.transitions import Accepted, Asked, Seat

__all__ = [
    "BEGINNING",
    "Accepted",
    "Asked",
    "Candidate",
    "Entry",
    "Event",
    "Live",
    "Seat",
    "Standing",
]
