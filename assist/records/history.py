"""What can be asked of history?"""

from __future__ import annotations

from assist.protocol.states import Role
from assist.records.models import Call, HelpRequest


def ended(help_request: str) -> bool:
    """Whether this HelpRequest is known to be over."""
    return HelpRequest.objects.filter(id=help_request, ended_at__isnull=False).exists()


def role_in(call: str, person: str) -> Role | None:
    """The side on which this person stood in the Call; nothing if they took no part."""
    if Call.objects.filter(id=call, volunteer=person).exists():
        return Role.VOLUNTEER
    if Call.objects.filter(id=call, help_request__requester=person).exists():
        return Role.REQUESTER
    return None
