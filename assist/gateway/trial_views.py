"""Would a closed page ring? Which devices of a Volunteer do, and how is that tried for once?"""

from __future__ import annotations

import msgspec
from asgiref.sync import async_to_sync
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from redis.exceptions import RedisError

from assist.gateway import process
from assist.gateway.home_screen import PHONES, phone_of
from assist.gateway.push_views import NO_JSON, Endpoint, body_of, refusal
from assist.gateway.views import signed_in
from assist.protocol.fields import Id
from assist.protocol.states import Refusal
from assist.push.devices import devices_of, mark_of

TRIES, WINDOW_S = 6, 600


class Device(msgspec.Struct):
    """The browser that asks, by the address that its push service gave it; empty without one."""

    endpoint: Endpoint


class Arrival(msgspec.Struct):
    """The ring that was tried, and the browser that has shown it."""

    test: Id
    endpoint: Endpoint


@require_safe
def phones(request: HttpRequest) -> HttpResponse:
    """What each kind of device needs for that; the person's own kind first."""
    own = phone_of(request.headers.get("User-Agent", ""))
    kinds = [own, *(each for each in PHONES if each != own)]
    return render(request, "phones.html", {"phones": kinds})


@never_cache
@require_POST
def devices(request: HttpRequest) -> HttpResponse:
    """`endpoint`: does the house ring this browser for whoever is signed in, and how many others?
    `{"here": true, "others": 1}`."""
    person = signed_in(request)
    if person is None:
        return refusal(Refusal.SIGNED_OUT)
    try:
        asked = msgspec.json.decode(body_of(request), type=Device)
    except NO_JSON:
        return refusal(Refusal.MALFORMED)
    known = [each.endpoint for each in devices_of(person.id.hex)]
    here = asked.endpoint in known
    return JsonResponse({"here": here, "others": len(known) - here})


@never_cache
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Ring all devices of whoever is signed in, once: `{"test": ID, "here": MARK, "devices": 2}`.

    So many are rung. `here` is how the answers of `result` call the browser whose `endpoint` came.
    """
    person = signed_in(request)
    if person is None:
        return refusal(Refusal.SIGNED_OUT)
    try:
        asked = msgspec.json.decode(body_of(request), type=Device)
        test = async_to_sync(try_ring)(person.id.hex)
    except NO_JSON:
        return refusal(Refusal.MALFORMED)
    except RedisError:
        return refusal(Refusal.TRY_AGAIN)
    if not test:
        return refusal(Refusal.TOO_OFTEN)
    known = len(devices_of(person.id.hex))
    return JsonResponse({"test": test, "here": mark_of(asked.endpoint), "devices": known})


@never_cache
@require_safe
def result(request: HttpRequest, test: str) -> HttpResponse:
    """How far it has come: `{"devices": {MARK: "sent"}}`. After `sent` comes what its push service
    said (`taken`, `later`, `gone`, `refused`), and `arrived` once the device has shown it."""
    person = signed_in(request)
    try:
        identity = msgspec.convert(test, Id)
        found = person and async_to_sync(trial)(identity, person.id.hex)
    except msgspec.ValidationError:
        return refusal(Refusal.UNKNOWN_ID)
    except RedisError:
        return refusal(Refusal.TRY_AGAIN)
    return refusal(Refusal.UNKNOWN_ID) if found is None else JsonResponse({"devices": found})


@csrf_exempt
@require_POST
def arrived(request: HttpRequest) -> HttpResponse:
    """A service worker has shown the ring that was tried: 204. No page's token is there, so the
    Origin must be ours, as where it says "Not now"."""
    person = signed_in(request)
    if request.headers.get("Origin") not in settings.ASSIST_ORIGINS or person is None:
        return refusal(Refusal.SIGNED_OUT)
    try:
        said = msgspec.json.decode(body_of(request), type=Arrival)
        async_to_sync(note)(said.test, person.id.hex, mark_of(said.endpoint))
    except NO_JSON:
        return refusal(Refusal.MALFORMED)
    except RedisError:
        return refusal(Refusal.TRY_AGAIN)
    return HttpResponse(status=204)


async def try_ring(person: str) -> str:
    """Its id; nothing for who has tried too often."""
    live = process.live()
    if await live.allow(f"push:test:{person}", TRIES, WINDOW_S):
        return ""
    return await live.try_ring(person)


async def trial(test: str, person: str) -> dict[str, str] | None:
    return await process.live().trial(test, person)


async def note(test: str, person: str, device: str) -> None:
    await process.live().tried(test, person, device, "arrived")
