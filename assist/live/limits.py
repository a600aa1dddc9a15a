"""How long may each thing take? Milliseconds, used by the scripts and told to the pages."""

LIMITS_MS: dict[str, int] = {
    "LEASE": 25_000,  # a page beats each 5 s
    "LEASE_KEPT": 120_000,  # hidden pages, and everybody in a Call
    "HIDDEN_RUNG": 20_000,  # a page hidden for longer is rung to nobody
    "OFFER_SHOWN": 20_000,  # each Volunteer may choose up to RING_MOST
    "OFFER_SPARE": 5_000,  # from the script's time to the screen
    "RING_MOST": 40_000,
    "PUSH_SHOWN": 45_000,
    "PUSH": 60_000,
    "WAVE": 8_000,
    "SETUP": 15_000,  # from accept until both Legs are up
    "WRAP_UP": 30_000,  # each Volunteer may choose none, or up to WRAP_UP_MOST
    "WRAP_UP_MOST": 300_000,
    "MISSED_REST": 60_000,  # not again in the same HelpRequest before this
    "CONFIRM": 45_000,
    "REST": 600_000,  # after two call-backs that nobody answered, after each more twice as long
    "REST_MOST": 14_400_000,
    "TOMBSTONE": 86_400_000,
    "CALL_KEPT": 3_600_000,  # ratings and reports after the end
    "RELAY_LEASE": 4_000,
    "PROMPT": 8_000,  # an accept within this counts as one for the size of a Wave
    "NEXT": 60_000,  # who was too late is first in line for so long
    "HEADSTART": 259_200_000,  # a newcomer's turn: as if the last call were three days ago
    "AGAIN": 600_000,  # so long after a Call its Volunteer can be called again
    "ALONE": 20_000,  # and is asked alone, before anybody else
    "AGES": 10_000_000_000_000,  # before everybody whose turn is counted in dates
    "FORGOTTEN": 604_800_000,
    "PRACTICE": 600_000,  # so long a practice may take
    "PRACTICE_KEPT": 60_000,  # so long after its end what comes late finds that it has ended
}
LANGUAGES = 8  # in so many a HelpRequest is asked at most
MISSES = 3  # so many rings in a row may pass before a page is set away
SESSION_LOAD = 0.01  # of a core, for one more HelpRequest until its relay knows better
PRACTICE_ROOM = 0.1  # of a core that must be free beside a practice: real calls go first
ODDS_DECAY = 0.99  # what is left of the past with each Offer that ended
TRIES = 3  # so often may a Call fail to connect before its HelpRequest ends


def lua() -> str:
    """The same as a Lua table."""
    body = ", ".join(f"{name} = {value}" for name, value in LIMITS_MS.items())
    numbers = f"TRIES = {TRIES}, MISSES = {MISSES}, ODDS_DECAY = {ODDS_DECAY}, "
    numbers += f"SESSION_LOAD = {SESSION_LOAD}, LANGUAGES = {LANGUAGES}, "
    numbers += f"PRACTICE_ROOM = {PRACTICE_ROOM}"
    return f"local L = {{ {body}, {numbers} }}\n"
