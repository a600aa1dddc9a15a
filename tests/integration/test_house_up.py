"""Does one command start everything, keep it running, and leave nothing behind?"""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from assist.lib.addresses import lan_addresses
from assist.lib.env import ROOT
from assist.lib.ids import new_id
from assist.lib.redis import connect as connect_redis
from assist.live import Live
from tests.houses import RunningHouse, clean_environ, free_ports, running_house, start_house
from tests.waiting import PATIENCE_S

HERE = "127.0.0.1"
PARTS = {
    "redis": "valkey-server",
    "web": "daphne",
    "worker": "manage.py worker",
    "relay": "manage.py relay",
}


@pytest.fixture(scope="module")
def house() -> Iterator[RunningHouse]:
    with running_house() as running:
        yield running


def until(why_not: Callable[[], str]) -> None:
    end = time.monotonic() + PATIENCE_S
    while reason := why_not():
        assert time.monotonic() < end, reason
        time.sleep(0.05)


def status(host: str, port: int, path: str) -> int:
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE_S)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def test_all_parts_run_and_the_house_says_so(house: RunningHouse) -> None:
    commands = " ".join(house.processes().values())
    assert [name for name, words in PARTS.items() if words not in commands] == []
    assert status(HERE, house.port, "/readyz") == 200
    assert status(HERE, house.port, "/") == 200
    said = "".join(house.said)
    assert f"http://localhost:{house.port}/" in said
    assert "█" in said, "no QR code"


def test_phones_get_https_that_the_authority_vouches_for(house: RunningHouse) -> None:
    context = ssl.create_default_context(cafile=str(house.state / "tls" / "authority.crt"))
    for host in ("localhost", *lan_addresses()):
        with urllib.request.urlopen(
            f"https://{host}:{house.https_port}/", context=context, timeout=PATIENCE_S
        ) as answer:
            assert answer.status == 200
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Frame-Options"] == "DENY"


def test_the_network_gets_only_the_trust_page_in_plain_http(house: RunningHouse) -> None:
    addresses = lan_addresses()
    assert addresses, "this machine is in no network: the page for phones cannot be tested here"
    base = f"http://{addresses[0]}:{house.port}"
    with urllib.request.urlopen(f"{base}/", timeout=PATIENCE_S) as answer:
        page = answer.read().decode()
    link = re.search(r'href="(/[^"]+\.crt)"', page)
    assert link
    with urllib.request.urlopen(base + link.group(1), timeout=PATIENCE_S) as answer:
        assert answer.read() == (house.state / "tls" / "authority.crt").read_bytes()
    for path in ("/volunteer/", "/monitor/", "/readyz", "/static/", "/house.key"):
        assert status(addresses[0], house.port, path) == 404


def test_a_page_names_its_modules_by_their_content(house: RunningHouse) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{house.port}/", timeout=PATIENCE_S) as answer:
        page = answer.read().decode()
    modules = re.findall(r'(/static/js/[^"]+\.js)"', page)
    assert modules
    for module in modules:
        assert re.search(r"\.[0-9a-f]{12}\.js$", module), module
        with urllib.request.urlopen(
            f"http://127.0.0.1:{house.port}{module}", timeout=PATIENCE_S
        ) as answer:
            assert "immutable" in answer.headers["Cache-Control"]


def test_an_invite_typed_beside_it_leads_into_this_house(house: RunningHouse) -> None:
    command = [sys.executable, "manage.py", "invite", "--role", "volunteer", "--name", "Noor"]
    done = subprocess.run(
        [*command, "--languages", "en", "--state", str(house.state)],
        cwd=ROOT,
        env=clean_environ(),
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE_S,
    )
    assert done.returncode == 0, done.stderr
    (address,) = re.findall(rf"http://localhost:{house.port}/invite/\S+", done.stdout)
    assert f":{house.https_port}/invite/" in done.stdout
    with urllib.request.urlopen(address, timeout=PATIENCE_S) as answer:
        assert "Sign in as Noor" in answer.read().decode()


def test_too_much_at_once_is_answered_in_words_and_closes_the_socket(house: RunningHouse) -> None:
    origin = Origin(f"http://localhost:{house.port}")
    url = f"ws://localhost:{house.port}/ws/requester/"
    cookie = {"Cookie": device_cookie(house)}
    spoken = [Subprotocol("assist.v1")]
    with connect(url, origin=origin, subprotocols=spoken, additional_headers=cookie) as page:
        page.recv(timeout=PATIENCE_S)
        page.send("x" * (64 * 1024 + 1))
        assert '"code":"too_large"' in str(page.recv(timeout=PATIENCE_S))
        with pytest.raises(ConnectionClosed) as closed:
            read_to_the_end(page)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4009


def device_cookie(house: RunningHouse) -> str:
    """What the page at `/` gives to a phone."""
    with urllib.request.urlopen(f"http://localhost:{house.port}/", timeout=PATIENCE_S) as answer:
        given = answer.headers.get_all("Set-Cookie") or []
    return "; ".join(cookie.split(";")[0] for cookie in given)


def read_to_the_end(page: ClientConnection) -> None:
    for _ in range(20):
        page.recv(timeout=PATIENCE_S)


@pytest.mark.parametrize("name", ["relay", "worker", "web", "redis"])
def test_a_part_that_dies_is_started_again(house: RunningHouse, name: str) -> None:
    before, heard, killed = house.pid_of(PARTS[name]), len(house.said), time.monotonic()
    os.kill(before, signal.SIGKILL)

    def why_not() -> str:
        now = [pid for pid, command in house.processes().items() if PARTS[name] in command]
        if not now or now == [before]:
            return f"{name} did not come back: {''.join(house.said[-5:])}"
        return "" if status(HERE, house.port, "/readyz") == 200 else "/readyz is not 200 again"

    def back_after_s() -> list[str]:
        said = "".join(house.said[heard:])
        return re.findall(rf"^{name} +ready again after +([0-9.]+) s", said, re.MULTILINE)

    until(why_not)
    until(lambda: "" if back_after_s() else f"{name} does not say so: {house.said[heard:]}")
    (took_s,) = back_after_s()
    assert float(took_s) <= time.monotonic() - killed + 0.1, "counted from before its new start"


def starts_and_stops(state: Path) -> tuple[float, float]:
    """A house until Ctrl-C: how long it took to be ready, and to be gone, in seconds."""
    house = start_house(state)
    try:
        ready_s = house.wait_until_ready()
        began = time.monotonic()
        house.process.send_signal(signal.SIGINT)
        assert house.process.wait(PATIENCE_S) == 0, "".join(house.said)
        stopped_s = time.monotonic() - began
        house.wait_until_nothing_is_left()
    finally:
        house.stop()
    assert "Traceback" not in "".join(house.said)
    return ready_s, stopped_s


def test_ctrl_c_stops_all_in_order_within_five_seconds(tmp_path: Path) -> None:
    (cold_s, first_s), (warm_s, second_s) = (starts_and_stops(tmp_path) for _ in range(2))
    print(f"ready after {cold_s:.1f} s, warm {warm_s:.1f} s; stopped in {first_s, second_s} s")
    assert min(first_s, second_s) < 5  # a machine may stall once


async def test_sigterm_lets_people_finish_and_a_second_one_does_not(tmp_path: Path) -> None:
    house = start_house(tmp_path)
    redis = connect_redis(f"unix://{tmp_path}/redis/redis.sock")
    try:
        house.wait_until_ready()
        await Live(redis).ask(new_id(), new_id(), ["en"])
        house.process.terminate()
        until(lambda: "" if "Waiting for 1" in "".join(house.said) else "it does not wait")
        assert house.process.poll() is None
        assert status(HERE, house.port, "/") == 200
        house.process.terminate()
        assert house.process.wait(PATIENCE_S) == 0
        assert "end with it: 1." in "".join(house.said)
    finally:
        await redis.aclose()
        await redis.connection_pool.disconnect()
        house.stop()


def test_kill_9_leaves_no_process_behind(tmp_path: Path) -> None:
    house = start_house(tmp_path)
    try:
        house.wait_until_ready()
        assert len(house.processes()) >= 5
        os.kill(house.process.pid, signal.SIGKILL)
        house.process.wait()
        house.wait_until_nothing_is_left()
    finally:
        house.stop()
        for pid in house.processes():
            os.kill(pid, signal.SIGKILL)


def refused(state: Path, *arguments: str, **environ: str) -> str:
    """The one sentence, after making sure that there is no more than that and nothing was begun."""
    done = subprocess.run(
        [sys.executable, "manage.py", "up", "--state", str(state), *arguments],
        cwd=ROOT,
        env=clean_environ(**environ),
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE_S,
    )
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    (sentence,) = done.stderr.splitlines()
    assert sentence.endswith(".")
    assert not list(state.glob("*.sqlite3"))
    assert not (state / "redis").exists()
    return sentence


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert str(port) in refused(tmp_path, f"--port={port}")


def test_a_relay_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    http, https = free_ports(2)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("0.0.0.0", 0))
        port = taken.getsockname()[1]
        sentence = refused(
            tmp_path, f"--port={http}", f"--https-port={https}", f"--relay-port={port}"
        )
    assert "UDP" in sentence


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ASSIST_FOO", "1"),
        ("ASSIST_DEBUG", "maybe"),
        ("REDIS_URL", "nonsense"),
        ("REDIS_URL", "redis://127.0.0.1:1/"),
        ("DATABASE_URL", "mysql://x"),
        ("DATABASE_URL", "postgresql://127.0.0.1:1/assist"),
        ("ASSIST_TLS_CERT", "/nowhere.pem"),
        ("ASSIST_PORT", "lots"),
    ],
)
def test_a_setting_that_makes_no_sense_is_one_sentence(
    tmp_path: Path, name: str, value: str
) -> None:
    ports = [
        f"--{name}={port}"
        for name, port in zip(("https-port", "relay-port"), free_ports(2), strict=True)
    ]
    if name != "ASSIST_PORT":
        ports.append(f"--port={free_ports(1)[0]}")
    sentence = refused(tmp_path, *ports, **{name: value})
    assert name in sentence or "database cannot be used" in sentence
