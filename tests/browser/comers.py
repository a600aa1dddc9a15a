"""How does somebody on the tour become a Volunteer, practise, and come back later?"""

from __future__ import annotations

from playwright.async_api import Browser, expect

from tests.browser.accounts import writes_the_code
from tests.browser.conftest import Cast
from tests.browser.house import OPERATOR, House
from tests.browser.passkeys import has_a_lock
from tests.browser.people import Coordinator, Guest
from tests.browser.senses import PATIENCE_S
from tests.browser.stops import Tour, example
from tests.mail_server import MailServer
from tests.waiting import wait_for

ROSA = "rosa@example.org"


async def come(cast: Cast, tour: Tour, mail: MailServer) -> None:
    """By an invitation, once more, and without one."""
    await is_invited(cast, tour)
    await comes_back(cast, tour, mail)
    await joins(cast, tour, mail)


async def is_invited(cast: Cast, tour: Tour) -> None:
    """Somebody whom nobody else on the tour plays: who has promised once is not asked again."""
    address = await cast.house.invite("volunteer", "Ada", "en")
    invited = await cast.guest(address.removeprefix(cast.house.address))
    await tour.stop(invited, "/invite/...", "invited", NAME="Ada")
    await invited.press("Sign in as Ada")
    await tour.stop(invited, "/volunteer/", "before the first call")
    await invited.press("I promise")
    await invited.sees(invited.button("Start taking calls"))
    await invited.press("Try a practice call")
    await invited.press("Play the ring")
    await tour.stop(invited, "/volunteer/", "before a practice")
    await invited.press("Back to taking calls")
    await invited.sees(invited.button("Start taking calls"))


async def comes_back(cast: Cast, tour: Tour, mail: MailServer) -> None:
    """She has a passkey on one device, and her mail on another."""
    rosa = await cast.volunteer("Rosa")
    await rosa.named("link", "Add your e-mail address or a passkey").click()
    await tour.stop(rosa, "/volunteer/way-back/", "nothing yet")
    lock = await has_a_lock(rosa)
    await rosa.press("Add a passkey")
    await rosa.reads("has a passkey now")
    await writes_the_code(rosa, mail, ROSA)
    await tour.stop(rosa, "/volunteer/way-back/", "by both")
    await rosa.press("Sign out")
    rosa.expects_refusal("/volunteer/")
    await rosa.page.goto(rosa.address + "/volunteer/")
    await lock.is_here()
    await rosa.press("Sign in with a passkey")
    await rosa.sees(rosa.button("Start taking calls"))

    elsewhere = await cast.guest("/volunteer/", 403)
    await tour.stop(elsewhere, "/volunteer/", "signed out")
    await writes_the_code(elsewhere, mail, ROSA)
    await elsewhere.sees(elsewhere.button("Start taking calls"))
    await signs_out_elsewhere_and_goes(rosa, elsewhere, tour)


async def signs_out_elsewhere_and_goes(rosa: Guest, elsewhere: Guest, tour: Tour) -> None:
    await rosa.visit("/volunteer/settings/")
    await rosa.named("link", "My devices and data").click()
    await tour.stop(rosa, "/volunteer/mine/", "signed in on two devices")
    await rosa.press(f"Sign out {example('DEVICE')}")
    await rosa.reads("is signed out.")
    await elsewhere.hears("You are signed out")
    beside = await rosa.new_tab()
    await beside.goto(f"{rosa.address}/volunteer/")
    start = beside.get_by_role("button", name="Start taking calls")
    await expect(start).to_be_visible()
    await rosa.named("link", "Delete everything").click()
    await tour.stop(rosa, "/volunteer/mine/", "about to delete everything")
    await rosa.press("Delete everything now")
    await tour.stop(rosa, "/volunteer/mine/", "everything is deleted")
    await expect(start).to_be_hidden()  # a page that is nobody's offers nothing


async def says_who_they_are(guest: Guest, name: str) -> None:
    """All of the form but how they come back."""
    await guest.fill("Your name", name)
    await guest.named("combobox", "Language 1").select_option("dansk")
    await guest.named("checkbox", "Reading").check()
    await guest.answer("When my phone may ring", "Always")
    await guest.named("checkbox", "I promise").check()


async def joins(cast: Cast, tour: Tour, mail: MailServer) -> None:
    """One by the code of a letter, and one by a passkey; neither was invited."""
    ida = await cast.guest("/volunteer/", 403)
    await ida.named("link", "Become a volunteer").click()
    await tour.stop(ida, "/volunteer/join/", "the form")
    assert await ida.named("textbox", "My time zone").input_value()
    await says_who_they_are(ida, "Ida")
    await writes_the_code(ida, mail, "ida@example.org")
    await ida.sees(ida.named("heading", "Hello, Ida"))

    tom = await cast.guest("/volunteer/join/")
    await says_who_they_are(tom, "Tom")
    await tom.press("Join with a passkey")
    await tour.stop(tom, "/volunteer/join/", "by passkey")
    await has_a_lock(tom)
    await tom.press("Add a passkey")
    await tom.sees(tom.named("heading", "Hello, Tom"))


async def is_let_in(house: House, browser: Browser, tour: Tour, mail: MailServer) -> None:
    """Where a coordinator decides, whose open page says that somebody has come."""
    clara = await (await Coordinator.enter(house, browser)).sign_in("Clara")
    await clara.misses(clara.named("link", "1 person would like to volunteer"))
    name = await Guest.enter(house, browser)
    await name.visit("/volunteer/join/")
    await says_who_they_are(name, "NAME")
    await writes_the_code(name, mail, "name@example.org")
    await tour.stop(name, "/volunteer/join/", "waiting to be let in")
    await name.named("link", "Delete everything").click()
    await tour.stop(name, "/volunteer/join/", "about to delete everything")
    await clara.sees(clara.named("link", "1 person would like to volunteer"))
    await tour.stop(clara, "/monitor/", "somebody waits")
    await clara.named("link", "1 person would like to volunteer").click()
    await tour.stop(clara, "/monitor/joining/", "somebody waits")
    await clara.named("link", "Decline NAME").click()
    await tour.stop(clara, "/monitor/joining/", "about to decline")
    await clara.named("link", "Decide later").click()
    before = len(mail.letters)
    await clara.press("Let NAME in")
    await clara.reads("NAME may take calls now")
    await wait_for(lambda: "" if len(mail.letters) > before else "no letter", PATIENCE_S)
    letter = str(mail.letters[-1].get_payload(decode=True))
    assert f"{house.phone_address}/volunteer/" in letter, letter  # Clara came by localhost
    assert OPERATOR in letter
    assert clara.mistakes == name.mistakes == []
    for guest in (clara, name):
        await guest.leave()
