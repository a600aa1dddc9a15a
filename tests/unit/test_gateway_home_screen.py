"""What is a phone told that wants us on its home screen, and what does it keep?"""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.finders import find
from django.test import Client, RequestFactory
from pytest_django import Settings

from assist.accounts.device import DEVICE_COOKIE, new_device, sign_device
from assist.gateway.home_screen import kept_on_devices, phone_of, wants_a_call

PIXEL_PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36"
GALAXY = PIXEL_PHONE.replace("Chrome", "SamsungBrowser/29.0 Chrome")
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Version/26.0 Mobile Safari/604.1"
IPAD = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/26.0 Safari/605.1.15"
MAC_CHROME = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/142.0 Safari/537.36"
FENNEC = "Mozilla/5.0 (Android 15; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0"
HEADING = re.compile(r"<h2>([^<]+)</h2>")


@pytest.fixture(autouse=True)
def _sources(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path


def manifest_at(address: str) -> dict[str, Any]:
    answer = Client().get(address)
    assert answer["Content-Type"] == "application/manifest+json"
    found: dict[str, Any] = json.loads(answer.content)
    return found


def size_of(address: str) -> str:
    """Width and height, as the picture itself says them."""
    path = find(address.removeprefix("/static/"))
    assert isinstance(path, str), f"{address} is no file of ours"
    head = Path(path).read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", head[16:24])
    return f"{width}x{height}"


def test_each_side_of_a_call_is_an_app_of_its_own() -> None:
    requester, volunteer = map(
        manifest_at, ("/manifest.webmanifest", "/volunteer/manifest.webmanifest")
    )
    assert (requester["id"], requester["start_url"]) == ("/", "/")
    assert (volunteer["id"], volunteer["start_url"]) == ("/volunteer/", "/volunteer/")
    assert requester["display"] == volunteer["display"] == "standalone"
    assert [each["url"] for each in requester["shortcuts"]] == ["/?call=now"]


def test_a_picture_is_as_large_as_the_manifest_says_and_one_fits_every_shape() -> None:
    icons = manifest_at("/manifest.webmanifest")["icons"]
    drawn = [each for each in icons if each["type"] == "image/png"]
    assert [size_of(each["src"]) for each in drawn] == [each["sizes"] for each in drawn]
    assert {"192x192", "512x512"} <= {each["sizes"] for each in drawn if "purpose" not in each}
    assert [each.get("purpose") for each in drawn].count("maskable") == 1
    (apple,) = re.findall(r'apple-touch-icon" href="([^"]+)"', page("/about/"))
    assert size_of(apple) == "180x180"


def test_the_app_speaks_the_language_of_the_page_and_names_who_runs_it(settings: Settings) -> None:
    settings.ASSIST_OPERATOR = "The Association of Eyes"
    found = manifest_at("/manifest.webmanifest?language=xx';alert(1)")
    assert (found["lang"], found["dir"]) == ("en", "ltr")
    assert found["name"] == "Assist, The Association of Eyes"
    assert found["short_name"] == "Assist"


def test_only_the_shortcut_of_a_device_calls_by_its_address() -> None:
    mine, other = sign_device(new_device()), sign_device(new_device())
    address = shortcut_for(mine)
    assert calls(address, mine)
    assert not calls(address, other)
    assert not calls(shortcut_for(other), mine)
    assert not calls(address, "")


@pytest.mark.parametrize("address", ["/?call=now", "/?call=", "/?call=%F0%9F%91%81", "/"])
@pytest.mark.parametrize("is_known", [True, False])
def test_no_address_that_anybody_can_write_calls(address: str, is_known: bool) -> None:
    assert not calls(address, sign_device(new_device()) if is_known else "")


def shortcut_for(cookie: str) -> str:
    """Where the shortcut of the app leads that is put on the home screen by this device."""
    client = Client()
    client.cookies[DEVICE_COOKIE] = cookie
    answer = client.get("/manifest.webmanifest")
    assert "private" in answer["Cache-Control"]
    [shortcut] = answer.json()["shortcuts"]
    return str(shortcut["url"])


def calls(address: str, cookie: str) -> bool:
    request = RequestFactory().get(address)
    request.COOKIES[DEVICE_COOKIE] = cookie
    return wants_a_call(request)


@pytest.mark.parametrize(
    ("agent", "phone", "heading"),
    [
        (PIXEL_PHONE, "chrome", "Android, with Chrome"),
        (GALAXY, "samsung", "Samsung, with Samsung Internet"),
        (FENNEC, "firefox", "Android, with Firefox"),
        (IPHONE, "iphone", "iPhone or iPad, with Safari"),
        (IPAD, "iphone", "iPhone or iPad, with Safari"),
        (MAC_CHROME, "computer", "A computer"),
        ("", "computer", "A computer"),
    ],
    ids=["pixel", "galaxy", "fennec", "iphone", "ipad", "mac", "nothing"],
)
def test_ones_own_kind_of_phone_comes_first(agent: str, phone: str, heading: str) -> None:
    assert phone_of(agent) == phone
    headings = HEADING.findall(page("/home-screen/", agent))
    assert headings[0] == heading
    assert len(set(headings)) == 6, "the others follow, and the shortcut"


def test_what_a_device_keeps_is_about_nobody(settings: Settings) -> None:
    answer = Client().get("/offline/?language=en")
    assert not answer.cookies
    assert "csrf" not in answer.content.decode()
    request = RequestFactory().get("/sw.js")
    first, *drawn = kept_on_devices(request, "en")
    assert first.startswith("/offline/?language=en&mark=")
    assert "/static/css/assist.css" in drawn
    settings.ASSIST_CONTACT = "help@example.org"
    assert kept_on_devices(request, "en")[0] != first, "the page says something new"


def page(address: str, agent: str = "") -> str:
    answer = Client().get(address, headers={"User-Agent": agent})
    assert answer.status_code == 200
    return answer.content.decode()
