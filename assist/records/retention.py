"""What does history forget, and when?"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

from channels.db import database_sync_to_async
from django.contrib.sessions.models import Session
from django.db import DatabaseError, InterfaceError
from django.utils import timezone
from redis.exceptions import RedisError

from assist.accounts import circle, introductions, invites, joining, questions
from assist.feedback import thanks
from assist.feedback.answers import forget_words
from assist.lib.clock import pause
from assist.live import Live
from assist.records.forgotten import end_forgotten
from assist.records.models import Call, HelpRequest, Offer

log = logging.getLogger(__name__)

KEPT_DAYS = 90
SWEEP_SECONDS = 3600.0
RETRY_SECONDS = 60.0


def sweep(now: datetime) -> int:
    """Rows older than 90 days lose their people; how many did.

    Reports of that age lose their words. Thank-yous, and questions that nobody took, are deleted
    after a week. So is what can no longer open a door (old invites, sessions that ran out), who
    came for a Circle that did not confirm them, who waited 90 days to be let in, and the names of
    Requesters who have not asked for a year.
    """
    before = now - timedelta(days=KEPT_DAYS)
    forgotten = (
        HelpRequest.objects.filter(asked_at__lt=before, requester__isnull=False).update(
            requester=None
        )
        + Offer.objects.filter(made_at__lt=before, volunteer__isnull=False).update(volunteer=None)
        + Call.objects.filter(accepted_at__lt=before, volunteer__isnull=False).update(
            volunteer=None
        )
    )
    forget_words(before)
    questions.forget_old(now)
    thanks.forget_old(now)
    invites.forget_old(now)
    circle.forget_old(now)
    joining.forget_old(now)
    introductions.forget_old(now)
    Session.objects.filter(expire_date__lt=now).delete()
    return forgotten


async def run_retention(live: Live, stop: asyncio.Event) -> None:
    """Sweep now and each hour until `stop`. Any number of workers may."""
    while not stop.is_set():
        wait_seconds = SWEEP_SECONDS
        try:
            await database_sync_to_async(sweep)(timezone.now())
            lost = await end_forgotten(live, timezone.now())
            if lost:
                log.warning("%d help requests that Redis forgot are ended as lost", lost)
        except (DatabaseError, InterfaceError, RedisError) as trouble:
            log.warning("the sweep waits: %s", type(trouble).__name__)
            wait_seconds = RETRY_SECONDS
        await pause(wait_seconds, stop)
