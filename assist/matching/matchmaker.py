"""When is somebody asked? At once after a fact that matters, and again on a steady beat."""

import asyncio
import logging
import random
from collections.abc import Callable, Sequence

from redis.exceptions import RedisError, ResponseError

from assist.lib.clock import pause
from assist.live import Live, Standing
from assist.matching.policy import MOST, propose
from assist.protocol.states import HelpState

BEAT_SECONDS = 1.0
AT_ONCE = 16  # so many HelpRequests are looked at in one go
FIRST = 500  # so many of the oldest are looked at in each round
IN_TURN = 500  # and so many of those behind them: in the next round the next ones
FEW = 8  # more than most Waves need; to look at one more costs Redis a fiftieth of a millisecond
TRIES = 5  # another worker may have rung all whom a Wave was for: so often it is made anew
# A HelpRequest wants somebody: it alone is looked at.
WANTING = frozenset({"help.asked", "help.widened", "call.put_back", "help.parked"})
# Somebody may be free again: all for whom more may be asked are looked at, the oldest first.
FREEING = frozenset(
    {"offer.ended", "offer.accepted", "help.ended", "volunteer.changed", "person.reinstated"}
)
IsOpen = Callable[[], bool]
log = logging.getLogger("assist.matching")


def always() -> bool:
    """A house without opening hours."""
    return True


async def match(live: Live, help_requests: Sequence[str], is_open: IsOpen = always) -> int:
    """Make the next Wave of each for which it is time, in this order; how many were made."""
    waves = 0
    for at in range(0, len(help_requests), AT_ONCE):
        left = list(help_requests[at : at + AT_ONCE])
        for _ in range(TRIES + len(left)):
            made = await _match_together(live, left, is_open)
            waves += sum(is_ == "ok" for is_ in made.values())
            left = [one for one, is_ in made.items() if is_ == "nobody"]
            if not left:
                break
    return waves


async def match_one(live: Live, help_request: str, is_open: IsOpen = always) -> bool:
    """Make the next Wave of one HelpRequest if it is time; True when somebody rings."""
    return await match(live, [help_request], is_open) == 1


async def match_all(live: Live, is_open: IsOpen = always) -> int:
    """The first round of somebody who has just begun; how many Waves were made."""
    return await Matchmaker(live, is_open).match_all()


async def _match_together(
    live: Live, help_requests: Sequence[str], is_open: IsOpen
) -> dict[str, str]:
    """Look at all of these, choose for one after the other, ring for all: what became of each.

    Chosen side by side, they would all ask the same people, and all but one find nobody free.
    """
    looks = [_look(live, one, FEW * place, is_open) for place, one in enumerate(help_requests, 1)]
    looked = dict(zip(help_requests, await asyncio.gather(*looks), strict=True))
    waves: dict[str, tuple[int, list[str]]] = {}
    taken: set[str] = set()
    behind: set[str] = set()
    for place, (help_request, found) in enumerate(looked.items(), 1):
        if behind:
            behind.add(help_request)
            continue
        chosen, everybody = _choose(found, taken)
        if found and everybody and len(found.candidates) >= FEW * place:  # there may be more
            found = await _look(live, help_request, MOST + len(taken), is_open)
            chosen, _ = _choose(found, taken)
        if found and chosen:
            taken.update(chosen)
            waves[help_request] = found.wave, chosen
        elif _comes_to_others(found):
            behind.add(help_request)
    answers = await asyncio.gather(*(live.offer(one, *wave) for one, wave in waves.items()))
    made = dict(zip(waves, answers, strict=True))
    again = behind | {one for one, found in looked.items() if _has_any(found, taken)}
    return {one: made.get(one, "nobody" if one in again else "gone") for one in looked}


def _has_any(found: Standing | None, taken: set[str]) -> bool:
    return found is not None and any(one.id in taken for one in found.candidates)


def _comes_to_others(found: Standing | None) -> bool:
    """May there be somebody less near, or asked before, now that all the nearest are taken?

    Only while those ring does `standing` tell of them: it is looked at anew, and so is whoever
    stands behind it, lest one who came later takes them first.
    """
    if found is None or not found.candidates or found.tier == "again":
        return False
    return found.tier != "everybody" or found.wave > 0


async def _look(live: Live, help_request: str, most: int, is_open: IsOpen) -> Standing | None:
    """Who could be asked now; None if it is not time for a Wave.

    While the house is closed the parked wait; who asked in time is still helped.
    """
    try:
        found = await live.standing(help_request, most)
    except ResponseError as error:
        # One that cannot be looked at must not keep all the others waiting.
        log.error("no look at %s: %s", help_request, error)
        return None
    if found is None or found.held or (found.state == HelpState.PARKED and not is_open()):
        return None
    # When nobody's phone rings there is nothing to wait for, whatever the last Wave's time is.
    return None if found.ringing and found.now_ms < found.wave_ms else found


def _choose(found: Standing | None, taken: set[str]) -> tuple[list[str], bool]:
    """Whom the next Wave asks, and whether these are all who are not taken."""
    free = [one for one in found.candidates if one.id not in taken] if found else []
    chosen = propose(free, found.ringing, found.odds, random.random) if found else []
    return chosen, len(chosen) == len(free)


class Matchmaker:
    """Follows the facts and matches. Any number may run: the scripts let only one of them win."""

    def __init__(self, live: Live, is_open: IsOpen = always) -> None:
        self._live, self._is_open = live, is_open
        self._news = asyncio.Event()
        self._freed = True
        self._wanting: dict[str, None] = {}  # in the order in which they came
        self._turn = FIRST

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop."""
        listener = asyncio.create_task(self._listen())
        try:
            while not stop.is_set():
                await self._round(stop)
                self._freed |= not await pause(BEAT_SECONDS, self._news)
        finally:
            listener.cancel()

    async def match_all(self) -> int:
        """One round over those for whom more may be asked; how many Waves were made.

        In order, so that the oldest gets whoever is scarce. Whoever asks meanwhile is not kept
        waiting by those for whom there is nobody.
        """
        waves, hungry = 0, await self._hungry()
        known = set(hungry)
        for at in range(0, len(hungry), AT_ONCE):
            fresh = [one for one in self._take_wanting() if one not in known]
            waves += await match(self._live, [*hungry[at : at + AT_ONCE], *fresh], self._is_open)
        return waves

    async def _hungry(self) -> list[str]:
        """The oldest, and some of those behind: many who wait in vain must not hide the others."""
        first = await self._live.hungry(FIRST)
        behind = await self._live.hungry(IN_TURN, self._turn)
        self._turn = self._turn + IN_TURN if len(behind) == IN_TURN else FIRST
        return [*first, *behind]

    def _take_wanting(self) -> list[str]:
        wanting, self._wanting = list(self._wanting), {}
        return wanting

    async def _round(self, stop: asyncio.Event) -> None:
        """After somebody was freed all are looked at, in order; otherwise only who came anew."""
        freed, self._freed = self._freed, False
        self._news.clear()
        try:
            if freed:
                await self.match_all()
            await match(self._live, self._take_wanting(), self._is_open)
        except RedisError as error:
            log.warning("matching waits for Redis: %s", type(error).__name__)
            self._freed = True
            await pause(0.5, stop)

    async def _listen(self) -> None:
        async for event in self._live.follow():
            if event.type in WANTING:
                self._wanting[event.fields["help_request"]] = None
            elif event.type in FREEING:
                self._freed = True
            else:
                continue
            self._news.set()


async def run_matchmaker(live: Live, stop: asyncio.Event, is_open: IsOpen = always) -> None:
    """Match until told to stop."""
    await Matchmaker(live, is_open).run(stop)
