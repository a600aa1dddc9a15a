"""Do invites, codes, answers and the Coordinator's desk do what they should over real HTTP?"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator

import pytest
from redis import Redis

from assist.lib.ids import new_id
from tests.pagesockets import Browser, Page, forget_limits, invited, requester
from tests.processes import Processes, running
from tests.waiting import wait_for

CODE = "Blue Lamp 7"


@pytest.fixture(scope="module")
def house() -> Iterator[Processes]:
    """A house that asks for a code, with every process."""
    parts, token = ("web", "worker", "relay"), "a token of the tests"
    with running(
        *parts, ASSIST_ASK="code", ASSIST_ASK_CODE=CODE, ASSIST_METRICS_TOKEN=token
    ) as house:
        yield house


@pytest.fixture(autouse=True)
def _unlimited(house: Processes) -> None:
    forget_limits(house)


@pytest.fixture(scope="module")
def alice(house: Processes) -> Browser:
    """A Requester who has said the code."""
    browser = requester(house)
    assert browser.get("/join/")[0] == 200
    assert browser.post("/join/", {"code": CODE})[0] == 302
    return browser


@pytest.fixture(scope="module")
def noor(house: Processes) -> Browser:
    return invited(house, "volunteer", "Noor", "en")


async def call(alice: Browser, noor: Browser) -> tuple[Page, Page, str, str]:
    """Two open pages, the HelpRequest and the Call between them."""
    caller, volunteer = await alice.open("requester"), await noor.open("volunteer")
    await volunteer.hear("snapshot.volunteer")
    await volunteer.say("calls.start")
    help_request = (await caller.ask("en"))["help_request"]
    offer = (await volunteer.hear("offer.made"))["offer"]["id"]
    await volunteer.say("offer.accept", offer=offer)
    changed = await volunteer.hear("call.changed")
    return caller, volunteer, help_request, changed["call"]["id"]


# --- invites -------------------------------------------------------------------------------------
def invite_path(house: Processes, name: str) -> str:
    said = house.manage("invite", "--role", "volunteer", "--name", name, "--languages", "en")
    found = re.search(r"/invite/[^/\s]+/", said)
    assert found
    return found[0]


def test_an_invite_is_looked_at_often_and_used_once(house: Processes) -> None:
    path = invite_path(house, "Ida")
    for _ in range(3):
        status, page = Browser(house).get(path)
        assert status == 200
        assert "Sign in as Ida" in page
    ida, thief = Browser(house), Browser(house)
    for browser in (ida, thief):
        browser.get(path)
    assert ida.post(path, {})[0] == 302
    assert thief.post(path, {})[0] == 410
    assert ida.get("/volunteer/")[0] == 200
    assert thief.get("/volunteer/")[0] == 403
    assert Browser(house).get(path)[0] == 410


def test_forged_and_spent_invites_read_the_same(house: Processes) -> None:
    path = invite_path(house, "Per")
    browser = Browser(house)
    browser.get(path)
    browser.post(path, {})
    pages = [Browser(house).get(one) for one in (path, "/invite/forged/", "/invite/%00/")]
    assert {status for status, _page in pages} == {410}
    assert len({re.sub('<input type="hidden"[^>]*>', "", page) for _, page in pages}) == 1
    assert path not in house.said("web")


def test_a_form_from_elsewhere_spends_nothing(house: Processes) -> None:
    path = invite_path(house, "Eva")
    browser = Browser(house)
    status, page = browser.post(path, {})
    assert status == 403
    assert "<h1>" in page
    browser.get(path)
    assert browser.post(path, {}, Origin="http://evil.example")[0] == 403
    assert browser.post(path, {}, Origin=house.origin)[0] == 302
    assert path not in house.said("web")


def test_signing_in_changes_the_session_and_keeps_it_from_scripts(house: Processes) -> None:
    path = invite_path(house, "Lars")
    browser = Browser(house)
    browser.cookies["sessionid"] = "chosen-by-somebody-else-000000000"
    browser.get(path)
    browser.post(path, {})
    assert browser.cookies["sessionid"] != "chosen-by-somebody-else-000000000"


# --- the code ------------------------------------------------------------------------------------
async def test_without_the_code_there_is_no_asking(house: Processes) -> None:
    stranger = requester(house)
    assert '"ask_needs_code": true' in stranger.get("/")[1]
    page = await stranger.open("requester")
    assert (await page.ask("en"))["code"] == "code_needed"
    await page.close()


async def test_with_the_code_one_asks(house: Processes, alice: Browser) -> None:
    page = await alice.open("requester")
    receipt = await page.ask("fi")
    assert receipt["type"] == "help.receipt"
    await page.say("help.cancel", help_request=receipt["help_request"])
    await page.close()


def test_guessing_the_code_is_stopped(house: Processes) -> None:
    browser = Browser(house)
    browser.get("/join/")
    statuses = [browser.post("/join/", {"code": f"guess {n}"})[0] for n in range(21)]
    assert statuses == [403] * 20 + [429]
    assert browser.post("/join/", {"code": CODE})[0] == 429


# --- answers -------------------------------------------------------------------------------------
async def test_the_two_of_a_call_may_answer_and_report_and_nobody_else(
    house: Processes, alice: Browser, noor: Browser
) -> None:
    caller, volunteer, help_request, call_id = await call(alice, noor)
    await caller.say("call.end", help_request=help_request)
    await caller.hear("help.ended", call=call_id)
    alice.get("/")
    noor.get("/volunteer/")
    mallory = requester(house)
    mallory.get("/join/")
    for browser, status in ((alice, 204), (noor, 204), (mallory, 404)):
        answer = {"call": call_id, "solved": "partly", "feeling": "good"}
        assert browser.post("/rating/", answer)[0] == status
        assert browser.post("/report/", {"call": call_id, "text": "words"})[0] == status
    assert alice.post("/rating/", {"call": new_id(), "solved": "yes"})[0] == 404
    assert alice.post("/rating/", {"call": "x", "solved": "yes"})[0] == 404
    assert alice.post("/rating/", {"call": call_id, "solved": "perhaps"})[0] == 400
    assert alice.post("/report/", {"call": call_id, "text": "x" * 1001})[0] == 400
    assert alice.post("/report/", {"call": call_id, "text": "x" * 70_000})[0] == 413
    said = house.said("web")
    assert "words" not in said
    assert call_id not in said
    for page in (caller, volunteer):
        await page.close()


async def test_answers_come_as_json_too_and_without_the_live_memory(
    house: Processes, alice: Browser, noor: Browser
) -> None:
    caller, volunteer, help_request, call_id = await call(alice, noor)
    await caller.say("call.end", help_request=help_request)
    await volunteer.hear("call.ended", call=call_id)
    with Redis.from_url(house.redis.url) as redis:
        redis.delete(f"call:{call_id}")  # as an hour later
    alice.get("/")
    token = {"X-CSRFToken": alice.cookies["csrftoken"], "Content-Type": "application/json"}
    body = json.dumps({"call": call_id, "solved": "yes"}).encode()

    def why_not() -> str:
        status, text = alice._ask("POST", "/rating/", body, token)
        return "" if status == 204 else f"history does not know it yet: {status} {text}"

    await wait_for(why_not)
    assert alice._ask("POST", "/rating/", b"[]", token)[0] == 400
    assert alice._ask("POST", "/rating/", b"{", token)[0] == 400
    for page in (caller, volunteer):
        await page.close()


async def test_two_who_would_like_to_meet_again_are_tied_when_both_have_said_so(
    house: Processes, alice: Browser, noor: Browser
) -> None:
    caller, volunteer, help_request, call_id = await call(alice, noor)
    await caller.say("call.end", help_request=help_request)
    await volunteer.hear("call.ended", call=call_id)

    def tied() -> int:
        with Redis.from_url(house.redis.url, decode_responses=True) as redis:
            requester_id = str(redis.hget(f"call:{call_id}", "requester"))
            return int(redis.scard(f"met:{requester_id}"))

    answers = [(alice, "yes", 0), (noor, "yes", 1), (alice, "no", 0), (alice, "yes", 1)]
    for browser, again, ties in answers:
        browser.get("/" if browser is alice else "/volunteer/")
        assert browser.post("/rating/", {"call": call_id, "again": again})[0] == 204
        assert tied() == ties
    assert alice.post("/rating/", {"call": call_id, "solved": "yes"})[0] == 204
    assert alice.post("/rating/", {"call": call_id, "again": ""})[0] == 204
    assert alice.post("/rating/", {"call": call_id, "again": "perhaps"})[0] == 400
    assert tied() == 1
    for page in (caller, volunteer):
        await page.close()


def test_an_answer_without_the_forms_token_is_refused(house: Processes, alice: Browser) -> None:
    stranger = Browser(house)
    stranger.cookies = {**alice.cookies, "csrftoken": ""}
    assert stranger.post("/rating/", {"call": new_id()})[0] == 403


# --- Legs through the relay's client -------------------------------------------------------------
async def test_a_page_gets_the_relays_description_and_a_reload_a_newer_one(
    alice: Browser,
) -> None:
    page = await alice.open("requester")
    help_request = (await page.ask("fi"))["help_request"]

    async def opened() -> str:
        place = len(page.heard)
        await page.say("leg.open", help_request=help_request)
        answer = await page.first_of("leg.description", "refused", after=place)
        return "" if answer["type"] == "leg.description" else str(answer)

    await wait_for(opened)
    first = await page.hear("leg.description")
    assert first["description"].startswith("v=0")
    broken = {"help_request": help_request, "number": first["number"], "description": "v=0\r\n"}
    await page.say("leg.answer", **broken)
    await page.hear("refused", code="bad_description", about="leg.answer")
    await page.close()
    again = await alice.open("requester")
    await again.say("leg.answer", **broken)
    await again.hear("refused", code="unknown_id", about="leg.answer")
    await again.say("leg.open", help_request=help_request)
    second = await again.hear("leg.description")
    assert second["number"] > first["number"]
    await again.say("help.cancel", help_request=help_request)
    await again.close()


# --- the Coordinator -----------------------------------------------------------------------------
async def test_a_coordinator_sees_the_queue_as_it_moves(
    house: Processes, alice: Browser, noor: Browser
) -> None:
    clara = invited(house, "coordinator", "Clara")
    assert clara.get("/monitor/")[0] == 200
    assert clara.get("/volunteer/")[0] == 403
    desk = await clara.open("monitor")
    await desk.hear("queue")

    def shows(table: str, **fields: object) -> str:
        rows = desk.heard[-1].get(table, [])
        found = any(fields.items() <= row.items() for row in rows)
        return "" if found else f"{table}: {rows}"

    await wait_for(lambda: shows("relays"))
    caller, volunteer, help_request, call_id = await call(alice, noor)
    await wait_for(lambda: shows("calls", call=call_id, volunteer="Noor", state="connecting"))
    await wait_for(lambda: shows("volunteers", name="Noor", state="in_call"))
    assert alice.cookies["assist-device"].partition(":")[0] not in json.dumps(desk.heard)
    await caller.say("call.end", help_request=help_request)
    await volunteer.hear("call.ended")
    await volunteer.say("calls.stop")
    await volunteer.hear("volunteer.changed", state="away")
    waiting = (await caller.ask("fi"))["help_request"]
    await wait_for(lambda: shows("waiting", help_request=waiting, state="waiting", ringing=0))
    await desk.say("call.end", help_request=waiting)
    await desk.hear("refused", code="out_of_turn", about="call.end")
    await desk.say("beat")
    await desk.hear("pulse")
    await caller.say("help.cancel", help_request=waiting)
    await desk.socket.send("nonsense")
    assert await desk.closed() == 4008
    for page in (caller, volunteer):
        await page.close()


async def test_a_volunteer_is_no_coordinator(house: Processes, noor: Browser) -> None:
    page = await noor.open("monitor")
    assert await page.closed() == 4401
    assert noor.get("/monitor/")[0] == 403


@pytest.mark.parametrize("role", ["volunteer", "monitor"])
async def test_somebody_who_is_not_signed_in_hears_goodbye(house: Processes, role: str) -> None:
    page = await requester(house).open(role)
    await page.hear("goodbye", code="signed_out")
    assert await page.closed() == 4401


# --- access that ends ----------------------------------------------------------------------------
async def test_suspending_somebody_closes_their_sockets_within_a_second(house: Processes) -> None:
    took_s = [await suspended(house, "Sune")]
    while min(took_s) > 1 and len(took_s) < 3:  # a machine may stall once
        took_s.append(await suspended(house, f"Sune the {len(took_s) + 1}."))
    assert min(took_s) <= 1


async def suspended(house: Processes, name: str) -> float:
    """Somebody new is let in and suspended; how much later their page is closed, in seconds."""
    browser = invited(house, "volunteer", name, "en")
    page = await browser.open("volunteer")
    await page.hear("snapshot.volunteer")
    house.manage("suspend", name)
    began_s = time.monotonic()
    assert await page.closed() == 4403
    took_s = time.monotonic() - began_s
    assert page.heard[-1]["code"] == "suspended"
    assert await (await browser.open("volunteer")).closed() == 4401
    assert browser.get("/volunteer/")[0] == 403
    return took_s


async def test_signing_out_closes_every_socket_of_the_session(house: Processes) -> None:
    browser = invited(house, "volunteer", "Olga", "en")
    pages = [await browser.open("volunteer"), await browser.open("volunteer")]
    for page in pages:
        await page.hear("snapshot.volunteer")
    browser.get("/")  # a fresh CSRF token
    assert browser.post("/sign-out/", {})[0] == 302
    assert {await page.closed() for page in pages} == {4401}
    assert browser.get("/volunteer/")[0] == 403


async def test_what_the_pages_measure_is_counted_without_a_name_and_shown_in_the_snapshot(
    house: Processes, alice: Browser, noor: Browser
) -> None:
    caller, volunteer, help_request, _call = await call(alice, noor)
    numbers = {"sent_kbit_s": 900, "received_kbit_s": 40, "lost_share": 0.03, "round_trip_ms": 31}
    picture = {"width": 1280, "height": 720, "frames_s": 24, "freezes": 2}
    quality = {**numbers, **picture}
    await caller.say("leg.report", help_request=help_request, quality=quality)
    await volunteer.say("leg.report", help_request=help_request, quality={**quality, "width": -1})
    await volunteer.hear("refused")  # a page that measures nonsense is not believed
    await volunteer.say("leg.report", help_request="0" * 32, quality=quality)  # nor counted

    async def why_not() -> str:
        place = len(volunteer.heard)
        await volunteer.say("snapshot.get")
        found = (await volunteer.hear("snapshot.volunteer", after=place))["quality"]
        return "" if found == {"mine": None, "theirs": quality} else f"{found}"

    await wait_for(why_not)
    _status, text = Browser(house).get("/metrics")
    assert 'assist_leg_round_trip_seconds_count{role="requester"} 1.0' in text
    assert 'assist_picture_freezes_total{role="requester"} 2.0' in text
    assert 'assist_leg_lost_share_bucket{le="0.02",role="requester"} 0.0' in text
    assert 'role="volunteer"' not in text.partition("assist_leg_round_trip")[2]
    await caller.say("call.end", help_request=help_request)


# --- is the house well? --------------------------------------------------------------------------
async def test_ready_names_the_part_that_is_missing(house: Processes) -> None:
    browser = Browser(house)

    async def until(status: int, word: str) -> None:
        def why_not() -> str:
            now = browser.get("/readyz")
            return "" if now == (status, f"{word}\n") else f"{now}"

        await wait_for(why_not)

    await until(200, "ready")
    for part in ("relay", "worker"):  # both, so that their leases end at the same time
        house.stop_part(part)
    await until(503, "relay")
    house.start_part("relay")
    await until(503, "worker")
    house.start_part("worker")
    await until(200, "ready")
    house.redis.kill()
    await until(503, "redis")
    assert browser.get("/healthz") == (200, "ok\n")
    house.redis.start()
    await until(200, "ready")


def test_figures_are_for_this_machine_or_the_token_and_name_nobody(house: Processes) -> None:
    status, text = Browser(house).get("/metrics")
    assert status == 200
    for name in ("assist_sockets", "assist_longest_wait_seconds", "assist_relay_load"):
        assert name in text
    assert "Noor" not in text
    assert not re.search(r"[0-9a-f]{32}", text)
