"""Which passkeys lead back to whom? The public half of each; the device keeps the other one.

An owner is a Requester's id or a Person's, 32 hex digits. What a browser answers is judged by
`webauthn`; here is what is kept of it.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from assist.accounts.models import Passkey
from assist.accounts.webauthn import Known, Made, NoPasskey
from assist.lib.ids import new_id

MOST = 10


def of(owner: str) -> list[Passkey]:
    """All of theirs, the oldest first."""
    return list(_of(owner).order_by("created_at", "pk"))


def has_room(owner: str) -> bool:
    return _of(owner).count() < MOST


def handle_of(owner: str) -> str:
    """What devices call this owner: a new word for somebody who has no passkey yet."""
    known = _of(owner).values_list("handle", flat=True).first()
    return known or new_id()


def keep(owner: str, made: Made, name: str) -> None:
    """From now on it leads to this owner. Raises `NoPasskey` where it is somebody's already."""
    try:
        with transaction.atomic():
            Passkey.objects.create(
                owner=owner,
                handle=made.handle,
                credential=made.credential,
                key=made.key,
                uses=made.uses,
                name=name,
            )
    except IntegrityError as error:
        raise NoPasskey("it is known already") from error


def find(credential: str) -> Known | None:
    """What `webauthn` needs to judge an answer by this passkey."""
    found = Passkey.objects.filter(credential=credential).first()
    if found is None:
        return None
    return Known(found.owner, found.handle, found.credential, bytes(found.key))


def use(credential: str, uses: int) -> None:
    """Count this use. Raises `NoPasskey` for one that is gone, or that counts backwards.

    A device that counts says each number once: one that came before was said by a copy. Most count
    nothing, as they carry a passkey to all devices of its person, and say 0 each time.
    """
    mine = Passkey.objects.filter(credential=credential)
    before = mine.filter(uses=0) if uses == 0 else mine.filter(uses__lt=uses)
    if before.update(uses=uses) != 1:
        raise NoPasskey("it was used elsewhere")


def remove(owner: str, number: str) -> str:
    """It leads nowhere any more; its name, or nothing for one that they do not have."""
    mine = _of(owner).filter(pk=int(number)) if number.isdecimal() and len(number) < 19 else None
    found = mine.first() if mine is not None else None
    if found is None:
        return ""
    found.delete()
    return found.name


def told_of(owner: str) -> list[dict[str, Any]]:
    """All that is told of them; the rest is numbers that mean nothing to anybody."""
    return [{"name": one.name, "created_at": one.created_at} for one in of(owner)]


def forget(owner: str) -> None:
    _of(owner).delete()


def _of(owner: str) -> QuerySet[Passkey]:
    return Passkey.objects.filter(owner=owner)
