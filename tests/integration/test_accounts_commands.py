"""How do the first people come in, from the command line?"""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from assist.accounts.invites import find_invite, spend
from assist.accounts.models import Invite, Person
from assist.management.running import Running, note_running

pytestmark = pytest.mark.django_db


def typed(*words: str) -> str:
    said = StringIO()
    call_command("invite", *words, stdout=said, stderr=said)
    return said.getvalue()


def test_the_command_prints_addresses_for_this_machine_and_for_phones(
    settings: Settings, tmp_path: Path
) -> None:
    settings.ASSIST_STATE = tmp_path  # where no `up` ever ran
    settings.ASSIST_ORIGINS = [
        "http://localhost:8000",
        "http://127.0.0.1:8000",
        "https://localhost:8443",
        "https://192.168.1.5:8443",
        "https://help.example.org",
    ]
    said = typed("--role", "volunteer", "--name", "Noor", "--languages", "en", "da")
    found = re.findall(r"  (\S+)/invite/(\S+)/\n", said)
    assert [address for address, _token in found] == [
        "http://localhost:8000",
        "https://192.168.1.5:8443",
        "https://help.example.org",
    ]
    assert len({token for _address, token in found}) == 1
    assert "within 24 hours" in said
    invited = find_invite(found[0][1])
    assert invited is not None
    noor = spend(found[0][1])
    assert noor is not None
    assert (noor.name, noor.languages) == ("Noor", ["en", "da"])


def test_the_addresses_have_the_ports_that_up_was_given(settings: Settings, tmp_path: Path) -> None:
    settings.ASSIST_STATE, settings.ASSIST_LAN = tmp_path, ["192.168.1.5"]
    settings.ASSIST_HOST = ""
    note_running(tmp_path, Running(redis_url="unix:///r", http_port=9000, https_port=9443))
    said = typed("--role", "coordinator", "--name", "Clara")
    found = re.findall(r"  (\S+)/invite/\S+/\n", said)
    assert found == ["http://localhost:9000", "https://192.168.1.5:9443"]


def test_a_coordinator_needs_no_language() -> None:
    spend(token_in(typed("--role", "coordinator", "--name", "Clara")))
    clara = Person.objects.get()
    assert (clara.coordinates, clara.volunteers) == (True, False)


def token_in(said: str) -> str:
    found = re.search(r"/invite/(\S+)/", said)
    assert found
    return found.group(1)


def test_a_name_in_use_is_told_and_changes_nobody_before_the_address_is_used() -> None:
    volunteer = ("--role", "volunteer", "--name", "Noor", "--languages", "en")
    first = typed(*volunteer)
    assert first.startswith("One of these addresses signs Noor in")
    assert "Noor was invited before" in typed(*volunteer)
    spend(token_in(first))
    assert "here already, as a volunteer; this signs in the same person." in typed(*volunteer)

    also = typed("--role", "coordinator", "--name", " noor ")
    assert "Noor is here already; this invitation also makes them a coordinator" in also
    assert not Person.objects.get().coordinates
    spend(token_in(also))
    assert Person.objects.get().coordinates


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--role", "volunteer", "--name", "Noor"), "which languages Noor speaks"),
        (("--role", "volunteer", "--name", " ", "--languages", "en"), "printable characters"),
        (("--role", "volunteer", "--name", "Noor", "--languages", "klingon"), "is no language"),
        (
            ("--role", "volunteer", "--name", "Noor", "--languages", "dk", "en"),
            "for Danish write da",
        ),
    ],
)
def test_a_wrong_word_is_one_sentence_and_invites_nobody(
    words: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(CommandError, match=re.escape(sentence)) as refused:
        typed(*words)
    assert refused.value.returncode == 2
    assert not Invite.objects.exists()
