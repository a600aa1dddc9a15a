"""Is the description we write whole, and is nothing believed in the one that comes back?"""

import pytest
from aiortc.sdp import SessionDescription
from hypothesis import example, given
from hypothesis import strategies as st

from assist.protocol.states import Role
from assist.relay import description
from assist.relay.description import BadDescription, Proposal
from assist.relay.streams import Kind

PRINT = ":".join(["A9"] * 32)
TRANSPORT = [
    "c=IN IP4 0.0.0.0",
    "a=rtcp:9 IN IP4 0.0.0.0",
    "a=candidate:1 1 udp 2113937151 198.51.100.7 40000 typ host",
    "a=ice-ufrag:5Ktc",
    "a=ice-pwd:rxxqq/JuUoWHjbVSh58fvgeY",
    "a=ice-options:trickle",
    f"a=fingerprint:sha-256 {PRINT}",
    "a=setup:active",
]
ANSWER = "\r\n".join(
    [
        "v=0",
        "o=- 4611731400430051336 2 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE 0 1 2",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111",
        *TRANSPORT,
        "a=mid:0",
        "a=sendrecv",
        "a=ssrc:394158239 cname:8pqbUryIRk4+Tgyz",
        "m=video 9 UDP/TLS/RTP/SAVPF 96 97",
        *TRANSPORT,
        "a=mid:1",
        "a=sendonly",
        "a=ssrc-group:FID 1963623521 3309325354",
        "a=ssrc:1963623521 cname:8pqbUryIRk4+Tgyz",
        "a=ssrc:3309325354 cname:8pqbUryIRk4+Tgyz",
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        *TRANSPORT,
        "a=mid:2",
        "a=sctp-port:5000",
        "",
    ]
)


def proposed(role: Role) -> str:
    return description.write(
        Proposal(
            role=role,
            ufrag="abcd",
            password="p" * 32,
            fingerprint=PRINT,
            candidates=[("192.0.2.1", 8444), ("2001:db8::1", 8444)],
            ssrcs={Kind.AUDIO: 1, Kind.VIDEO: 2, Kind.REPAIR: 3},
        )
    )


def test_a_stock_parser_finds_all_that_we_propose() -> None:
    parsed = SessionDescription.parse(proposed(Role.VOLUNTEER))
    audio, video, channel = parsed.media
    assert [m.direction for m in parsed.media[:2]] == ["sendrecv", "sendonly"]
    assert [(c.ip, c.port, c.type) for c in audio.ice_candidates] == [
        ("192.0.2.1", 8444, "host"),
        ("2001:db8::1", 8444, "host"),
    ]
    assert audio.ice is not None
    assert audio.ice.iceLite
    assert audio.ice_candidates_complete
    assert [codec.payloadType for codec in video.rtp.codecs] == [96, 97]
    assert [item.ssrc for item in video.ssrc] == [2, 3]
    assert channel.sctpCapabilities is not None
    assert channel.sctpCapabilities.maxMessageSize == 65_536


def test_the_requester_is_asked_for_a_picture_and_never_shown_one() -> None:
    parsed = SessionDescription.parse(proposed(Role.REQUESTER))
    assert [m.direction for m in parsed.media[:2]] == ["sendrecv", "recvonly"]
    assert not parsed.media[1].ssrc


def test_both_sides_are_offered_the_same_numbers() -> None:
    def numbers(role: Role) -> list[str]:
        kept = ("m=", "a=rtpmap", "a=extmap", "a=fmtp", "a=rtcp-fb")
        return [line for line in proposed(role).splitlines() if line.startswith(kept)]

    assert numbers(Role.REQUESTER) == numbers(Role.VOLUNTEER)


def test_an_answer_is_read() -> None:
    answer = description.read(ANSWER)
    assert (answer.ufrag, answer.password) == ("5Ktc", "rxxqq/JuUoWHjbVSh58fvgeY")
    assert answer.fingerprints == [("sha-256", PRINT)]
    assert answer.dtls_role == "server"
    assert answer.channel
    assert answer.ssrcs == {
        Kind.AUDIO: 394158239,
        Kind.VIDEO: 1963623521,
        Kind.REPAIR: 3309325354,
    }


def test_the_peers_candidates_are_nowhere_in_what_was_read() -> None:
    assert "198.51.100.7" in ANSWER
    assert "198.51.100.7" not in repr(description.read(ANSWER))


def test_a_person_without_camera_may_decline_the_picture() -> None:
    answer = description.read(ANSWER.replace("m=video 9", "m=video 0"))
    assert answer.channel
    inactive = ANSWER.replace("a=sendonly", "a=inactive")
    assert description.read(inactive).ufrag == "5Ktc"


@pytest.mark.parametrize(
    ("change", "into"),
    [
        ("v=0\r\n", ""),
        ("m=audio", "m=text"),
        ("m=video 9 UDP/TLS/RTP/SAVPF 96 97", "m=audio 9 UDP/TLS/RTP/SAVPF 111"),
        ("m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "a=x"),
        ("a=ice-ufrag:5Ktc", "a=ice-ufrag:5 Ktc"),
        ("a=ice-ufrag:5Ktc\r\n", ""),
        ("a=ice-pwd:rxxqq", "a=ice-pwd:"),
        ("a=ice-pwd:rxxqq/JuUoWHjbVSh58fvgeY", "a=ice-pwd:short"),
        (f"a=fingerprint:sha-256 {PRINT}", "a=fingerprint:sha-256 A9:8E"),
        ("a=fingerprint:sha-256", "a=fingerprint:md5"),
        ("a=setup:active", "a=setup:actpass"),
        ("a=ssrc:1963623521", "a=ssrc:99999999999"),
        ("FID 1963623521 3309325354", "FID 1963623521"),
    ],
)
def test_a_broken_answer_is_refused(change: str, into: str) -> None:
    assert change in ANSWER
    with pytest.raises(BadDescription):
        description.read(ANSWER.replace(change, into))


def test_an_answer_with_two_transports_is_refused() -> None:
    with pytest.raises(BadDescription):
        description.read(ANSWER.replace("a=ice-ufrag:5Ktc", "a=ice-ufrag:other", 1))


def test_an_answer_as_long_as_a_bomb_is_refused() -> None:
    bomb = ANSWER + "a=candidate:1 1 udp 1 198.51.100.7 1 typ host\r\n" * 1000
    with pytest.raises(BadDescription):
        description.read(bomb)
    with pytest.raises(BadDescription):
        description.read(ANSWER + "a=x\r\n" * 400)


LINES = ANSWER.split("\r\n")


@given(
    st.lists(st.tuples(st.integers(0, len(ANSWER)), st.text(max_size=6)), max_size=4),
    st.lists(st.integers(0, len(LINES) - 1), max_size=4),
)
@example([(0, "\ud800")], [])
@example([(200, "\x00\u2028")], [1, 1])
def test_a_mutated_answer_is_read_or_refused_and_never_anything_else(
    insertions: list[tuple[int, str]], removed: list[int]
) -> None:
    text = "\r\n".join(line for index, line in enumerate(LINES) if index not in removed)
    for at, inserted in insertions:
        text = text[:at] + inserted + text[at:]
    try:
        answer = description.read(text)
    except BadDescription:
        return
    assert answer.ufrag
    assert all(0 <= number < 1 << 32 for number in answer.ssrcs.values())
