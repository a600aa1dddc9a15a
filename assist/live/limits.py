"""How long may each thing take? Milliseconds, used by the scripts and told to the pages."""

LIMITS_MS: dict[str, int] = {
    "LEASE": 25_000,  # a page beats each 5 s
    "LEASE_KEPT": 120_000,  # hidden pages, and everybody in a Call
    "HIDDEN_RUNG": 20_000,  # a page hidden for longer is rung to nobody
    "OFFER_SHOWN": 20_000,
    "OFFER": 25_000,
    "WAVE": 8_000,
    "SETUP": 15_000,  # from accept until both Legs are up
    "WRAP_UP": 30_000,
    "MISSED_REST": 60_000,  # not again in the same HelpRequest before this
    "CONFIRM": 45_000,
    "TOMBSTONE": 86_400_000,
    "CALL_KEPT": 3_600_000,  # ratings and reports after the end
    "RELAY_LEASE": 4_000,
}
TRIES = 3  # so often may a Call fail to connect before its HelpRequest ends


def lua() -> str:
    """The same as a Lua table."""
    body = ", ".join(f"{name} = {value}" for name, value in LIMITS_MS.items())
    return f"local L = {{ {body}, TRIES = {TRIES} }}\n"
