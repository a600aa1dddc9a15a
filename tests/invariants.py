"""Is what is live sound? The invariants of the design, written once, for tests, load and chaos.

`broken` looks at one instant (`tests.truth`) and at all Events up to it (`tests.history`), and
answers with a sentence for each thing that must not be. `unserved` may be asked only right after a
round of matching, `overdue` only right after a sweep.
"""

from collections.abc import Iterable, Iterator

from assist.live.keys import FAMILIES
from assist.live.limits import LIMITS_MS
from tests.history import History
from tests.truth import Hash, Truth

WITH_VOLUNTEER = frozenset({"connecting", "in_call", "confirming"})
WANTING = frozenset({"waiting", "ringing", "parked"})
LEASED = frozenset({"waiting", "ringing", "connecting", "in_call"})
SWEEP_MS = 2_000
LATE = 3  # tiers from here on: of a topic that a hand-over named they do not know
FARTHEST = LATE + 2  # everybody, of such a topic
LONGEST = {"wrap": "WRAP_UP_MOST", "practice": "PRACTICE"}


def broken(truth: Truth, history: History) -> list[str]:
    """Every sentence about something wrong; an empty list is what we want."""
    return [
        *history.wrong,
        *_one_call(truth),
        *_one_offer(truth),
        *_blocks(truth, history.parted),
        *_indexes(truth),
        *_deadlines(truth),
        *_odds(truth),
        *_lives(truth),
        *_told_as_it_is(truth, history),
        *_places(truth, history),
    ]


def _one_call(truth: Truth) -> Iterator[str]:
    """1. A Volunteer is in at most one Call, a HelpRequest has at most one Volunteer."""
    in_calls: dict[str, str] = {}
    for id, help in truth.open_helps.items():
        volunteer = help.get("volunteer", "")
        if bool(volunteer) != (help["state"] in WITH_VOLUNTEER):
            yield f"help {id} is {help['state']} with the Volunteer {volunteer!r}"
        if not volunteer:
            continue
        if volunteer in in_calls:
            yield f"{volunteer} is in the Calls of {id} and {in_calls[volunteer]}"
        in_calls[volunteer] = id
        is_ = truth.volunteers.get(volunteer, {})
        if (is_.get("state"), is_.get("help_request"), is_.get("call")) != (
            "in_call", id, help.get("call"),
        ):  # fmt: skip
            yield f"help {id} says {volunteer} is in its Call, they say {is_}"
    for id, is_ in truth.volunteers.items():
        if is_["state"] == "in_call" and id not in in_calls:
            yield f"{id} is in_call in no open Call"


def _one_offer(truth: Truth) -> Iterator[str]:
    """2. A Volunteer has at most one pending Offer, and rings exactly while it is."""
    rings: dict[str, str] = {}
    for offer, one in truth.pending.items():
        volunteer = one["volunteer"]
        if volunteer in rings:
            yield f"{volunteer} has two pending Offers"
        rings[volunteer] = offer
        state = truth.state("help", one["help_request"], "nothing")
        if state not in ("ringing", "parked"):
            yield f"Offer {offer} is pending for a HelpRequest that is {state}"
    for id, is_ in truth.volunteers.items():
        if is_["state"] == "ringing" and rings.get(id) != is_.get("offer"):
            yield f"{id} rings for {is_.get('offer')}, their Offer is {rings.get(id)}"
        if is_["state"] != "ringing" and id in rings:
            yield f"{id} is {is_['state']} with a pending Offer"
    for id, help in truth.open_helps.items():
        if help["state"] == "ringing" and not truth.of("offers").get(id):
            yield f"help {id} rings with no pending Offer"


def _blocks(truth: Truth, in_sql: Iterable[tuple[str, str]]) -> Iterator[str]:
    """3. No Offer is across a block, that Redis knows or SQL; and Redis knows all that SQL does."""
    known = {(one, other) for one, others in truth.of("blocks").items() for other in others}
    parted = known | {pair[::way] for pair in in_sql for way in (1, -1)}
    for one, other in parted - known:
        yield f"Redis does not know that {one} is parted from {other}"
    for offer, ring in truth.pending.items():
        requester = truth.helps[ring["help_request"]]["requester"]
        is_met = ring.get("practice") != "1"  # else there is nobody to be parted from
        if is_met and (requester, ring["volunteer"]) in parted:
            yield f"Offer {offer} rings {ring['volunteer']} across a block, for {requester}"


def _indexes(truth: Truth) -> Iterator[str]:
    """Every index is what the hashes say, no more and no less."""
    opened = truth.open_helps
    offers: dict[str, set[str]] = {}
    for id, one in truth.pending.items():
        offers.setdefault(one["help_request"], set()).add(id)
    yield from _available(truth)
    present = {id for id, is_ in truth.volunteers.items() if is_["state"] != "away"}
    yield from _same("present", set(truth.one("present")), present)
    yield from _same("open", set(truth.one("open")), set(opened))
    wanting = {id: float(one["since_ms"]) for id, one in opened.items() if wants(one)}
    yield from _same("waiting", truth.one("waiting"), wanting)
    hungry = {id: float(place_of(opened[id])) for id in wanting if f"wave:{id}" not in truth.due}
    yield from _same("hungry", truth.one("hungry"), hungry)
    for id in wanting.keys() - offers.keys() - hungry.keys():
        yield f"help {id} waits for the end of a Wave that rings nobody"
    asking = {one["requester"]: id for id, one in opened.items()}
    yield from _same("requester", truth.of("requester"), asking)
    yield from _same("offers", {k: set(v) for k, v in truth.of("offers").items()}, offers)
    if len(asking) != len(opened):
        yield "a Requester has two open HelpRequests"


def wants(help: Hash) -> bool:
    """More may be asked. Nobody ever is to a practice, but the one who began it."""
    return help["state"] in WANTING and help.get("practice") != "1"


def place_of(help: Hash) -> int:
    """8. By the first ask; the parked come after everybody who stands there."""
    return int(help["since_ms"]) + (LIMITS_MS["AGES"] if help["state"] == "parked" else 0)


def _available(truth: Truth) -> Iterator[str]:
    """Who is available stands in the list of each language and topic, by turn."""
    expected: dict[str, set[str]] = {}
    for id, is_ in truth.volunteers.items():
        roster = truth.of("roster").get(id, {})
        if is_["state"] != "available" or roster.get("public") == "0":
            continue
        for language in roster["languages"].split():
            for topic in ("all", *(roster["topics"].split() or ("any",))):
                expected.setdefault(f"{language}.{is_['reach']}.{topic}", set()).add(id)
    stored = truth.of("available")
    yield from _same("available", {k: set(v) for k, v in stored.items()}, expected)
    for name, places in stored.items():
        for id, place in places.items():
            if place not in _turns(truth, id):
                yield f"{id} stands in {name} at {place}, may at {_turns(truth, id)}"


def _turns(truth: Truth, volunteer: str) -> set[float]:
    """Where they may stand in line: ahead of all for a minute, until somebody looks after it."""
    turn = float(truth.of("roster")[volunteer]["turn_ms"])
    next_ms = int(truth.volunteers[volunteer].get("next_ms", 0))
    ahead = turn - LIMITS_MS["AGES"]
    if next_ms > truth.now_ms:
        return {ahead}
    return {turn, ahead} if f"next:{volunteer}" in truth.due else {turn}


def _same(name: str, stored: object, projected: object) -> Iterator[str]:
    if stored != projected:
        yield f"index {name} is {stored}, the hashes say {projected}"


def _deadlines(truth: Truth) -> Iterator[str]:
    """Whatever can last too long has a deadline; nothing else has one."""
    needed = {f"offer:{id}": float(one["deadline_ms"]) for id, one in truth.pending.items()}
    stored = truth.due
    for id, help in truth.open_helps.items():
        state = help["state"]
        wanted = {
            f"setup:{id}": state == "connecting",
            f"confirm:{id}": state == "confirming",
            f"parked:{id}": state in ("parked", "confirming"),
            f"practice:{id}": help.get("practice") == "1",
            f"requester:{help['requester']}": state in LEASED,
        }
        needed.update({name: stored.get(name, -1.0) for name, is_ in wanted.items() if is_})
    for id, is_ in truth.volunteers.items():
        if _needs_lease(truth, id, is_):
            needed[f"volunteer:{id}"] = stored.get(f"volunteer:{id}", -1.0)
        if is_["state"] == "wrapping_up":
            needed[f"wrap:{id}"] = stored.get(f"wrap:{id}", -1.0)
        if int(is_.get("next_ms", 0)) > truth.now_ms:
            needed[f"next:{id}"] = float(is_["next_ms"])
    found = {
        name: at for name, at in stored.items() if name in needed or not _may_stand(name, truth)
    }
    yield from _same("deadlines", found, needed)
    yield from _watched(truth)
    for name, at in stored.items():
        longest = LONGEST.get(name.partition(":")[0], "LEASE_KEPT")
        if at > truth.now_ms + LIMITS_MS[longest] and not name.startswith(("parked:", "rouse:")):
            yield f"deadline {name} is {at - truth.now_ms} ms ahead"


def _needs_lease(truth: Truth, volunteer: str, is_: Hash) -> bool:
    """Whom only an open page reaches, and everybody in a Call."""
    if is_["state"] == "ringing":
        return truth.pending.get(is_["offer"], {}).get("reach") == "page"
    by_push = truth.of("roster").get(volunteer, {}).get("push") == "1"
    return is_["state"] == "in_call" or (is_["state"] == "available" and not by_push)


def _watched(truth: Truth) -> Iterator[str]:
    """Somebody looks again when a Volunteer's hours or snooze begin or end."""
    for id, roster in truth.of("roster").items():
        edges = [int(one) for one in roster.get("awake", "").replace(":", " ").split()]
        edges.append(int(roster.get("snooze_ms", 0)))
        ahead = [at for at in edges if at > truth.now_ms]
        if ahead and truth.due.get(f"rouse:{id}", float("inf")) > min(ahead):
            yield f"nobody looks again when the hours of {id} change at {min(ahead)}"


def _may_stand(name: str, truth: Truth) -> bool:
    """Deadlines that outlive their need without harm: whoever comes finds nothing to do."""
    kind, _, id = name.partition(":")
    if kind == "wave":
        return truth.state("help", id, "nothing") in WANTING
    if kind == "volunteer":
        is_ = truth.volunteers.get(id, {})
        return is_.get("state", "away") != "away" or is_.get("taking") == "1"
    return kind in ("rouse", "next") and id in truth.of("roster")


def _lives(truth: Truth) -> Iterator[str]:
    """Every key ends, or has its reason in keys.py; what belongs to an end is gone with it."""
    for name in truth.of("unknown"):
        yield f"key {name} is in no family"
    for key, ttl_ms in truth.ttl_ms.items():
        family = key.partition(":")[0]
        limit_s = FAMILIES[family].ttl_s if family in FAMILIES else None
        if limit_s is not None and not 0 <= ttl_ms <= limit_s * 1000:
            yield f"{key} lives {ttl_ms} ms, its family {limit_s} s"
    for id, help in truth.helps.items():
        if help["state"] == "ended":
            if truth.ttl_ms[f"help:{id}"] < 0:
                yield f"help {id} ended and stays for ever"
            left = [f for f in ("asked", "legs", "offers") if id in truth.of(f)]
            if left:
                yield f"help {id} ended and left {left}"


def _told_as_it_is(truth: Truth, history: History) -> Iterator[str]:
    """4, 6, 7. The Events alone give the same states, ends and numbers as Redis holds."""
    states = {id: one["state"] for id, one in truth.helps.items()}
    yield from _same("HelpRequests by Events", history.help_state, states)
    away = dict.fromkeys(truth.volunteers, "away")
    told = away | {id: state for id, state in history.volunteer_state.items() if id in away}
    now = {id: is_["state"] for id, is_ in truth.volunteers.items()}
    yield from _same("Volunteers by Events", told, now)
    seqs = {person: int(number) for person, number in truth.of("seq").items()}
    yield from _same("seq", history.seq, seqs)
    untold = {id for id, story in history.offers.items() if not story.outcomes}
    yield from _same("Offers by Events", untold, set(truth.pending))


def _places(truth: Truth, history: History) -> Iterator[str]:
    """8. The place in the queue is that of the first ask."""
    for id, help in truth.open_helps.items():
        if int(help["since_ms"]) != history.since_ms.get(id):
            yield f"help {id} waits since {help['since_ms']}, asked {history.since_ms.get(id)}"


def overdue(truth: Truth) -> list[str]:
    """6. After a sweep nothing is past its deadline by more than that sweep."""
    return [
        f"deadline {name} passed {truth.now_ms - at} ms ago"
        for name, at in truth.due.items()
        if at < truth.now_ms - SWEEP_MS
    ]


def reach_of(truth: Truth, volunteer: str) -> str:
    """How their phone could ring now: "page", "push", or "" when it must not."""
    is_, roster = truth.volunteers.get(volunteer, {}), truth.of("roster").get(volunteer, {})
    if is_.get("state") != "available" or roster.get("suspended") == "1":
        return ""
    windows = [one.split(":") for one in roster.get("awake", "").split()]
    awake = not windows or any(int(start) <= truth.now_ms < int(end) for start, end in windows)
    if not awake or int(roster.get("snooze_ms", 0)) > truth.now_ms:
        return ""
    held = int(is_.get("hold_ms", truth.now_ms + 1)) <= truth.now_ms
    if truth.due.get(f"volunteer:{volunteer}", 0) > truth.now_ms and not held:
        return "page"
    return "push" if roster.get("push") == "1" else ""


def tier_of(truth: Truth, help_id: str, volunteer: str) -> int:
    """In which of the Requester's tiers they stand, 0 is asked first; -1: in none."""
    help, roster = truth.helps[help_id], truth.of("roster").get(volunteer, {})
    if volunteer in truth.of("blocks").get(help["requester"], ()):
        return -1
    in_circle = volunteer in truth.of("circle").get(help["requester"], ())
    if int(help["first_ms"]) > truth.now_ms:  # one of them alone, whom the person would like again
        may = in_circle or roster.get("public") != "0"
        return 0 if volunteer == help["first"] and may else -1
    if not set(roster.get("languages", "").split()) & set(help["languages"].split()):
        return -1
    topics = roster.get("topics", "").split()
    likes = not help["topic"] or not topics or help["topic"] in topics
    if not likes and help.get("topic_first") != "1":
        return -1
    late = 0 if likes else LATE  # what a hand-over named only says who comes first
    if help["among"] != "anyone" and in_circle:
        return late
    if help["among"] == "circle" or (roster.get("public") == "0"):
        return -1
    met = volunteer in truth.of("met").get(help["requester"], ())
    return late + (1 if met and help["among"] != "anyone" else 2)


def may_be_asked(truth: Truth, help_id: str, volunteer: str) -> str:
    """ "fresh", "again", or "" when this Volunteer may not be rung for this HelpRequest now (3)."""
    if not reach_of(truth, volunteer) or tier_of(truth, help_id, volunteer) < 0:
        return ""
    past = truth.of("asked").get(help_id, {}).get(volunteer)
    return "fresh" if past is None else _again(past, truth.volunteers[volunteer], truth.now_ms)


def _again(past: str, is_: Hash, now_ms: int) -> str:
    outcome, _, at = past.partition(":")
    if outcome == "missed":
        return "again" if now_ms - int(at) >= LIMITS_MS["MISSED_REST"] else ""
    if outcome == "handed":  # they would only hand over again
        return ""
    if outcome == "declined":
        return "again" if int(is_.get("fresh_ms", 0)) > int(at) else ""
    return "again"


def unserved(before: Truth, after: Truth) -> list[str]:
    """5, 8. After a round of matching nobody waits whom somebody could help, the oldest first."""
    wrong = []
    ringing = {one["help_request"] for one in after.pending.values()}
    for id, help in after.open_helps.items():
        if not wants(help) or id in ringing or _is_held(help, after.now_ms):
            continue
        able = [one for one in after.volunteers if may_be_asked(after, id, one)]
        if able:
            wrong.append(f"help {id} waits while {able} could be asked")
        for offer in _made_in(before, after):
            later = place_of(before.helps[offer["help_request"]]) > place_of(help)
            if later and may_be_asked(before, id, offer["volunteer"]):
                wrong.append(f"help {id} waits, one who asked later took {offer['volunteer']}")
    return wrong


def _made_in(before: Truth, after: Truth) -> list[Hash]:
    """The Offers that this round of matching made."""
    return [one for id, one in after.pending.items() if id not in before.of("offer")]


def unkind(before: Truth, after: Truth) -> list[str]:
    """3. A round rings the nearest first, and nobody again while anybody fresh is free."""
    wrong = []
    for offer in _made_in(before, after):
        help_id, volunteer = offer["help_request"], offer["volunteer"]
        kind = may_be_asked(before, help_id, volunteer)
        if not kind:
            wrong.append(f"{volunteer} must not be rung for {help_id}")
        if offer["reach"] != reach_of(before, volunteer):
            wrong.append(f"{volunteer} is rung by {offer['reach']}, which does not reach them")
        fresh = [one for one in after.volunteers if may_be_asked(after, help_id, one) == "fresh"]
        if kind == "again" and fresh:
            wrong.append(f"{volunteer} is rung again while somebody fresh is free")
        nearer = min([tier_of(after, help_id, one) for one in fresh], default=FARTHEST)
        if nearer < tier_of(before, help_id, volunteer):
            wrong.append(f"{volunteer} is rung while somebody nearer to {help_id} is free")
    return wrong


def _odds(truth: Truth) -> Iterator[str]:
    """What was measured of rings is a share of them, and the past weighs less than a hundred."""
    odds: Hash = truth.of("odds").get("", {})
    for reach in ("page", "push"):
        made, taken = (float(odds.get(f"{reach}_{what}", 0)) for what in ("made", "taken"))
        if not 0 <= taken <= made <= 100:
            yield f"of {made} rings by {reach} {taken} were taken"


def _is_held(help: Hash, now_ms: int) -> bool:
    """Its Requester's page is hidden, or they were called back in vain a while ago."""
    rests = help["state"] == "parked" and int(help.get("rest_ms", 0)) > now_ms
    return rests or int(help.get("hold_ms", now_ms + 1)) <= now_ms
