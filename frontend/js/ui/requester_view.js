/** How does the Requester's page look in each state? */

/**
 * @import { RequesterState } from "../state/requester.js"
 * @import { Mine } from "../call/requester_side.js"
 * @import { Voice } from "./voice.js"
 * @import { Views } from "./views.js"
 */

import { view } from "../state/requester.js";
import { button, element, find, toggle, write } from "./dom.js";
import { minutes } from "./time.js";

/**
 * @param {Voice} voice
 * @param {Views} views
 * @param {() => RequesterState} get
 */
export function createRequesterView({ words }, views, get) {
  const trouble = element("#trouble");
  const video = find("#mine", HTMLVideoElement);
  const start = document.title;

  setInterval(() => {
    const { help, skew_ms } = get();
    if (help) write(element("#waited"), minutes(Date.now() + skew_ms - help.since_ms));
  }, 1_000);

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
