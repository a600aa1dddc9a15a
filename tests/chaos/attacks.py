"""Does the relay stand where stock libraries fall? `python -m tests.chaos.attacks [--short]`.

Attacks T10 to T18 of our threat model, each against a real relay process while two calls talk
through it, and each beside what the same attack does to aiortc and aioice as they come. Broken is:
anything that nobody caught or that was logged as a warning, a byte to a stranger, a lost packet of
the call that was not attacked, less than 90 % of the attacked voice, memory that grows, a Leg that
should be gone. All packets are seeded; everything stays on this machine's own addresses.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, NamedTuple

from tests.chaos import attacks_ours as ours
from tests.chaos.attacks_arena import Arena, Outcome, open_arena
from tests.chaos.attacks_house import open_house
from tests.chaos.stock_victims import Fall, fall_of
from tests.load import figures

FLOOD_PER_S = 20_000
AT_ONCE = 3
WAITS = "half_open"  # a fall that takes long and does little
BESIDE_S, BESIDE_MB = 60.0, 23.0


Work = Callable[[Arena, Outcome], Coroutine[Any, Any, None]]


class Options(argparse.Namespace):
    """What the command line says."""

    short: bool
    only: list[str]
    no_stock: bool


class Attack(NamedTuple):
    """One row of the table; `stock` names its counterpart in `stock_victims`.

    What goes on `beside` the others takes long and does little.
    """

    name: str
    work: Work
    stock: str = ""
    beside: bool = False


def options() -> Options:
    """Long by default; the short form makes each attack with fewer packets."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.attacks")
    parser.add_argument("--short", action="store_true", help="under 50 s")
    parser.add_argument("--only", nargs="*", default=[], help="attacks whose name has this word")
    parser.add_argument("--no-stock", action="store_true", help="leave the counterparts out")
    return parser.parse_args(namespace=Options())


def attacks(short: bool) -> list[Attack]:
    """All of them, with the number of packets of either form."""
    wait_s = 1.0 if short else 5.0

    def flood(kind: str) -> Work:
        count = FLOOD_PER_S // 2 if short else FLOOD_PER_S * 10
        return partial(ours.as_alice, kind=kind, count=count, rate=FLOOD_PER_S)

    def peer(kind: str, many: int, few: int, **more: Any) -> Work:
        return partial(ours.signed_in, kind=kind, count=few if short else many, **more)

    def stranger(kind: str, many: int, few: int) -> Work:
        return partial(
            ours.strangers, kind=kind, count=few if short else many, rate=float(FLOOD_PER_S)
        )

    def bomb(kind: str) -> Work:
        return partial(ours.bomb, kind=kind)

    return [
        Attack("hello race", partial(ours.race, times=1 if short else 12), "hello"),
        Attack("candidates", partial(ours.candidates, count=1000, wait_s=wait_s), "candidates"),
        Attack("descriptions", partial(ours.descriptions, count=300 if short else 20_000), "bomb"),
        Attack("strangers mixed", stranger("mixed", 500_000, 10_000), "stun"),
        Attack("strangers stuffed", stranger("stuffed", 200_000, 10_000), "reflection"),
        Attack("own address voice", flood("forged_voice")),
        Attack("own address reports", flood("forged_report")),
        Attack("own address records", flood("forged_record")),
        Attack("own address checks", flood("forged_check")),
        Attack("peer RTP", peer("rtp", 300_000, 4_000), "extension"),
        Attack("peer RTCP", peer("rtcp", 200_000, 4_000)),
        Attack("peer SCTP", peer("sctp", 100_000, 4_000, each=20_000)),
        Attack("peer DTLS", peer("dtls", 100_000, 4_000)),
        Attack("peer messages", peer("messages", 20_000, 2_000)),
        Attack("peer streams", peer("streams", 1_000_000, 10_000, rate=10_000), "streams"),
        *(
            Attack(f"peer bomb {kind}", bomb(kind), f"sctp_{kind}")
            for kind in ours.BOMBS
            if not short or kind in ("endless", "gaps")
        ),
        Attack(
            "half-open",
            partial(ours.half_open, count=90 if short else 990),
            stock="half_open",
            beside=short,
        ),
        *(
            Attack("half-open again", partial(ours.half_open, count=990, each_mb=0.01))
            for _ in range(not short)
        ),
    ]


class Falls:
    """The counterparts, a few at a time."""

    def __init__(self, names: list[str], short: bool) -> None:
        self._names, self._short = names, short
        self._few = asyncio.Semaphore(1 if short else AT_ONCE)  # beside the attacks: not many
        self._task: asyncio.Task[list[Fall]] | None = None

    def start(self) -> None:
        """Let them fall beside whatever else is done."""
        self._task = self._task or asyncio.create_task(self._all())

    async def found(self) -> dict[str, Fall]:
        """How each of them fell."""
        self.start()
        assert self._task is not None
        return dict(zip(self._names, await self._task, strict=True))

    async def _all(self) -> list[Fall]:
        return await asyncio.gather(*(self._one(name) for name in self._names))

    async def _one(self, name: str) -> Fall:
        if name == WAITS:
            return await fall_of(name, self._short)
        async with self._few:
            return await fall_of(name, self._short)


async def carry_out(chosen: list[Attack]) -> list[Outcome]:
    """One after the other, in one house; the outcomes in the order of `chosen`."""
    outcomes = [Outcome(attack.name) for attack in chosen]
    both = list(zip(chosen, outcomes, strict=True))
    async with open_house() as house, open_arena(house) as arena:
        beside = [
            asyncio.create_task(attack.work(arena, outcome))
            for attack, outcome in both
            if attack.beside
        ]
        outcomes[0].allowed_mb += BESIDE_MB * len(beside)  # which begin while that one is made
        for attack, outcome in both:
            if not attack.beside and not await _made(arena, attack, outcome):
                break
            print(f"{attack.name}: {outcome.sentence()}", flush=True)
        await asyncio.wait_for(asyncio.gather(*beside), BESIDE_S)
    return outcomes


async def _made(arena: Arena, attack: Attack, outcome: Outcome) -> bool:
    """Make one attack; whether the relay is still there."""
    try:
        async with arena.under(outcome):
            await attack.work(arena, outcome)
    except (TimeoutError, ConnectionError) as error:
        outcome.broken.append(f"the relay is gone: {error!r}")
        return False
    return True


def table(chosen: list[Attack], outcomes: list[Outcome], falls: dict[str, Fall]) -> str:
    """Ours beside stock."""
    rows = []
    for attack, outcome in zip(chosen, outcomes, strict=True):
        fall = falls.get(attack.stock)
        verdict = "; ".join(outcome.broken) or ("void" if outcome.void else "holds")
        verdict = verdict if outcome.sent else "not made"
        rows.append(
            (
                *(attack.name, f"{outcome.sent:,}", f"{verdict}: {outcome.sentence()}"),
                *(f"{outcome.stall_ms:.0f}", fall.sentence if fall else None),
            )
        )
    return figures.table(["attack", "packets", "ours", "longest stall, ms", "stock"], rows)


async def main(asked: Options) -> int:
    """All attacks and their counterparts; the exit code."""
    print(figures.machine(), flush=True)
    chosen = [
        attack
        for attack in attacks(asked.short)
        if not asked.only or any(word in attack.name for word in asked.only)
    ]
    wanted = [] if asked.no_stock else [attack.stock for attack in chosen if attack.stock]
    falling = Falls(wanted, asked.short)
    if asked.short:
        falling.start()
    outcomes = await carry_out(chosen)
    falls = await falling.found()
    for outcome in outcomes:
        for why in outcome.broken:
            print(f"broken: {outcome.name}: {why}", file=sys.stderr, flush=True)
    print(table(chosen, outcomes, falls), flush=True)
    stands = [name for name, fall in falls.items() if not fall.fell]
    for name in stands:
        print(f"broken: stock did not fall under {name}: {falls[name].sentence}", file=sys.stderr)
    broken = sum(len(outcome.broken) for outcome in outcomes) + len(stands)
    last = {
        "attacks": sum(outcome.sent > 0 for outcome in outcomes),
        "packets": sum(outcome.sent for outcome in outcomes),
        "bytes_to_strangers": sum(outcome.bytes_back for outcome in outcomes),
        "other_call_lost": sum(outcome.other_lost for outcome in outcomes),
        "attacked_voice_least": round(min(outcome.voice_share for outcome in outcomes), 4),
        "growth_mb_most": round(max(outcome.growth_mb for outcome in outcomes), 2),
        "stall_ms_most": max(outcome.stall_ms for outcome in outcomes),
        "stock_fell": sum(fall.fell for fall in falls.values()),
        "stock_tried": len(falls),
        "invariants_broken": broken,
    }
    void = [why for outcome in outcomes for why in outcome.void]
    return figures.close(last, broken, void)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(options())))
