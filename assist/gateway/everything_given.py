"""What does the house have of a Volunteer or Coordinator, and how does it forget all of it?

As `everything` is for a Requester.
"""

from __future__ import annotations

from typing import Any

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer

from assist.accounts import forgetting, sessions
from assist.accounts.models import Person
from assist.accounts.scrubbing import empty_log
from assist.feedback import answers, thanks
from assist.gateway import process
from assist.live.forgetting import rewrite
from assist.live.forgetting_volunteers import erase, settle
from assist.protocol.states import Role
from assist.push import devices
from assist.records import history


def told_of(person: Person) -> dict[str, Any]:
    """All that SQL knows."""
    who = person.id.hex
    signed_in = sessions.signed_in_with(person)
    return {
        **forgetting.told_of_person(person),
        **answers.told_of(history.taken_by(who), Role.VOLUNTEER),
        **history.told_of_volunteer(who),
        "thanks": thanks.told_for(who),
        "blocked": history.blocked_by_volunteer(who),
        "signed_in": [{"browser": one.browser, "last_used": one.day} for one in signed_in],
        "devices_that_ring": len(devices.devices_of(who)),
    }


async def forget(person: Person) -> None:
    """All of it, now and for good. Raises `Behind`, RedisError and database errors: ask again.

    Their pages are shown out first, or the next beat would bring the id back.
    """
    live, who = process.live(), person.id.hex
    await settle(live, who)
    goodbye = {"type": "person.goodbye", "code": "forgotten"}
    await get_channel_layer().group_send(f"person.{who}", goodbye)
    await database_sync_to_async(forget_in_sql)(person)
    await database_sync_to_async(empty_log)()
    await erase(live, who)
    # A page that was still open may have been rung once more: history has heard of that meanwhile.
    await database_sync_to_async(history.forget_volunteer)(who)
    await rewrite(live.redis)


def forget_in_sql(person: Person) -> None:
    who = person.id.hex
    answers.forget_words_of(history.taken_by(who), Role.VOLUNTEER)
    thanks.forget_for(who)
    devices.forget_person(who)
    history.forget_volunteer(who)
    sessions.end_all_of(person)
    forgetting.forget_person(person)
