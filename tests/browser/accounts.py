"""How does somebody on the tour get an account? By a code in a letter, state by state."""

from __future__ import annotations

from tests.browser.passkeys import has_a_lock
from tests.browser.people import Guest, Requester
from tests.browser.senses import PATIENCE_S
from tests.browser.stops import Tour
from tests.mail_server import MailServer
from tests.waiting import wait_for


async def writes_the_code(guest: Guest, mail: MailServer, address: str) -> None:
    """That of the letter which comes to this address."""
    before = len(mail.letters)
    await guest.fill("E-mail address", address)
    await guest.press("Send me a code")
    await wait_for(lambda: "" if len(mail.letters) > before else "no letter", PATIENCE_S)
    await guest.fill("Code", mail.code())
    await guest.press("Continue")


async def visits_account(requester: Requester, tour: Tour, mail: MailServer) -> None:
    await requester.named("link", "My account").click()
    await tour.stop(requester, "/mine/account/", "without one")
    await requester.fill("E-mail address", "maria@example.org")
    await requester.press("Send me a code")
    await tour.stop(requester, "/mine/account/", "a letter is on its way")
    await wait_for(lambda: "" if mail.code() else "no letter has come", PATIENCE_S)
    await requester.fill("Code", mail.code())
    await requester.press("Continue")
    await requester.reads("With this address you come back")
    await tour.stop(requester, "/mine/account/", "with one")
    await has_a_lock(requester)
    await requester.press("Add a passkey")
    await requester.reads("has a passkey now")
    await tour.stop(requester, "/mine/account/", "with a passkey")
    await requester.press("Sign out on this device")
    await tour.stop(requester, "/mine/account/", "signed out")
    await requester.visit("/mine/")
