"""What does the house have of a Requester, all in one, and how does it forget all of it?"""

from __future__ import annotations

from typing import Any

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer

from assist.accounts import forgetting
from assist.accounts.scrubbing import empty_log
from assist.feedback import answers, thanks
from assist.gateway import process
from assist.live.forgetting import erase, rewrite, settle
from assist.protocol.states import Role
from assist.push import devices
from assist.records import history


def told_of(device: str) -> dict[str, Any]:
    """All that SQL knows; what is chosen on the device itself, the device adds."""
    asked = history.asked_by(device)
    blocks = [{"at": at} for _volunteer, at in history.blocked_by(device)]
    return {
        **forgetting.told_of(device, asked.help_requests),
        **answers.told_of(asked.calls, Role.REQUESTER),
        "thanks": thanks.told_of(asked.calls),
        "blocked": blocks,
        "asked_for_help": history.told_of(device),
        "devices_that_ring": len(devices.devices_of(device)),
    }


async def forget(device: str) -> None:
    """All of it, now and for good. Raises `Behind`, RedisError and database errors: ask again.

    Other pages of theirs are shown out first, or their next beat would bring the id back.
    """
    live = process.live()
    await settle(live, device)
    goodbye = {"type": "person.goodbye", "code": "forgotten"}
    await get_channel_layer().group_send(f"person.{device}", goodbye)
    asked = await database_sync_to_async(forget_in_sql)(device)
    await database_sync_to_async(empty_log)()
    await erase(live, device, asked.help_requests, asked.calls)
    await rewrite(live.redis)


def forget_in_sql(device: str) -> history.Asked:
    """What it was that they had asked for."""
    asked = history.asked_by(device)
    forgetting.forget(device, asked.help_requests)
    answers.forget_words_of(asked.calls, Role.REQUESTER)
    thanks.forget(asked.calls)
    devices.forget_person(device)
    history.forget_requester(device)
    return asked
