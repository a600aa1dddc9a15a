"""Does a letter say which house it is from, and where its reader finds it?"""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from assist.accounts import letters, notices
from assist.monitor.joining_views import doors

LAN = ["10.0.0.7", "192.168.1.5", "shed.local"]


def all_letters() -> list[str]:
    to = "ida@example.org"
    written = [
        letters.message(to, "123456"),
        notices.unknown(to),
        notices.moved(to),
        notices.let_in(to, ["https://help.example.org/volunteer/"]),
        notices.declined(to),
    ]
    assert all(one.to == [to] for one in written)
    return [str(one.body) for one in written]


def test_each_letter_names_who_runs_the_house(settings: Settings) -> None:
    settings.ASSIST_OPERATOR, settings.ASSIST_HOST = "The Eyes", "help.example.org"
    for body in all_letters():
        assert body.endswith("\n\n-- \nAssist, run by The Eyes\nhelp.example.org")


def test_a_house_without_a_name_has_none_in_its_letters(settings: Settings) -> None:
    settings.ASSIST_OPERATOR = settings.ASSIST_HOST = ""
    assert not any("-- " in body or "run by" in body for body in all_letters())


@pytest.mark.parametrize(
    ("came_by", "public_host", "leads_to"),
    [
        ("localhost:8800", "", [f"https://{host}:9443" for host in LAN]),
        ("[::1]:8800", "", [f"https://{host}:9443" for host in LAN]),
        ("[::1]", "", [f"https://{host}:9443" for host in LAN]),
        ("192.168.1.5:9443", "", ["https://192.168.1.5:9443"]),
        ("localhost:8800", "help.example.org", ["https://help.example.org:9443"]),
        ("192.168.1.5:9443", "help.example.org", ["https://help.example.org:9443"]),
    ],
)
def test_who_is_let_in_is_led_to_where_they_reach_the_house(
    settings: Settings, came_by: str, public_host: str, leads_to: list[str]
) -> None:
    settings.ASSIST_LAN, settings.ASSIST_HOST = LAN, public_host
    settings.ASSIST_HTTPS_PORT, settings.ALLOWED_HOSTS = 9443, ["*"]
    request = RequestFactory().post("/monitor/joining/", headers={"host": came_by}, secure=True)
    assert doors(request) == [f"{address}/volunteer/" for address in leads_to]


def test_a_machine_in_no_network_has_only_its_own_address(settings: Settings) -> None:
    settings.ASSIST_LAN, settings.ASSIST_HOST = [], ""
    request = RequestFactory().post("/monitor/joining/", headers={"host": "localhost:8000"})
    assert doors(request) == ["http://localhost:8000/volunteer/"]
