"""Is the mail server's address understood, and refused without its password being repeated?"""

from __future__ import annotations

import pytest

from assist.lib.env import Env, EnvError
from assist.lib.mail import MailServer, is_address, parse


def test_an_address_says_where_who_how_safely_and_from_whom() -> None:
    found = parse("smtps://user%40x:p%2Fw@mail.example.org?from=help@example.org")
    assert found == MailServer(
        "mail.example.org", 465, "user@x", "p/w", False, True, "help@example.org"
    )
    assert parse("") is None


@pytest.mark.parametrize(
    ("url", "port", "starts_tls"),
    [
        ("smtp://mail.example.org", 587, True),
        ("smtp://mail.example.org:25", 25, True),
        ("smtp://localhost:1025", 1025, False),
        ("smtp://127.0.0.1", 587, False),
        ("smtp://[::1]:25", 25, False),
    ],
)
def test_nothing_leaves_this_machine_in_the_clear(url: str, port: int, starts_tls: bool) -> None:
    found = parse(url)
    assert found is not None
    assert (found.port, found.starts_tls, found.is_tls) == (port, starts_tls, False)


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "http://u:secret@mail.example.org",
        "smtp://",
        "smtp://u:secret@host:port",
        "smtp://u:secret@host/path",
        "smtp://u:secret@host?form=a@example.org",
        "smtp://u:secret@host?from=nobody",
        "smtp://u:secret@[host",
    ],
)
def test_what_is_no_mail_server_is_refused_and_its_password_is_not_repeated(url: str) -> None:
    with pytest.raises(EnvError) as error:
        Env({"ASSIST_EMAIL_URL": url}).mail_server("ASSIST_EMAIL_URL")
    assert "ASSIST_EMAIL_URL" in str(error.value)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    "other_name",
    [
        "(1)ann@example.org",
        "ann(1)@example.org",
        '"ann"@example.org',
        '"a\\nn"@example.org',
        "\u200bann@example.org",
        "\0ann@example.org",
        "bob,ann@example.org",
        ".ann@example.org",
        "ann@[192.0.2.1]",
    ],
)
def test_one_mailbox_has_one_name(other_name: str) -> None:
    assert not is_address(other_name)


@pytest.mark.parametrize("name", ["ann", "Ann.O'Neill", "ann+assist", "a_n-n", "x" * 64])
def test_what_people_write_is_an_address(name: str) -> None:
    assert is_address(f"{name}@Mail-1.example.org")
    assert not is_address(f"{name}{'x' * 64}@example.org")
