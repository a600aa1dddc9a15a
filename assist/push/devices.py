"""Which devices does a person have? At most five; the oldest makes room."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.utils import timezone

from assist.accounts.models import Person
from assist.push.keys import decode
from assist.push.models import Subscription
from assist.push.places import place_of

MOST = 5
# A parked HelpRequest lives a week at most; after that there is nothing to call a Requester for.
REQUESTERS_KEPT_DAYS = 8


class BadDevice(ValueError):
    """What a page sent is no subscription at a push service that we know."""


class Device(NamedTuple):
    """One browser that can be rung. The keys are base64url, as the browser gave them."""

    endpoint: str
    p256dh: str
    auth: str


def mark_of(endpoint: str) -> str:
    """Stands for a device where its address need not be known: 32 hex digits."""
    return hashlib.sha256(f"assist.device:{endpoint}".encode()).hexdigest()[:32]


def checked(endpoint: str, p256dh: str, auth: str) -> Device:
    """A device that letters can be sealed for. Raises `BadDevice`."""
    try:
        point, secret = decode(p256dh), decode(auth)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError as error:
        raise BadDevice("these are no keys") from error
    if len(point) != 65 or len(secret) != 16 or place_of(endpoint) is None:
        raise BadDevice("this is no push service")
    return Device(endpoint, p256dh.rstrip("="), auth.rstrip("="))


def keep(person: str, device: Device, session: str = "") -> str:
    """Ring this device for this person from now on: a browser is the last one's who said so.

    Who lost it by that, or nothing.
    """
    with transaction.atomic():
        others = Subscription.objects.filter(endpoint=device.endpoint).exclude(person=person)
        before = others.values_list("person", flat=True).first() or ""
        Subscription.objects.update_or_create(
            endpoint=device.endpoint,
            defaults={
                "person": person,
                "p256dh": device.p256dh,
                "auth": device.auth,
                "session": session,
                "created_at": timezone.now(),
            },
        )
        theirs = Subscription.objects.filter(person=person).order_by("-created_at", "-pk")
        too_many = [row.pk for row in theirs[MOST:]]
        Subscription.objects.filter(pk__in=too_many).delete()
    return before


def devices_of(person: str) -> list[Device]:
    """All of them."""
    rows = Subscription.objects.filter(person=person)
    return [Device(row.endpoint, row.p256dh, row.auth) for row in rows]


def forget(endpoint: str, person: str = "") -> str:
    """Ring this device no more; whose it was, or nothing. With `person`, only if it is theirs."""
    found = Subscription.objects.filter(endpoint=endpoint)
    row = (found.filter(person=person) if person else found).first()
    if row is None:
        return ""
    row.delete()
    return row.person


def bring(device: str, requester: str) -> None:
    """It rings for somebody who has another one, too."""
    Subscription.objects.filter(person=device).update(person=requester)


def forget_person(person: str) -> None:
    """None of their devices is rung any more."""
    Subscription.objects.filter(person=person).delete()


def forget_session(session: str) -> None:
    """Who signs out is not rung any more where they did. `session`: as it was kept."""
    Subscription.objects.filter(session=session).exclude(session="").delete()


def forget_old_requesters() -> int:
    """Forget devices that only waited to be called back, long ago; how many there were."""
    before = timezone.now() - timedelta(days=REQUESTERS_KEPT_DAYS)
    old = Subscription.objects.filter(created_at__lt=before)
    known = Person.objects.filter(pk__in=[UUID(row.person) for row in old])
    volunteers = [pk.hex for pk in known.values_list("pk", flat=True)]
    return old.exclude(person__in=volunteers).delete()[0]
