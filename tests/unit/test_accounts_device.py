"""Is a Requester's cookie ours, and theirs alone?"""

from django.core import signing
from pytest_django import Settings

from assist.accounts.device import mark_of, new_device, read_device, sign_device


def test_a_signed_device_is_read_back() -> None:
    device = new_device()
    assert read_device(sign_device(device)) == device


def test_a_changed_device_is_nobody() -> None:
    mine, theirs = sign_device(new_device()), sign_device(new_device())
    assert read_device(theirs.split(":")[0] + ":" + mine.split(":")[1]) is None
    assert read_device(new_device()) is None
    assert read_device("") is None


def test_another_house_does_not_know_the_device(settings: Settings) -> None:
    value = sign_device(new_device())
    settings.SECRET_KEY = "of another house"
    assert read_device(value) is None


def test_what_was_signed_for_another_purpose_is_no_device() -> None:
    device = new_device()
    assert read_device(signing.Signer(salt="elsewhere").sign(device)) is None


def test_a_mark_is_of_one_device_and_does_not_show_it() -> None:
    device = new_device()
    assert mark_of(device) == mark_of(device) != mark_of(new_device())
    assert mark_of(device) not in device


def test_only_an_id_is_a_device() -> None:
    assert read_device(sign_device("x" * 32)) is None
