"""What does one Leg take of what its peer sends, and what not?"""

from assist.protocol.states import Role
from assist.relay import stock
from assist.relay.leg import MAX_REPORTERS, PACKETS_PER_S, RECORDS_PER_S, Leg, Whose
from assist.relay.streams import Kind

RECORD = b"\x17" + bytes(60)
PACKET = b"\x80\x60" + bytes(60)
REPORT = b"\x80\xc9" + bytes(60)


def new_leg() -> Leg:
    whose = Whose("help", "alice", Role.REQUESTER, 1)
    return Leg(whose, stock.new_certificate(), lambda leg: None, lambda leg: None, 0.0)


async def test_a_photograph_does_not_use_up_what_the_picture_may_send() -> None:
    leg = new_leg()
    for _ in range(RECORDS_PER_S):
        leg.take_dtls(RECORD)
    assert leg.counts["flood"] == 0
    leg.take_dtls(RECORD)
    assert leg.counts["flood"] == 1
    for _ in range(PACKETS_PER_S):
        leg.take_media(PACKET, 0.0)
    assert leg.counts["flood"] == 1


async def test_a_flood_is_let_in_again_once_it_has_slowed_down() -> None:
    leg = new_leg()
    leg._secured.open_media = memoryview
    for _ in range(10 * RECORDS_PER_S):
        leg.take_dtls(RECORD)
        leg.take_media(PACKET, 0.0)
    flood = leg.counts["flood"]
    assert flood == 9 * RECORDS_PER_S + 10 * RECORDS_PER_S - PACKETS_PER_S
    leg.tick(1.0)
    leg.take_dtls(RECORD)
    leg.take_media(PACKET, 1.0)
    assert leg.counts["flood"] == flood


async def test_forged_packets_do_not_use_up_what_the_peer_may_send() -> None:
    leg = new_leg()
    leg.sources[PACKET[8:12]] = Kind.VIDEO

    def forged(datagram: bytes) -> memoryview:
        raise stock.SrtpError

    leg._secured.open_media = forged
    for _ in range(2 * PACKETS_PER_S):
        leg.take_media(PACKET, 0.0)
    assert (leg.counts["forged"], leg.counts["flood"]) == (2 * PACKETS_PER_S, 0)
    leg._reporters.update(bytes([number]) for number in range(MAX_REPORTERS))
    for _ in range(PACKETS_PER_S):
        leg.take_media(REPORT, 0.0)
    assert (leg.counts["unknown_stream"], leg.counts["flood"]) == (PACKETS_PER_S, 0)
    leg._secured.open_media = memoryview
    for _ in range(PACKETS_PER_S):
        leg.take_media(PACKET, 0.0)
    assert (leg.counts["gate_refused"], leg.counts["flood"]) == (PACKETS_PER_S, 0)
    leg.take_media(PACKET, 0.0)
    assert leg.counts["flood"] == 1
