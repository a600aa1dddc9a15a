"""Is a passkey believed when it answers what was asked, here and now, and never otherwise?"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from assist.accounts import forgetting, passkeys, way_back, webauthn
from assist.accounts.models import Account, Passkey
from assist.accounts.webauthn import Asked, NoPasskey
from assist.lib.ids import new_id
from tests.authenticator import Authenticator, cbor, plain, text

HOST = "localhost"
ORIGIN = "http://localhost:8000"

Answer = dict[str, Any]


@pytest.fixture(autouse=True)
def _ours(settings: Any) -> None:
    settings.ASSIST_ORIGINS = [ORIGIN, "https://help.example.org"]


def asked_to_add(owner: str = "") -> tuple[dict[str, Any], Asked]:
    owner = owner or new_id()
    handle = passkeys.handle_of(owner)
    options, ticket = webauthn.ask_to_add(HOST, owner, handle, "Maria", [])
    asked = webauthn.read(ticket, "add")
    assert asked is not None
    return options, asked


def asked_to_open() -> tuple[dict[str, Any], Asked]:
    options, ticket = webauthn.ask_to_open(HOST)
    asked = webauthn.read(ticket, "open")
    assert asked is not None
    return options, asked


def adds(device: Authenticator, owner: str) -> None:
    options, asked = asked_to_add(owner)
    passkeys.keep(owner, webauthn.made(asked, device.make(options)), "Chrome on Android")


def opens(device: Authenticator) -> str:
    options, asked = asked_to_open()
    known, uses = webauthn.opened(asked, device.get(options), passkeys.find)
    passkeys.use(known.credential, uses)
    return known.owner


@pytest.mark.django_db
def test_a_passkey_leads_back_to_whoever_made_it() -> None:
    maria, noor = new_id(), new_id()
    phone, tablet = Authenticator(ORIGIN), Authenticator(ORIGIN)
    adds(phone, maria)
    adds(tablet, noor)
    assert (opens(phone), opens(tablet), opens(phone)) == (maria, noor, maria)
    # What the device calls her says nothing elsewhere, and is the same for all that she makes.
    assert maria not in plain(phone.keys[0].handle).decode()
    adds(phone, maria)
    assert phone.keys[0].handle == phone.keys[1].handle
    assert [one["name"] for one in passkeys.told_of(maria)] == ["Chrome on Android"] * 2


@pytest.mark.django_db
def test_a_device_keeps_it_without_being_told_whose_it_is() -> None:
    options, _ = asked_to_add()
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "preferred"
    assert (options["rp"]["id"], options["attestation"]) == (HOST, "none")
    assert asked_to_open()[0].get("allowCredentials") is None


def foreign_page(answer: Answer) -> None:
    client = json.loads(plain(answer["response"]["clientDataJSON"]))
    client["origin"] = "http://localhost:9000"  # another program of the same machine
    answer["response"]["clientDataJSON"] = text(json.dumps(client).encode())


def other_kind(answer: Answer) -> None:
    client = json.loads(plain(answer["response"]["clientDataJSON"]))
    client["type"] = "payment.get"
    answer["response"]["clientDataJSON"] = text(json.dumps(client).encode())


def other_challenge(answer: Answer) -> None:
    client = json.loads(plain(answer["response"]["clientDataJSON"]))
    client["challenge"] = text(b"x" * 32)
    answer["response"]["clientDataJSON"] = text(json.dumps(client).encode())


def other_owner(answer: Answer) -> None:
    answer["response"]["userHandle"] = text(b"somebody else")


def no_signature(answer: Answer) -> None:
    answer["response"]["signature"] = text(bytes(70))


def other_id(answer: Answer) -> None:
    answer["id"] = text(bytes(32))


def other_data(answer: Answer) -> None:
    answer["response"]["authenticatorData"] = text(bytes(40))


def deep_nest(answer: Answer) -> None:
    answer["response"]["attestationObject"] = text(b"\x81" * 5000)


def huge_list(answer: Answer) -> None:
    answer["response"]["attestationObject"] = text(b"\x9b" + b"\xff" * 8)


def weak_key(answer: Answer) -> None:
    """An algorithm that was not asked for: ES256K."""
    seen = plain(answer["response"]["attestationObject"])
    assert cbor({3: -7})[1:] in seen
    changed = seen.replace(cbor({3: -7})[1:] + b"\x20\x01", cbor({3: -9})[1:] + b"\x20\x01")
    answer["response"]["attestationObject"] = text(changed)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "spoil",
    [
        *(foreign_page, other_kind, other_challenge, other_owner),
        *(no_signature, other_id, other_data),
    ],
)
def test_an_answer_to_something_else_opens_nothing(spoil: Callable[[Answer], None]) -> None:
    device = Authenticator(ORIGIN)
    adds(device, new_id())
    options, asked = asked_to_open()
    answer = json.loads(device.get(options))
    assert webauthn.opened(asked, json.dumps(answer), passkeys.find)
    spoil(answer)
    with pytest.raises(NoPasskey):
        webauthn.opened(asked, json.dumps(answer), passkeys.find)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "spoil",
    [foreign_page, other_kind, other_challenge, other_id, deep_nest, huge_list, weak_key],
)
def test_what_is_no_passkey_is_not_kept(spoil: Callable[[Answer], None]) -> None:
    options, asked = asked_to_add()
    answer = json.loads(Authenticator(ORIGIN).make(options))
    assert webauthn.made(asked, json.dumps(answer))
    spoil(answer)
    with pytest.raises(NoPasskey):
        webauthn.made(asked, json.dumps(answer))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "answer",
    [
        *("", "[]", "{}", "null", "\ud800", "x" * 9000, '{"id": "a\\u0000", "response": {}}'),
        '{"a":' * 1500,
        '{"id": "AA", "response": {"clientDataJSON": "A", "attestationObject": "A"}}',
        '{"id": "AA", "response": {"clientDataJSON": "e30", "attestationObject": "oA"}}',
    ],
)
def test_what_is_no_answer_at_all_is_refused(answer: str) -> None:
    for take in (
        lambda: webauthn.made(asked_to_add()[1], answer),
        lambda: webauthn.opened(asked_to_open()[1], answer, passkeys.find),
    ):
        with pytest.raises(NoPasskey):
            take()


def test_a_ticket_is_for_one_thing_and_cannot_be_made_up() -> None:
    _, ticket = webauthn.ask_to_open(HOST)
    assert webauthn.read(ticket, "add") is None
    assert webauthn.read(ticket[:-1] + ("A" if ticket[-1] != "A" else "B"), "open") is None
    assert webauthn.read("", "open") is None


@pytest.mark.django_db
def test_a_copy_of_a_key_that_counts_is_refused_and_one_that_does_not_count_is_not() -> None:
    counting, other = Authenticator(ORIGIN, counts=True), Authenticator(ORIGIN)
    owner = new_id()
    adds(counting, owner)
    assert [opens(counting), opens(counting)] == [owner] * 2
    counting.uses = 0
    with pytest.raises(NoPasskey):
        opens(counting)
    adds(other, owner)
    assert [opens(other), opens(other)] == [owner] * 2


@pytest.mark.django_db
def test_nobody_takes_over_a_passkey_of_somebody_else() -> None:
    device = Authenticator(ORIGIN)
    owner, thief = new_id(), new_id()
    options, asked = asked_to_add(owner)
    made = webauthn.made(asked, device.make(options))
    passkeys.keep(owner, made, "Chrome on Android")
    with pytest.raises(NoPasskey):
        passkeys.keep(thief, made, "Chrome on Android")
    assert opens(device) == owner
    [mine] = passkeys.of(owner)
    for number in (str(mine.pk), "0", "", "x", "9" * 40, "²"):
        assert passkeys.remove(thief, number) == ""
    assert passkeys.remove(owner, str(mine.pk)) == "Chrome on Android"
    with pytest.raises(NoPasskey):
        opens(device)


@pytest.mark.django_db
def test_a_passkey_stays_with_its_account_and_goes_with_everything() -> None:
    phone, tablet = new_id(), new_id()
    lock, other = Authenticator(ORIGIN), Authenticator(ORIGIN)
    assert way_back.settle_in(phone, "maria@example.org") == phone
    adds(lock, tablet)
    way_back.passkey_came(tablet)
    with pytest.raises(way_back.SignedIn):
        way_back.settle_in(tablet, "maria@example.org")
    assert opens(lock) == tablet
    adds(other, phone)
    assert way_back.become(new_id(), opens(other)) == phone
    assert len(forgetting.told_of(phone, [])["passkeys"]) == 1
    forgetting.forget(phone, [])
    assert [one.owner for one in Passkey.objects.all()] == [tablet]
    late = new_id()
    assert way_back.become(late, phone) == late  # nobody's any more


@pytest.mark.django_db
def test_an_account_ends_with_its_last_passkey_unless_mail_leads_back() -> None:
    alone, mailed = new_id(), new_id()
    for owner in (alone, mailed):
        adds(Authenticator(ORIGIN), owner)
        way_back.passkey_came(owner)
    assert way_back.settle_in(mailed, "maria@example.org") == mailed
    assert Account.objects.count() == 2
    for owner in (alone, mailed):
        [one] = passkeys.of(owner)
        passkeys.remove(owner, str(one.pk))
        way_back.passkey_went(owner)
    assert [one.pk for one in Account.objects.all()] == [mailed]


@pytest.mark.parametrize(
    ("host", "works"),
    [
        *(("localhost", True), ("localhost:8000", True), ("help.example.org", True)),
        *(("help.example.org:8443", True), ("127.0.0.1:8000", False), ("[::1]:8000", False)),
        *(("192.168.1.7:8443", False), ("attic", False), ("attic.local:8443", False)),
        *(("10.1", False), ("house.lan", False), ("", False)),
    ],
)
def test_passkeys_are_offered_only_where_browsers_keep_them(host: str, works: bool) -> None:
    assert webauthn.works_at(host) is works
