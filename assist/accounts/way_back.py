"""How is somebody the same Requester on two devices? By one address or one passkey.

The id of the first device becomes that of each further one, so that the circle, the blocks and the
history belong to the person, and nothing else of the house needs to know of accounts.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction

from assist.accounts import passkeys
from assist.accounts.blocks import block, blocks_of
from assist.accounts.circle import free_name
from assist.accounts.forgetting import forget
from assist.accounts.models import Account, CircleTie, MetTie


def account_of(requester: str) -> Account | None:
    return Account.objects.filter(pk=requester).first()


def is_of_another(device: str, address: str) -> bool:
    """Whether the account of this address began on another device."""
    return Account.objects.filter(address=address).exclude(pk=device).exists()


def ties_of(requester: str) -> list[tuple[str, str]]:
    """("circle" or "met", a Volunteer's id) of each, as `live.tie` takes it."""
    circle = CircleTie.objects.filter(requester=requester, confirmed=True)
    met = MetTie.objects.filter(requester=requester)
    return [
        *(("circle", one.hex) for one in circle.values_list("person", flat=True)),
        *(("met", one) for one in met.values_list("person", flat=True)),
    ]


class SignedIn(Exception):
    """Whoever has an account on this device leaves it first: no two become one by mistake, and
    none loses the address by which its other devices come back."""


def is_signed_in(device: str, address: str) -> bool:
    """Has this device an account which this address does not lead to, and cannot from now on?"""
    own = account_of(device)
    if own is None or own.address == address:
        return False
    return own.address is not None or is_of_another(device, address)


@transaction.atomic
def settle_in(device: str, address: str) -> str:
    """Whom this device is from now on. Who came with a circle of their own brings it along.

    Raises `SignedIn`.
    """
    known = Account.objects.select_for_update().filter(address=address).first()
    if known is not None:
        return become(device, known.pk)
    if is_signed_in(device, address):
        raise SignedIn
    try:
        with transaction.atomic():
            Account.objects.update_or_create(pk=device, defaults={"address": address})
    except IntegrityError:  # another device has just settled in with it, and was quicker
        return become(device, Account.objects.get(address=address).pk)
    return device


@transaction.atomic
def become(device: str, requester: str) -> str:
    """The same for whoever has shown that they are this Requester; nothing where the account has
    just been deleted on another device. Raises `SignedIn`."""
    if requester == device:
        return device
    if account_of(device) is not None:
        raise SignedIn
    if not Account.objects.select_for_update().filter(pk=requester).exists():
        return device
    _bring(device, requester)
    return requester


# On another page of theirs a passkey may come while the last one goes, and PostgreSQL shows neither
# to the other before it is committed. Whoever holds the account's row goes first.


def passkey_came(requester: str) -> None:
    """A passkey alone is an account, too. In the transaction that keeps it."""
    Account.objects.select_for_update().get_or_create(pk=requester)


def passkey_went(requester: str) -> None:
    """An account to which nothing leads back is none. In the transaction that removes it."""
    alone = Account.objects.select_for_update().filter(pk=requester, address=None).first()
    if alone is not None and not passkeys.of(requester):
        alone.delete()


def _bring(device: str, requester: str) -> None:
    """What both have, stays as the account has it."""
    ties = CircleTie.objects.filter(requester=device)
    known = CircleTie.objects.filter(requester=requester).values_list("person", flat=True)
    for tie in ties.exclude(person__in=list(known)):
        tie.requester, tie.name = requester, free_name(requester, tie.name)
        tie.save()
    met = MetTie.objects.filter(requester=requester).values_list("person", flat=True)
    MetTie.objects.filter(requester=device).exclude(person__in=list(met)).update(
        requester=requester
    )
    for pair in blocks_of(device):
        block(requester, next(one for one in pair if one != device))
    forget(device, [])
