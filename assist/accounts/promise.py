"""What does a Volunteer promise before the first call, which words were it, and when?"""

from __future__ import annotations

from django.utils import timezone

from assist.accounts.models import Person

# The words stand in frontend/templates/_promise.html. Whoever changes what they mean counts up:
# then everybody reads them once more.
WORDING = 1


def is_given_by(person: Person) -> bool:
    """In the words of today."""
    return person.promise == WORDING


def give(person: Person) -> None:
    """Kept with its day. Who says it once more has said it then."""
    if is_given_by(person):
        return
    person.promise, person.promised_at = WORDING, timezone.now()
    # Only these columns: what others know of the person may change in this very moment.
    person.save(update_fields=["promise", "promised_at"])
