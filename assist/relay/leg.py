"""How does one person hang together with this relay?

A Leg joins its ICE side, its keys, its state machine and the streams it sends and receives. It
knows at most one other Leg, its `peer`; while that is nothing, whatever comes in stops here.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from assist.protocol.states import LegState, Role
from assist.relay import description, machine, stock
from assist.relay.feedback import View, key_frame_request, redirect, translate
from assist.relay.forward import Lane, Outbound
from assist.relay.ice import Agent
from assist.relay.streams import KIND_OF_TYPE, Kind

MAX_SOURCES = 4
MAX_REPORTERS = 8
PACKETS_PER_S = 1000
RECORDS_PER_S = 1200  # a photograph at 8 Mbit/s takes 870, and must not take them from the picture
CONSENT_S = 30.0  # nobody is sent to who has not been heard for that long (RFC 7675)
BEAT = "b"
MOVE = "m"  # this relay is leaving, another one takes you
OPEN, SHUT = "o", "s"  # the gate: said to the Requester's page
OURS = frozenset((MOVE, OPEN, SHUT))  # a page that said them would send the other one about

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Whose:
    """Which Leg this is: the `number`-th of `person` in `help_request`."""

    help_request: str
    person: str
    role: Role
    number: int


class Leg:
    """One person's connection."""

    def __init__(
        self,
        whose: Whose,
        certificate: stock.Certificate,
        changed: Callable[[Leg], None],
        released: Callable[[Leg], None],
        now_s: float,
    ) -> None:
        """`changed` hears of each state to be reported, `released` when the connection is over."""
        self.whose = whose
        self.agent = Agent(self)
        self.outbound = Outbound()
        self.sources: dict[bytes, Kind] = {}
        self.sent = 0  # packets of media
        self._peer: Leg | None = None
        self._view: View | None = None  # how our reports look to the peer
        self._lanes: dict[bytes, Lane] = {}  # of the peer, by the source of ours that feeds each
        self.counts: Counter[str] = Counter()
        self._certificate = certificate
        self._changed = changed
        self._released = released
        self._standing = machine.new(now_s)
        self._heard_s = now_s
        self._media_s = 0.0
        self._allowance = float(PACKETS_PER_S)
        self._records_left = float(RECORDS_PER_S)
        self._ticked_s = now_s
        self._reporters: set[bytes] = set()
        self._secured = stock.Secured(certificate, self.agent.send, self._hear, self._gone)
        self._opening: asyncio.Task[None] | None = None

    @property
    def state(self) -> LegState:
        """Where the Leg stands."""
        return self._standing.state

    @property
    def ready(self) -> bool:
        """Whether media can flow."""
        return self._secured.ready and self.state is not LegState.CLOSED

    @property
    def peer(self) -> Leg | None:
        """The other Leg, while the gate between the two is open."""
        return self._peer

    @peer.setter
    def peer(self, peer: Leg | None) -> None:
        self._peer = peer
        self._lanes = {}
        self._view = None
        if peer is not None:
            self._view = View(self, peer, self.sources, self.outbound, peer.outbound)

    # -- set-up ------------------------------------------------------------

    def describe(self, candidates: list[tuple[str, int]]) -> str:
        """Our description of this Leg, with the relay's (address, port) pairs."""
        return description.write(
            description.Proposal(
                role=self.whose.role,
                ufrag=self.agent.ufrag,
                password=self.agent.password,
                fingerprint=stock.fingerprint(self._certificate),
                candidates=candidates,
                ssrcs={kind: lane.number for kind, lane in self.outbound.lanes.items()},
            )
        )

    def answered(self, answer: description.Answer, now_s: float) -> None:
        """Take the peer's description and shake hands in the background."""
        if self._opening is not None:
            return
        self.agent.peer_ufrag = answer.ufrag
        for kind, number in answer.ssrcs.items():
            self.sources[number.to_bytes(4, "big")] = kind
        self._move(machine.Answered(), now_s)
        self._opening = asyncio.get_running_loop().create_task(self._open(answer))

    async def _open(self, answer: description.Answer) -> None:
        secured = False
        try:
            secured = await self._secured.open(
                answer.fingerprints, answer.dtls_role, answer.channel
            )
        except Exception as error:
            log.warning("relay: a handshake failed: %s", type(error).__name__)
        now_s = asyncio.get_running_loop().time()
        self._heard_s = now_s
        self._move(machine.Secured() if secured else machine.Dropped(), now_s)

    # -- what the machine is told -------------------------------------------

    def tick(self, now_s: float) -> None:
        """Let time pass: deadlines, silence, and a fresh allowance of packets."""
        passed_s = now_s - self._ticked_s
        self._allowance = min(float(PACKETS_PER_S), self._allowance + passed_s * PACKETS_PER_S)
        gained = passed_s * RECORDS_PER_S
        self._records_left = min(float(RECORDS_PER_S), self._records_left + gained)
        self._ticked_s = now_s
        if now_s - self._heard_s > CONSENT_S:
            self.agent.leave()
        self._move(machine.Tick(self._heard_s, self._media_s), now_s)

    def close(self, now_s: float) -> None:
        """End this Leg for good."""
        self._move(machine.Closed(), now_s)

    def _gone(self, reason: str) -> None:
        log.info("relay: a leg ended by itself: %s", reason)
        self.agent.retire()  # without its keys, a check alone is no life
        self._move(machine.Dropped(), asyncio.get_running_loop().time())

    def _move(self, happened: machine.Input, now_s: float) -> None:
        self._standing, effects = machine.step(self._standing, happened, now_s)
        if machine.Effect.REPORT in effects:
            self._changed(self)
        if machine.Effect.RELEASE in effects:
            self._released(self)

    async def release(self) -> None:
        """Give the connection back; the peer is told at the DTLS level."""
        if self._opening is not None and not self._opening.done():
            self._opening.cancel()
        try:
            await self._secured.close()
        finally:
            self.agent.retire()

    # -- what comes in ------------------------------------------------------

    def take_sign_of_life(self, now_s: float) -> None:
        """An authentic check of the peer."""
        self._heard_s = now_s

    def take_dtls(self, datagram: bytes) -> None:
        """A DTLS record; one that comes before the answer waits for it."""
        if self._records_left < 1:
            self.counts["flood"] += 1
        else:
            self._records_left -= 1
            self._secured.feed(datagram)

    def take_media(self, datagram: bytes, now_s: float) -> None:
        """An SRTP or SRTCP packet. Nothing that one packet holds may end the Leg."""
        if self._allowance < 1:
            self.counts["flood"] += 1
            return
        self._allowance -= 1
        try:
            lane = self._lanes.get(datagram[8:12])
            if lane is not None and datagram[1] & 0x7F == lane.payload_type:
                self._go_on(lane, datagram, now_s)
            elif 192 <= datagram[1] <= 223:
                self._take_rtcp(datagram, now_s)
            else:
                self._take_rtp(datagram, now_s)
        except stock.SrtpError:
            self._give_back("forged")
        except Exception as error:
            self.counts["malformed"] += 1
            log.debug("dropped a packet: %s", type(error).__name__)

    def _give_back(self, why: str) -> None:
        """A flood of what is not the peer's own must not use up the peer's allowance."""
        self._allowance += 1
        self.counts[why] += 1

    def _go_on(self, lane: Lane, datagram: bytes, now_s: float) -> None:
        """One more of a stream that is under way: where nearly every packet goes."""
        peer, packet = self._peer, self._secured.open_media(datagram)
        self._heard_s = self._media_s = now_s
        if peer is not None and peer.outbound.go_on(lane, datagram, packet, now_s):
            peer.send_open()

    def _take_rtp(self, datagram: bytes, now_s: float) -> None:
        ssrc, peer = datagram[8:12], self._peer
        kind = self.sources.get(ssrc) or self._stranger(datagram)
        if kind is None:
            self._give_back("unknown_stream")
            return
        packet = self._secured.open_media(datagram)
        self._heard_s = self._media_s = now_s
        self.sources.setdefault(ssrc, kind)  # only now is it known to be the peer's
        if KIND_OF_TYPE.get(datagram[1] & 0x7F) is not kind:
            self.counts["unknown_type"] += 1
        elif peer is None:
            self.counts["gate_refused"] += 1
        elif peer.outbound.carry(kind, self, datagram, packet, now_s):
            peer.send_open()
            self._feed(ssrc, peer.outbound.lanes[kind])

    def _feed(self, ssrc: bytes, lane: Lane) -> None:
        """From now on `ssrc` is the one that feeds `lane`."""
        self._lanes = {each: fed for each, fed in self._lanes.items() if fed is not lane}
        self._lanes[ssrc] = lane

    def _stranger(self, datagram: bytes) -> Kind | None:
        """The kind of a stream that the description did not name, while there is room for it."""
        return KIND_OF_TYPE.get(datagram[1] & 0x7F) if len(self.sources) < MAX_SOURCES else None

    def _take_rtcp(self, datagram: bytes, now_s: float) -> None:
        reporter = datagram[4:8]
        if reporter not in self._reporters and len(self._reporters) >= MAX_REPORTERS:
            self._give_back("unknown_stream")
            return
        packet = self._secured.open_report(datagram)
        self._heard_s = now_s
        self._reporters.add(reporter)
        peer, view = self._peer, self._view
        if peer is None or view is None:
            return
        if redirect(packet, view):
            peer.send_open_report()
        else:
            peer.send_rtcp(translate(bytes(packet), view))

    def _hear(self, message: stock.Message) -> None:
        self._heard_s = asyncio.get_running_loop().time()
        if message == BEAT:
            self.counts["beats"] += 1
        elif self.peer is None:
            self.counts["gate_refused"] += 1
        elif (
            message in OURS
            or stock.size_of(message) > stock.MAX_MESSAGE_BYTES
            or not self.peer.say(message)
        ):
            self.counts["message_dropped"] += 1
        else:
            self.counts["messages"] += 1

    # -- what goes out ------------------------------------------------------

    def send_open(self) -> None:
        """Send the packet that lies open in the shared buffer on this Leg."""
        self.agent.send(self._secured.seal_media())
        self.sent += 1

    def send_open_report(self) -> None:
        """Send the RTCP packet that lies open in the shared buffer on this Leg."""
        self.agent.send(self._secured.seal_report())

    def send_rtcp(self, packet: bytes) -> None:
        """Send one compound RTCP packet on this Leg, if there is anything in it."""
        if packet and self._secured.ready:
            stock.lay_open(packet)
            self.send_open_report()

    def say(self, message: stock.Message) -> bool:
        """Send a message on this Leg's data channel; whether it was taken."""
        return self._secured.say(message)

    def ask_for_key_frame(self) -> None:
        """Ask this Leg's camera for a picture that stands by itself."""
        speaker = self.outbound.lanes[Kind.AUDIO].ssrc
        for ssrc, kind in self.sources.items():
            if kind is Kind.VIDEO:
                self.send_rtcp(key_frame_request(speaker, ssrc))
