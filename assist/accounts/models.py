"""Which people does SQL know, and who is tied to whom?

Volunteers and Coordinators have a name here. A Requester is an id in a signed cookie (see
`device`); it stands in a Block, in their Circle, with whom they would meet again, beside the
name to be called by if they chose one, and with their ways back; nowhere else.
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
RING_SECONDS = 20
WRAP_UP_SECONDS = 30
QUESTION_LENGTH = 500
# A credential's id has at most 1023 bytes, in base64url; a public key of any usual kind less.
CREDENTIAL_LENGTH = 1364
PUBLIC_KEY_BYTES = 2048
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


def heard_as(name: str) -> str:
    """A name without what a screen reader does not say: case, width, what is not printed."""
    return unicodedata.normalize("NFKC", name.translate(JOINERS)).casefold()


def name_key(name: str) -> str:
    """What two names that differ only in case or in width have in common.

    Computed here because SQLite's own LOWER stops at ASCII: "Åse" and "åse" would be two people.
    """
    key = heard_as(tidy_name(name))
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
    # What they wish, and when. Hours as in `assist.lib.week`, null for always.
    topics: models.JSONField[Any, list[str]] = models.JSONField(default=list)
    time_zone = models.CharField(max_length=60, default="")
    hours: models.JSONField[Any, dict[str, list[list[str]]] | None] = models.JSONField(null=True)
    snooze_until = models.DateTimeField(null=True)
    ring_seconds = models.PositiveSmallIntegerField(default=RING_SECONDS)
    wrap_up_seconds = models.PositiveSmallIntegerField(default=WRAP_UP_SECONDS)
    # May be asked by anybody, or by the circles they belong to alone.
    public = models.BooleanField(default=True)
    # Came without an invitation, under a name of their own choice; may wait to be let in.
    chose_name = models.BooleanField(default=False)
    waits_since = models.DateTimeField(null=True, db_index=True)
    # By whose mail they come back; see `returning`.
    address = models.CharField(max_length=254, unique=True, null=True, blank=True)
    # Which wording of the promise they gave, and when; see `promise`.
    promise = models.PositiveSmallIntegerField(default=0)
    promised_at = models.DateTimeField(null=True)
    # What others know better, kept for a Redis that forgot: a device is subscribed to pushes, and
    # they took calls when history last heard of them.
    push = models.BooleanField(default=False)
    takes_calls = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    last_login = None  # when somebody was here is nobody's business

    objects = PersonManager()
    USERNAME_FIELD = "name_key"

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the name and its key together.

        Who came in through a circle, or joined without an invitation, chose the name alone: it is
        nobody else's by that, and they stand under a key that no name can spell.
        """
        self.name = tidy_name(self.name)
        named = self.public and not self.chose_name
        self.name_key = name_key(self.name) if named else f"/{self.id.hex}"
        if not self.password:
            self.set_unusable_password()
        super().save(*args, **kwargs)


class Invite(models.Model):
    """An address that signs one person in, once. Only the token's SHA-256 is kept.

    What it makes of them stands here until it is spent: whoever typed the name of somebody else by
    mistake has changed nobody.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invites")
    role = models.CharField(max_length=11, default="")
    languages: models.JSONField[Any, list[str]] = models.JSONField(default=list)
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


class CircleTie(models.Model):
    """Somebody of a Requester's Circle, or who would like to be. Only `confirmed` is ever rung."""

    requester = models.CharField(max_length=32)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="circles")
    name = models.CharField(max_length=NAME_LENGTH + 5)
    confirmed = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            UniqueConstraint(fields=["requester", "person"], name="once_in_a_circle"),
            UniqueConstraint(fields=["requester", "name"], name="one_of_a_name_in_a_circle"),
        )

    def __str__(self) -> str:
        return self.name


class CircleInvite(models.Model):
    """Opens a Requester's Circle to one person, by a link or by six spoken digits.

    Neither is kept: `seed` makes both again with the house's secret, so that the Requester's page
    can show them as long as they live. A dead code leaves the link alive.
    """

    requester = models.CharField(max_length=32, db_index=True)
    seed = models.CharField(max_length=32)
    digest = models.CharField(max_length=64, unique=True)
    code_mac = models.CharField(max_length=64, db_index=True)
    expires_at = models.DateTimeField(db_index=True)
    spent_at = models.DateTimeField(null=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (
            UniqueConstraint(
                fields=["code_mac"], condition=Q(spent_at=None), name="one_invite_a_code"
            ),
        )

    def __str__(self) -> str:
        return f"into a circle until {self.expires_at:%Y-%m-%d %H:%M}"


class MetTie(models.Model):
    """Both had said after this Call that they would like to meet again."""

    requester = models.CharField(max_length=32)
    person = models.CharField(max_length=32, db_index=True)
    call = models.CharField(max_length=32)

    class Meta:
        constraints = (UniqueConstraint(fields=["requester", "person"], name="met_once"),)

    def __str__(self) -> str:
        return f"{self.requester} and {self.person}"


class Requester(models.Model):
    """What a Requester would like to be called. Nobody stands here who chose no name."""

    id = models.CharField(max_length=32, primary_key=True)
    name = models.CharField(max_length=NAME_LENGTH)
    asked_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.name


class Account(models.Model):
    """A Requester's way back: whoever reads the mail of this address is they, on any device.

    Without an address it is their passkeys alone that lead back.
    """

    requester = models.CharField(max_length=32, primary_key=True)
    address = models.CharField(max_length=254, unique=True, null=True, blank=True)
    # Their settings as they were kept last, and when; see `chosen`.
    chosen: models.JSONField[Any, dict[str, Any] | None] = models.JSONField(null=True)
    chosen_ms = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return self.requester


class Passkey(models.Model):
    """What a device of somebody's has made to know them again: only its public half is here.

    `owner` is a Requester's id or a Person's. `handle` is what the device calls its owner: the same
    random word for all passkeys that somebody made, and nothing that means anything elsewhere.
    """

    owner = models.CharField(max_length=32, db_index=True)
    handle = models.CharField(max_length=32)
    credential = models.CharField(max_length=CREDENTIAL_LENGTH, unique=True)
    key = models.BinaryField(max_length=PUBLIC_KEY_BYTES)
    uses = models.PositiveBigIntegerField(default=0)
    name = models.CharField(max_length=NAME_LENGTH)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Question(models.Model):
    """What a Requester would like to know from whoever comes. Gone when taken, or after a week."""

    help_request = models.CharField(max_length=32, primary_key=True)
    text = models.TextField(max_length=QUESTION_LENGTH)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return self.help_request
