"""Does a house notice that the network around it is another one?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography import x509

from assist.lib.env import Env
from assist.management import house as house_module
from assist.management.certificates import certificates
from assist.management.house import House
from assist.management.supervisor import Supervisor
from tests.houses import free_ports
from tests.waiting import wait_for

ELSEWHERE = "127.0.0.2"  # an address of this machine that no certificate of the test names


class Restarts(Supervisor):
    """Only remembers which parts it was told to start anew."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def restart(self, name: str) -> None:
        self.names.append(name)


@pytest.fixture
def said() -> list[str]:
    """What the house has told."""
    return []


@pytest.fixture
async def house(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> AsyncIterator[House]:
    monkeypatch.setattr(house_module, "lan_addresses", lambda: [])
    monkeypatch.setattr(house_module, "LOOK_AGAIN_S", 0.01)
    one = House(Env({"ASSIST_PORT": str(free_ports(1)[0])}), said.append)
    one.state = tmp_path
    certificates(tmp_path / "tls", one.names())
    yield one
    one.close_trust_page()


async def test_a_new_address_means_a_new_certificate_and_a_new_web(
    house: House, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    restarts = Restarts()
    monkeypatch.setattr(house_module, "lan_addresses", lambda: [ELSEWHERE])
    watching = asyncio.create_task(house.follow_addresses(restarts))
    try:
        await wait_for(lambda: "" if restarts.names else "the web was not started anew")
        await wait_for(lambda: "" if ELSEWHERE in " ".join(said) else "nobody was told")
    finally:
        watching.cancel()
    assert restarts.names == ["web"]
    certificate = x509.load_pem_x509_certificate((house.state / "tls/house.crt").read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert ELSEWHERE in {str(name.value) for name in names}
    reader, writer = await asyncio.open_connection(ELSEWHERE, house.ports.http)
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    assert b"200 OK" in await reader.readline()
    writer.close()
    await writer.wait_closed()


async def test_the_same_network_changes_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    restarts = Restarts()
    looks = 0

    def look() -> list[str]:
        nonlocal looks
        looks += 1
        return []

    monkeypatch.setattr(house_module, "lan_addresses", look)
    watching = asyncio.create_task(house.follow_addresses(restarts))
    await wait_for(lambda: "" if looks > 3 else "it does not look")
    watching.cancel()
    assert restarts.names == []


def test_without_a_network_phones_are_not_promised_anything(house: House, said: list[str]) -> None:
    house.introduce()
    assert "phones cannot reach it" in " ".join(said)
    assert "On phones" not in " ".join(said)
