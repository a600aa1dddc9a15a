"""Does a program that could measure nothing say so, and still close with its last line?"""

from tests.load import photo, relay
from tests.load.photo import Round
from tests.load.relay_generator import Measurement
from tests.load.relay_trial import Measured


def measurement(sound: int) -> Measurement:
    """One second in which the generator kept its times, or none in which it did."""
    delay_ms = 2.0 * sound if sound else None
    return Measurement(
        wanted=1,
        sound=sound,
        seconds=1.0,
        forwarded=100,
        media=100,
        loss=0.0,
        p50_ms=delay_ms,
        p99_ms=delay_ms,
        p99_usual_ms=delay_ms,
        relay_core=0.1 * sound,
        core=0.1,
        late_ms=0.0 if sound else 20.0,
        unsent=0,
        failed=0,
    )


def measured(sound: int) -> Measured:
    return Measured(10, measurement(sound), 1.0, 1, 1.0, 100.0, "SRTP_AEAD_AES_256_GCM")


def test_a_relay_without_a_sound_second_is_compared_with_nobody() -> None:
    asked = relay.Options(calls=10, relays="ours,forwarder")
    for ours, theirs in ((0, 1), (1, 0), (0, 0)):
        void = {"ours": measured(ours), "forwarder": measured(theirs)}
        relay.say("ours", void["ours"])
        assert relay.summary(asked, [void])["ratio_forwarder"] is None
        sound = {"ours": measured(1), "forwarder": measured(1)}
        assert relay.summary(asked, [void, sound])["ratio_forwarder"] == 1.0
        assert "| - |" in relay.as_table(asked, [void])


def test_a_photograph_in_a_void_moment_adds_nothing_rather_than_less_than_nothing() -> None:
    asked = photo.Options(calls=10, megabytes=1.0, mbit=8.0)
    sound = Round(measurement(1), measurement(1)._replace(p99_ms=2.5), 1.0, [5.0])
    for void in (sound._replace(photo=measurement(0)), sound._replace(quiet=measurement(0))):
        assert photo.summary(asked, [void], 0)["added_p99_ms"] is None
        assert photo.summary(asked, [void], 0)["added_p99_most_ms"] is None
        assert photo.summary(asked, [void, sound], 0)["added_p99_ms"] == 0.5
        assert photo.summary(asked, [void, sound], 0)["added_p99_most_ms"] == 0.5
