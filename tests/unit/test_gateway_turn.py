"""Do the credentials for a TURN server have coturn's form, and tell nobody whose they are?"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode

from assist.gateway.turn import LIFETIME_S, Turn
from assist.lib.ids import new_id

URLS = ["turn:turn.example.org:3478", "turns:turn.example.org:443?transport=tcp"]
NOW_S = 1_800_000_000.7


def house(urls: list[str] = URLS, secret: str = "a secret", now_s: float = NOW_S) -> Turn:
    return Turn(urls, secret, lambda: now_s)


def test_the_user_name_says_when_it_ends_and_the_password_is_its_hmac() -> None:
    [server] = house().servers(new_id(), new_id())
    ends, leg = server.username.split(":")
    assert int(ends) == 1_800_000_000 + LIFETIME_S
    assert len(leg) == 32
    wanted = hmac.new(b"a secret", server.username.encode(), hashlib.sha1).digest()
    assert b64decode(server.credential, validate=True) == wanted
    assert server.urls == URLS


def test_they_are_good_for_ten_minutes_at_most_and_renewed_well_before() -> None:
    assert LIFETIME_S <= 600
    assert 0 < house().renew_ms * 2 < LIFETIME_S * 1000


def test_a_leg_keeps_its_name_and_nobody_else_has_it() -> None:
    help_request, alice, noor = new_id(), new_id(), new_id()

    def leg(*whose: str, secret: str = "a secret", now_s: float = NOW_S) -> str:
        [server] = house(secret=secret, now_s=now_s).servers(*whose)
        return server.username.split(":")[1]

    mine = leg(help_request, alice)
    assert leg(help_request, alice, now_s=NOW_S + 300) == mine
    others = [
        leg(help_request, noor),
        leg(new_id(), alice),
        leg(help_request, alice, secret="another"),
    ]
    assert mine not in others
    assert not any(known in mine or mine in known for known in (help_request, alice, noor))


def test_a_house_without_a_server_tells_of_none() -> None:
    assert house(urls=[]).servers(new_id(), new_id()) == []
    assert house(urls=[]).renew_ms == 0
