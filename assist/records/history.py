"""What can be asked of history?"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models.functions import Coalesce

from assist.protocol.states import EndReason, Role
from assist.records.models import Call, HelpRequest, Offer

# Of a Call that Redis forgot nobody ever told the end.
LAST_KNOWN = Coalesce("ended_at", "accepted_at")


def ended(help_request: str) -> bool:
    """Whether this HelpRequest is known to be over."""
    return HelpRequest.objects.filter(id=help_request, ended_at__isnull=False).exists()


def people_in(call: str) -> dict[Role, str | None]:
    """Who stood on which side of the Call; None whom history does not know, or not any more."""
    found = Call.objects.filter(id=call).values_list("help_request__requester", "volunteer").first()
    requester, volunteer = found or (None, None)
    return {Role.REQUESTER: requester, Role.VOLUNTEER: volunteer}


class Meeting(NamedTuple):
    """Whose Call it was, and of which HelpRequest."""

    help_request: str
    requester: str
    volunteer: str


def meeting_of(call: str) -> Meeting | None:
    """None where history does not know both people, or not any more."""
    found = Call.objects.select_related("help_request").filter(id=call).first()
    if found is None or found.help_request.requester is None or found.volunteer is None:
        return None
    return Meeting(found.help_request.id, found.help_request.requester, found.volunteer)


class Asked(NamedTuple):
    """Ids of what a Requester asked for, and of the Calls that came of it."""

    help_requests: list[str]
    calls: list[str]


def asked_by(requester: str) -> Asked:
    """As far back as history knows people."""
    found = HelpRequest.objects.filter(requester=requester)
    calls = Call.objects.filter(help_request__requester=requester)
    return Asked(list(found.values_list("id", flat=True)), list(calls.values_list("id", flat=True)))


def told_of(requester: str) -> list[dict[str, Any]]:
    """Their HelpRequests with the Calls of each, the oldest first; nobody else's ids."""
    found = HelpRequest.objects.filter(requester=requester).order_by("asked_at")
    return [
        {
            **_facts(one, "asked_at", "ended_at", "reason", "languages"),
            "calls": [
                _facts(call, "accepted_at", "connected_at", "ended_at", "reason")
                for call in one.calls.all()
            ],
        }
        for one in found.prefetch_related("calls")
    ]


def _facts(row: HelpRequest | Offer | Call, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def blocked_by(requester: str) -> list[tuple[str | None, datetime]]:
    """Whom they blocked, and when, the newest first; as far back as history knows people."""
    calls = Call.objects.filter(
        help_request__requester=requester,
        reason=EndReason.REQUESTER_BLOCKED,
    )
    return list(calls.annotate(at=LAST_KNOWN).order_by("-at").values_list("volunteer", "at"))


def taken_by(volunteer: str) -> list[str]:
    """Ids of a Volunteer's Calls, as far back as history knows people."""
    return list(Call.objects.filter(volunteer=volunteer).values_list("id", flat=True))


def told_of_volunteer(volunteer: str) -> dict[str, list[dict[str, Any]]]:
    """What they were offered and what they took, the oldest first; nobody else's ids."""
    offers = Offer.objects.filter(volunteer=volunteer).order_by("made_at")
    calls = Call.objects.filter(volunteer=volunteer).order_by("accepted_at")
    return {
        "offers": [_facts(one, "made_at", "shown_at", "ended_at", "outcome") for one in offers],
        "calls": [
            _facts(one, "accepted_at", "connected_at", "ended_at", "reason") for one in calls
        ],
    }


def blocked_by_volunteer(volunteer: str) -> list[datetime]:
    """When they blocked somebody, the newest first: they do not know names."""
    calls = Call.objects.filter(volunteer=volunteer, reason=EndReason.VOLUNTEER_BLOCKED)
    return list(calls.annotate(at=LAST_KNOWN).order_by("-at").values_list("at", flat=True))


def forget_volunteer(volunteer: str) -> None:
    """As `forget_requester`."""
    for table in (Offer, Call):
        table._default_manager.filter(volunteer=volunteer).update(volunteer=None)


def bring(device: str, requester: str) -> None:
    """What a device asked for is somebody's who has another one, too."""
    HelpRequest.objects.filter(requester=device).update(requester=requester)


def forget_requester(requester: str) -> None:
    """What happened stays; that it was they, does not."""
    HelpRequest.objects.filter(requester=requester).update(requester=None)
