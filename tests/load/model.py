"""What do the scripts keep of people and HelpRequests, as far as a simulation needs it?

The bookkeeping of `assist/live/lua` in Python: turns, odds, misses, who is next in line, who may be
asked again. A test plays random traces on this and on the real scripts and compares. Topics,
circles, hours, leases and Legs are left out: a simulated person is reachable and connects.
Times are in milliseconds.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

from assist.live.limits import LIMITS_MS, MISSES, ODDS_DECAY
from assist.live.live import Candidate, Standing

AGES, NEXT, PROMPT = LIMITS_MS["AGES"], LIMITS_MS["NEXT"], LIMITS_MS["PROMPT"]


@dataclass
class Volunteer:
    """One hash `volunteer:` and one `roster:`."""

    id: str
    languages: tuple[str, ...]
    reach: str
    turn_ms: int
    state: str = "available"
    next_ms: int = 0
    misses: int = 0
    passed: int = 0
    fresh_ms: int = 0
    place: tuple[int, str] | None = None  # where the indexes hold them, if they do


@dataclass
class Offer:
    """One hash `offer:`."""

    id: str
    help: Help
    volunteer: Volunteer
    made_ms: int
    state: str = "pending"


@dataclass
class Help:
    """One hash `help:`, with what was asked of whom."""

    id: str
    languages: tuple[str, ...]
    since_ms: int
    state: str = "waiting"
    wave: int = 0
    wave_ms: int = 0
    asked: dict[str, tuple[str, int]] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)
    volunteer: Volunteer | None = None


class Model:
    """All that is live, in memory."""

    def __init__(self) -> None:
        self.volunteers: dict[str, Volunteer] = {}
        self.hungry: list[tuple[int, str]] = []
        self.helps: dict[str, Help] = {}
        self.odds = {"page": (0.0, 0.0), "push": (0.0, 0.0)}
        self._lists: dict[tuple[str, str], list[tuple[int, str]]] = {}
        self._offers = 0

    # --- people ----------------------------------------------------------------------------------
    def enlist(self, volunteer: Volunteer, now: int) -> None:
        """Somebody who takes calls from now on."""
        self.volunteers[volunteer.id] = volunteer
        volunteer.fresh_ms = now if volunteer.reach == "page" else 0
        self._index(volunteer, now)

    def enlist_all(self, volunteers: Iterable[Volunteer], now: int) -> None:
        """Many at once: the indexes are sorted in the end."""
        for one in volunteers:
            self.volunteers[one.id] = one
            one.place = (one.turn_ms, one.id)
            for language in one.languages:
                self._lists.setdefault((language, one.reach), []).append(one.place)
        for entries in self._lists.values():
            entries.sort()

    def _place_ms(self, one: Volunteer, now: int) -> int:
        return one.turn_ms - AGES if one.next_ms > now else one.turn_ms

    def _index(self, one: Volunteer, now: int) -> None:
        place = (self._place_ms(one, now), one.id) if one.state == "available" else None
        if place == one.place:
            return
        for language in one.languages:
            entries = self._lists.setdefault((language, one.reach), [])
            if one.place is not None:
                del entries[bisect_left(entries, one.place)]
            if place is not None:
                insort(entries, place)
        one.place = place

    def _set(self, one: Volunteer, state: str, now: int) -> None:
        one.state = state
        self._index(one, now)

    def available(self, one: Volunteer, now: int) -> None:
        """They say anew that they take calls."""
        one.misses, one.passed, one.fresh_ms = 0, 0, now
        self._set(one, "available", now)

    def wrapped(self, one: Volunteer, now: int) -> None:
        """The moment for the two questions is over."""
        one.fresh_ms = now
        self._set(one, "available", now)

    def unfavour(self, one: Volunteer, now: int) -> None:
        """The minute of being next in line is over."""
        self._index(one, now)

    # --- HelpRequests ----------------------------------------------------------------------------
    def ask(self, id: str, languages: tuple[str, ...], now: int) -> Help:
        """Somebody wants help."""
        help = self.helps[id] = Help(id, languages, now)
        insort(self.hungry, (now, id))
        return help

    def _sated(self, help: Help) -> None:
        entry = (help.since_ms, help.id)
        at = bisect_left(self.hungry, entry)
        if at < len(self.hungry) and self.hungry[at] == entry:
            del self.hungry[at]

    def standing(self, help: Help, now: int, limit: int = 20) -> Standing:
        """As `standing.lua` answers."""
        fresh: list[Candidate] = []
        again: list[Candidate] = []
        seen: set[str] = set()
        for language in help.languages:
            for reach in ("page", "push"):
                if len(fresh) < limit:
                    entries = self._lists.get((language, reach), [])
                    self._read(entries, help, now, (fresh, again, seen), len(fresh) + limit)
        return Standing(
            state=help.state, tier="everybody" if fresh else "again", wave=help.wave,
            wave_ms=help.wave_ms, now_ms=now, held=False,
            ringing=[one.volunteer.reach for one in help.offers.values()],
            odds=self.odds, candidates=fresh or again,
        )  # fmt: skip

    def anybody(self, help: Help, chance: Random, most: int) -> list[Candidate]:
        """So many, by chance, of all who are free, share a language and were not asked yet."""
        lists = [
            self._lists.get((language, reach), [])
            for language in help.languages
            for reach in ("page", "push")
        ]
        places = range(sum(len(entries) for entries in lists))
        found: dict[str, None] = {}
        for at in chance.sample(places, min(len(places), most)):
            for entries in lists:
                if at < len(entries):
                    found[entries[at][1]] = None
                    break
                at -= len(entries)
        return [
            self._candidate(self.volunteers[id], help, 0) for id in found if id not in help.asked
        ]

    def _read(
        self,
        entries: Sequence[tuple[int, str]],
        help: Help,
        now: int,
        into: tuple[list[Candidate], list[Candidate], set[str]],
        most: int,
    ) -> None:
        fresh, again, seen = into
        for _, id in entries:
            if len(fresh) >= most:
                return
            if id in seen:
                continue
            seen.add(id)
            one = self.volunteers[id]
            past = help.asked.get(id)
            if past is None:
                fresh.append(self._candidate(one, help, now))
            elif self._may_repeat(past, one, now):
                again.append(self._candidate(one, help, now))

    def _candidate(self, one: Volunteer, help: Help, now: int) -> Candidate:
        rank = min(help.languages.index(name) for name in one.languages if name in help.languages)
        return Candidate(one.id, one.reach, rank + 1, self._place_ms(one, now))

    def _may_repeat(self, past: tuple[str, int], one: Volunteer, now: int) -> bool:
        outcome, at = past
        if outcome == "declined":
            return one.fresh_ms > at
        return outcome != "missed" or now - at >= LIMITS_MS["MISSED_REST"]

    # --- Offers ----------------------------------------------------------------------------------
    def offer(self, help: Help, chosen: Iterable[str], now: int) -> list[Offer]:
        """One Wave, of those who are still free."""
        made = []
        for id in chosen:
            one = self.volunteers[id]
            if one.state != "available":
                continue
            self._offers += 1
            offer = Offer(str(self._offers), help, one, now)
            help.offers[offer.id] = offer
            help.asked[id] = ("pending", now)
            one.next_ms = 0
            self._set(one, "ringing", now)
            made.append(offer)
        if made:
            self._sated(help)
            help.state, help.wave = "ringing", help.wave + 1
            help.wave_ms = now + LIMITS_MS["WAVE"]
        return made

    def wave_over(self, help: Help) -> None:
        """A Wave rang long enough: more may be asked."""
        if help.state in ("waiting", "ringing"):
            self._hunger(help)

    def _hunger(self, help: Help) -> None:
        self._sated(help)
        insort(self.hungry, (help.since_ms, help.id))

    def _learn(self, offer: Offer, outcome: str, now: int) -> None:
        taken, made = self.odds[offer.volunteer.reach]
        rang = now - offer.made_ms
        weight = min(1.0, rang / PROMPT) ** 2 if outcome == "withdrawn" else 1.0
        prompt = outcome == "accepted" and rang <= PROMPT
        left = ODDS_DECAY**weight
        self.odds[offer.volunteer.reach] = (taken * left + prompt, made * left + weight)

    def _close(self, offer: Offer, outcome: str, quicker: bool, now: int) -> None:
        one, state = offer.volunteer, "available"
        offer.state = outcome
        del offer.help.offers[offer.id]
        offer.help.asked[one.id] = (outcome, now)
        if outcome == "missed":
            one.misses += 1
            self._sink(one, now)
            if one.reach == "page" and one.misses >= MISSES:
                one.misses, state = 0, "away"
        if outcome == "declined":
            one.misses = one.passed = 0
        if quicker:
            one.passed += now - offer.made_ms >= PROMPT
            if one.passed >= MISSES:
                self._sink(one, now)
            else:
                one.next_ms = now + NEXT
        self._learn(offer, outcome, now)
        self._set(one, state, now)

    def _sink(self, one: Volunteer, now: int) -> None:
        one.turn_ms = round((one.turn_ms + now) / 2)

    def _end_offer(self, offer: Offer, outcome: str, now: int) -> None:
        self._close(offer, outcome, False, now)
        if not offer.help.offers:
            offer.help.state = "waiting"
            self._hunger(offer.help)

    def miss(self, offer: Offer, now: int) -> None:
        """Nobody touched the dialog in time."""
        self._end_offer(offer, "missed", now)

    def decline(self, offer: Offer, now: int) -> None:
        """Not now."""
        self._end_offer(offer, "declined", now)

    def accept(self, offer: Offer, now: int) -> list[Offer]:
        """They meet at once; the Offers of the others, who were too late."""
        help, one = offer.help, offer.volunteer
        offer.state = "accepted"
        del help.offers[offer.id]
        help.asked[one.id] = ("accepted", now)
        self._sated(help)
        self._learn(offer, "accepted", now)
        losers = list(help.offers.values())
        for loser in losers:
            self._close(loser, "withdrawn", True, now)
        help.state, help.volunteer = "in_call", one
        one.misses, one.passed, one.turn_ms = 0, 0, now
        self._set(one, "in_call", now)
        return losers

    def end(self, help: Help, now: int) -> Volunteer | None:
        """The end, from any state; who is wrapping up now, if they met."""
        for offer in list(help.offers.values()):
            self._close(offer, "withdrawn", False, now)
        self._sated(help)
        help.state = "ended"
        del self.helps[help.id]
        if help.volunteer is not None:
            self._set(help.volunteer, "wrapping_up", now)
        return help.volunteer
