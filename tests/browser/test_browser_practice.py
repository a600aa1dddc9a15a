"""Does somebody who has never taken a call go through all of one, with nobody at the other end?"""

from __future__ import annotations

from playwright.async_api import Request, expect

from tests.browser.conftest import Cast
from tests.browser.people import PATIENCE_MS, Volunteer
from tests.browser.senses import PATIENCE_S
from tests.waiting import wait_for

TABLES = ("records_helprequest", "records_offer", "records_call", "feedback_rating")
# Of the picture that came over the line: how bright it is, 0 to 255.
BRIGHTNESS = """() => {
  const video = document.querySelector("video");
  const canvas = Object.assign(document.createElement("canvas"), {width: 64, height: 36});
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0, 64, 36);
  const {data} = context.getImageData(0, 0, 64, 36);
  return data.reduce((sum, value, at) => sum + (at % 4 < 3 ? value : 0), 0) / (64 * 36 * 3);
}"""
# Of the sound that came over the lines of this page, and was not silence.
HEARD_ENERGY = """async () => {
  let most = 0;
  for (const each of window.connections) {
    for (const report of (await each.getStats()).values()) {
      if (report.type === "inbound-rtp" && report.kind === "audio") {
        const sound = document.querySelector("#theirs").srcObject?.getAudioTracks()[0];
        const mine = each.getReceivers().some(({track}) => track === sound);
        if (mine) most = Math.max(most, report.totalAudioEnergy);
      }
    }
  }
  return most;
}"""
AUDIBLE = 0.001
DARK, LIT = 40, 80


async def test_a_practice_goes_through_all_of_a_call_and_leaves_nothing(cast: Cast) -> None:
    before = await history(cast)
    noor = await cast.volunteer("Noor")
    posted: list[str] = []
    noor.page.on("request", lambda request: note(posted, request))
    await tries_devices(noor)
    await noor.press("Ring me now")
    await noor.sees(noor.ring)
    await noor.reads("Nobody waits for you")
    await noor.accept()
    await noor.is_in_call()
    await tries_everything(noor)
    await noor.press("End call")
    await answers(noor)
    assert [path for path in posted if "rating" in path or "report" in path] == []
    assert await history(cast) == before
    await wait_for(lambda: why_something_is_left(cast), PATIENCE_S)


async def history(cast: Cast) -> list[int]:
    """How many rows each table has, once all that has happened is written down."""
    await wait_for(cast.house.why_unwritten, PATIENCE_S)
    return [cast.house.history(f"SELECT count(*) FROM {table}")[0][0] for table in TABLES]


def note(posted: list[str], request: Request) -> None:
    if request.method == "POST":
        posted.append(request.url)


async def tries_devices(noor: Volunteer) -> None:
    await noor.press("Try a practice call")
    await noor.sees(noor.named("heading", "Practice call"))
    await noor.press("Try the microphone")
    await noor.reads("We hear your microphone")
    await noor.press("Play the ring")
    await noor.press("No, nothing")
    await noor.reads("Turn up the volume")
    await noor.press("Yes, I heard it")
    await noor.reads("Good. So you hear a ring")
    await noor.reads("Your browser blocks it")
    await may_not_ring_when_closed(noor)
    await noor.finds_no_barrier()


async def may_not_ring_when_closed(noor: Volunteer) -> None:
    """The box is here, too: this browser forbids it, and then it is not ticked."""
    box = noor.named("checkbox", "Ring me when this page is closed")
    await box.click()
    await noor.hears("does not let us ring")
    await expect(box).not_to_be_checked(timeout=PATIENCE_MS)


async def tries_everything(noor: Volunteer) -> None:
    """Each is ticked by what arrived over the real line."""
    await noor.reads("They say: .*date on this milk carton")
    await noor.reads_in_log("Done: Say a few words")
    await wait_for(lambda: why_silent(noor), PATIENCE_S)
    await wait_for(lambda: why_not_between(noor, 1, DARK), PATIENCE_S)
    await noor.press("Turn their light on")
    await noor.reads_in_log("Done: Turn their light on")
    await wait_for(lambda: why_not_between(noor, LIT, 255), PATIENCE_S)
    await noor.press("Zoom in")
    await noor.reads_in_log("Done: Zoom in on the date")
    await noor.press("Freeze picture")
    await noor.reads_in_log("Done: Freeze the picture")
    await noor.press("Unfreeze picture")
    await noor.finds_no_barrier()
    await noor.press("Take sharp photo")
    await noor.sees(noor.named("img", "Their sharp photo"))
    await noor.reads_in_log("Done: Take a sharp photo")
    await noor.type_words("The 3rd of May.")
    await noor.reads_in_log("Thank you! That helps me a lot")
    await noor.reads_in_log("You have tried everything")


async def why_silent(noor: Volunteer) -> str:
    energy = await noor.page.evaluate(HEARD_ENERGY)
    return "" if energy > AUDIBLE else f"of their voice came {energy}"


async def why_not_between(noor: Volunteer, least: float, most: float) -> str:
    bright = await noor.page.evaluate(BRIGHTNESS)
    return "" if least < bright < most else f"their picture is as bright as {bright}"


async def answers(noor: Volunteer) -> None:
    """The two questions, and no report: there is nobody to speak of."""
    await noor.reads("Your answers to this one are not sent")
    await noor.answer("Could you help?", "Yes")
    await noor.misses(noor.button("Report a problem"))
    await noor.press("Send answers")
    await noor.hears("You are ready")
    await noor.sees(noor.button("Start taking calls"))


async def why_something_is_left(cast: Cast) -> str:
    live = cast.house.live
    left = [line async for line in live.redis.scan_iter("requester:*")]
    left += [line async for line in live.redis.scan_iter("legs:*")]
    return f"{left} are left" if left or (await live.queue()).helps else ""
