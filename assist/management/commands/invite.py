"""How does the first person come in? `invite` prints an address that signs one person in, once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from assist.accounts.invites import INVITE_HOURS, NotInvited, find_invite, invite
from assist.accounts.languages import BadLanguage
from assist.accounts.models import BadName, Invite
from assist.lib.origins import LOOPBACK, origins
from assist.management.running import read_running

HOLDS = {"volunteer": "volunteers", "coordinator": "coordinates"}


class Command(BaseCommand):
    help = "Print addresses that sign somebody in, once, within a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--role", choices=("volunteer", "coordinator"), required=True)
        parser.add_argument("--name", required=True, help="what people will call them: Noor")
        parser.add_argument(
            "--languages",
            nargs="+",
            default=[],
            metavar="TAG",
            help="codes of languages, not of countries; best first: en da",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            token = invite(options["role"], options["name"], options["languages"])
        except (NotInvited, BadName, BadLanguage) as error:
            raise CommandError(str(error), returncode=2) from None
        except DatabaseError:
            raise CommandError(
                "The database cannot be used; `manage.py up` makes it ready.", returncode=2
            ) from None
        self.introduce(token)

    def introduce(self, token: str) -> None:
        invited = find_invite(token)
        assert invited is not None  # it was made a moment ago
        known = known_already(invited)
        if known:
            self.stdout.write(known)
        name = invited.person.name
        self.stdout.write(
            f"One of these addresses signs {name} in, once, within {INVITE_HOURS} hours:"
        )
        for address in front_doors(served_origins()):
            self.stdout.write(f"  {address}/invite/{token}/")


def known_already(invited: Invite) -> str:
    """A sentence for whoever may have meant somebody else of the same name; nothing if new."""
    person, role = invited.person, invited.role
    if not person.volunteers and not person.coordinates:
        others = person.invites.exclude(pk=invited.pk)
        return f"{person.name} was invited before; this is for the same person." * others.exists()
    if getattr(person, HOLDS[role]):
        return f"{person.name} is here already, as a {role}; this signs in the same person."
    return (
        f"{person.name} is here already; this invitation also makes them a {role}, once it is used."
    )


def served_origins() -> list[str]:
    """Those of the settings, with the ports that `up` was told to use."""
    running = read_running(settings.ASSIST_STATE)
    if running is None:
        return list(settings.ASSIST_ORIGINS)
    ports = (running.http_port, running.https_port)
    return origins(settings.ASSIST_LAN, settings.ASSIST_HOST, *ports)


def front_doors(served: list[str]) -> list[str]:
    """This machine by its plain name, and every address that phones can reach."""
    plain = [origin for origin in served if origin.startswith("http://localhost")]
    loopback = tuple(f"https://{host}" for host in LOOPBACK)
    return plain + [
        origin
        for origin in served
        if origin.startswith("https://") and not origin.startswith(loopback)
    ]
