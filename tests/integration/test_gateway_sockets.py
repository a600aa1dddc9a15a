"""Do the sockets let the right people in, and say no to all else kindly and without harm?"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from websockets.exceptions import InvalidStatus

from assist.lib.ids import new_id
from tests.pagesockets import Browser, Page, forget_limits, invited, requester
from tests.processes import Processes, running
from tests.waiting import wait_for


@pytest.fixture(scope="module")
def house() -> Iterator[Processes]:
    with running("web", "worker") as house:
        yield house


@pytest.fixture(autouse=True)
def _unlimited(house: Processes) -> None:
    forget_limits(house)


@pytest.fixture(scope="module")
def noor(house: Processes) -> Browser:
    return invited(house, "volunteer", "Noor", "en")


@pytest.fixture(scope="module")
def bo(house: Processes) -> Browser:
    return invited(house, "volunteer", "Bo", "en")


async def asking(house: Processes, *languages: str) -> tuple[Page, str]:
    """A Requester's page with an open HelpRequest, in a language that nobody else here speaks."""
    page = await requester(house).open("requester")
    receipt = await page.ask(*(languages or ("fi",)))
    return page, str(receipt["help_request"])


# --- who gets in ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "http://evil.example",
        "https://localhost:{port}",
        "http://localhost:1",
        "http://localhost",
        "http://sub.localhost:{port}",
        "http://localhost.evil.example:{port}",
    ],
)
async def test_a_socket_from_a_foreign_page_is_refused(
    house: Processes, origin: str | None
) -> None:
    foreign = origin and origin.format(port=house.port)
    for role in ("requester", "volunteer", "monitor"):
        with pytest.raises(InvalidStatus) as refused:
            await requester(house).open(role, origin=foreign)
        assert refused.value.response.status_code == 403
    assert "foreign or missing Origin" in house.said("web")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
async def test_a_socket_from_our_own_page_gets_its_snapshot_first(
    house: Processes, host: str
) -> None:
    page = await requester(house).open("requester", origin=f"http://{host}:{house.port}")
    await page.hear("snapshot.requester", help_request=None)
    assert page.heard[0]["type"] == "snapshot.requester"
    assert page.socket.subprotocol == "assist.v1"
    await page.close()


@pytest.mark.parametrize("spoken", [[], ["assist.v2"]])
async def test_a_socket_without_our_protocol_is_refused(
    house: Processes, spoken: list[str]
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await requester(house).open("requester", subprotocols=spoken)
    assert refused.value.response.status_code == 403


async def test_an_address_that_does_not_exist_is_refused_without_a_traceback(
    house: Processes,
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await requester(house).open("nobody")
    assert refused.value.response.status_code == 403
    assert "Traceback" not in house.said("web")


async def test_a_forged_device_cookie_is_nobody(house: Processes) -> None:
    browser = Browser(house)
    browser.cookies["assist-device"] = f"{new_id()}:forged"
    page = await browser.open("requester")
    await page.hear("goodbye", code="signed_out")
    assert await page.closed() == 4401


# --- bad messages --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"type":"nonsense"}',
        '{"type":"__init__"}',
        '{"type":"beat","hidden":"perhaps"}',
        '{"type":"beat","extra":1}',
        '{"type":"call.end"}',
        '{"type":"call.end","help_request":"../../etc"}',
        '{"type":"help.ask","languages":[],"camera":true,"microphone":true}',
        '{"type":"help.ask","languages":["' + "x" * 9 + '"],"camera":true,"microphone":true}',
        '{"type":"leg.answer","help_request":"' + "a" * 32 + '","number":0,"description":"v=0"}',
        "[" * 60_000,
        "\ud800".encode("utf-8", "surrogatepass").decode("latin1"),
    ],
)
async def test_a_malformed_message_is_refused_and_changes_nothing(
    house: Processes, text: str
) -> None:
    page, help_request = await asking(house)
    place = len(page.heard)
    await page.socket.send(text)
    refusal = await page.hear("refused", code="malformed", after=place)
    assert refusal["text"]
    assert refusal["about"] is None
    await page.say("snapshot.get")
    snapshot = await page.hear("snapshot.requester", after=place)
    assert snapshot["help_request"]["id"] == help_request
    await page.close()


async def test_a_binary_message_is_malformed(house: Processes) -> None:
    page = await requester(house).open("requester")
    await page.socket.send(b'{"type":"beat"}')
    await page.hear("refused", code="malformed")
    await page.close()


async def test_a_message_over_64_kib_closes_the_socket_and_nothing_else(house: Processes) -> None:
    browser = requester(house)
    page = await browser.open("requester")
    help_request = (await page.ask("fi"))["help_request"]
    await page.socket.send(json.dumps({"type": "beat", "padding": "x" * 65_536}))
    await page.hear("refused", code="too_large")
    assert await page.closed() == 4009
    again = await browser.open("requester")
    assert (await again.hear("snapshot.requester"))["help_request"]["id"] == help_request
    await again.close()


async def test_only_a_long_run_of_nonsense_closes_the_socket(house: Processes) -> None:
    page = await requester(house).open("requester")
    for _ in range(19):
        await page.socket.send("nonsense")
    await page.say("beat")
    await page.hear("pulse")
    for _ in range(20):
        await page.socket.send("nonsense")
    assert await page.closed() == 4008


@pytest.mark.parametrize(
    ("type_", "fields"),
    [
        ("offer.accept", {"offer": "a" * 32}),
        ("offer.decline", {"offer": "a" * 32}),
        ("offer.shown", {"offer": "a" * 32}),
        ("calls.start", {}),
        ("calls.stop", {}),
    ],
)
async def test_what_only_volunteers_may_say_is_out_of_turn_for_a_requester(
    house: Processes, type_: str, fields: dict[str, str]
) -> None:
    page = await requester(house).open("requester")
    await page.say(type_, **fields)
    await page.hear("refused", code="out_of_turn", about=type_)
    assert await page.is_open()
    await page.close()


async def test_a_volunteer_cannot_ask(house: Processes, noor: Browser) -> None:
    page = await noor.open("volunteer")
    assert (await page.ask("en"))["code"] == "out_of_turn"
    await page.close()


@pytest.mark.parametrize("type_", ["call.end", "call.block", "help.cancel", "leg.open"])
async def test_somebody_elses_id_and_one_that_never_was_get_the_same_answer(
    house: Processes, type_: str
) -> None:
    alice, help_request = await asking(house)
    mallory, answers = await requester(house).open("requester"), []
    for foreign in (help_request, new_id()):
        place = len(mallory.heard)
        await mallory.say(type_, help_request=foreign)
        answers.append(await mallory.hear("refused", about=type_, after=place))
    assert answers[0] == answers[1]
    assert answers[0]["code"] == "unknown_id"
    await alice.say("snapshot.get")
    truth = await alice.hear("snapshot.requester", after=len(alice.heard))
    assert truth["help_request"]["id"] == help_request
    await alice.close()
    await mallory.close()


@pytest.mark.parametrize("type_", ["offer.accept", "offer.decline", "offer.shown"])
async def test_somebody_elses_offer_cannot_be_answered(
    house: Processes, noor: Browser, bo: Browser, type_: str
) -> None:
    volunteer, other = await noor.open("volunteer"), await bo.open("volunteer")
    await volunteer.say("calls.start")
    await volunteer.hear("volunteer.changed", state="available")
    alice, help_request = await asking(house, "en")
    offer = (await volunteer.hear("offer.made", after=1))["offer"]["id"]
    await other.say(type_, offer=offer)
    assert (await other.hear("refused", about=type_))["code"] == "unknown_id"
    await volunteer.say("snapshot.get")
    truth = await volunteer.hear("snapshot.volunteer", state="ringing")
    assert truth["offer"]["id"] == offer
    await volunteer.say("calls.stop")
    await volunteer.hear("offer.ended", outcome="declined", state="away")
    await alice.say("help.cancel", help_request=help_request)
    await alice.hear("help.ended")
    for page in (alice, volunteer, other):
        await page.close()


# --- how often -----------------------------------------------------------------------------------
async def test_the_sixth_ask_of_a_device_is_refused(house: Processes) -> None:
    page = await requester(house).open("requester")
    for _ in range(5):
        receipt = await page.ask("fi")
        assert receipt["type"] == "help.receipt"
        await page.say("help.cancel", help_request=receipt["help_request"])
        await page.hear("help.ended", help_request=receipt["help_request"])
    assert (await page.ask("fi"))["code"] == "too_often"
    await page.close()


async def test_the_twenty_first_ask_of_a_network_is_refused(house: Processes) -> None:
    for _ in range(5):
        page = await requester(house).open("requester")
        for _ in range(4):
            receipt = await page.ask("fi")
            await page.say("help.cancel", help_request=receipt["help_request"])
            await page.hear("help.ended", help_request=receipt["help_request"])
        await page.close()
    page = await requester(house).open("requester")
    assert (await page.ask("fi"))["code"] == "too_often"
    await page.close()


async def test_a_flood_is_refused_but_ending_cancelling_and_blocking_never_are(
    house: Processes,
) -> None:
    page, help_request = await asking(house)
    for _ in range(200):  # refused without a look at Redis: faster than a busy machine refills
        await page.say("calls.start")
    await page.hear("refused", code="too_often", about="calls.start")
    for type_ in ("call.end", "call.block", "help.cancel"):
        for _ in range(100):
            await page.say(type_, help_request=new_id())
    await page.say("call.end", help_request=help_request)
    await page.hear("help.ended", help_request=help_request, reason="cancelled")
    limited = {one["about"] for one in page.heard if one.get("code") == "too_often"}
    assert limited == {"calls.start"}
    await page.close()


# --- receipts ------------------------------------------------------------------------------------
async def test_asking_twice_is_asking_once(house: Processes) -> None:
    page, help_request = await asking(house)
    assert (await page.ask("fi"))["help_request"] == help_request
    await page.close()


async def test_asking_again_with_a_receipt_is_not_counted(house: Processes) -> None:
    page = await requester(house).open("requester")
    first = await page.ask("fi")
    for _ in range(8):
        again = await page.ask("fi", receipt=first["receipt"])
        assert again["help_request"] == first["help_request"]
    await page.close()


async def test_somebody_elses_receipt_opens_nothing(house: Processes) -> None:
    alice = await requester(house).open("requester")
    receipt = (await alice.ask("fi"))["receipt"]
    mallory = await requester(house).open("requester")
    for tried in (receipt, receipt[:-1] + "A", "nonsense"):
        assert (await mallory.ask("fi", receipt=tried))["code"] == "unknown_id"
    await mallory.say("snapshot.get")
    assert (await mallory.hear("snapshot.requester", after=1))["help_request"] is None
    await alice.close()
    await mallory.close()


async def test_a_receipt_does_not_bring_back_what_has_ended(house: Processes) -> None:
    page = await requester(house).open("requester")
    receipt = await page.ask("fi")
    await page.say("help.cancel", help_request=receipt["help_request"])
    await page.hear("help.ended")
    assert (await page.ask("fi", receipt=receipt["receipt"]))["code"] == "too_late"
    await page.close()


# --- a call, without its media -------------------------------------------------------------------
async def test_two_accept_at_once_and_the_slower_one_hears_it_kindly(
    house: Processes, noor: Browser, bo: Browser
) -> None:
    pages = {"Noor": await noor.open("volunteer"), "Bo": await bo.open("volunteer")}
    for page in pages.values():
        await page.say("calls.start")
        await page.hear("volunteer.changed", state="available")
    alice, help_request = await asking(house, "en")
    offers = {name: (await page.hear("offer.made"))["offer"] for name, page in pages.items()}
    for name, page in pages.items():
        await page.say("offer.accept", offer=offers[name]["id"])
    answers = {name: await page.first_of("call.changed", "refused") for name, page in pages.items()}
    (winner,) = (name for name, answer in answers.items() if answer["type"] == "call.changed")
    (loser,) = set(pages) - {winner}
    assert answers[loser]["code"] == "quicker"
    await pages[loser].hear("offer.ended", outcome="withdrawn", why="quicker", state="available")
    changed = await alice.hear("call.changed", help_request=help_request)
    assert changed["call"]["peer"] == winner
    assert changed["call"]["state"] == "connecting"
    await alice.say("call.end", help_request=help_request)
    ended = await alice.hear("help.ended", reason="requester_ended")
    assert (await pages[winner].hear("call.ended"))["call"] == ended["call"]
    for page in (alice, *pages.values()):
        await page.say("calls.stop")
        await page.close()


async def test_a_requester_who_leaves_while_it_rings_is_missed_kindly(
    house: Processes, noor: Browser
) -> None:
    volunteer = await noor.open("volunteer")
    await volunteer.say("calls.start")
    await volunteer.hear("volunteer.changed", state="available")
    alice, help_request = await asking(house, "en")
    offer = (await volunteer.hear("offer.made"))["offer"]["id"]
    await alice.say("help.cancel", help_request=help_request)
    await volunteer.hear("offer.ended", offer=offer, outcome="withdrawn", why="gone")
    await volunteer.say("offer.accept", offer=offer)
    await volunteer.hear("refused", about="offer.accept", code="unknown_id")
    await volunteer.say("calls.stop")
    await alice.close()
    await volunteer.close()


async def test_without_a_relay_a_leg_is_refused_and_the_wait_goes_on(house: Processes) -> None:
    page, help_request = await asking(house)
    await page.say("leg.open", help_request=help_request)
    await page.hear("refused", code="no_relay", about="leg.open")
    await page.say("leg.answer", help_request=help_request, number=1, description="v=0")
    await page.hear("refused", code="unknown_id", about="leg.answer")
    assert await page.is_open()
    await page.close()


# --- nothing private, nothing noisy --------------------------------------------------------------
async def test_the_log_names_nobody_and_shows_no_traceback(house: Processes) -> None:
    alice = requester(house)
    page = await alice.open("requester")
    await page.socket.send('{"type":"help.ask","languages":["canary"]}')
    await page.hear("refused")
    await page.close()

    def why_not() -> str:
        return "" if "malformed" in house.said("web") else "no line about it yet"

    await wait_for(why_not)
    said = house.said("web") + house.said("worker")
    for private in ("canary", "Noor", "127.0.0.1", alice.cookies["assist-device"], "Traceback"):
        assert private not in said
