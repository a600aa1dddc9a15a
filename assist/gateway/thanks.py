"""How does a thank-you come from the one to the other? By form, and told once to its Volunteer."""

from __future__ import annotations

import logging

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from redis.exceptions import RedisError

from assist.feedback import thanks
from assist.feedback.answers import BadAnswer
from assist.gateway import process
from assist.gateway.answers import NotTaken, call_in, fields_of, people_of, refusal, side_of
from assist.gateway.views import signed_in
from assist.protocol.states import Refusal, Role

log = logging.getLogger(__name__)

ONCE_S = 86_400  # longer than a Call is remembered in `live`


@never_cache
@require_http_methods(["GET", "POST"])
def at(request: HttpRequest) -> HttpResponse:
    """GET: what this Volunteer has not read, as `{"thanks": [{"call", "text"}]}`. POST: `call` and
    `text`, up to 300 characters, from its Requester, once and within an hour of the end: 204."""
    try:
        return leave(request) if request.method == "POST" else unread(request)
    except NotTaken as no:
        return refusal(no)
    except BadAnswer as bad:
        return refusal(NotTaken(Refusal.MALFORMED, str(bad)))


def unread(request: HttpRequest) -> HttpResponse:
    person = signed_in(request)
    if person is None:
        raise NotTaken(Refusal.UNKNOWN_ID)
    waiting = thanks.waiting_for(person.id.hex)
    return JsonResponse({"thanks": [{"call": call, "text": text} for call, text in waiting]})


def leave(request: HttpRequest) -> HttpResponse:
    fields = fields_of(request)
    call, role, requester = side_of(request, {**fields, "role": Role.REQUESTER})
    if role != Role.REQUESTER:
        raise NotTaken(Refusal.UNKNOWN_ID)
    words = thanks.tidy(fields.get("text", ""))
    try:
        volunteer = async_to_sync(first_of)(call)
        if thanks.give(call, requester, volunteer, words):
            async_to_sync(tell)(volunteer)
    except (RedisError, OSError) as error:
        log.warning("a thank-you: no Redis (%s)", type(error).__name__)
        raise NotTaken(Refusal.TRY_AGAIN) from None
    return HttpResponse(status=204)


async def first_of(call: str) -> str:
    """The Volunteer of a Call whose first thank-you this is. Raises `NotTaken`."""
    people = await people_of(call)
    if people is None:
        raise NotTaken(Refusal.UNKNOWN_ID)
    if await process.live().allow(f"thanks.{call}", 1, ONCE_S):
        raise NotTaken(Refusal.TOO_OFTEN)
    return people[1]


async def tell(volunteer: str) -> None:
    """The words stay in SQL; only that there are some is told."""
    await get_channel_layer().group_send(f"person.{volunteer}", {"type": "person.thanks"})


@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """`call`: its thank-you has been read, and is not told again: 204."""
    try:
        person = signed_in(request)
        if person is None:
            raise NotTaken(Refusal.UNKNOWN_ID)
        thanks.seen(call_in(fields_of(request)), person.id.hex)
    except NotTaken as no:
        return refusal(no)
    return HttpResponse(status=204)
