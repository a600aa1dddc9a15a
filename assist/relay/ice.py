"""Who is speaking to us, and from where?

An ICE-lite end on one UDP port. It sends to an address only after that address has shown the
right credentials, so nobody can aim it at a third party. Until then a datagram is told apart by
the user name in its STUN check, afterwards by the address it comes from.
"""

from __future__ import annotations

import asyncio
import errno
import hmac
import ipaddress
import secrets
import socket
import struct
import time
from collections import Counter
from typing import Protocol

import ifaddr

from assist.relay import stock
from assist.relay.datagrams import Address, Datagram, datagrams

MAX_PATHS = 16
CHECKS_PER_S = 50
MAX_ATTRIBUTES = 16
OWNER_QUIET_S = 3.0
_RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024
_COOKIE = bytes.fromhex("2112a442")
_USERNAME, _INTEGRITY = 0x0006, 0x0008
_STUN_HEADER_BYTES, _SIGNATURE_BYTES = 20, 24


class Listener(Protocol):
    """What a Leg does with the datagrams that are meant for it."""

    def take_dtls(self, datagram: bytes) -> None:
        """One DTLS record from an address that showed the right credentials."""

    def take_media(self, datagram: bytes, now_s: float) -> None:
        """One SRTP or SRTCP packet from such an address."""

    def take_sign_of_life(self, now_s: float) -> None:
        """The peer's check was authentic."""


class Agent:
    """The ICE side of one Leg: its credentials, where its peer was seen, where to send."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.take_media = listener.take_media  # looked up once, not for each packet
        self.ufrag = secrets.token_hex(4)
        self.password = secrets.token_hex(16)
        self.peer_ufrag = ""  # known once the peer's description is in
        self.heard_at_s = 0.0
        self.allowance = float(CHECKS_PER_S)
        self.allowance_at_s = 0.0
        self._paths: list[tuple[Port, Address]] = []
        self._chosen: tuple[Port, Address] | None = None
        self._retired = False

    @property
    def nominated(self) -> bool:
        """Whether there is an address to send to."""
        return self._chosen is not None

    def send(self, datagram: Datagram) -> None:
        """Send to where the peer last nominated; before that, nowhere."""
        if self._chosen is not None:
            port, address = self._chosen
            port.send(datagram, address)

    def may_check(self, now_s: float) -> bool:
        """Whether this Leg may cost us another look at a STUN message (a token bucket)."""
        gained = (now_s - self.allowance_at_s) * CHECKS_PER_S
        self.allowance = min(float(CHECKS_PER_S), self.allowance + gained)
        self.allowance_at_s = now_s
        if self.allowance < 1:
            return False
        self.allowance -= 1
        return True

    def addressed_by(self, username: str) -> bool:
        """Whether a STUN user name is this Leg's, with the right peer once that is known."""
        ours, _, theirs = username.partition(":")
        known = not self.peer_ufrag or theirs == self.peer_ufrag
        return not self._retired and ours == self.ufrag and known

    def saw(self, port: Port, address: Address, nominates: bool) -> None:
        """Note an authenticated check; the latest nomination wins, so a changed NAT is followed."""
        path = (port, address)
        if path not in self._paths:
            self._paths.append(path)
            port.agents[address] = self
            self._forget_oldest()
        if nominates or self._chosen is None:
            self._chosen = path

    def _forget_oldest(self) -> None:
        if len(self._paths) > MAX_PATHS:
            oldest = next(path for path in self._paths if path != self._chosen)
            self._paths.remove(oldest)
            self._unmap(oldest)

    def _unmap(self, path: tuple[Port, Address]) -> None:
        port, address = path
        if port.agents.get(address) is self:
            del port.agents[address]

    def retire(self) -> None:
        """Leave for good: the peer's further checks count as nothing."""
        self._retired = True
        self.leave()

    def leave(self) -> None:
        """Forget every address, so that nothing comes in or goes out before the next check."""
        for path in self._paths:
            self._unmap(path)
        self._paths.clear()
        self._chosen = None


class Endpoint:
    """All sockets of one relay, and every Leg's credentials."""

    def __init__(self) -> None:
        self.ports: list[Port] = []
        self.dropped: Counter[str] = Counter()
        # How long one packet waited to be read; whoever takes note of it asks for another one.
        self.waited_s: float | None = None
        self._by_ufrag: dict[bytes, Agent] = {}

    def open(self, addresses: list[str], port_number: int) -> None:
        """Bind `port_number` (0: any, the same on all) on each of `addresses`.

        OSError says what is taken.
        """
        try:
            for address in addresses:
                taken = self.ports[0].number if self.ports else port_number
                self._open_one(address, taken)
            if not self.ports:
                raise OSError(errno.EADDRNOTAVAIL, "there is no address to listen on")
        except OSError:
            self.close()
            raise

    def _open_one(self, address: str, port_number: int) -> None:
        try:
            self.ports.append(Port(self, address, port_number))
        except OSError as error:
            if error.errno != errno.EADDRNOTAVAIL:  # an address that is just coming or going
                raise

    def close(self) -> None:
        """Give all sockets back."""
        for port in self.ports:
            port.close()
        self.ports.clear()

    def admit(self, agent: Agent) -> None:
        """From now on checks with this agent's user name are looked at."""
        self._by_ufrag[agent.ufrag.encode()] = agent

    def dismiss(self, agent: Agent) -> None:
        """Take no new address for this agent; it leaves by itself after its last words."""
        self._by_ufrag.pop(agent.ufrag.encode(), None)

    def receive(self, port: Port, datagram: bytes, address: Address, now_s: float) -> None:
        """Sort one datagram that is no media by its first byte (RFC 7983).

        Strangers get no answer at all.
        """
        first = datagram[0] if datagram else 255
        agent = port.agents.get(address)
        if first < 4:
            self._receive_stun(port, datagram, address, now_s)
        elif agent is None:
            self.dropped["stranger"] += 1
        elif 19 < first < 64:
            agent.listener.take_dtls(datagram)
        else:
            self.dropped["unknown_kind"] += 1

    def _receive_stun(self, port: Port, datagram: bytes, address: Address, now_s: float) -> None:
        ufrag, signature_at = landmarks(datagram)
        agent = self._by_ufrag.get(ufrag)
        if agent is None:
            self.dropped["stun_stranger"] += 1
            return
        # What is forged must not use up what the owner of the credentials may ask.
        if not signed(datagram, signature_at, agent.password):
            self.dropped["stun_forged"] += 1
            return
        if not agent.may_check(now_s):
            self.dropped["stun_flood"] += 1
            return
        check = stock.read_check(datagram, agent.password)
        if check is None or not agent.addressed_by(check.username):
            self.dropped["stun_forged"] += 1
            return
        if self._belongs_to_another(port, address, agent, now_s):
            self.dropped["stun_taken"] += 1
            return
        agent.heard_at_s = now_s
        agent.saw(port, address, check.nominates)
        port.send(stock.answer_to(check, port.where(address), agent.password), address)
        agent.listener.take_sign_of_life(now_s)

    def _belongs_to_another(self, port: Port, address: Address, agent: Agent, now_s: float) -> bool:
        """Whether a Leg that is alive already speaks from there.

        Someone with credentials of their own and a forged source address could otherwise take
        another person's packets. A NAT hands out the same port again only after it fell silent.
        """
        owner = port.agents.get(address)
        return owner is not None and owner is not agent and now_s - owner.heard_at_s < OWNER_QUIET_S


class Port:
    """One bound UDP socket, read in batches straight from the event loop."""

    def __init__(self, endpoint: Endpoint, address: str, number: int) -> None:
        self.agents: dict[Address, Agent] = {}
        self._endpoint = endpoint
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._prepare(family, address, number)
        except OSError:
            self._socket.close()
            raise
        self._datagrams = datagrams(self._socket)
        asyncio.get_running_loop().add_reader(self._socket.fileno(), self._read)

    def _prepare(self, family: socket.AddressFamily, address: str, number: int) -> None:
        self._socket.setblocking(False)
        if family == socket.AF_INET6:
            self._socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_BYTES)
        self._socket.bind((address, number))

    @property
    def number(self) -> int:
        """The UDP port that was bound."""
        return int(self._socket.getsockname()[1])

    def where(self, address: Address) -> tuple[str, int]:
        """The IP address and port of a sender."""
        return self._datagrams.where(address)

    def _read(self) -> None:
        now_s, agents, ways = time.monotonic(), self.agents, self._datagrams
        came = ways.receive()
        self._note_wait(ways.arrived_s() if self._endpoint.waited_s is None else None)
        ways.gathering = True
        try:
            for datagram, address in came:
                agent = agents.get(address)
                if agent is not None and b"\x7f" < datagram[:1] < b"\xc0":
                    agent.take_media(datagram, now_s)
                else:
                    self._endpoint.receive(self, datagram, address, now_s)
        finally:
            ways.gathering = False
            ways.flush()
        if ways.failed:
            self._endpoint.dropped["send_failed"] += ways.failed
            ways.failed = 0

    def _note_wait(self, arrived_s: float | None) -> None:
        if arrived_s is not None:
            self._endpoint.waited_s = max(0.0, time.time() - arrived_s)

    def send(self, datagram: Datagram, address: Address) -> None:
        """Send, or drop when the network cannot take it just now."""
        self._datagrams.send(datagram, address)

    def close(self) -> None:
        """Stop reading and give the socket back."""
        if self._socket.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._socket.fileno())
            self._socket.close()


def landmarks(datagram: bytes) -> tuple[bytes, int]:
    """The user fragment of ours that a STUN message names, and where its signature stands (or 0).

    Browsers name both among the first few attributes; a stranger's hundreds are not counted.
    """
    ufrag, at = b"", _STUN_HEADER_BYTES
    if datagram[4:8] != _COOKIE:
        return ufrag, 0
    for _ in range(MAX_ATTRIBUTES):
        if at + 4 > len(datagram):
            break
        kind, size = struct.unpack_from("!HH", datagram, at)
        if kind == _INTEGRITY:
            return ufrag, at
        if kind == _USERNAME:
            ufrag = datagram[at + 4 : at + 4 + size].partition(b":")[0]
        at += 4 + size + (-size % 4)
    return ufrag, 0


def signed(datagram: bytes, signature_at: int, password: str) -> bool:
    """Whether the signature (MESSAGE-INTEGRITY) of a STUN message is there and right.

    This alone decides who may cost us more, so it takes a few microseconds where parsing takes 50.
    """
    if not signature_at:
        return False
    # Signed as if the message ended with the signature, whatever follows it.
    size = signature_at + _SIGNATURE_BYTES - _STUN_HEADER_BYTES
    text = datagram[:2] + size.to_bytes(2, "big") + datagram[4:signature_at]
    right = hmac.digest(password.encode(), text, "sha1")
    return hmac.compare_digest(right, datagram[signature_at + 4 : signature_at + _SIGNATURE_BYTES])


def own_addresses() -> list[str]:
    """This machine's IPv4 and global or unique-local IPv6 addresses, its loopback ones included."""
    found: list[str] = []
    for adapter in ifaddr.get_adapters():
        for ip in adapter.ips:
            text = ip.ip if isinstance(ip.ip, str) else ip.ip[0]
            parsed = ipaddress.ip_address(text)
            if not parsed.is_link_local and text not in found:
                found.append(text)
    return sorted(found, key=lambda text: (ipaddress.ip_address(text).is_loopback, ":" in text))


def checked_addresses(named: list[str]) -> list[str]:
    """IP addresses in their usual form; ValueError names the one that is none."""
    return [ipaddress.ip_address(text).compressed for text in named]


def addresses_to_bind(announced: list[str]) -> list[str]:
    """Where to listen so that packets to `announced` arrive and answers leave from there.

    Own addresses get a socket each: an answer must come from the address that was asked. An
    address that is somebody else's (a forwarding router's) is reached through the wildcard of its
    family, which then stands for all of that family.
    """
    own = set(own_addresses())
    foreign = {":" in address for address in announced if address not in own}
    wildcards = ["::" if six else "0.0.0.0" for six in sorted(foreign)]
    return wildcards + [item for item in announced if item in own and (":" in item) not in foreign]
