"""Can everybody use every state of every page? Names, axe, and the announcer at a ring."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Playwright, expect

from tests.browser.accounts import visits_account
from tests.browser.comers import come, is_let_in
from tests.browser.conftest import Cast, Devices
from tests.browser.handing import is_handed_over_and_reports_the_first, thinks_about_handing_over
from tests.browser.house import House
from tests.browser.people import PATIENCE_MS, WITH_A_LIGHT, Guest, Requester, open_browser
from tests.browser.senses import (
    PATIENCE_S,
    announcers,
    devices_open,
    devices_opened,
    sees_code,
    sees_no_code,
)
from tests.browser.stops import ANYWHERE, Tour, documented
from tests.mail_server import MailServer
from tests.waiting import wait_for

WORDS = "Which of these two letters is from the doctor?"
VISITED: set[tuple[str, str]] = set()

SPEAKS_FINNISH = """localStorage["assist.mine"] ??= '{"languages": ["fi"]}';"""
NO_COPIES = "() => { navigator.clipboard.writeText = () => Promise.reject(); }"
MARKED = """() => {
  const {value, selectionStart, selectionEnd} = document.activeElement;
  return value.slice(selectionStart, selectionEnd);
}"""


@pytest.fixture
def tour(request: pytest.FixtureRequest) -> Tour:
    folder = request.config.getoption("--pictures")
    tour = Tour(Path(folder).absolute() if folder else None)
    tour.seen = VISITED
    return tour


async def test_a_call_is_open_to_everybody_in_each_of_its_states(cast: Cast, tour: Tour) -> None:
    requester = await cast.requester()
    await tour.stop(requester, "/", "start")
    await tour.anywhere(requester)
    await requester.ask()
    await tour.stop(requester, "/", "waiting")
    volunteer = await cast.volunteer("NAME")
    await tour.stop(volunteer, "/volunteer/", "away")
    await tour.anywhere(volunteer)
    await volunteer.take_calls()
    await volunteer.sees(volunteer.ring)
    await tour.stop(volunteer, "/volunteer/", "a ring")
    await volunteer.accept()
    await requester.is_in_call()
    await volunteer.is_in_call()
    await tour.stop(requester, "/", "in the call")
    await tour.stop(volunteer, "/volunteer/", "in the call")
    for guest in (requester, volunteer):
        await guest.can_hang_up_without_scrolling()
    await thinks_about_handing_over(requester, volunteer, tour)
    second = Requester(cast.house, requester.address, requester.context, await requester.new_tab())
    await second.come()
    await tour.stop(second, "/", "open somewhere else")
    await second.page.close()
    await requester.page.bring_to_front()
    await requester.press("Mute microphone")
    await requester.press("Pause camera")
    await tour.stop(requester, "/", "muted and paused")
    await volunteer.reads("They have no camera on|paused their camera")
    await requester.press("Resume camera")
    await volunteer.press("Mute microphone")
    await volunteer.press("Zoom in")
    await volunteer.press("Freeze picture")
    await tour.stop(volunteer, "/volunteer/", "muted and frozen")
    await volunteer.press("Put hints away")
    await tour.stop(volunteer, "/volunteer/", "with the hints put away")
    await volunteer.press("Picture tools")
    await tour.stop(volunteer, "/volunteer/", "with the picture tools open")
    await requester.press("End call")
    await tour.stop(requester, "/", "after it")
    await tour.stop(volunteer, "/volunteer/", "after it")
    await requester.press("Report a problem")
    await tour.stop(requester, "/", "reporting")
    await requester.page.get_by_role("textbox", name="What happened?").fill("It was too dark.")
    await requester.press("Send report")
    await requester.reads("will read your report")
    await volunteer.press("Skip")
    await volunteer.sees(volunteer.button("Stop taking calls"))
    await tour.stop(volunteer, "/volunteer/", "available")
    reports = cast.house.history("SELECT role, text FROM feedback_report")
    assert reports == [("requester", "It was too dark.")]
    await is_handed_over_and_reports_the_first(cast, requester, volunteer, tour)


async def test_a_light_and_a_second_camera_are_offered_where_the_phone_has_them(
    cast: Cast, tour: Tour, stage: Playwright, chromium_path: str
) -> None:
    browser = await open_browser(stage, chromium_path, None, None, cameras=2)
    requester = await Requester.enter(cast.house, browser)
    cast.guests.append(requester)
    await requester.context.add_init_script(WITH_A_LIGHT)
    await requester.come()
    await requester.ask()
    await tour.stop(requester, "/", "waiting with a light")
    await requester.press("Cancel call")
    await requester.settles_for("When a call begins", "Camera off")
    volunteer = await cast.taking_calls("NAME")
    await requester.ask()
    await volunteer.accept()
    await tour.stop(requester, "/", "without a camera at first")
    await requester.press("Turn camera on")
    await tour.stop(requester, "/", "with a light and two cameras")
    await tour.stop(volunteer, "/volunteer/", "with a light")
    await volunteer.press("Turn their light on")
    await requester.reads_in_log("turned your light on")
    await tour.stop(requester, "/", "with the light on")
    await tour.stop(volunteer, "/volunteer/", "with the light on")
    await requester.press("Turn light off")
    await volunteer.sees(volunteer.button("Turn their light on"))
    await requester.press("Switch camera")
    await requester.reads_in_log("Now ")
    await requester.leave()
    cast.guests.remove(requester)
    await browser.close()


async def test_a_sharp_photo_is_open_to_everybody(cast: Cast, tour: Tour) -> None:
    requester, volunteer = await cast.meet("NAME")
    await volunteer.press("Take sharp photo")
    await tour.stop(requester, "/", "asked for a photo")
    await requester.press("Allow")
    await volunteer.sees(volunteer.button("Show live picture"))
    await tour.stop(volunteer, "/volunteer/", "with a sharp photo")
    await volunteer.press("Show live picture")
    await tour.stop(volunteer, "/volunteer/", "back to the live picture")


async def test_whoever_waits_in_vain_is_helped_in_another_language_and_calls_again(
    cast: Cast, tour: Tour
) -> None:
    volunteer = await cast.taking_calls("NAME")
    requester = await cast.requester(script=SPEAKS_FINNISH)
    await requester.ask()
    await requester.hears("Nobody free speaks a language of yours, but somebody speaks English")
    await tour.stop(requester, "/", "another language would help")
    await requester.press("Also ask in English")
    await volunteer.accept()
    await requester.is_in_call()
    await requester.reads_in_log("Now we also ask in English")
    await requester.press("End call")
    await requester.reads("NAME is asked first, alone, for 20 seconds")
    await requester.fill("A thank-you to NAME", "That was kind of you.")
    await requester.press("Send thank-you")
    await requester.hears("Your thank-you is on its way to NAME")
    await volunteer.hears("A thank-you: That was kind of you")
    await tour.stop(volunteer, "/volunteer/", "with a thank-you")
    await volunteer.press("Report this thank-you")
    await volunteer.misses(volunteer.named("region", "Somebody thanks you"))
    await volunteer.press("Skip")
    await requester.press("Call NAME again")
    await volunteer.sees(volunteer.ring)
    await volunteer.reads("they would like to go on with you")
    await requester.reads_in_log("We ask NAME first")
    await volunteer.press("Not now")
    await requester.reads_in_log("NAME cannot come just now. We ask others")
    await requester.press("Cancel call")
    await tour.stop(requester, "/", "back at the start within ten minutes")


async def test_coming_and_coming_back_are_open_to_everybody(
    cast: Cast, tour: Tour, mail: MailServer
) -> None:
    await come(cast, tour, mail)


async def test_the_other_pages_are_open_to_everybody(cast: Cast, tour: Tour) -> None:
    coordinator = await cast.coordinator()
    requester = await cast.requester()
    await requester.ask()
    await coordinator.sees(coordinator.row("Waiting", "English"))
    await tour.stop(coordinator, "/monitor/", "watching")
    for path, state, status in (
        ("/about/", "about", 200),
        ("/nowhere/", "not there", 404),
        ("/monitor/", "not allowed", 403),
        ("/invite/forged/", "not invited", 410),
        ("/home-screen/", "explained", 200),
    ):
        guest = await cast.guest(path, status)
        await tour.stop(guest, path, state)
        await tour.anywhere(guest)
    # A browser that can add it says so; a private one never does.
    await guest.page.evaluate("() => dispatchEvent(new Event('beforeinstallprompt'))")
    await tour.stop(guest, "/home-screen/", "where the browser can do it")
    await tour.stop(await cast.guest("/offline/"), "/offline/", "offline")


async def test_a_question_for_later_is_open_to_everybody_in_each_of_its_states(
    cast: Cast, tour: Tour, devices: Devices
) -> None:
    requester = await cast.requester()
    await requester.ask()
    await requester.reads("Nobody could be asked yet")
    await tour.stop(requester, "/", "nobody can be asked")
    await requester.press("Leave a question")
    await tour.stop(requester, "/", "writing a question")
    await requester.fill("Your question", WORDS)
    await requester.press("Send question")
    kept = requester.page.get_by_role("heading", name="Your question is kept", exact=True)
    await expect(kept).to_be_focused(timeout=PATIENCE_MS)
    assert await devices_open(requester.page) == []
    await tour.stop(requester, "/", "a question is kept")

    volunteer = await cast.taking_calls("Noor")
    await volunteer.sees(volunteer.ring)
    await volunteer.reads("They asked earlier and will be rung when you accept")
    await volunteer.reads(re.escape(f"They ask: {WORDS}"))
    await tour.stop(volunteer, "/volunteer/", "a call-back rings")
    await volunteer.accept()
    await volunteer.reads("We are ringing them")
    await requester.sees(requester.named("dialog", "A volunteer is ready for you"))
    await tour.stop(requester, "/", "somebody is ready")
    assert await devices_open(requester.page) == []
    await sees_no_code(volunteer.page)
    await requester.press("Start the call")
    await requester.is_in_call()
    assert await devices_open(requester.page) == ["audio", "video"]
    await sees_code(volunteer.page, devices.code)
    await wait_for(lambda: why_not_forgotten(cast.house), PATIENCE_S)


def why_not_forgotten(house: House) -> str:
    """A question that somebody has taken is kept nowhere."""
    kept = house.history("SELECT text FROM accounts_question WHERE text = ?", WORDS)
    return f"{kept} is still kept" if kept else ""


async def test_a_closed_house_says_when_and_opens_no_camera(
    closed_house: House, requester_browser: Browser, tour: Tour, mail: MailServer
) -> None:
    await is_let_in(closed_house, requester_browser, tour, mail)
    requester = await Requester.enter(closed_house, requester_browser)
    await requester.come()
    await requester.reads(r"Help is there again .* at 8 a\.m\.")
    await tour.stop(requester, "/", "closed")
    for _ in range(2):  # each press is answered, not the first alone
        await requester.press("Call a volunteer")
        await requester.reads_in_log("Help is there again .* You can be called back")
    assert await devices_opened(requester.page) == 0
    await requester.press("Call me back")
    await requester.reads(r"after we open\. Help is there again .* at 8 a\.m\.")
    await tour.stop(requester, "/", "called back later")
    assert await devices_opened(requester.page) == 0
    (parked,) = (await closed_house.live.queue()).helps
    assert parked.state == "parked"
    await requester.press("Cancel call")
    await requester.press("Leave a question")
    await requester.fill("Your question", WORDS)
    await requester.press("Send question")
    await requester.sees(requester.named("heading", "Your question is kept"))
    await requester.reads("The first volunteer who can help sees it")
    assert requester.mistakes == []
    await requester.leave()


async def test_a_circle_is_open_to_everybody_from_the_invite_to_the_farewell(
    cast: Cast, tour: Tour
) -> None:
    requester = await cast.requester(allowed=("clipboard-read", "clipboard-write"))
    await requester.chooses_who("Only my circle")
    await tour.stop(requester, "/", "choosing who is asked")
    await requester.press("Call a volunteer")
    await requester.hears("Nobody is in your circle yet")
    await tour.stop(requester, "/", "the circle is empty")
    await requester.page.get_by_role("link", name="Invite someone into my circle").click()
    await tour.stop(requester, "/circle/", "nobody in it")
    await tour.anywhere(requester)
    await requester.press("Invite someone")
    await tour.stop(requester, "/circle/", "an invitation is out")
    newcomer = await cast.guest("/circle/join/")
    await tour.stop(newcomer, "/circle/join/", "with a code")
    await tour.anywhere(newcomer)
    await tries_a_wrong_code(newcomer)
    await tour.stop(newcomer, "/circle/join/", "a wrong code")
    await newcomer.visit(await copied_link(requester))
    await tour.stop(newcomer, "/circle/join/", "with a link")
    await newcomer.fill("Your name", "NAME")
    await newcomer.press("Join")
    await tour.stop(newcomer, "/circle/joined/", "asked")
    await tour.stop(requester, "/circle/", "somebody has come")
    await requester.press("Confirm NAME")
    await tour.stop(requester, "/circle/", "somebody in it")
    await tour.stop(newcomer, "/circle/joined/", "confirmed")
    await requester.press("Remove NAME")
    await requester.press("Invite someone")
    await newcomer.visit(await marked_link(requester))
    await tour.stop(newcomer, "/circle/join/", "signed in")
    await newcomer.press("Join as NAME")
    await requester.press("Refuse NAME")
    await tour.stop(newcomer, "/circle/joined/", "not confirmed")


async def tries_a_wrong_code(newcomer: Guest) -> None:
    """What is wrong is said at the field, and what was written stays."""
    code = newcomer.page.get_by_role("textbox", name="Code", exact=True)
    await code.fill("12 34")
    await newcomer.fill("Your name", "NAME")
    newcomer.expects_refusal("/circle/join/")
    await newcomer.press("Join")
    await expect(code).to_be_focused(timeout=PATIENCE_MS)
    await expect(code).to_have_accessible_description(re.compile("That code does not work"))
    await expect(code).to_have_value("12 34")
    await expect(newcomer.named("textbox", "Your name")).to_have_value("NAME")


async def copied_link(requester: Requester) -> str:
    """As it would be pasted into a message; without the house's address."""
    await requester.press("Copy link")
    await requester.hears("The link is copied")
    pasted: str = await requester.page.evaluate("navigator.clipboard.readText()")
    return pasted.removeprefix(requester.house.address)


async def marked_link(requester: Requester) -> str:
    """From a browser that copies nothing: the link is marked, so that the person can."""
    await requester.page.evaluate(NO_COPIES)
    await requester.press("Copy link")
    await requester.hears("Your browser did not copy it")
    link = requester.page.get_by_role("textbox", name="Link", exact=True)
    await expect(link).to_be_focused(timeout=PATIENCE_MS)
    marked: str = await requester.page.evaluate(MARKED)
    return marked.removeprefix(requester.house.address)


async def test_wishes_are_open_to_everybody(cast: Cast, tour: Tour) -> None:
    volunteer = await cast.volunteer("Noor")
    await volunteer.visit("/volunteer/settings/")
    await tour.stop(volunteer, "/volunteer/settings/", "wishes")
    await tour.anywhere(volunteer)
    await volunteer.answer("When my phone may ring", "Only at these hours")
    await tour.stop(volunteer, "/volunteer/settings/", "hours of their own")
    await volunteer.press("For an hour")
    await tour.stop(volunteer, "/volunteer/settings/", "snoozing")
    await volunteer.press("Wake me now")
    await volunteer.reads("You are awake")


async def test_settings_are_open_to_everybody(cast: Cast, tour: Tour, mail: MailServer) -> None:
    requester = await cast.requester()
    await requester.visit("/mine/")
    await tour.stop(requester, "/mine/", "settings")
    await tour.anywhere(requester)
    for place, language in (("Language 1", "polski"), ("Language 2", "English")):
        await requester.named("combobox", place).select_option(language)
    await tour.stop(requester, "/mine/", "two languages chosen")
    await visits_account(requester, tour, mail)
    await requester.named("link", "Delete everything").click()
    await tour.stop(requester, "/mine/", "about to delete everything")
    await requester.press("Delete everything now")
    await tour.stop(requester, "/mine/", "everything is deleted")
    await requester.page.wait_for_function("localStorage.length === 0")


def test_every_documented_name_was_looked_for() -> None:
    wanted = {(name.page, name.state) for name in documented()}
    assert len(wanted) > 10
    assert (ANYWHERE, "anywhere") in wanted
    if VISITED:  # not when somebody runs this test alone
        assert wanted - VISITED == set()


async def test_at_a_ring_the_announcer_is_in_the_accessibility_tree(cast: Cast) -> None:
    volunteer = await cast.taking_calls("Noor")
    assert await announcers(volunteer.page) == ["assertive", "polite", "polite"]
    requester = await cast.requester()
    await requester.ask()
    await volunteer.sees(volunteer.ring)
    assert await announcers(volunteer.page, "dialog") == ["assertive", "polite", "polite"]
    await volunteer.press("Not now")
    await volunteer.misses(volunteer.ring)

    async def why_not_back() -> str:
        inside, everywhere = (
            await announcers(volunteer.page, "dialog"),
            await announcers(volunteer.page),
        )
        if not inside and everywhere == ["assertive", "polite", "polite"]:
            return ""
        return f"in the dialog {inside}, everywhere {everywhere}"

    await wait_for(why_not_back, PATIENCE_S)
