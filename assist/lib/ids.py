"""What is a new thing called?"""

import secrets
import time


def new_id() -> str:
    """A UUIDv7 (RFC 9562) as 32 hex digits: made at the edge, sorts by time, cannot be guessed."""
    random = secrets.randbits(74)
    value = (
        (time.time_ns() // 1_000_000 & (1 << 48) - 1) << 80
        | 7 << 76
        | (random >> 62) << 64
        | 2 << 62
        | random & (1 << 62) - 1
    )
    return f"{value:032x}"
