"""How does the house look from behind a slow line? A TCP proxy with a true delay and a true rate.

All connections share the line. Each begins as TCP does: a round trip until it is open, ten segments
before the first acknowledgement, twice as many after each round trip. What is on its way is bounded
by that window, and the sender is not read from while it is full. While the line is dark nothing
comes out at either end; afterwards everything does, as TCP promises.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

SEGMENT_BYTES = 1448
HEADER_BYTES = 52  # of IPv4 and of TCP with its timestamps
HANDSHAKE_SEGMENTS = 3
FIRST_WINDOW_BYTES = 10 * SEGMENT_BYTES
LARGEST_WINDOW_BYTES = 256 * 1024

Chunk = tuple[float, bytes]


@dataclass(slots=True)
class Wire:
    """One direction: one segment after the other, each as late as the line is long."""

    delay_s: float
    rate_bit_s: float  # 0: without bounds
    payload_bytes: int = 0  # of TCP: what the browser and the server say, TLS included
    segments: int = 0
    free_s: float = 0.0

    def arrival_s(self, size: int, ready_s: float) -> float:
        """When a segment of this size is there, by the loop's clock, if it is ready then."""
        self.payload_bytes += size
        self.segments += 1
        begun_s = max(ready_s, self.free_s)
        takes_s = (size + HEADER_BYTES) * 8 / self.rate_bit_s if self.rate_bit_s else 0.0
        self.free_s = begun_s + takes_s
        return self.free_s + self.delay_s


@dataclass(slots=True)
class Line:
    """Both directions, and how late this machine was in keeping their times."""

    up: Wire
    down: Wire
    connections: int = 0
    late_s: list[float] = field(default_factory=list)
    light: asyncio.Event = field(default_factory=asyncio.Event)

    def goes_dark(self) -> None:
        self.light.clear()

    def comes_back(self) -> None:
        self.light.set()

    @property
    def round_trip_s(self) -> float:
        return self.up.delay_s + self.down.delay_s

    @property
    def payload_bytes(self) -> int:
        return self.up.payload_bytes + self.down.payload_bytes

    @property
    def wire_bytes(self) -> int:
        """With the headers of all that carries data or opens a connection."""
        segments = self.up.segments + self.down.segments + HANDSHAKE_SEGMENTS * self.connections
        return self.payload_bytes + HEADER_BYTES * segments


def line(round_trip_s: float = 0.0, rate_bit_s: float = 0.0) -> Line:
    up, down = (Wire(round_trip_s / 2, rate_bit_s) for _ in range(2))
    made = Line(up, down)
    made.comes_back()
    return made


class Way:
    """One direction of one connection."""

    def __init__(
        self,
        wires: tuple[Wire, Wire],  # there, and back for the acknowledgements
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        line: Line,
    ) -> None:
        (self.there, self.back), self.reader, self.writer = wires, reader, writer
        self.line, self.loop = line, asyncio.get_running_loop()
        self.window_bytes, self.unheard_bytes = FIRST_WINDOW_BYTES, 0
        self.room = asyncio.Event()
        self.sent: asyncio.Queue[Chunk] = asyncio.Queue()  # bounded by the window

    async def carry(self, open_s: float) -> None:
        """Until the sender ends. `open_s`: when the connection is open to this side."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self._send(open_s))
            both.create_task(self._deliver())

    async def _send(self, open_s: float) -> None:
        while data := await self.reader.read(SEGMENT_BYTES):
            while self.unheard_bytes + len(data) > self.window_bytes:
                self.room.clear()
                await self.room.wait()
            self.unheard_bytes += len(data)
            ready_s = max(self.loop.time(), open_s)
            self.sent.put_nowait((self.there.arrival_s(len(data), ready_s), data))
        self.sent.put_nowait((self.loop.time() + self.there.delay_s, b""))

    async def _deliver(self) -> None:
        while True:
            arrival_s, data = await self.sent.get()
            await asyncio.sleep(arrival_s - self.loop.time())
            self.line.late_s.append(self.loop.time() - arrival_s)
            await self.line.light.wait()
            if not data:
                return self.writer.write_eof()
            self.writer.write(data)
            await self.writer.drain()
            self.loop.call_later(self.back.delay_s, self._heard, len(data))

    def _heard(self, size: int) -> None:
        self.unheard_bytes -= size
        self.window_bytes = min(self.window_bytes + size, LARGEST_WINDOW_BYTES)
        self.room.set()


@asynccontextmanager
async def shaped(line: Line, port: int, host: str = "127.0.0.1") -> AsyncIterator[int]:
    """The port, on the loopback address, that leads to that one along this line."""
    running: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        running.add(task)
        task.add_done_callback(running.discard)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await connect(reader, writer)
        except* (OSError, RuntimeError):
            pass  # one of the two has gone; so does the other
        finally:
            writer.close()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line.connections += 1
        await line.light.wait()
        open_s = asyncio.get_running_loop().time() + line.round_trip_s
        far_reader, far_writer = await asyncio.open_connection(host, port, limit=SEGMENT_BYTES)
        try:
            async with asyncio.TaskGroup() as both:
                up = Way((line.up, line.down), reader, far_writer, line)
                down = Way((line.down, line.up), far_reader, writer, line)
                both.create_task(up.carry(open_s))
                both.create_task(down.carry(open_s))
        finally:
            far_writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0, limit=SEGMENT_BYTES)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tuple(running):
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
