"""How does Python hand sockets and keys to the native generator, and read what it counted?

`native/generator.c` and `reports.c` are compiled into a folder that goes with the run. They are
given the addresses of pylibsrtp's own libsrtp, so nothing else has to be installed or linked.
"""

from __future__ import annotations

import asyncio
import ctypes
import random
import shutil
import socket
import statistics
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pylibsrtp._binding import ffi, lib

NATIVE = Path(__file__).parent / "native"
SLOWEST_US = 500_000
MOST_WINDOWS = 16
BURST = 64  # packets of a frame at most, as in generator.c
LATE_MS = 10.0
DRAIN_SECONDS = 0.5
_US_PER_MS = 1000


class NoCompiler(Exception):
    """There is no `cc` here; the text says what to do."""


class Native:
    """What was compiled, in a folder of its own; `close` removes it."""

    def __init__(self) -> None:
        if shutil.which("cc") is None:
            raise NoCompiler("The generator is native code: install a C compiler (cc) first.")
        self._folder = tempfile.TemporaryDirectory(prefix="assist-native-")
        library = ("-shared", "-fPIC", "-pthread")
        self.generator = self._build("generator", "generator.c", "reports.c", *library)
        self.forwarder = self._build("forwarder", "forwarder.c")

    def _build(self, name: str, *words: str) -> Path:
        made = Path(self._folder.name) / name
        command = ["cc", "-O2", "-Wall", "-Wextra", "-Werror", *words, "-o", str(made)]
        subprocess.run(command, cwd=NATIVE, check=True, timeout=60)
        return made

    def close(self) -> None:
        self._folder.cleanup()


class Media:
    """Frames that a camera or a microphone yields over and over."""

    def __init__(self, frames: Sequence[Sequence[bytes]], every_s: float, clock_hz: int) -> None:
        """Each frame is one or more payloads, sent as one burst."""
        self.every_s, self.clock_hz = every_s, clock_hz
        assert all(len(frame) <= BURST for frame in frames)
        payloads = [payload for frame in frames for payload in frame]
        firsts, offsets = [0], [0]
        for frame in frames:
            firsts.append(firsts[-1] + len(frame))
        for payload in payloads:
            offsets.append(offsets[-1] + len(payload))
        self._frames = len(frames)
        self._first = (ctypes.c_int * len(firsts))(*firsts)
        self._offset = (ctypes.c_int * len(offsets))(*offsets)
        self._size = (ctypes.c_int * len(payloads))(*map(len, payloads))
        self._bytes = b"".join(payloads)

    def as_native(self, stamped: bool) -> _Media:
        return _Media(
            self._frames, self._first, self._offset, self._size, self._bytes, int(stamped)
        )


def synthetic_voice() -> Media:
    """As Opus at 32 kbit/s: 80 bytes, 50 times a second."""
    return Media([[random.randbytes(80)] for _ in range(50)], 0.02, 48_000)


def synthetic_picture() -> Media:
    """As VP8 at 1 Mbit/s and 30 frames a second: 123 packets of about 1,020 bytes."""
    draw = random.Random(1)
    frames = []
    for number in range(300):
        packets = 5 if number % 10 == 0 else 4
        frames.append([draw.randbytes(draw.randint(880, 1160)) for _ in range(packets)])
    return Media(frames, 1 / 30, 90_000)


class _Functions(ctypes.Structure):
    _fields_ = [
        (name, ctypes.c_void_p)
        for name in ("protect", "unprotect", "protect_rtcp", "unprotect_rtcp")
    ]


class _Media(ctypes.Structure):
    _fields_ = [
        ("frames", ctypes.c_int),
        ("first", ctypes.POINTER(ctypes.c_int)),
        ("offset", ctypes.POINTER(ctypes.c_int)),
        ("size", ctypes.POINTER(ctypes.c_int)),
        ("bytes", ctypes.c_char_p),
        ("stamped", ctypes.c_int),
    ]


class _Window(ctypes.Structure):
    _fields_ = [
        *((name, ctypes.c_uint64) for name in ("late_ns", "sent", "received")),
        ("latency_us", ctypes.c_uint32 * (SLOWEST_US + 1)),
    ]

    def delays(self) -> Counter[int]:
        """How many packets took how many microseconds."""
        return Counter({us: count for us, count in enumerate(self.latency_us) if count})


_COUNTS = ("media", "reports", "unsent", "failed", "handed")


class _Stats(ctypes.Structure):
    _fields_ = [
        ("window", ctypes.c_uint32),
        ("thread", ctypes.c_uint32),
        *((name, ctypes.c_uint64) for name in _COUNTS),
        ("windows", _Window * MOST_WINDOWS),
    ]


class Outlet(NamedTuple):
    """One stream that a Leg sends: its RTP header, and where two numbers in it change."""

    head: bytes
    at_transport: int
    at_time: int
    media: Media


class Seat(NamedTuple):
    """All that the generator must have of one Leg."""

    socket: socket.socket
    to: tuple[str, int]
    srtp: tuple[Any, Any]  # libsrtp's contexts for what goes out and what comes in
    check: bytes  # a STUN request to be repeated, or nothing
    voice: int  # the SSRC with which it reports
    outlets: Sequence[Outlet]
    hand: Callable[[bytes], None]  # takes what is not media


class Measurement(NamedTuple):
    """What was counted over some seconds; of those in which the generator was late, nothing is
    told but how many packets came."""

    wanted: int
    sound: int  # seconds that tell something
    seconds: float  # of all
    forwarded: int  # RTP and RTCP that came out at the far sides and could be read
    media: int
    loss: float  # share of the stamped packets that never came
    p50_ms: float | None
    p99_ms: float | None
    p99_usual_ms: float | None  # the median of the p99 of each second
    relay_core: float  # the share of one core that the relay took, all its threads
    core: float  # and the generator of its own
    late_ms: float
    unsent: int
    failed: int

    def void(self) -> list[str]:
        """Why nothing measured in this window says anything of the relay."""
        found = []
        if self.sound < self.wanted:
            late = f"the generator was up to {self.late_ms:.1f} ms late"
            found.append(f"{late}, {self.sound} of {self.wanted} seconds were sound")
        if self.core > 0.85:
            found.append(f"the generator took {self.core:.2f} of its core")
        if self.unsent:
            found.append(f"the generator could not send {self.unsent} packets")
        if self.failed:
            found.append(f"{self.failed} packets could not be unprotected at the far side")
        if not self.media:
            found.append("no media came out at the far side")
        return found


class Generator:
    """Some hundred phones in one native thread."""

    def __init__(
        self, native: Native, stamped: bool = True, remb: bool = False, beat_us: int = 100
    ) -> None:
        """`stamped`: measure delay and loss, in payloads that nobody decodes. `remb`: the
        receivers' feedback is one REMB a second instead of transport-cc each 50 ms. What is due
        within `beat_us` microseconds is sent together."""
        self._native = ctypes.CDLL(str(native.generator))
        self._stats = _Stats()
        theirs = ctypes.c_ulong.in_dll(self._native, "generator_stats_bytes").value
        assert theirs == ctypes.sizeof(_Stats), "generator.h and this file differ"
        self._stamped, self._remb, self._beat_us = stamped, remb, beat_us
        self._hands: list[Callable[[bytes], None]] = []
        self._kept: list[Any] = []  # what the native side points to
        self._side, self._their_side = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._side.setblocking(False)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._side.fileno(), self._take)
        new = self._native.generator_new
        new.restype = ctypes.c_void_p
        self._pointer = ctypes.c_void_p(
            new(_functions(), ctypes.byref(self._stats), self._their_side.fileno())
        )
        self._running = False
        self._draw = random.Random(2)

    def add(self, seat: Seat) -> None:
        """One more Leg; only while the thread rests. Its streams begin within their period."""
        assert not self._running
        seat.socket.setblocking(False)
        for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            seat.socket.setsockopt(socket.SOL_SOCKET, option, 1 << 20)
        seat.socket.connect(seat.to)
        leg = self._native.generator_leg(
            self._pointer,
            seat.socket.fileno(),
            *(ctypes.c_void_p(int(ffi.cast("uintptr_t", one._srtp[0]))) for one in seat.srtp),
            seat.check,
            len(seat.check),
            ctypes.c_uint32(seat.voice),
            int(self._remb),
            self._within(1.0),
        )
        assert leg == len(self._hands)
        self._hands.append(seat.hand)
        self._kept.append(seat)
        for outlet in seat.outlets:
            self._add_stream(leg, outlet)

    def _add_stream(self, leg: int, outlet: Outlet) -> None:
        media = outlet.media.as_native(self._stamped)
        self._kept.append(media)
        added = self._native.generator_stream(
            self._pointer,
            leg,
            outlet.head,
            len(outlet.head),
            outlet.at_transport,
            outlet.at_time,
            ctypes.byref(media),
            outlet.media.clock_hz,
            ctypes.c_uint64(round(outlet.media.every_s * 1e9)),
            self._within(outlet.media.every_s),
        )
        assert added >= 0

    def _within(self, seconds: float) -> ctypes.c_uint64:
        return ctypes.c_uint64(int(self._draw.random() * seconds * 1e9))

    def start(self, core: int, priority: int) -> None:
        """Send and receive from now on; `core` -1: any, `priority` 0: as everybody."""
        self._running = True
        beat_ns = ctypes.c_uint64(self._beat_us * 1000)
        self._native.generator_start(self._pointer, core, priority, beat_ns)

    def stop(self) -> None:
        """Rest; the streams go on where they stopped at the next start."""
        if self._running:
            self._native.generator_stop(self._pointer)
            self._running = False

    def close(self) -> None:
        self.stop()
        self._loop.remove_reader(self._side.fileno())
        self._native.generator_free(self._pointer)
        self._side.close()
        self._their_side.close()

    def _take(self) -> None:
        for _ in range(64):
            try:
                data = self._side.recv(4096)
            except BlockingIOError:
                return
            self._hands[int.from_bytes(data[:4], "little")](data[4:])

    async def measure(
        self, seconds: int, relay_busy_s: Callable[[], float], at_most: int | None = None
    ) -> Measurement:
        """Count until there are that many sound seconds, or `at_most` in all (else twice as many);
        then let what is under way arrive.

        `relay_busy_s` says how much time on a core the relay has used so far.
        """
        limit = at_most or 2 * seconds
        assert 0 < seconds <= limit <= MOST_WINDOWS
        stats, loop = self._stats, self._loop
        self._forget()
        began_s, busy_s = loop.time(), self._busy_s()
        marks = [(began_s, relay_busy_s())]
        sound: list[int] = []
        for second in range(limit):
            stats.window = second + 1
            await asyncio.sleep(began_s + second + 1 - loop.time())
            marks.append((loop.time(), relay_busy_s()))
            if stats.windows[second].late_ns <= LATE_MS * 1e6:
                sound.append(second)
            if len(sound) == seconds:
                break
        stats.window = 0
        passed_s, used_s = loop.time() - began_s, self._busy_s() - busy_s
        await asyncio.sleep(DRAIN_SECONDS)
        windows = [stats.windows[second] for second in sound]
        delays = [one.delays() for one in windows]
        sent = sum(one.sent for one in windows)
        p99s_ms = [ms for one in delays if (ms := _percentile_ms(one, 0.99)) is not None]
        lasted_s, relay_used_s = (
            sum(marks[second + 1][what] - marks[second][what] for second in sound)
            for what in (0, 1)
        )
        return Measurement(
            wanted=seconds,
            sound=len(sound),
            seconds=passed_s,
            forwarded=stats.media + stats.reports,
            media=stats.media,
            loss=1 - sum(one.received for one in windows) / sent if sent else 0.0,
            p50_ms=_percentile_ms(sum(delays, Counter()), 0.5),
            p99_ms=_percentile_ms(sum(delays, Counter()), 0.99),
            p99_usual_ms=round(statistics.median(p99s_ms), 3) if p99s_ms else None,
            relay_core=relay_used_s / lasted_s if sound else 0.0,
            core=used_s / passed_s,
            late_ms=max(one.late_ns for one in stats.windows) / 1e6,
            unsent=stats.unsent,
            failed=stats.failed,
        )

    def _forget(self) -> None:
        assert not self._stats.window
        for name in _COUNTS:
            setattr(self._stats, name, 0)
        ctypes.memset(self._stats.windows, 0, ctypes.sizeof(self._stats.windows))

    def _busy_s(self) -> float:
        path = Path(f"/proc/self/task/{self._stats.thread}/schedstat")
        return int(path.read_text().split()[0]) / 1e9


def _percentile_ms(delays: Counter[int], share: float) -> float | None:
    """From just before a packet is sent to its arrival, at this share of all packets."""
    left = share * delays.total()
    for us, count in sorted(delays.items()):
        left -= count
        if left <= 0:
            return us / _US_PER_MS
    return None


def _functions() -> _Functions:
    names = ("srtp_protect", "srtp_unprotect", "srtp_protect_rtcp", "srtp_unprotect_rtcp")
    return _Functions(*(int(ffi.cast("uintptr_t", ffi.addressof(lib, name))) for name in names))
