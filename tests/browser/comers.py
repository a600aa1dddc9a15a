"""How does somebody on the tour become a Volunteer, practise, and come back later?"""

from __future__ import annotations

from tests.browser.accounts import writes_the_code
from tests.browser.conftest import Cast
from tests.browser.passkeys import has_a_lock
from tests.browser.people import Guest
from tests.browser.stops import Tour, example
from tests.mail_server import MailServer

ROSA = "rosa@example.org"


async def is_invited(cast: Cast, tour: Tour) -> None:
    address = await cast.house.invite("volunteer", "NAME", "en")
    invited = await cast.guest(address.removeprefix(cast.house.address))
    await tour.stop(invited, "/invite/...", "invited")
    await invited.press("Sign in as NAME")
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
    await has_a_lock(rosa)
    await rosa.press("Add a passkey")
    await rosa.reads("has a passkey now")
    await writes_the_code(rosa, mail, ROSA)
    await tour.stop(rosa, "/volunteer/way-back/", "by both")
    await rosa.press("Sign out")
    rosa.expects_refusal("/volunteer/")
    await rosa.page.goto(rosa.address + "/volunteer/")
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
    await rosa.named("link", "Delete everything").click()
    await tour.stop(rosa, "/volunteer/mine/", "about to delete everything")
    await rosa.press("Delete everything now")
    await tour.stop(rosa, "/volunteer/mine/", "everything is deleted")
