"""How does somebody on the tour become a Volunteer? By an invitation, state by state."""

from __future__ import annotations

from tests.browser.conftest import Cast
from tests.browser.stops import Tour


async def is_invited(cast: Cast, tour: Tour) -> None:
    address = await cast.house.invite("volunteer", "NAME", "en")
    invited = await cast.guest(address.removeprefix(cast.house.address))
    await tour.stop(invited, "/invite/...", "invited")
    await invited.press("Sign in as NAME")
    await tour.stop(invited, "/volunteer/", "before the first call")
    await invited.press("I promise")
    await invited.sees(invited.button("Start taking calls"))
