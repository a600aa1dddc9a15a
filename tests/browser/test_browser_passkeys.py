"""Does the lock of a device bring its person back, and mail where there is no such device?"""

from __future__ import annotations

from tests.browser.accounts import writes_the_code
from tests.browser.conftest import Cast
from tests.browser.passkeys import has_a_lock
from tests.browser.people import Guest
from tests.mail_server import MailServer

# For whom a start page is; what somebody chose before.
MARK = "() => JSON.parse(document.querySelector('#boot')?.textContent ?? '{}').me"
CHOOSE = "() => localStorage.setItem('assist.mine', JSON.stringify({name: 'Maria'}))"
ADDRESS = "maria.lock@example.org"


async def device_of(guest: Guest) -> str:
    cookies = await guest.context.cookies()
    return next(one["value"] for one in cookies if one["name"] == "assist-device")


async def test_a_passkey_opens_an_account_again_and_mail_does_without_it(
    cast: Cast, mail: MailServer
) -> None:
    maria = await cast.guest("/mine/account/")
    lock = await has_a_lock(maria)
    await maria.press("Sign in with a passkey")  # it has none yet
    await maria.hears("No passkey was used")
    await maria.press("Add a passkey")
    await maria.reads("You come back with your passkey")
    was = await device_of(maria)
    await maria.finds_no_barrier()
    await lock.is_here()
    await maria.press("Add a passkey")
    await maria.hears("has a passkey for you already")
    await writes_the_code(maria, mail, ADDRESS)
    await maria.reads(f"You come back with {ADDRESS}")
    beside = await maria.new_tab()
    await beside.goto(f"{maria.address}/")
    mark = await beside.evaluate(MARK)
    await maria.page.evaluate(CHOOSE)
    await maria.press("Sign out on this device")
    await maria.sees(maria.named("heading", "You are signed out"))
    assert await device_of(maria) != was
    # Nothing of hers stays, and the page beside this one is for whoever comes now.
    await maria.page.wait_for_function("localStorage.getItem('assist.mine') === null")
    await beside.wait_for_function(f"({MARK})() !== {mark!r}")
    await maria.finds_no_barrier()
    await maria.named("link", "My account").click()
    await maria.sees(maria.button("Sign in with a passkey"))
    await lock.is_here()
    await maria.press("Sign in with a passkey")
    await maria.reads("You are back")
    assert await device_of(maria) == was
    await beside.wait_for_function(f"({MARK})() === {mark!r}")
    await lock.is_gone()

    elsewhere = await cast.guest("/mine/account/")
    await writes_the_code(elsewhere, mail, ADDRESS)
    await elsewhere.reads("You are back")
    assert await device_of(elsewhere) == was
    await elsewhere.sees(elsewhere.button("Add a passkey"))
