"""Whom would we ask now? Pure: no Redis, no clock. The script that offers checks it all again."""

from typing import NamedTuple

WAVE_SIZE = 3


class Standing(NamedTuple):
    """One HelpRequest as the policy sees it. Volunteers come longest idle first; times in ms."""

    wave: int
    wave_ms: int
    now_ms: int
    held: bool
    volunteers: list[str]


def propose(standing: Standing) -> list[str]:
    """The Volunteers of the next Wave, or nobody as long as the last one still has its time.

    The first Wave goes out at once, and so does one after every ring has come to nothing;
    a hidden page rings nobody.
    """
    if standing.held or standing.now_ms < standing.wave_ms:
        return []
    return standing.volunteers[:WAVE_SIZE]
