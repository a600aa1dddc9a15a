/** How does the Requester's page look in each state? */

/**
 * @import { RequesterState } from "../state/requester.js"
 * @import { Mine } from "../call/requester_side.js"
 * @import { Voice } from "./voice.js"
 * @import { Views } from "./views.js"
 */

import { view } from "../state/requester.js";
import { button, element, find, toggle, write } from "./dom.js";
import { milestone, minutes } from "./time.js";

const WAITING_TONE_S = 6;

/**
 * @param {Voice} voice
 * @param {Views} views
 * @param {() => RequesterState} get
 */
export function createRequesterView({ words, tell, tones }, views, get) {
  const trouble = element("#trouble");
  const video = find("#mine", HTMLVideoElement);
  const start = document.title;

  let said = 0;
  setInterval(() => {
    const { help, skew_ms } = get();
    if (help && view(get()) === "waiting") waited(Date.now() + skew_ms - help.since_ms);
    else said = 0;
  }, 1_000);

  /**
   * Silence while waiting makes people doubt: a soft tone says that it goes on, words say how long.
   * @param {number} ms
   */
  function waited(ms) {
    write(element("#waited"), minutes(ms));
    if (Math.floor(ms / 1_000) % WAITING_TONE_S === 0) tones.play("waiting");
    const now = milestone(ms);
    if (now > said) tell({ key: now < 1 ? "waited.half" : "waited", params: { n: now }, topic: "asked" });
    said = Math.max(said, now);
  }

  /** @param {RequesterState} state */
  function render(state) {
    const peer = state.help?.call?.peer ?? state.ended?.peer ?? "";
    write(element("#with"), words(peer ? "with.named" : "with", { name: peer }));
    const text = troubleText(state);
    write(trouble, text);
    trouble.hidden = text === "";
    const shown = view(state);
    document.title = shown === "start" ? start : words(`title.${shown}`, { name: peer });
    views.show(shown);
  }

  /** @param {RequesterState} state */
  function troubleText({ trouble: code, ended }) {
    if (code) return words(`trouble.${code}`);
    if (!ended || ended.call || ended.reason === "cancelled") return "";
    return words(`ended.requester.${ended.reason}`);
  }

  /**
   * @param {Mine} mine
   * @param {MediaStreamTrack | null} camera
   */
  function renderMine(mine, camera) {
    toggle(button("#mute"), mine.muted, words("mute"), words("unmute"));
    toggle(button("#pause"), mine.paused, words("pause"), words("resume"));
    toggle(button("#light"), mine.light, words("light_on"), words("light_off"));
    button("#mute").hidden = !mine.microphone;
    button("#pause").hidden = !mine.camera;
    button("#light").hidden = !mine.able;
    button("#switch").hidden = !mine.camera || mine.cameras < 2;
    preview(video, camera);
  }

  return { render, renderMine };
}

/**
 * @param {HTMLVideoElement} video
 * @param {MediaStreamTrack | null} camera
 */
function preview(video, camera) {
  const stream = /** @type {MediaStream | null} */ (video.srcObject);
  if ((stream?.getTracks()[0] ?? null) === camera) return;
  video.srcObject = camera ? new MediaStream([camera]) : null;
  video.hidden = !camera;
  if (camera) void video.play().catch(() => undefined);
}
