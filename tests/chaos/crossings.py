"""Do two people stay together when the ground moves? `python -m tests.chaos.crossings [--short]`

A real house, real pages in a call, and again and again one of these: the relay is killed, or told
to leave; a page is reloaded; a NAT rebinds; a path dies for good, or is dark for six seconds; a
phone changes its network. Measured at the pages themselves: when both hear, and the Volunteer
sees, again. It is broken when the call is not the same one afterwards, when anybody was rung anew,
or when media does not come back.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.browser.people import Requester, Volunteer
from tests.chaos import phone
from tests.chaos.stage import (
    Gap,
    Stage,
    gaps_of,
    now_ms,
    staged,
    told_after,
    why_no_media,
)
from tests.impair import BadNetwork, bad_network, detour_script
from tests.load import figures
from tests.load.figures import Figure, percentile, rounded
from tests.waiting import wait_for

BACK_S = 30.0
CALM_S, CALM_SHORT_S = 1.0, 0.3  # between two rounds, so that one does not fall into the other
DARK_S, DARK_SHORT_S = 6.0, 3.0
REBOUND_S = 2.0
ALL = ("rebound", "dark", "stranded", "reloaded", "drained", "killed", "changed")


class Options(argparse.Namespace):
    short: bool
    rounds: int
    only: list[str]


def options() -> Options:
    """Long by default: fifty of each, the dark ones aside."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.crossings")
    parser.add_argument("--short", action="store_true", help="one of each, under 50 s")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--only", nargs="+", choices=ALL, default=list(ALL))
    found = parser.parse_args(namespace=Options())
    if found.short:
        found.rounds = 1
    return found


@dataclass(slots=True)
class Outcome:
    """What became of all rounds of one kind."""

    back_s: list[float] = field(default_factory=list)  # until everybody hears and sees again
    gap_s: list[float] = field(default_factory=list)  # the longest silence of anybody
    told_s: list[float] = field(default_factory=list)  # until the other one was told of it
    replaced: int = 0  # Legs that were opened anew
    broken: list[str] = field(default_factory=list)

    def note(self, gaps: dict[str, Gap]) -> None:
        self.back_s.append(max(gap.over_after_s for gap in gaps.values()))
        self.gap_s.append(max(gap.lasted_s for gap in gaps.values()))


@dataclass(slots=True)
class Pair:
    """Two people in a call, and what must stay as it is."""

    stage: Stage
    requester: Requester
    volunteer: Volunteer
    network: BadNetwork | None = None
    dark_s: float = DARK_S
    calm_s: float = CALM_S

    async def why_not_replaced(self, before: dict[str, str], least: int) -> str:
        """Nothing once so many Legs of before have a successor, and all are up."""
        now = await self.stage.legs()
        new = [person for person in now if now[person] != before.get(person)]
        up = [leg for leg in now.values() if leg.startswith("up:")]
        return "" if len(new) >= least and len(up) == 2 else f"{before} became {now}"

    async def media_again(self, from_ms: int) -> None:
        pages = (self.requester.page, self.volunteer.page)
        await wait_for(lambda: why_no_media(*pages, from_ms), BACK_S)

    async def round(self, outcome: Outcome, happen: Callable[[], Awaitable[None]]) -> None:
        """Let it happen, wait until all is well again, and look at what it cost."""
        before, legs, happened_ms = await self.stage.truth(), await self.stage.legs(), now_ms()
        try:
            await happen()
            await self.media_again(now_ms())
            pages = (self.requester.page, self.volunteer.page)
            outcome.note(gaps := await gaps_of(*pages, happened_ms))
            print(" ", {who: rounded(gap.over_after_s, 2) for who, gap in gaps.items()}, flush=True)
            told_s = await told_after(self.volunteer.page, "connection is lost", happened_ms)
            outcome.told_s += [told_s] if told_s is not None else []
        except AssertionError as error:
            outcome.broken.append(str(error))
            return
        after, now = await self.stage.truth(), await self.stage.legs()
        outcome.replaced += sum(now[person] != legs.get(person) for person in now)
        same = ("id", "call", "volunteer", "state")
        outcome.broken += [f"{name} changed" for name in same if after[name] != before[name]]
        rings = self.stage.rings(before["id"])
        outcome.broken += [f"rung {rings} times"] * (rings > 1)
        await asyncio.sleep(self.calm_s)


# -- what may happen ---------------------------------------------------------------


async def killed(pair: Pair, outcome: Outcome) -> None:
    """kill -9 of the relay that carries them; another one is there."""
    await two_relays(pair.stage)
    legs, relay = await pair.stage.legs(), await pair.stage.carrier()

    async def happen() -> None:
        await pair.stage.end_of(relay, signal.SIGKILL)
        await wait_for(lambda: pair.why_not_replaced(legs, 2), BACK_S)

    await pair.round(outcome, happen)


async def drained(pair: Pair, outcome: Outcome) -> None:
    """SIGTERM of that relay: it ends by itself, once they have moved."""
    await two_relays(pair.stage)
    legs, relay = await pair.stage.legs(), await pair.stage.carrier()

    async def happen() -> None:
        await pair.stage.end_of(relay, signal.SIGTERM)
        await wait_for(lambda: pair.why_not_replaced(legs, 2), BACK_S)

    await pair.round(outcome, happen)
    gone = asyncio.wait_for(relay.process.wait(), BACK_S)
    await asyncio.gather(gone, two_relays(pair.stage))
    if relay.process.returncode:
        outcome.broken.append(f"the relay ended with {relay.process.returncode}")


async def two_relays(stage: Stage) -> None:
    """Whoever has gone has a successor."""
    while len(stage.relays) < 2:
        await stage.start_relay()
    await wait_for(lambda: stage.why_not_relays(2), BACK_S)


async def reloaded(pair: Pair, outcome: Outcome) -> None:
    """One page after the other."""
    guest = (pair.requester, pair.volunteer)[len(outcome.back_s) % 2]
    legs = await pair.stage.legs()

    async def happen() -> None:
        await guest.page.reload()
        await wait_for(lambda: pair.why_not_replaced(legs, 1), BACK_S)

    await pair.round(outcome, happen)


async def rebound(pair: Pair, outcome: Outcome) -> None:
    """The Requester's NAT gives their packets another port, in the same second the old one dies."""
    network = pair.network
    assert network is not None

    async def happen() -> None:
        network.rebind()
        await asyncio.sleep(REBOUND_S)

    await pair.round(outcome, happen)


async def stranded(pair: Pair, outcome: Outcome) -> None:
    """The Requester's path dies without a word to the browser; another one would work."""
    network, legs = pair.network, await pair.stage.legs()
    assert network is not None

    async def happen() -> None:
        network.strand()
        await wait_for(lambda: pair.why_not_replaced(legs, 1), BACK_S)

    await pair.round(outcome, happen)


async def dark(pair: Pair, outcome: Outcome) -> None:
    """Nothing gets through for a while: a lift, a tunnel."""
    network = pair.network
    assert network is not None

    async def happen() -> None:
        network.both(dark=True)
        await asyncio.sleep(pair.dark_s)
        network.both(dark=False)

    await pair.round(outcome, happen)
    if len(outcome.told_s) < len(outcome.back_s):
        outcome.broken.append("nobody told the Volunteer")


def changed(device: phone.Phone) -> Callable[[Pair, Outcome], Awaitable[None]]:
    """The Requester's phone goes from Wi-Fi to the mobile network, and back the next time."""

    async def change(pair: Pair, outcome: Outcome) -> None:
        legs = await pair.stage.legs()

        async def happen() -> None:
            device.change()
            await wait_for(lambda: pair.why_not_replaced(legs, 1), BACK_S)

        await pair.round(outcome, happen)

    return change


# -- all of it ---------------------------------------------------------------------

Kinds = dict[str, Callable[[Pair, Outcome], Awaitable[None]]]
THROUGH_A_NETWORK: Kinds = {"rebound": rebound, "dark": dark, "stranded": stranded}
AMONG_TWO_RELAYS: Kinds = {"reloaded": reloaded, "drained": drained, "killed": killed}
FEWER = {"dark": 5, "reloaded": 2}  # so much fewer rounds: they are told of elsewhere, or slow


class Run:
    """Everybody in one house, one call after the other."""

    def __init__(self, stage: Stage, asked: Options) -> None:
        self.stage, self.asked = stage, asked
        self.outcomes: dict[str, Outcome] = {}
        self.volunteer: Volunteer

    async def through_a_network(self) -> None:
        """With one relay alone: the network leads to that one."""
        (relay,) = self.stage.relays
        async with bad_network(("127.0.0.1", relay.port)) as network:
            requester = await self.stage.requester(script=detour_script(network.address))
            await self._call(requester, THROUGH_A_NETWORK, network)

    async def among_two_relays(self, requester: Requester) -> None:
        await two_relays(self.stage)
        await self._call(requester, AMONG_TWO_RELAYS)

    async def on_a_phone(self, requester: Requester, device: phone.Phone) -> None:
        await self._call(requester, {"changed": changed(device)})

    async def _call(
        self, requester: Requester, kinds: Kinds, network: BadNetwork | None = None
    ) -> None:
        await self.stage.meet(requester, self.volunteer)
        dark_s, calm_s = (DARK_SHORT_S, CALM_SHORT_S) if self.asked.short else (DARK_S, CALM_S)
        pair = Pair(self.stage, requester, self.volunteer, network, dark_s, calm_s)
        await asyncio.sleep(calm_s)
        for name, cross in kinds.items():
            if name not in self.asked.only:
                continue
            outcome = self.outcomes[name] = Outcome()
            for _ in range(-(-self.asked.rounds // FEWER.get(name, 1))):
                await cross(pair, outcome)
                if outcome.broken:
                    break
            print(f"{name}: {spread(outcome)}", flush=True)
        await self.stage.part(requester, self.volunteer)


def spread(outcome: Outcome) -> dict[str, Figure]:
    """Seconds."""
    told: dict[str, Figure] = {"told_max_s": rounded(max(outcome.told_s, default=None), 2)}
    return {
        "n": len(outcome.back_s),
        **{
            f"back_{name}_s": rounded(percentile(outcome.back_s, share), 2)
            for name, share in (("p50", 0.5), ("p95", 0.95), ("max", 1.0))
        },
        "gap_max_s": rounded(percentile(outcome.gap_s, 1.0), 2),
        **told,
        "legs_replaced": outcome.replaced,
        "broken": "; ".join(outcome.broken) or None,
    }


async def main(asked: Options) -> int:
    """Everything that was asked for; the exit code."""
    print(figures.machine(), flush=True)
    with ExitStack() as leaving:
        folder = Path(leaving.enter_context(tempfile.TemporaryDirectory(prefix="assist-chaos-")))
        device = phone.Phone() if phone.can_be_made() and "changed" in asked.only else None
        if device:
            leaving.callback(device.close)
        async with staged(folder) as stage:
            outcomes = await run(stage, asked, device)
    last: dict[str, Figure] = {"rounds": asked.rounds}
    for name in asked.only:
        found = spread(outcomes[name]) if name in outcomes else {}
        last |= {f"{name}_{figure}": value for figure, value in found.items() if figure != "broken"}
    broken = [f"{name}: {one}" for name in outcomes for one in outcomes[name].broken]
    for sentence in broken:
        print(f"broken: {sentence}", file=sys.stderr)
    return figures.close(last, len(broken), ())


async def run(stage: Stage, asked: Options, device: phone.Phone | None) -> dict[str, Outcome]:
    """One relay at first, later two. Who is in a later call comes while others are in theirs."""
    made = Run(stage, asked)
    await stage.only_our_relays(0)
    later = asyncio.create_task(stage.requester()) if wants(asked, AMONG_TWO_RELAYS) else None
    on_phone = asyncio.create_task(phone_user(stage, device)) if device else None
    made.volunteer, _ = await asyncio.gather(stage.volunteer(), stage.start_relay())
    if wants(asked, THROUGH_A_NETWORK):
        await made.through_a_network()
    if later:
        await made.among_two_relays(await later)
    if device and on_phone:
        await made.on_a_phone(await on_phone, device)
    elif "changed" in asked.only:
        print("changed: not measured, it needs root on Linux")
    return made.outcomes


async def phone_user(stage: Stage, device: phone.Phone) -> Requester:
    """Somebody who knows the house by an address that both networks of their phone lead to."""
    return await stage.requester(
        device.browser(stage.chromium, stage.folder),
        address=f"https://{phone.HOUSE}:{stage.house.https_port}",
        ignore_https_errors=True,
    )


def wants(asked: Options, kinds: Sequence[str] | Kinds) -> bool:
    return bool(set(asked.only) & set(kinds))


if __name__ == "__main__":
    sys.exit(asyncio.run(main(options())))
