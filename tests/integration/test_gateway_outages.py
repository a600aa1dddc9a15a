"""What do the two people lose when Redis, the worker or the web server goes away? Nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from websockets.exceptions import InvalidStatus

from tests.pagesockets import Browser, Page, invited, requester
from tests.processes import Processes, running
from tests.waiting import wait_for

A_MINUTE_S = 61.0


@pytest.fixture
def house() -> Iterator[Processes]:
    with running("web", "worker", persistent=True) as house:
        yield house


@pytest.fixture(scope="module", autouse=True)
def silence() -> Iterator[Future[None]]:
    """From before the first of these tests: its minute passes beside the others.

    In a loop of its own: one that stands still while a test waits for a process answers no ping of
    the server's, which then rightly closes the socket.
    """
    with running("web", "worker", persistent=True) as house, ThreadPoolExecutor(1) as beside:
        yield beside.submit(asyncio.run, keep_silent(house))


async def keep_silent(house: Processes) -> None:
    """Nobody speaks on these sockets for a minute; then they must still be of use."""
    pages = [await requester(house).open("requester") for _ in range(10)]
    for page in pages:
        await page.hear("snapshot.requester")
    await asyncio.sleep(A_MINUTE_S)
    for page in pages:
        assert await page.is_open()
        receipt = await page.ask("en")
        assert receipt["type"] == "help.receipt"
        await page.say("help.cancel", help_request=receipt["help_request"])
        await page.hear("help.ended")  # and the layer still reaches them
        await page.close()


async def back(page: Page) -> None:
    """Until this socket gets answers again, without having been opened anew."""

    async def why_not() -> str:
        place = len(page.heard)
        await page.say("snapshot.get")
        answer = await page.first_of("snapshot.requester", "refused", after=place)
        return "" if answer["type"] == "snapshot.requester" else str(answer)

    await wait_for(why_not)


async def ring(volunteer: Page) -> str:
    await volunteer.say("calls.start")
    return str((await volunteer.hear("offer.made"))["offer"]["id"])


async def test_a_restart_of_redis_in_mid_wait_loses_neither_the_request_nor_the_socket(
    house: Processes,
) -> None:
    alice = await requester(house).open("requester")
    receipt = await alice.ask("en")
    noor = await invited(house, "volunteer", "Noor", "en").open("volunteer")
    await noor.hear("snapshot.volunteer")
    house.redis.kill()
    house.redis.start()
    await back(alice)
    snapshot = alice.heard[-1]
    assert snapshot["help_request"]["id"] == receipt["help_request"]
    await noor.say("snapshot.get")
    await noor.hear("snapshot.volunteer", after=1)
    await noor.say("calls.start")
    offer = await noor.hear("offer.made")
    assert offer["offer"]["help_request"] == receipt["help_request"]
    await alice.hear("help.changed")  # the fan-out and the layer are back, too
    assert await alice.is_open()
    await alice.close()
    await noor.close()


async def test_a_wiped_redis_gets_the_waiting_request_back_with_its_place(
    house: Processes,
) -> None:
    alice = await requester(house).open("requester")
    receipt = await alice.ask("en")
    before = (await alice.hear("snapshot.requester", after=1))["help_request"]
    run = alice.heard[0]["run"]
    house.redis.kill()
    house.redis.wipe()
    house.redis.start()
    await back(alice)
    assert alice.heard[-1]["help_request"] is None
    assert alice.heard[-1]["run"] != run
    mallory = await requester(house).open("requester")
    assert (await mallory.ask("en", receipt=receipt["receipt"]))["code"] == "unknown_id"
    late = await mallory.ask("en")
    again = await alice.ask("en", receipt=receipt["receipt"])
    assert again["help_request"] == receipt["help_request"]
    place = len(alice.heard)
    await alice.say("snapshot.get")
    after = (await alice.hear("snapshot.requester", after=place))["help_request"]
    assert after["since_ms"] == before["since_ms"]
    # The roster is back as well, and the place is a real one: she is helped before the later one.
    noor = await invited(house, "volunteer", "Noor", "en").open("volunteer")
    await ring(noor)
    first = (await noor.hear("offer.made"))["offer"]["help_request"]
    assert first == receipt["help_request"] != late["help_request"]
    for page in (alice, mallory, noor):
        await page.close()


async def test_a_volunteer_can_start_again_on_a_redis_that_forgot_them(house: Processes) -> None:
    browser = invited(house, "volunteer", "Noor", "en")
    noor = await browser.open("volunteer")
    await noor.say("calls.start")
    await noor.hear("volunteer.changed", state="available")
    house.stop_part("worker")  # nobody rebuilds the roster
    house.redis.kill()
    house.redis.wipe()
    house.redis.start()

    async def why_not() -> str:
        place = len(noor.heard)
        await noor.say("beat")
        heard = await noor.first_of("pulse", "refused", after=place)
        return "" if heard["type"] == "pulse" else str(heard)

    await wait_for(why_not)
    # The number of this Redis is lower than the page's: the server noticed and told all anew.
    assert (await noor.hear("snapshot.volunteer", after=1))["state"] == "away"
    place = len(noor.heard)
    await noor.say("calls.start")
    await noor.say("snapshot.get")
    assert (await noor.hear("snapshot.volunteer", after=place))["state"] == "available"
    await noor.close()


async def test_what_happened_while_the_worker_was_away_is_told_when_it_is_back(
    house: Processes,
) -> None:
    alice = await requester(house).open("requester")
    noor = await invited(house, "volunteer", "Noor", "en").open("volunteer")
    await noor.hear("snapshot.volunteer")

    async def followed() -> str:
        await noor.say("calls.start")
        heard = [one["type"] for one in noor.heard]
        return "" if "volunteer.changed" in heard else f"the worker does not follow yet: {heard}"

    await wait_for(followed)
    house.stop_part("worker")
    receipt = await alice.ask("en")
    await alice.say("help.cancel", help_request=receipt["help_request"])
    house.start_part("worker")
    # The dead worker's lease on the fan-out runs out first.
    id_ = receipt["help_request"]
    ended = await alice.hear("help.ended", help_request=id_)
    assert ended["reason"] == "cancelled"
    await alice.close()
    await noor.close()


async def test_while_redis_is_away_a_person_hears_try_again_and_keeps_the_socket(
    house: Processes,
) -> None:
    alice = await requester(house).open("requester")
    await alice.hear("snapshot.requester")
    house.redis.kill()
    await alice.say("snapshot.get")
    await alice.hear("refused", code="try_again", about="snapshot.get")
    assert (await alice.ask("en"))["code"] == "try_again"
    await alice.say("beat")
    await alice.hear("refused", code="try_again", about="beat")
    house.redis.start()
    await back(alice)
    assert "Traceback" not in told_by_us(house)
    await alice.close()


async def test_without_sql_the_two_still_meet_and_new_sign_ins_are_told_to_come_back(
    house: Processes,
) -> None:
    browser = invited(house, "volunteer", "Noor", "en")
    noor = await browser.open("volunteer")
    await noor.say("calls.start")
    await noor.hear("volunteer.changed", state="available")
    house.stop_part("worker")  # it would go on with the files that it holds open
    away = house.state / "away"
    away.mkdir()
    for path in house.state.glob("assist.sqlite3*"):
        path.rename(away / path.name)
    house.start_part("worker")
    alice = await requester(house).open("requester")
    help_request = (await alice.ask("en"))["help_request"]
    # The dead worker's lease on the fan-out runs out first.
    offer = (await noor.hear("offer.made"))["offer"]["id"]
    await noor.say("offer.accept", offer=offer)
    await noor.hear("call.changed", help_request=help_request)
    await alice.hear("call.changed", help_request=help_request)
    second = await browser.open("volunteer")
    await second.hear("goodbye", code="restarting")
    assert await second.closed() == 4013
    assert "Traceback" not in told_by_us(house)
    for path in house.state.glob("assist.sqlite3*"):
        path.unlink()
    for path in away.iterdir():
        path.rename(house.state / path.name)
    again = await browser.open("volunteer")
    assert (await again.hear("snapshot.volunteer"))["state"] == "in_call"
    for page in (alice, noor, again):
        await page.close()


def told_by_us(house: Processes) -> str:
    """The web's log without what the channel layer itself says of an outage."""
    said = house.said("web").split("ERROR channels_redis")
    return said[0]


async def test_a_new_socket_while_redis_is_away_is_told_to_come_back(house: Processes) -> None:
    browser = requester(house)
    house.redis.kill()
    with pytest.raises(InvalidStatus) as refused:
        await browser.open("requester")
    assert refused.value.response.status_code == 403
    house.redis.start()
    await wait_for(lambda: reopened(browser))
    assert "Traceback" not in told_by_us(house)


async def reopened(browser: Browser) -> str:
    try:
        page = await browser.open("requester")
        await page.hear("snapshot.requester")
        await page.close()
    except Exception as error:
        return repr(error)
    return ""


def test_sockets_that_nobody_speaks_on_stay_open_for_a_minute(silence: Future[None]) -> None:
    # A minute is what is promised; redis-py's own time-outs would close them within ten seconds.
    silence.result(timeout=150)
