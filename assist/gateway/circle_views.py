"""How does a Requester see and change their Circle, and how does somebody come into it?"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from uuid import UUID

from asgiref.sync import async_to_sync
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from redis.exceptions import RedisError

from assist.accounts import circle, roster
from assist.accounts.device import DEVICE_COOKIE, DEVICE_DAYS, new_device, read_device, sign_device
from assist.accounts.languages import BadLanguage, known_languages
from assist.accounts.models import BadName, CircleInvite, CircleTie, Person
from assist.gateway import door, process
from assist.gateway.errors import message
from assist.gateway.limits import ASK_WINDOW_S, network_of
from assist.gateway.views import keep_cookie, let_in, page_language, signed_in, unwell
from assist.live import Live

log = logging.getLogger(__name__)

INVITES_A_DEVICE = 10
INVITES_A_NETWORK = 40
WRONG_CODES_A_SOURCE = 5
MOST_LANGUAGES = 4
JOINING = "joining"  # in the session: the tie that waits to be confirmed


# --- the Requester's side ------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """Members, newcomers, and a way to invite. POST `act`: invite, or one with a `person`."""
    if not door.opens(request.COOKIES.get(door.CODE_COOKIE, "")):
        return redirect("/join/")
    device = device_of(request)
    if request.method != "POST":
        return show(request, device or new_device())
    if device is None:
        return redirect("/circle/")
    try:
        refused = act_on(request, device)
    except RedisError:
        return unwell(request)
    # Whoever invites goes on reading at the invitation; other acts say what they did at the top.
    invited = request.POST.get("act") == "invite"
    return refused or redirect("/circle/#invitation-title" if invited else "/circle/")


def show(request: HttpRequest, device: str) -> HttpResponse:
    ties = circle.ties_of(device)
    invite = circle.open_invite(device)
    context = {
        "members": [tie for tie in ties if tie.confirmed],
        "newcomers": [tie for tie in ties if not tie.confirmed],
        "invite": invite,
        "link": invite and request.build_absolute_uri(f"/circle/join/{invite.token}/"),
        "code": invite and in_threes(invite.code),
        "page": request.build_absolute_uri("/circle/join/"),
        "left_ms": left_ms(invite),
    }
    response = render(request, "circle.html", context)
    keep_cookie(response, DEVICE_COOKIE, sign_device(device), DEVICE_DAYS)
    return response


def in_threes(code: str) -> str:
    """Each digit by itself, and a pause after three: "1 2 3, 4 5 6"."""
    return ", ".join(" ".join(code[at : at + 3]) for at in range(0, len(code), 3))


def act_on(request: HttpRequest, device: str) -> HttpResponse | None:
    """Do what the button says; a page only where it could not be done. Raises RedisError."""
    act, person = request.POST.get("act", ""), hex_id(request.POST.get("person", ""))
    if act == "invite":
        return invite(request, device)
    tie = next((one for one in circle.ties_of(device) if one.person_id.hex == person), None)
    if tie is None or act not in ACTS:
        return None  # done already, on another page
    change, sentence = ACTS[act]

    async def in_live() -> None:
        await change(process.live(), device, tie.person_id.hex)

    async_to_sync(in_live)()
    messages.info(request, sentence(tie.name))
    return None


Change = Callable[[Live, str, str], Awaitable[bool]]
ACTS: dict[str, tuple[Change, Callable[[str], str]]] = {
    "confirm": (circle.confirm, lambda name: _("%(name)s is in your circle.") % {"name": name}),
    "refuse": (circle.remove, lambda name: _("%(name)s was refused.") % {"name": name}),
    "remove": (
        circle.remove,
        lambda name: _("%(name)s is not in your circle any more.") % {"name": name},
    ),
}


def invite(request: HttpRequest, device: str) -> HttpResponse | None:
    network = network_of(request.META.get("REMOTE_ADDR", ""))
    limits = {
        f"circle:invite:{device}": INVITES_A_DEVICE,
        f"circle:net:{network}": INVITES_A_NETWORK,
    }
    if not async_to_sync(all_allowed)(limits):
        return message(request, 429, _("Too many invitations"), _("Please wait ten minutes."))
    try:
        circle.invite(device)
    except circle.FullCircle:
        sentence = _("Remove somebody whom you do not need there any more, then invite again.")
        return message(request, 409, _("Your circle is full"), sentence)
    return None


@never_cache
@require_safe
def state(request: HttpRequest) -> JsonResponse:
    """What the page looks at every few seconds: `people`, and how long the invite is good."""
    device = device_of(request) or ""
    people = [
        {
            "person": tie.person_id.hex,
            "confirmed": tie.confirmed,
            "text": _("%(name)s would like to join your circle.") % {"name": tie.name},
        }
        for tie in circle.ties_of(device)
    ]
    return JsonResponse({"people": people, "left_ms": left_ms(circle.open_invite(device))})


def left_ms(invite: circle.Open | None) -> int:
    """How long an invite is still good; 0 without one."""
    if invite is None:
        return 0
    return int((invite.expires_at - timezone.now()).total_seconds() * 1000)


# --- the newcomer's side -------------------------------------------------------------------------
class Wrong(Exception):
    """The form comes back, with a sentence at the field."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(field)
        self.field, self.sentence = field, sentence


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str = "") -> HttpResponse:
    """A name, and the code where there is no link. Looking at the address spends nothing."""
    found = circle.by_link(token) if token else None
    if token and found is None:
        return no_invite(request)
    if (person := signed_in(request)) and not person.volunteers:
        return signed_in_as_another(request)
    if request.method != "POST":
        return form(request, token)
    try:
        found = found or by_code(request)
        if found is None:
            return message(request, 429, _("Too many tries"), _("Please wait ten minutes."))
        tie = come_in(request, found)
    except Wrong as wrong:
        return form(request, token, wrong)
    except RedisError:
        return unwell(request)
    return wait_for_it(request, tie) if tie else no_invite(request)


def signed_in_as_another(request: HttpRequest) -> HttpResponse:
    """Who comes in by a circle is signed in as a newcomer: a Coordinator would be signed out."""
    return message(
        request,
        409,
        _("You are signed in as a coordinator"),
        _("Sign out first, or open the invitation in another browser. It is not used up."),
    )


def form(request: HttpRequest, token: str, wrong: Wrong | None = None) -> HttpResponse:
    context = {
        "needs_code": not token,
        "person": volunteer_of(request),
        "wrong": wrong,
        "said": {"name": request.POST.get("name", ""), "code": request.POST.get("code", "")},
    }
    return render(request, "circle_join.html", context, status=400 if wrong else 200)


def by_code(request: HttpRequest) -> CircleInvite | None:
    """None for who has tried too often. Raises `Wrong`, RedisError.

    A try is counted before the code is looked up, so that a hundred at once are not five each.
    """
    sources = [f"circle:code:{network_of(request.META.get('REMOTE_ADDR', ''))}"]
    if device := device_of(request):
        sources.append(f"circle:code:{device}")
    if not async_to_sync(all_allowed)(dict.fromkeys(sources, WRONG_CODES_A_SOURCE)):
        return None
    # Written as the page shows it, with its pause.
    found = circle.by_code(request.POST.get("code", "").replace(",", " "))
    if found is None:
        raise Wrong("code", _("That code does not work. Please check it, or ask for a new one."))
    async_to_sync(pardon)(sources)
    return found


def come_in(request: HttpRequest, found: CircleInvite) -> CircleTie | None:
    """Nothing for who came too late. Raises `Wrong`."""
    person = volunteer_of(request)
    if person is not None:
        return circle.join(found, person)
    try:
        return circle.join_anew(found, request.POST.get("name", ""), spoken(request))
    except BadName:
        raise Wrong("name", _("Please write your name, in at most 60 letters.")) from None


def wait_for_it(request: HttpRequest, tie: CircleTie) -> HttpResponse:
    """Sign a newcomer in, and let them wait until they are confirmed."""
    if volunteer_of(request) != tie.person:
        let_in(request, tie.person)
    request.session[JOINING] = tie.pk
    try:
        async_to_sync(enlist)(tie.person)
    except RedisError as error:
        # Their page enlists them again as soon as it opens.
        log.warning("a newcomer is not in the roster yet: %s", type(error).__name__)
    return redirect("/circle/joined/")


@never_cache
@require_safe
def joined(request: HttpRequest) -> HttpResponse:
    return render(request, "circle_joined.html", {"state": how_it_stands(request)})


@never_cache
@require_safe
def joined_state(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"state": how_it_stands(request)})


def how_it_stands(request: HttpRequest) -> str:
    """asked, confirmed, or refused."""
    person, joining = signed_in(request), request.session.get(JOINING)
    if person is None or joining is None:
        return "refused"
    mine = CircleTie.objects.filter(pk=joining, person=person)
    confirmed = mine.values_list("confirmed", flat=True).first()
    return {None: "refused", True: "confirmed", False: "asked"}[confirmed]


def no_invite(request: HttpRequest) -> HttpResponse:
    """Forged, spent, too old: nobody learns which."""
    return message(
        request,
        410,
        _("This invitation does not work any more"),
        _("It can be used once, within ten minutes. Please ask for a new one."),
    )


# --- small things of both ------------------------------------------------------------------------
def device_of(request: HttpRequest) -> str | None:
    return read_device(request.COOKIES.get(DEVICE_COOKIE, ""))


def volunteer_of(request: HttpRequest) -> Person | None:
    person = signed_in(request)
    return person if person and person.volunteers else None


def spoken(request: HttpRequest) -> list[str]:
    """What the browser says that its person reads, best first."""
    tags = []
    for tag, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            tags += known_languages([tag])
        except BadLanguage:
            continue
    return list(dict.fromkeys(tags))[:MOST_LANGUAGES] or [page_language()]


def hex_id(text: str) -> str:
    try:
        return UUID(text).hex
    except ValueError:
        return ""


async def all_allowed(limits: dict[str, int]) -> bool:
    """Count once under each name; what is refused under one is not counted under the next."""
    for name, limit in limits.items():
        if await process.live().allow(name, limit, ASK_WINDOW_S):
            return False
    return True


async def pardon(names: list[str]) -> None:
    for name in names:
        await process.live().pardon(name)


async def enlist(person: Person) -> None:
    await roster.copy(process.live(), person)
