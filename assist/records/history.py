"""What can be asked of history?"""

from __future__ import annotations

from assist.protocol.states import Role
from assist.records.models import Call, HelpRequest


def ended(help_request: str) -> bool:
    """Whether this HelpRequest is known to be over."""
    return HelpRequest.objects.filter(id=help_request, ended_at__isnull=False).exists()


def people_in(call: str) -> dict[Role, str | None]:
    """Who stood on which side of the Call; None whom history does not know, or not any more."""
    found = Call.objects.filter(id=call).values_list("help_request__requester", "volunteer").first()
    requester, volunteer = found or (None, None)
    return {Role.REQUESTER: requester, Role.VOLUNTEER: volunteer}
