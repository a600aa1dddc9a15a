"""Is a setting read with its type, and refused in one sentence when it makes no sense?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assist.lib.database import database
from assist.lib.env import DATABASE_SCHEMES, KNOWN, REDIS_SCHEMES, ROOT, Env, EnvError
from assist.lib.origins import origins
from assist.lib.secret import kept_secret


def sentence(error: pytest.ExceptionInfo[EnvError]) -> str:
    text = str(error.value)
    assert text.endswith(".")
    assert "\n" not in text
    return text


def test_an_unknown_setting_is_refused_by_name() -> None:
    with pytest.raises(EnvError) as error:
        Env({"ASSIST_RELAY_PROT": "8444"})
    assert "ASSIST_RELAY_PROT" in sentence(error)


@pytest.mark.parametrize(
    "name",
    ["ASSIST_SERVICE_HOST", "ASSIST_PORT_8000_TCP", "ASSIST_RELAY_SERVICE_PORT", "ASSIST_WEB_PORT"],
)
def test_names_that_kubernetes_injects_are_let_by(name: str) -> None:
    Env({name: "tcp://10.0.0.1:8000"})


def test_a_value_that_kubernetes_injects_under_a_real_name_is_not_a_port() -> None:
    env = Env({"ASSIST_RELAY_PORT": "udp://10.0.0.1:8444"})
    assert env.whole("ASSIST_RELAY_PORT", least=1, most=65535) == 8444


@pytest.mark.parametrize("value", ["0", "65536", "8000x", "-1", "80 00", "٨"])
def test_a_port_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(EnvError) as error:
        Env({"ASSIST_PORT": value}).whole("ASSIST_PORT", least=1, most=65535)
    assert "ASSIST_PORT" in sentence(error)


@pytest.mark.parametrize("value", ["yes", "true", "2", "on"])
def test_a_flag_is_0_or_1_and_nothing_else(value: str) -> None:
    with pytest.raises(EnvError, match="0 or 1"):
        Env({"ASSIST_DEBUG": value}).flag("ASSIST_DEBUG")


def test_a_choice_names_the_choices() -> None:
    with pytest.raises(EnvError, match="open, code"):
        Env({"ASSIST_ASK": "closed"}).choice("ASSIST_ASK", "open", "code")


@pytest.mark.parametrize(
    "value", ["localhost:6379", "http://x", "redis://", "redis://h:port", "redis://h:0", "redis"]
)
def test_a_broken_redis_address_is_refused_without_being_repeated(value: str) -> None:
    with pytest.raises(EnvError) as error:
        Env({"REDIS_URL": value}).url("REDIS_URL", REDIS_SCHEMES)
    assert "REDIS_URL must be an address" in sentence(error)


def test_an_error_never_repeats_a_password() -> None:
    with pytest.raises(EnvError) as error:
        Env({"DATABASE_URL": "mysql://me:hunter2@h/db"}).url("DATABASE_URL", DATABASE_SCHEMES)
    assert "hunter2" not in sentence(error)


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("words\n")
    env = Env({"ASSIST_SECRET_KEY_FILE": str(tmp_path / "key")})
    assert env.text("ASSIST_SECRET_KEY") == "words"


def test_a_secret_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    env = Env({"ASSIST_SECRET_KEY_FILE": str(tmp_path / "none")})
    with pytest.raises(EnvError) as error:
        env.text("ASSIST_SECRET_KEY")
    assert "ASSIST_SECRET_KEY_FILE" in sentence(error)


def test_only_secrets_may_lie_in_files() -> None:
    with pytest.raises(EnvError):
        Env({"ASSIST_HOST_FILE": "/etc/hostname"})


def test_a_host_is_a_name_and_no_address_with_a_scheme() -> None:
    assert Env({"ASSIST_HOST": "Help.Example.org"}).host("ASSIST_HOST") == "help.example.org"
    with pytest.raises(EnvError):
        Env({"ASSIST_HOST": "https://help.example.org"}).host("ASSIST_HOST")


def test_turn_servers_are_named_as_browsers_take_them() -> None:
    named = "turn:turn.example.org:3478?transport=udp, turns:192.0.2.1:443,turn:[2001:db8::1]"
    found = Env({"ASSIST_TURN_URL": named}).turn("ASSIST_TURN_URL")
    assert found == [word.strip() for word in named.split(",")]
    assert Env({}).turn("ASSIST_TURN_URL") == []


@pytest.mark.parametrize(
    "value",
    [
        *("turn.example.org", "turn://turn.example.org", "stun:turn.example.org", "turn:a:70000"),
        *("turn:a:0", "turn:a?transport=quic", "turn:me@a", "turn:", "turn:2001:db8::1"),
    ],
)
def test_a_turn_server_that_a_browser_would_refuse_is_refused(value: str) -> None:
    with pytest.raises(EnvError, match="ASSIST_TURN_URL") as error:
        Env({"ASSIST_TURN_URL": f"turn:good.example.org,{value}"}).turn("ASSIST_TURN_URL")
    assert repr(value) in sentence(error)


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "state" / "secret"
    first = kept_secret(path)
    assert len(first) >= 50
    assert kept_secret(path) == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert [path] == list(path.parent.iterdir())
    assert path.parent.stat().st_mode & 0o777 == 0o700  # nobody's session is read by others either


def test_a_state_folder_that_cannot_be_made_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EnvError) as error:
        kept_secret(tmp_path / "file" / "state" / "secret")
    assert str(tmp_path / "file" / "state") in sentence(error)


def test_a_database_address_may_name_a_socket_and_an_escaped_password(tmp_path: Path) -> None:
    entry = database("postgresql://me:p%40ss@/assist?host=/run/pg&sslmode=disable", tmp_path)
    assert entry["HOST"] == "/run/pg"
    assert entry["PASSWORD"] == "p@ss"
    assert entry["OPTIONS"]["sslmode"] == "disable"


def test_without_a_database_address_sqlite_lies_in_the_state_folder(tmp_path: Path) -> None:
    assert database("", tmp_path)["NAME"] == str(tmp_path / "assist.sqlite3")
    assert database("sqlite:////srv/a.db", tmp_path)["NAME"] == "/srv/a.db"


def test_an_origin_has_its_port_and_plain_http_is_for_this_machine_alone() -> None:
    ours = origins(["192.168.1.5"], "help.example.org", 8000, 8443)
    assert "http://localhost:8000" in ours
    assert "https://192.168.1.5:8443" in ours
    assert "https://help.example.org" in ours
    assert "https://help.example.org:8443" in ours
    assert "http://192.168.1.5:8000" not in ours
    assert "http://localhost" not in ours


def test_a_default_port_is_left_out_as_browsers_do() -> None:
    assert origins([], "", 80, 443)[0] == "http://localhost"


def test_every_setting_is_documented_with_its_default() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|", page, re.MULTILINE))
    expected = {
        name: f"`{setting.default}`" if setting.default else "" for name, setting in KNOWN.items()
    }
    assert rows == expected


def test_every_meaning_stands_in_the_page_word_for_word() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    missing = [name for name, setting in KNOWN.items() if setting.meaning not in page]
    assert missing == []
