"""How do datagrams come in and go out, at few system calls?

Under load several packets lie ready at each look, and to ask the kernel for each by itself costs
more than to seal it. Linux hands out and takes in many in one call; elsewhere they go one by one.
"""

from __future__ import annotations

import socket
import struct
import sys
from collections.abc import Sequence
from typing import Any, Protocol

from cffi import FFI

AT_ONCE = 64  # then other callbacks get a turn
GATHERED = 8  # more at a time would save little, and the first of them would wait for the last
MOST_BYTES = 2048  # a longer one is cut off, which its seal will show

Address = Any  # equal for equal senders; only the object that it came from can read it
Datagram = bytes | memoryview


class Datagrams(Protocol):
    """One bound, non-blocking UDP socket."""

    failed: int  # how many the network did not take
    gathering: bool  # while it is true, what is sent may wait for `flush`

    def receive(self) -> Sequence[tuple[bytes, Address]]:
        """What has come, in order: at most AT_ONCE. OSError is never raised."""

    def arrived_s(self) -> float | None:
        """When the first of these came in (seconds since 1970), if the system tells."""

    def send(self, datagram: Datagram, address: Address) -> None:
        """Send, or drop what the network cannot take just now."""

    def flush(self) -> None:
        """Send what was gathered."""

    def where(self, address: Address) -> tuple[str, int]:
        """The IP address and port of a sender."""


class OneByOne:
    """A system call for each."""

    def __init__(self, bound: socket.socket) -> None:
        self.failed = 0
        self.gathering = False
        self._socket = bound

    def receive(self) -> list[tuple[bytes, Address]]:
        came: list[tuple[bytes, Address]] = []
        for _ in range(AT_ONCE):
            try:
                came.append(self._socket.recvfrom(MOST_BYTES))
            except BlockingIOError:
                break
            except OSError:  # a stale ICMP error; the next look goes on
                continue
        return came

    def arrived_s(self) -> float | None:
        return None

    def send(self, datagram: Datagram, address: Address) -> None:
        try:
            self._socket.sendto(datagram, address)
        except OSError:
            self.failed += 1

    def flush(self) -> None:
        """Nothing waits here."""

    def where(self, address: Address) -> tuple[str, int]:
        return address[0], address[1]


_ffi = FFI()
_ffi.cdef(
    """
    struct iovec { void *iov_base; size_t iov_len; };
    struct msghdr {
        void *msg_name; unsigned int msg_namelen; struct iovec *msg_iov; size_t msg_iovlen;
        void *msg_control; size_t msg_controllen; int msg_flags;
    };
    struct mmsghdr { struct msghdr msg_hdr; unsigned int msg_len; };
    int recvmmsg(int, struct mmsghdr *, unsigned int, int, void *);
    int sendmmsg(int, struct mmsghdr *, unsigned int, int);
    """
)
_NAME_BYTES = {socket.AF_INET: 16, socket.AF_INET6: 28}  # of a socket address
_SO_TIMESTAMPNS = 35
_NOTE = struct.Struct("@Niill")  # its size, level, kind; seconds, nanoseconds
_HEADER_INTS = _ffi.sizeof("struct mmsghdr") // 4
_SIZE_AT = _ffi.offsetof("struct mmsghdr", "msg_len") // 4


class _Slots:
    """Room for AT_ONCE datagrams and the addresses beside them, as the kernel wants it laid out."""

    def __init__(self, name_bytes: int, most_bytes: int) -> None:
        self.headers = _ffi.new("struct mmsghdr[]", AT_ONCE)
        self._parts = _ffi.new("struct iovec[]", AT_ONCE)
        self._data = _ffi.new("unsigned char[]", AT_ONCE * most_bytes)
        self._names = _ffi.new("unsigned char[]", AT_ONCE * name_bytes)
        for slot in range(AT_ONCE):
            part, header = self._parts[slot], self.headers[slot].msg_hdr
            part.iov_base, part.iov_len = self._data + slot * most_bytes, most_bytes
            header.msg_iov, header.msg_iovlen = self._parts + slot, 1
            header.msg_name, header.msg_namelen = self._names + slot * name_bytes, name_bytes
        self.data, self.names = _ffi.buffer(self._data), _ffi.buffer(self._names)
        # Flat views of the same memory: an index costs a third of cffi's own way to a field.
        self.came = memoryview(_ffi.buffer(self.headers)).cast("B").cast("I")
        self.goes = memoryview(_ffi.buffer(self._parts)).cast("B").cast("L")


class ManyAtOnce:
    """Linux: `recvmmsg` and `sendmmsg`. An address is the kernel's own form of it."""

    _ROOM = MOST_BYTES + 256  # what goes out may be longer by a seal

    def __init__(self, bound: socket.socket) -> None:
        self.failed = 0
        self.gathering = False
        self._number = bound.fileno()
        self._six = bound.family == socket.AF_INET6
        self._name_bytes = _NAME_BYTES[bound.family]
        self._in = _Slots(self._name_bytes, MOST_BYTES)
        self._out = _Slots(self._name_bytes, self._ROOM)
        self._gathered = 0
        self._libc: Any = _ffi.dlopen(None)
        # Linux says when a packet came in; asked of the first of each batch.
        bound.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._note = _ffi.new("unsigned char[]", 64)
        self._first = self._in.headers[0].msg_hdr
        self._first.msg_control = self._note

    def receive(self) -> list[tuple[bytes, Address]]:
        slots, size = self._in, self._name_bytes
        self._first.msg_controllen = 64
        count = self._libc.recvmmsg(
            self._number, slots.headers, AT_ONCE, socket.MSG_DONTWAIT, _ffi.NULL
        )
        data, names, came = slots.data, slots.names, slots.came
        return [
            (
                data[slot * MOST_BYTES : slot * MOST_BYTES + came[slot * _HEADER_INTS + _SIZE_AT]],
                names[slot * size : slot * size + size],
            )
            for slot in range(count)  # less than none when nothing was there
        ]

    def arrived_s(self) -> float | None:
        if self._first.msg_controllen < _NOTE.size:
            return None
        _, level, kind, seconds, nanoseconds = _NOTE.unpack_from(_ffi.buffer(self._note))
        told = (level, kind) == (socket.SOL_SOCKET, _SO_TIMESTAMPNS)
        return seconds + nanoseconds / 1e9 if told else None

    def send(self, datagram: Datagram, address: Address) -> None:
        slots, slot, length = self._out, self._gathered, len(datagram)
        if length > self._ROOM:
            self.failed += 1
            return
        slots.data[slot * self._ROOM : slot * self._ROOM + length] = datagram
        slots.names[slot * self._name_bytes : (slot + 1) * self._name_bytes] = address
        slots.goes[2 * slot + 1] = length
        self._gathered = slot + 1
        if not self.gathering or self._gathered == GATHERED:
            self.flush()

    def flush(self) -> None:
        sent, waiting = 0, self._gathered
        while sent < waiting:
            taken = self._libc.sendmmsg(
                self._number, self._out.headers + sent, waiting - sent, socket.MSG_DONTWAIT
            )
            if taken < 1:  # the first of these cannot go; the others may
                self.failed += 1
                taken = 1
            sent += taken
        self._gathered = 0

    def where(self, address: Address) -> tuple[str, int]:
        port = int.from_bytes(address[2:4], "big")
        host = address[8:24] if self._six else address[4:8]
        family = socket.AF_INET6 if self._six else socket.AF_INET
        return socket.inet_ntop(family, host), port


def datagrams(bound: socket.socket) -> Datagrams:
    """The way of this system."""
    return ManyAtOnce(bound) if sys.platform == "linux" else OneByOne(bound)
