"""Does a relay say no in time, and not because of one late packet?"""

from assist.relay.strain import Bounds, Strain

BOUNDS = Bounds(most_load=0.85, most_delay_s=0.005)


def busy(share: float, seconds: int = 10) -> Strain:
    strain = Strain(BOUNDS)
    for second in range(seconds):
        strain.note_busy(float(second), second * share)
    return strain


def test_a_process_that_has_just_begun_carries_nothing() -> None:
    strain = Strain(BOUNDS)
    assert strain.load == 0.0
    strain.note_busy(100.0, 7.5)
    assert strain.load == 0.0, "what it took to start is no load"
    assert strain.takes_below(100.0) == 0.85


def test_the_load_is_that_of_the_last_five_seconds() -> None:
    strain = busy(0.1)
    assert strain.load == 0.1
    for second in range(10, 13):
        strain.note_busy(float(second), 0.9 + (second - 9) * 1.0)
    assert 0.1 < strain.load < 1.0, "a moment's work is not yet a full relay"
    for second in range(13, 18):
        strain.note_busy(float(second), 0.9 + (second - 9) * 1.0)
    assert strain.load == 1.0


def test_packets_that_wait_close_the_door_and_one_late_packet_does_not() -> None:
    strain = busy(0.1)
    for tenth in range(9):
        strain.note_delay(9.0 + tenth / 10, 0.0002)
    strain.note_delay(9.9, 3.0)
    assert strain.takes_below(10.0) == 0.85
    for tenth in range(12):
        strain.note_delay(10.0 + tenth / 10, 0.006)
    assert strain.takes_below(11.2) == 0.0
    assert strain.takes_below(17.0) == 0.85, "what was slow six seconds ago is over"
