"""What does one Leg take of what its peer sends, and what not?"""

from assist.protocol.states import Role
from assist.relay import stock
from assist.relay.leg import PACKETS_PER_S, RECORDS_PER_S, Leg, Whose

RECORD = b"\x17" + bytes(60)
PACKET = b"\x80\x60" + bytes(60)


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
    for _ in range(2 * RECORDS_PER_S):
        leg.take_dtls(RECORD)
    flood = leg.counts["flood"]
    leg.tick(3.0)
    leg.take_dtls(RECORD)
    assert leg.counts["flood"] == flood == RECORDS_PER_S
