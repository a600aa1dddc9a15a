"""How do the answers after a Call come in? By form, by JSON, or by a beacon from a closing page."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import msgspec
from asgiref.sync import async_to_sync
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST
from redis.exceptions import RedisError

from assist.accounts.device import DEVICE_COOKIE, read_device
from assist.feedback import thanks
from assist.feedback.again import settle
from assist.feedback.answers import BadAnswer, rate, report
from assist.gateway import process
from assist.gateway.limits import may_report
from assist.gateway.refusals import SENTENCES
from assist.gateway.views import signed_in
from assist.protocol.fields import Id
from assist.protocol.messages import MESSAGE_BYTES
from assist.protocol.states import Refusal, Role
from assist.records.history import people_in

log = logging.getLogger(__name__)

STATUS = {
    Refusal.MALFORMED: 400,
    Refusal.UNKNOWN_ID: 404,
    Refusal.TOO_LARGE: 413,
    Refusal.TOO_OFTEN: 429,
    Refusal.TRY_AGAIN: 503,
}


class NotTaken(Exception):
    """What came is not taken down; `code` says why."""

    def __init__(self, code: Refusal, text: str = "") -> None:
        super().__init__(code)
        self.code, self.text = code, text or str(SENTENCES[code])


@require_POST
def rating(request: HttpRequest) -> HttpResponse:
    """`call`, and any of `solved` (yes, partly, no), `feeling` (good, all_right, bad), `again`
    (yes, no: would they like to meet again?): 204."""
    try:
        fields = fields_of(request)
        call, role, _person = side_of(request, fields)
        again = yes_or_no(fields.get("again"))
        rate(call, role, fields.get("solved") or None, fields.get("feeling") or None, again)
        if again is not None:
            settle_for(call)
    except NotTaken as no:
        return refusal(no)
    except BadAnswer as bad:
        return refusal(NotTaken(Refusal.MALFORMED, str(bad)))
    return HttpResponse(status=204)


@require_POST
def problem(request: HttpRequest) -> HttpResponse:
    """`call` and `text` in the person's own words (up to 1000 characters): 204."""
    try:
        fields = fields_of(request)
        call, role, person = side_of(request, fields)
        if not async_to_sync(report_counted)(person):
            raise NotTaken(Refusal.TOO_OFTEN)
        report(call, role, fields.get("text", ""))
        if role == Role.VOLUNTEER:
            thanks.drop(call, person)
    except NotTaken as no:
        return refusal(no)
    except BadAnswer as bad:
        return refusal(NotTaken(Refusal.MALFORMED, str(bad)))
    return HttpResponse(status=204)


def refusal(no: NotTaken) -> HttpResponse:
    """The same shape as on a socket: a stable code and a sentence."""
    log.warning("answer refused: %s", no.code)
    response = JsonResponse({"code": no.code, "text": no.text}, status=STATUS[no.code])
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def fields_of(request: HttpRequest) -> Mapping[str, str]:
    """The fields as text, from a form or from JSON. Raises `NotTaken`."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MESSAGE_BYTES:
        raise NotTaken(Refusal.TOO_LARGE)
    if request.content_type != "application/json":
        return request.POST.dict()
    try:
        return msgspec.json.decode(request.body, type=dict[str, str])
    except (msgspec.DecodeError, UnicodeError):
        raise NotTaken(Refusal.MALFORMED) from None


def side_of(request: HttpRequest, fields: Mapping[str, str]) -> tuple[str, Role, str]:
    """The Call, the side on which the sender took part in it, and who that is.

    Somebody who tries both sides in one browser is both people; then `role` says which page spoke.
    Raises `NotTaken`: a Call of others and one that never was get the same answer.
    """
    call = call_in(fields)
    sides = [(role, who) for role, who in people_behind(request) if took_part(call, role, who)]
    said = [(role, who) for role, who in sides if role == fields.get("role")]
    for role, who in said or sides:
        return call, role, who
    raise NotTaken(Refusal.UNKNOWN_ID)


def call_in(fields: Mapping[str, str]) -> str:
    """The Call that is meant. Raises `NotTaken`."""
    try:
        return msgspec.convert(fields.get("call"), Id)
    except msgspec.ValidationError:
        raise NotTaken(Refusal.UNKNOWN_ID) from None


def people_behind(request: HttpRequest) -> list[tuple[Role, str]]:
    """Whom this browser may speak for."""
    device = read_device(request.COOKIES.get(DEVICE_COOKIE, ""))
    person = signed_in(request)
    found = [(Role.REQUESTER, device)] if device else []
    return [*found, (Role.VOLUNTEER, person.id.hex)] if person else found


def took_part(call: str, role: Role, person: str) -> bool:
    return sides_of(call)[role] == person


def sides_of(call: str) -> dict[Role, str | None]:
    """Who was who: by what is live, for an hour after the Call; after that by history."""
    people: Any = None
    try:
        people = async_to_sync(people_of)(call)
    except RedisError as error:
        log.warning("who was in a call: no Redis (%s)", type(error).__name__)
    if people is None:
        return people_in(call)
    requester, volunteer, _help_request = people
    return {Role.REQUESTER: requester, Role.VOLUNTEER: volunteer}


def yes_or_no(text: str | None) -> bool | None:
    """Raises `NotTaken`."""
    if text not in (None, "", "yes", "no"):
        raise NotTaken(Refusal.MALFORMED)
    return text == "yes" if text else None


def settle_for(call: str) -> None:
    """If both would like to meet again, each is asked first for the other from now on."""
    requester, volunteer = (sides_of(call)[role] for role in Role)
    if requester is None or volunteer is None:
        return
    try:
        async_to_sync(settle_live)(call, requester, volunteer)
    except RedisError as error:
        # SQL knows it by now: the roster's rebuild ties them.
        log.warning("meeting again: no Redis (%s)", type(error).__name__)


async def settle_live(call: str, requester: str, volunteer: str) -> None:
    await settle(process.live(), call, requester, volunteer)


async def people_of(call: str) -> tuple[str, str, str] | None:
    return await process.live().people_of(call)


async def report_counted(person: str) -> bool:
    """Without Redis nobody counts, and a report must not get lost for that."""
    try:
        return await may_report(process.live(), person)
    except RedisError:
        return True
