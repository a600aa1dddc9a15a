"""Which ways in, and back in, does a page speak of? Those that this house has."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests.unit.test_frontend_templates import rendered


@pytest.fixture(autouse=True)
def _static_folder(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path  # whitenoise warns of a folder that is not there


@pytest.mark.parametrize(("join", "leads"), [("invite", 0), ("approval", 1), ("open", 1)])
def test_who_reads_about_the_house_finds_the_way_to_volunteer_where_there_is_one(
    settings: Settings, join: str, leads: int
) -> None:
    settings.ASSIST_JOIN = join
    page = Client().get("/about/").content.decode()
    assert page.count('<a href="/volunteer/join/">Become a volunteer</a>') == leads


@pytest.mark.parametrize(
    ("sends", "passkeys_work", "offered"),
    [
        (True, True, ">Add your e-mail address or a passkey</a>"),
        (False, True, ">Add a passkey</a>"),
        (False, False, "After that you need a new invitation."),
    ],
)
def test_no_way_back_is_offered_that_does_not_exist_here(
    sends: bool, passkeys_work: bool, offered: str
) -> None:
    here = {"sends": sends, "passkeys_work": passkeys_work}
    page = rendered("volunteer", returns=False, **here)
    assert f"This device knows you for 30 days. {'<a' * (sends or passkeys_work)}" in page
    assert offered in page
    assert ("mail" in page[page.index("This device knows you") :].split("</p>")[0]) is sends
    behind = rendered("way_back", person={"volunteers": True}, **here)
    assert ("By e-mail" in behind) is sends
    assert ("one of these lets you in" in behind) is sends


@pytest.mark.parametrize(
    ("said", "sentence"),
    [("", "Please write your e-mail"), (" ", "Please write"), ("x", "That is no e-mail address")],
)
def test_nothing_written_is_not_called_a_wrong_address(said: str, sentence: str) -> None:
    page = rendered("threshold", sends=True, wrong=True, said=said)
    assert page.count('<p id="wrong" class="notice">') == 1
    assert f'<p id="wrong" class="notice">{sentence}' in page
