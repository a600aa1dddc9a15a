"""How does a device become one more of somebody's? SQL in one piece, and then what is live.

SQL is the truth of it. What `live` was not told just then, the roster tells it within the hour.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from asgiref.sync import async_to_sync
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from assist.accounts import way_back
from assist.accounts.blocks import blocks_of
from assist.accounts.device import DEVICE_COOKIE, DEVICE_DAYS, new_device, sign_device
from assist.gateway import process
from assist.gateway.mine_views import device_of
from assist.gateway.views import keep_cookie
from assist.live.forgetting import settle
from assist.push import devices
from assist.records import history

log = logging.getLogger(__name__)

PAGE = "/mine/account/"
Tie = tuple[str, str]


async def end_all(device: str) -> None:
    """What the device still asks for ends: nobody of its id is left who could be called back, and
    history would write of that id after the last deletion. Raises `Behind`, RedisError."""
    live = process.live()
    if (await live.requester_snapshot(device)).help:
        await settle(live, device)


def come_back(request: HttpRequest, settle_in: Callable[[str], str], done: str) -> HttpResponse:
    """From now on this device is the same person as every other one that came back so.

    `settle_in` says who that is, by the device's own id; `done` is said when it is nobody else.
    """
    device = device_of(request) or new_device()
    try:
        before, requester = bring(device, settle_in)
    except way_back.SignedIn:
        return leave_first(request)
    if requester != device:
        done = _("You are back. Your circle is here, too.")
        tell(device, requester, before)
    messages.info(request, done)
    answer = redirect(PAGE)
    keep_cookie(answer, DEVICE_COOKIE, sign_device(requester), DEVICE_DAYS)
    return answer


def leave_first(request: HttpRequest) -> HttpResponse:
    """Nobody's account becomes a part of another one by a letter that was open for too long."""
    messages.info(request, _("You are signed in on this device. Sign out first."))
    return redirect(PAGE)


@transaction.atomic
def bring(device: str, settle_in: Callable[[str], str]) -> tuple[list[Tie], str]:
    """The ties that the device had, and who it is now. All of it, or nothing.

    Raises `way_back.SignedIn` and database errors.
    """
    before = way_back.ties_of(device)
    requester = settle_in(device)
    if requester != device:
        history.bring(device, requester)
        devices.bring(device, requester)
    return before, requester


def tell(device: str, requester: str, before: list[Tie]) -> None:
    try:
        async_to_sync(tell_live)(device, requester, before)
    except (RedisError, OSError) as error:
        log.warning("who came back is not tied yet: %s", type(error).__name__)


async def tell_live(device: str, requester: str, before: list[Tie]) -> None:
    """May be said again. The device's other pages connect anew, as who they are now."""
    live = process.live()
    for pair in await database_sync_to_async(blocks_of)(requester):
        await live.block(*pair)
    for kind, person in await database_sync_to_async(way_back.ties_of)(requester):
        await live.tie(kind, requester, person)
    for kind, person in before:
        await live.tie(kind, device, person, holds=False)
    goodbye = {"type": "person.goodbye", "code": "restarting"}
    await get_channel_layer().group_send(f"person.{device}", goodbye)
