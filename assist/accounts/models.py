"""Which people does SQL know? Volunteers and Coordinators; of a Requester nothing is kept here.

A Requester is an id in a signed cookie (see `device`). It stands in a Block, and nowhere else.
"""

from __future__ import annotations

import unicodedata
from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from assist.lib.ids import new_id

NAME_LENGTH = 60
KEY_LENGTH = 240
# Persian and Indic names are written with them, though nothing is printed.
JOINERS = str.maketrans("", "", "\u200c\u200d")


class BadName(ValueError):
    """A name that nobody can be called by; its text is one sentence."""


def new_person_id() -> UUID:
    """UUIDv7: people sort by when they came."""
    return UUID(new_id())


def tidy_name(name: str) -> str:
    """The name as it is shown: no blanks around it, single ones within. Raises `BadName`."""
    tidy = " ".join(unicodedata.normalize("NFC", name).split())
    printed = tidy.translate(JOINERS)
    if not printed.strip() or len(tidy) > NAME_LENGTH or not printed.isprintable():
        raise BadName(f"A name has 1 to {NAME_LENGTH} printable characters.")
    return tidy


def name_key(name: str) -> str:
    """What two names that differ only in case or in width have in common.

    Computed here because SQLite's own LOWER stops at ASCII: "Åse" and "åse" would be two people.
    """
    key = unicodedata.normalize("NFKC", tidy_name(name).translate(JOINERS)).casefold()
    if len(key) > KEY_LENGTH:
        raise BadName("This name is too long when written out.")
    return key


class PersonManager(BaseUserManager["Person"]):
    """Finds people by name as people write names."""

    def named(self, name: str) -> Person | None:
        """The one person of this name, in any case, or nobody."""
        try:
            return self.filter(name_key=name_key(name)).first()
        except BadName:
            return None


class Person(AbstractBaseUser):
    """Somebody who signs in. There are no passwords: an invite's address opens the door once.

    The unusable password that Django keeps is random and part of every session's hash: a new one
    ends all sessions of this person at once.
    """

    id = models.UUIDField(primary_key=True, default=new_person_id, editable=False)
    name = models.CharField(max_length=NAME_LENGTH)
    name_key = models.CharField(max_length=KEY_LENGTH, unique=True, editable=False)
    volunteers = models.BooleanField(default=False)
    coordinates = models.BooleanField(default=False)
    languages: models.JSONField[Any, list[str]] = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    last_login = None  # when somebody was here is nobody's business

    objects = PersonManager()
    USERNAME_FIELD = "name_key"

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the name and its key together."""
        self.name = tidy_name(self.name)
        self.name_key = name_key(self.name)
        if not self.password:
            self.set_unusable_password()
        super().save(*args, **kwargs)


class Invite(models.Model):
    """An address that signs one person in, once. Only the token's SHA-256 is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invites")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    spent_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"an invite until {self.expires_at:%Y-%m-%d %H:%M}"


class Block(models.Model):
    """Two people who are never connected again, in either direction. Kept for good.

    The smaller id stands first, so that a pair is one row whoever blocked whom.
    """

    one = models.CharField(max_length=32)
    other = models.CharField(max_length=32, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            UniqueConstraint(fields=["one", "other"], name="one_block_a_pair"),
            CheckConstraint(condition=Q(one__lt=F("other")), name="block_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.one} and {self.other}"
