"""Whom does a Requester trust? Invites into a Circle, and the ties that come of them.

An invite is a link or six digits to be spoken, good for ten minutes and one person. Whoever comes
by it gives a name, and is of the Circle only when the Requester has confirmed that name.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from assist.accounts import passkeys
from assist.accounts.languages import tidy_languages
from assist.accounts.models import CircleInvite, CircleTie, Person, heard_as, tidy_name
from assist.live import Live

GOOD_FOR = timedelta(minutes=10)
CODE_DIGITS = 6
WRONG_TRIES_A_CODE = 20
# Two living invites never share a code; with so many alive that this fails, nobody could join.
CODE_TRIES = 50
STRANGERS_KEPT = timedelta(days=1)
# Each call looks at all of them, and Redis serves nobody else meanwhile.
MOST = 50
# Letters to Unicode, and nothing to the eye or the ear.
BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")


class FullCircle(Exception):
    """It has as many people as it may have, newcomers counted."""


@dataclass(frozen=True, slots=True)
class Open:
    """An invite that can still be used; `code` is empty when it has been guessed at too often."""

    token: str
    code: str
    expires_at: datetime


def invite(requester: str) -> Open:
    """Open the Circle of this Requester to one person; an earlier invite ends with it.

    Raises `FullCircle`.
    """
    now = timezone.now()
    if CircleTie.objects.filter(requester=requester).count() >= MOST:
        raise FullCircle
    for _ in range(CODE_TRIES):
        seed = secrets.token_hex(16)
        try:
            with transaction.atomic():
                forget_old(now)
                CircleInvite.objects.filter(requester=requester, spent_at=None).delete()
                made = CircleInvite.objects.create(
                    requester=requester,
                    seed=seed,
                    digest=_digest(_token(seed)),
                    code_mac=_code_mac(_code(seed)),
                    expires_at=now + GOOD_FOR,
                )
                return _shown(made)
        except IntegrityError:
            continue
    raise RuntimeError("no free code")


def open_invite(requester: str) -> Open | None:
    """The invite that this Requester gave out and nobody has used yet."""
    found = _living().filter(requester=requester).order_by("expires_at").last()
    return _shown(found) if found else None


def by_link(token: str) -> CircleInvite | None:
    """The invite behind this link, if it is still good."""
    return _living().filter(digest=_digest(token)).first()


def by_code(said: str) -> CircleInvite | None:
    """The invite with these digits; blanks between them do not count.

    A wrong try is one at every code that lives, as nobody can tell which was meant: after 20 a code
    is dead. Its link is not: that nobody guesses.
    """
    code = "".join(said.split())
    alive = _living().filter(wrong_tries__lt=WRONG_TRIES_A_CODE)
    found = alive.filter(code_mac=_code_mac(code)).first()
    if found is None:
        alive.update(wrong_tries=F("wrong_tries") + 1)
    return found


def join(invite: CircleInvite, person: Person) -> CircleTie | None:
    """Spend the invite for this person, who waits to be confirmed; nothing for who came too late.

    A name that somebody in the Circle has already is made another one, so that a name which is
    trusted cannot be borrowed.
    """
    now = timezone.now()
    with transaction.atomic():
        # Compare-and-set: two with one code, and one of them gets in.
        unspent = CircleInvite.objects.filter(pk=invite.pk, spent_at=None, expires_at__gt=now)
        if unspent.update(spent_at=now) != 1:
            return None
        tie = CircleTie.objects.filter(requester=invite.requester, person=person).first()
        return tie or CircleTie.objects.create(
            requester=invite.requester,
            person=person,
            name=free_name(invite.requester, person.name),
        )


def join_anew(invite: CircleInvite, name: str, languages: Sequence[str]) -> CircleTie | None:
    """The same for somebody without an account, who then helps in this Circle alone.

    Raises `BadName` and `BadLanguage`.
    """
    spoken = tidy_languages(languages)
    with transaction.atomic():
        newcomer = Person(name=tidy_name(name), languages=spoken, volunteers=True, public=False)
        newcomer.save()
        tie = join(invite, newcomer)
        if tie is None:
            newcomer.delete()
    return tie


def ties_of(requester: str) -> list[CircleTie]:
    """Members and newcomers, in the order in which they came."""
    return list(CircleTie.objects.filter(requester=requester).order_by("created_at", "pk"))


async def confirm(live: Live, requester: str, person: str) -> bool:
    """This newcomer is who they say: from now on they are asked first. False for nobody."""
    mine = CircleTie.objects.filter(requester=requester, person=UUID(person))
    found = await database_sync_to_async(mine.update)(confirmed=True)
    await _settle(live, requester, person)
    return bool(found)


async def remove(live: Live, requester: str, person: str) -> bool:
    """A newcomer is refused, or a member is none any more. False for nobody."""
    mine = CircleTie.objects.filter(requester=requester, person=UUID(person))
    found, _ = await database_sync_to_async(mine.delete)()
    await _settle(live, requester, person)
    return bool(found)


def forget_old(now: datetime) -> int:
    """Delete invites whose time is over, and people who came for a Circle and are of none."""
    alone = Person.objects.filter(public=False, coordinates=False, circles=None)
    # The ids of people begin with the time of their coming.
    came_ms = int((now - STRANGERS_KEPT).timestamp() * 1000)
    gone = alone.filter(pk__lt=UUID(int=came_ms << 80))
    for person in gone.values_list("pk", flat=True):
        passkeys.forget(person.hex)
    gone.delete()
    return CircleInvite.objects.filter(expires_at__lte=now).delete()[0]


async def _settle(live: Live, requester: str, person: str) -> None:
    """Make what is live agree with SQL, also when somebody else changes it at the same time."""
    holds: bool | None = None
    while (now_holds := await database_sync_to_async(_confirmed)(requester, person)) != holds:
        holds = now_holds
        await live.tie("circle", requester, person, holds=holds)


def _confirmed(requester: str, person: str) -> bool:
    mine = CircleTie.objects.filter(requester=requester, person=UUID(person), confirmed=True)
    return mine.exists()


def free_name(requester: str, name: str) -> str:
    """The name, or with a number behind it: "Noor (2)"."""
    taken = {_spoken(tie.name) for tie in ties_of(requester)}
    names = (name if number == 1 else f"{name} ({number})" for number in count(1))
    return next(free for free in names if _spoken(free) not in taken)


def _spoken(name: str) -> str:
    """What is left of a name when it is read aloud: letters and digits, in one width and case."""
    said = heard_as(name)
    return "".join(x for x in said if x.isalnum() and x not in BLANK_LETTERS) or said


def _living() -> QuerySet[CircleInvite]:
    return CircleInvite.objects.filter(spent_at=None, expires_at__gt=timezone.now())


def _shown(invite: CircleInvite) -> Open:
    dead = invite.wrong_tries >= WRONG_TRIES_A_CODE
    code = "" if dead else _code(invite.seed)
    return Open(_token(invite.seed), code, invite.expires_at)


def _keyed(purpose: str, text: str) -> bytes:
    key = settings.SECRET_KEY.encode()
    return hmac.new(
        key, f"assist.accounts.circle:{purpose}:{text}".encode(), hashlib.sha256
    ).digest()


def _token(seed: str) -> str:
    return base64.urlsafe_b64encode(_keyed("link", seed)).decode().rstrip("=")


def _code(seed: str) -> str:
    number = int.from_bytes(_keyed("code", seed)[:8], "big")
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}}"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _code_mac(code: str) -> str:
    return _keyed("code kept", code).hex()
