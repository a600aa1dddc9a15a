"""Whose device has a lock that answers for its person? Chromium plays one, finger and all."""

from __future__ import annotations

from typing import Any

from playwright.async_api import CDPSession

from tests.browser.people import Guest

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Lock:
    """It remembers what it made: Chromium may forget its own with the process of a page, so that
    it is put in place once more wherever a page asks for it."""

    def __init__(self, guest: Guest) -> None:
        self._guest = guest
        self._keys: dict[str, dict[str, Any]] = {}
        self._session: CDPSession | None = None

    async def is_here(self) -> None:
        """On the page that is open now."""
        await self.is_gone()
        session = await self._guest.context.new_cdp_session(self._guest.page)
        session.on("WebAuthn.credentialAdded", self._learn)
        session.on("WebAuthn.credentialAsserted", self._learn)
        await session.send("WebAuthn.enable")
        made = await session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        for key in list(self._keys.values()):
            given = {"authenticatorId": made["authenticatorId"], "credential": key}
            await session.send("WebAuthn.addCredential", given)
        self._session = session

    async def is_gone(self) -> None:
        if self._session is not None:
            await self._session.detach()
            self._session = None

    def _learn(self, event: dict[str, Any]) -> None:
        self._keys[event["credential"]["credentialId"]] = event["credential"]


async def has_a_lock(guest: Guest) -> Lock:
    """On the page that is open now."""
    lock = Lock(guest)
    await lock.is_here()
    return lock
