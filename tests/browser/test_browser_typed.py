"""Can a call be had by typed words alone, letter by letter, without anybody being interrupted?"""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.conftest import Cast
from tests.browser.people import PATIENCE_MS, Volunteer
from tests.browser.senses import REMEMBER_SAID

HALF = "I look "
CARET = """() => {
  const {id, value, selectionStart, selectionEnd} = document.activeElement;
  return [id, value, selectionStart, selectionEnd];
}"""


async def test_a_call_by_typed_words_alone(cast: Cast) -> None:
    """The Requester has no microphone: what they type is seen at once, and heard once."""
    volunteer = await cast.taking_calls("Noor", script=REMEMBER_SAID)
    requester = await cast.requester(allowed=("camera",), script=REMEMBER_SAID)
    await requester.ask()
    await volunteer.accept()
    await requester.is_in_call()
    await requester.reads_in_log("You can type")
    await is_at_work(volunteer)

    box = requester.page.get_by_role("textbox", name="Message", exact=True)
    await expect(box).to_have_accessible_description("They see your words when you send them.")
    await requester.named("checkbox", "They see me type").check()
    await expect(box).to_have_accessible_description("They see each letter as you type.")
    await box.press_sequentially("what is tha date")
    await volunteer.reads("is typing: what is tha date")
    for _ in "a date":
        await box.press("Backspace")
    await volunteer.reads("is typing: what is th$")
    await box.press_sequentially("e date")
    await volunteer.reads("is typing: what is the date")
    await box.press("Enter")
    await volunteer.reads_in_log("what is the date$")
    await expect(volunteer.page.get_by_text("is typing")).to_have_count(0, timeout=PATIENCE_MS)
    await expect(box).to_be_focused(timeout=PATIENCE_MS)

    await requester.press("Slower, please")
    await volunteer.reads_in_log("Slower, please")
    await volunteer.hears("Slower, please")
    heard = " | ".join(await volunteer.page.evaluate("() => window.said"))
    assert heard.count("the date") == 1
    assert await volunteer.page.evaluate(CARET) == ["message", HALF, 3, 3]

    await volunteer.type_words("Friday the 12th")
    await requester.hears("Friday the 12th")
    await requester.press("End call")
    await volunteer.reads("ended the call")


async def is_at_work(volunteer: Volunteer) -> None:
    """In the middle of a line of their own, with the caret inside it."""
    box = volunteer.page.get_by_role("textbox", name="Message", exact=True)
    await box.fill(HALF)
    await box.evaluate("(box) => box.setSelectionRange(3, 3)")
