"""What does a person at this page see and hear? Measured from pixels and from sound.

Nothing here looks for an element by its selector: the picture is read from a screenshot, and sound
from whatever the page plays aloud.
"""

from __future__ import annotations

from typing import Any

from playwright.async_api import Page

from tests.browser.media import read_code
from tests.waiting import wait_for

PATIENCE_S = 30.0
NEAR_HERTZ = 15.0
AUDIBLE_DECIBELS = -60.0

# Every connection that the page makes is remembered, so that its figures can be read.
REMEMBER_CONNECTIONS = """
(() => {
  const Real = window.RTCPeerConnection;
  window.connections = [];
  window.RTCPeerConnection = class extends Real {
    constructor(...all) { super(...all); window.connections.push(this); }
  };
})();
"""

# And whatever camera or microphone the page has ever opened.
REMEMBER_DEVICES = """
(() => {
  window.devices = [];
  const media = navigator.mediaDevices;
  const open = media?.getUserMedia.bind(media);
  if (open) media.getUserMedia = async (wanted) => {
    const stream = await open(wanted);
    window.devices.push(...stream.getTracks());
    return stream;
  };
})();
"""

# Everything that a screen reader has been told, in order.
REMEMBER_SAID = """
(() => {
  window.said = [];
  window.said_ms = -Infinity;
  document.addEventListener("DOMContentLoaded", () => {
    const note = (changes) => {
      for (const region of new Set(changes.map((each) => each.target.closest("[aria-live]")))) {
        const text = region?.textContent.trim();
        if (!text) continue;
        window.said.push(text);
        window.said_ms = performance.now();
      }
    };
    const regions = document.querySelectorAll("[aria-live]");
    for (const each of regions) new MutationObserver(note).observe(each, {childList: true});
  });
})();
"""

DEVICES = "() => window.devices.map(({kind, readyState}) => [kind, readyState])"

# Of a second of sound, the strongest frequency. The page itself must have let it be heard: an
# element that is paused or muted by the browser counts as silence.
LISTEN = """
async () => {
  const playing = [...document.querySelectorAll("audio, video")].filter((each) =>
    !each.paused && !each.muted && each.volume > 0 && each.srcObject?.getAudioTracks().length);
  if (!playing.length) return {silent: "nothing on the page plays sound"};
  const context = new AudioContext();
  try {
    const analyser = new AnalyserNode(context, {fftSize: 16384, smoothingTimeConstant: 0.5});
    for (const each of playing) {
      context.createMediaStreamSource(new MediaStream(each.srcObject.getAudioTracks()))
        .connect(analyser);
    }
    const found = new Float32Array(analyser.frequencyBinCount);
    let best = {hertz: 0, decibels: -Infinity};
    for (let round = 0; round < 8; round += 1) {
      await new Promise((done) => setTimeout(done, 120));
      analyser.getFloatFrequencyData(found);
      const loudest = found.reduce((at, value, index) => (value > found[at] ? index : at), 0);
      if (found[loudest] > best.decibels) {
        best = {hertz: loudest * context.sampleRate / analyser.fftSize, decibels: found[loudest]};
      }
    }
    return best;
  } finally {
    await context.close();
  }
}
"""

FIGURES = """
async () => {
  const all = [];
  for (const connection of window.connections) {
    if (connection.connectionState === "closed") continue;
    const reports = [...(await connection.getStats()).values()];
    const of = (type) => reports.filter((each) => each.type === type);
    all.push({
      state: connection.connectionState,
      sent: of("outbound-rtp").map(({kind, packetsSent, active}) => ({kind, packetsSent, active})),
      received: of("inbound-rtp").map(({kind, packetsReceived}) => ({kind, packetsReceived})),
      active: connection.getSenders().filter((each) => each.track)
        .map((each) => each.getParameters().encodings.some((encoding) => encoding.active)),
    });
  }
  return all;
}
"""

PLAYS = """
[...document.querySelectorAll("audio")].some((each) => !each.paused && each.currentTime > 0)
"""


async def sees_code(page: Page, code: str) -> None:
    """Wait until the code in front of the other person's camera can be read from this screen."""

    async def why_not() -> str:
        seen = read_code(await page.screenshot())
        return "" if seen == code else f"the screen shows {seen!r}, not {code!r}"

    await wait_for(why_not, PATIENCE_S)


async def sees_no_code(page: Page) -> None:
    """Nobody's camera can be read from this screen now."""
    assert read_code(await page.screenshot()) == ""


async def hears_tone(page: Page, hertz: int) -> None:
    """Wait until the strongest sound that this page plays is this tone."""

    async def why_not() -> str:
        heard: dict[str, Any] = await page.evaluate(LISTEN)
        if "silent" in heard:
            return str(heard["silent"])
        near = abs(heard["hertz"] - hertz) <= NEAR_HERTZ
        loud = heard["decibels"] is not None and heard["decibels"] > AUDIBLE_DECIBELS
        return "" if near and loud else f"{heard} is heard, not {hertz} Hz"

    await wait_for(why_not, PATIENCE_S)


async def connections(page: Page) -> list[dict[str, Any]]:
    """Figures of each connection that the page has and has not closed."""
    found: list[dict[str, Any]] = await page.evaluate(FIGURES)
    return found


# When were these words first written down, and when put where a screen reader listens? Of what
# stands there already nothing is told.
NOTICE = """
(words) => new Promise((done) => {
  const told = {};
  const look = () => {
    for (const [how, places] of [["shown", "li"], ["said", "[aria-live]"]]) {
      const all = [...document.querySelectorAll(places)];
      if (all.some((each) => each.textContent.includes(words))) told[how] ??= Date.now();
    }
    if (told.shown && told.said) done(told);
  };
  const all = {subtree: true, childList: true, characterData: true};
  new MutationObserver(look).observe(document.body, all);
})
"""


async def notice(page: Page, words: str) -> dict[str, int]:
    """Wait for these words to come. When they were "shown" and "said", in ms since 1970."""
    told: dict[str, int] = await page.evaluate(NOTICE, words)
    return told


async def devices_opened(page: Page) -> int:
    """How many times a camera or a microphone was opened since the page loaded."""
    return len(await page.evaluate(DEVICES))


async def devices_open(page: Page) -> list[str]:
    """Which of them are open now: "audio", "video"."""
    return sorted({kind for kind, state in await page.evaluate(DEVICES) if state == "live"})


async def plays_untouched(page: Page) -> bool:
    """Does the page play sound aloud? Asked without the gesture that every other question makes.

    A script that is run for a test counts as the person's touch, and would unlock the sound.
    """
    session = await page.context.new_cdp_session(page)
    try:
        answer = await session.send("Runtime.evaluate", {"expression": PLAYS})
        return bool(answer["result"]["value"])
    finally:
        await session.detach()


async def announcers(page: Page, within: str = "") -> list[str]:
    """How each live region that a screen reader can find is announced, sorted.

    `within`: only those below an element of this role.
    """
    session = await page.context.new_cdp_session(page)
    try:
        tree: dict[str, Any] = await session.send("Accessibility.getFullAXTree")
    finally:
        await session.detach()
    nodes = {node["nodeId"]: node for node in tree["nodes"]}
    found = []
    for node in nodes.values():
        said = {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
        if node["ignored"] or (within and not below(nodes, node, within)):
            continue
        if said.get("live") in ("assertive", "polite"):
            found.append(str(said["live"]))
    return sorted(found)


def below(nodes: dict[str, Any], node: dict[str, Any], role: str) -> bool:
    """Does an element of this role hold the node?"""
    while node:
        if node.get("role", {}).get("value") == role:
            return True
        node = nodes.get(node.get("parentId", ""), {})
    return False
