"""Is the slow line slow, and does it lose, change or keep nothing?"""

import asyncio
import os
import time

import pytest

from tests.shaped import FIRST_WINDOW_BYTES, HEADER_BYTES, line, shaped
from tests.waiting import wait_for


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()


async def there_and_back(port: int, data: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(data)
    writer.write_eof()
    answer = await reader.read(-1)
    writer.close()
    return answer


async def test_what_goes_in_comes_out_of_every_connection_and_is_counted_both_ways() -> None:
    way, sent = line(), [os.urandom(size) for size in (1, 1_448, 300_000)]
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server, shaped(way, server.sockets[0].getsockname()[1]) as port:
        answers = await asyncio.gather(*(there_and_back(port, data) for data in sent))
    assert answers == sent
    total = sum(map(len, sent))
    assert (way.up.payload_bytes, way.down.payload_bytes) == (total, total)
    assert way.connections == 3
    segments = way.up.segments + way.down.segments + 3 * 3
    assert way.wire_bytes == 2 * total + HEADER_BYTES * segments


@pytest.mark.parametrize(
    ("rate_bit_s", "size", "least_s"),
    [
        (0, 1, 0.2),  # a round trip to open the connection, and one to be answered
        (400_000, FIRST_WINDOW_BYTES, 0.2 + FIRST_WINDOW_BYTES * 8 / 400_000),
        (0, FIRST_WINDOW_BYTES + 1, 0.3),  # and one until the rest may follow
    ],
)
async def test_nothing_comes_sooner_than_the_line_allows(
    rate_bit_s: float, size: int, least_s: float
) -> None:
    """Only a bound from below: a busy machine is later, never sooner."""
    way = line(round_trip_s=0.1, rate_bit_s=rate_bit_s)
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server, shaped(way, server.sockets[0].getsockname()[1]) as port:
        begun_s = time.monotonic()
        await there_and_back(port, os.urandom(size))
        assert time.monotonic() - begun_s >= least_s


async def test_a_dark_line_lets_nothing_out_and_forgets_nothing() -> None:
    """Neither of whoever is connected nor of those who come meanwhile."""
    way, came = line(), []

    async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(writer)
        await echo(reader, writer)

    server = await asyncio.start_server(note, "127.0.0.1", 0)
    here = server.sockets[0].getsockname()[1]
    async with server, shaped(way, here) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"before")
        assert await reader.readexactly(6) == b"before"
        way.goes_dark()
        writer.write(b"meanwhile")
        newcomer = asyncio.create_task(there_and_back(port, b"new"))
        await wait_for(lambda: "" if way.connections == 2 else "the newcomer is not noticed")
        await wait_for(lambda: "" if way.up.payload_bytes == 15 else "the words are not sent")
        await there_and_back(here, b"a while")  # they would be through by now
        assert len(came) == 2, "the newcomer is there, in the dark"
        assert way.down.payload_bytes == 6, "an answer to what was never heard"
        way.comes_back()
        assert await reader.readexactly(9) == b"meanwhile"
        assert await newcomer == b"new"
        writer.close()


async def test_a_line_whose_people_leave_in_the_middle_ends() -> None:
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server:
        async with shaped(line(0.05, 100_000), server.sockets[0].getsockname()[1]) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(os.urandom(500_000))
            await reader.read(100)
            writer.transport.abort()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        assert not [task for task in others if "serve" in repr(task.get_coro())]
