"""What does a call cost on the relay? `python -m tests.load.relay [--short]`.

Ours, its peers and a ruler carry the same calls in turn, A B C A B C, each in a process of its own
on a core of its own. A call is a picture of 1 Mbit/s and two voices, with the reports and feedback
that browsers send. Every packet is unprotected at the far side; delay is from just before it is
sent to the kernel's time of its arrival. Ratios are of the same round and are the result: the
figures themselves move with whatever else the machine does.

    ours         `manage.py relay`, through `live`, with an open data channel
    forwarder    C, no keys: the ruler
    janus        Debian's Janus with its VideoCall plugin, where it is installed, and the ciphers
                 that Chromium would get; `janus_gcm` has ours
    mediarelay   aiortc's MediaRelay, which decodes and encodes: one call of 480p fills it

Seconds in which the generator was late by more than 10 ms do not count. A measurement in which most
were, or with a saturated or failing generator, is void; it is done again, twice at the most, and if
it stays void the run is (exit code 2). `--capacity` asks instead how many calls one core
carries, see `relay_capacity`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import functools
import socket
import statistics
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.load import figures, relay_capacity
from tests.load.figures import Figure, rounded
from tests.load.relay_generator import Native
from tests.load.relay_trial import KINDS, Measured, Outcome, conduct, run_trial

NOISY = 0.25  # of the ruler's own figures: standard deviation by mean
ELSEWHERE = ("203.0.113.1", 9)  # an address that belongs to nobody (RFC 5737)
AGAIN = 2  # times that what was void is measured once more

Round = dict[str, Measured]


class Options(argparse.Namespace):
    """What was asked for."""

    short: bool
    capacity: bool
    calls: int
    rounds: int
    seconds: int
    relays: str
    remb: bool
    step: int
    plots: Path | None

    @property
    def kinds(self) -> list[str]:
        return self.relays.split(",")


def installed() -> str:
    """Those of the relays that are here, in the order of a round."""
    usual = ("ours", "forwarder", "janus", "mediarelay")
    return ",".join(kind for kind in usual if KINDS[kind].available())


def options() -> Options:
    """Long by default; the short form has the same load for a shorter time."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.relay")
    parser.add_argument("--short", action="store_true", help="one round, under 50 s")
    parser.add_argument("--capacity", action="store_true", help="how many calls a core carries")
    parser.add_argument("--calls", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5, help="of each measurement, up to 8")
    parser.add_argument("--relays", default=installed(), help="which, in the order of a round")
    parser.add_argument("--remb", action="store_true", help="REMB 1/s instead of transport-cc")
    parser.add_argument("--step", type=int, default=25, help="calls, with --capacity")
    parser.add_argument("--plots", type=Path, help="folder for pictures, with --capacity")
    found = parser.parse_args(namespace=Options())
    if found.short:
        found.seconds, found.rounds = min(found.seconds, 2), 1
    return found


def host_address() -> str:
    """Where all is carried: this machine's own address, because some relays refuse loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        with contextlib.suppress(OSError):  # a machine without any network has only loopback
            probe.connect(ELSEWHERE)  # which sends nothing
        host = str(probe.getsockname()[0])
    return "127.0.0.1" if host == "0.0.0.0" else host


# -- rounds ---------------------------------------------------------------------------------------


async def measured(kind: str, asked: Options, native: Native, host: str) -> Measured:
    """One relay's turn; once more while the generator, not the relay, was at fault."""
    for _ in range(1 if asked.short else 1 + AGAIN):
        found = await run_trial(kind, asked, native, host)
        say(kind, found)
        void = found.window.void()
        if not void:
            break
        print(f"{kind}: void: {'; '.join(void)}", file=sys.stderr)
    return found


def say(kind: str, found: Measured) -> None:
    """One line for who watches."""
    window = found.window
    each_s = window.forwarded / window.seconds / found.calls
    print(
        f"{kind}: {rounded(found.mcores, 2)} mcores a call, "
        f"delay p50 {window.p50_ms} p99 {window.p99_ms} "
        f"({window.p99_usual_ms} in the usual second) ms, "
        f"loss {100 * window.loss:.3f} %, {rounded(found.syscalls, 2)} system calls a packet, "
        f"{rounded(found.mb_per_call, 2)} MB a call, {found.threads} threads, {found.profiles}; "
        f"{found.sleeps_s:.0f} sleeps/s; "
        f"{found.calls} calls, {each_s:.0f} packets/s each; generator {window.core:.2f} core, "
        f"{window.sound} sound seconds in {window.seconds:.0f}",
        flush=True,
    )


async def run(asked: Options, native: Native) -> tuple[dict[str, Figure], list[str]]:
    """All rounds; the last line, and why it would say nothing."""
    rounds: list[Round] = []
    host = host_address()
    for _ in range(asked.rounds):
        rounds.append({kind: await measured(kind, asked, native, host) for kind in asked.kinds})
    print(as_table(asked, rounds))
    void = [
        f"{kind}: {why}"
        for one in rounds
        for kind, found in one.items()
        for why in found.window.void()
    ]
    return summary(asked, rounds), void


# -- what came of them ----------------------------------------------------------------------------


def medians(values: Sequence[float | None]) -> float | None:
    """Of what is known."""
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def ratios(rounds: Sequence[Round], kind: str) -> list[float]:
    """What a call costs on ours by what it costs there, in each round that has both."""
    both = [one for one in rounds if {"ours", kind} <= set(one)]
    costs = [(one["ours"].mcores, one[kind].mcores) for one in both]
    return [ours / theirs for ours, theirs in costs if ours and theirs]


def spread(values: Sequence[float | None], digits: int = 2) -> str | None:
    """Median (least..most)."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    most, least = max(known), min(known)
    return f"{statistics.median(known):.{digits}f} ({least:.{digits}f}..{most:.{digits}f})"


COLUMNS: dict[str, Callable[[Measured], float | None]] = {
    "mcores a call": lambda one: one.mcores,
    "p50 ms": lambda one: one.window.p50_ms,
    "p99 ms": lambda one: one.window.p99_ms,
    "p99 ms, usual second": lambda one: one.window.p99_usual_ms,
    "loss %": lambda one: 100 * one.window.loss,
    "system calls a packet": lambda one: one.syscalls,
    "MB a call": lambda one: one.mb_per_call,
    "threads": lambda one: one.threads,
}


def as_table(asked: Options, rounds: Sequence[Round]) -> str:
    """Each relay's median (least..most) over the rounds."""
    rows: list[list[Figure]] = []
    for kind in asked.kinds:
        found = [one[kind] for one in rounds]
        cells = [spread([column(one) for one in found]) for column in COLUMNS.values()]
        rows.append([kind, found[0].calls, spread(ratios(rounds, kind), 3), *cells])
    return figures.table(["relay", "calls", "ours by it", *COLUMNS], rows)


def is_noisy(rounds: Sequence[Round]) -> bool:
    """Whether the ruler itself changed so much that the ratios say little."""
    costs = [cost for one in rounds if "forwarder" in one if (cost := one["forwarder"].mcores)]
    return len(costs) > 1 and statistics.stdev(costs) > NOISY * statistics.mean(costs)


def summary(asked: Options, rounds: Sequence[Round]) -> dict[str, Figure]:
    """The last line."""
    ours = [one["ours"] for one in rounds if "ours" in one]
    noisy = is_noisy(rounds)
    if noisy:
        print("noisy: the ruler's own figures differ by more than 25 %; judge nothing by this run")
    return {
        "path": "python",
        "calls": asked.calls,
        **{
            f"ratio_{kind}": rounded(medians(ratios(rounds, kind)), 4)
            for kind in ("mediarelay", "janus", "forwarder")
        },
        "added_p50_ms": rounded(medians([one.window.p50_ms for one in ours]), 3),
        "added_p99_ms": rounded(medians([one.window.p99_ms for one in ours]), 3),
        "mb_per_call": rounded(medians([one.mb_per_call for one in ours]), 2),
        "syscalls_per_packet": rounded(medians([one.syscalls for one in ours]), 2),
        "rounds": len(rounds),
        "ratio_janus_gcm": rounded(medians(ratios(rounds, "janus_gcm")), 4),
        "added_p99_usual_ms": rounded(medians([one.window.p99_usual_ms for one in ours]), 3),
        "mcores_per_call": rounded(medians([one.mcores for one in ours]), 2),
        "threads": max((one.threads for one in ours), default=None),
        "loss_percent": rounded(medians([100 * one.window.loss for one in ours]), 3),
        "unreadable": sum(found.window.failed for one in rounds for found in one.values()),
        "noisy": int(noisy),
    }


async def weigh(asked: Options, native: Native) -> Outcome:
    """The rounds, or how many calls a core carries. Nothing here can break a promise."""
    if asked.capacity:
        last, void = await relay_capacity.run(asked, native, host_address())
    else:
        last, void = await run(asked, native)
    return last, 0, void


if __name__ == "__main__":
    sys.exit(asyncio.run(conduct(functools.partial(weigh, options()))))
