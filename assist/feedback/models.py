"""What did the two people of a Call say about it? Kept by the Call's id, without anybody's name.

Only a thank-you has a person beside it, whom it is for: it goes after a week.
"""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from assist.protocol.states import Role

TEXT_LENGTH = 1000
THANKS_LENGTH = 300
ROLES = [role.value for role in Role]


class Solved(StrEnum):
    """Answers to "Did you get what you needed?", of a Volunteer to "Could you help?"."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Feeling(StrEnum):
    """Answers to "How did the call feel?"."""

    GOOD = "good"
    ALL_RIGHT = "all_right"
    BAD = "bad"


class Rating(models.Model):
    """One side's answers; each question may stay open (null). `again`: would meet them again."""

    call = models.CharField(max_length=32)
    role = models.CharField(max_length=9)
    solved = models.CharField(max_length=6, null=True)  # noqa: DJ001
    feeling = models.CharField(max_length=9, null=True)  # noqa: DJ001
    again = models.BooleanField(null=True)
    rated_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            UniqueConstraint(fields=["call", "role"], name="one_rating_a_side"),
            CheckConstraint(condition=Q(role__in=ROLES), name="rating_role"),
            CheckConstraint(
                condition=Q(solved__in=[str(word) for word in Solved]), name="rating_solved"
            ),
            CheckConstraint(
                condition=Q(feeling__in=[str(word) for word in Feeling]), name="rating_feeling"
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} of {self.call}"


class Report(models.Model):
    """Something went wrong in this Call, in the words of one of its two people."""

    call = models.CharField(max_length=32, db_index=True)
    role = models.CharField(max_length=9)
    text = models.TextField(max_length=TEXT_LENGTH)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.role} of {self.call}"


class Thanks(models.Model):
    """A Requester's thank-you, which its Volunteer may read again for a week."""

    call = models.CharField(max_length=32, primary_key=True)
    volunteer = models.CharField(max_length=32, db_index=True)
    text = models.TextField(max_length=THANKS_LENGTH)
    seen = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return self.call
