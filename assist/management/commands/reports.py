"""What went wrong for people? `reports` prints what they told the house, the newest last."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from assist.feedback.models import Report
from assist.records.models import Call
from assist.records.retention import KEPT_DAYS

KEPT = "\t\u200c\u200d"  # Persian and Indic words are written with joiners


class Command(BaseCommand):
    help = f"Print the reports of the last {KEPT_DAYS} days."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            reports = recent()
            volunteers = volunteers_of({report.call for report in reports})
        except DatabaseError:
            raise CommandError(
                "The database cannot be used; `manage.py up` makes it ready.", returncode=2
            ) from None
        for report in reports:
            self.stdout.write(heading(report, volunteers.get(report.call, "")))
            for line in lines_of(report.text):
                self.stdout.write(f"    {line}")
        if not reports:
            self.stdout.write(f"Nobody reported anything in the last {KEPT_DAYS} days.")


def recent() -> list[Report]:
    since = timezone.now() - timedelta(days=KEPT_DAYS)
    return list(Report.objects.filter(created_at__gte=since).order_by("created_at", "pk"))


def volunteers_of(calls: set[str]) -> dict[str, str]:
    """Call to Volunteer, both as 32 hex digits; a Call that history does not know is left out."""
    known = Call.objects.filter(pk__in=calls, volunteer__isnull=False)
    return {str(call): str(volunteer) for call, volunteer in known.values_list("pk", "volunteer")}


def heading(report: Report, volunteer: str) -> str:
    """No name is kept with a report; `suspend` takes the Volunteer's id as well."""
    when = report.created_at.astimezone(UTC)
    met = f" (volunteer of this call: {volunteer})" if volunteer else ""
    return f"{when:%Y-%m-%d %H:%M} UTC, from the {report.role}{met}:"


def lines_of(text: str) -> list[str]:
    """The words without what could steer the terminal that shows them."""
    lines = text.splitlines() or ["(without words)"]
    return ["".join(char if is_plain(char) else "?" for char in line) for line in lines]


def is_plain(char: str) -> bool:
    return char.isprintable() or char in KEPT
