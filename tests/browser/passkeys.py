"""Whose device has a lock that answers for its person? Chromium plays one, finger and all."""

from __future__ import annotations

from playwright.async_api import CDPSession

from tests.browser.people import Guest

LOCK = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


async def has_a_lock(guest: Guest) -> CDPSession:
    """It belongs to this guest's page, and goes with it."""
    session = await guest.context.new_cdp_session(guest.page)
    await session.send("WebAuthn.enable")
    await session.send("WebAuthn.addVirtualAuthenticator", {"options": LOCK})
    return session
