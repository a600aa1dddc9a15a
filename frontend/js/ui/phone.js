/** What do the Requester's buttons show of their phone: camera, lens, light, microphone? */

/**
 * @import { Phone } from "../call/requester_side.js"
 * @import { Voice } from "./voice.js"
 */

import { button, element, find, toggle } from "./dom.js";

/** What "Pause camera" is called while the camera does something else. */
const PAUSE = { on: "pause", paused: "resume", off: "camera_on", none: "pause" };

/** @param {Voice} voice */
export function createPhone({ words }) {
  const video = find("#mine", HTMLVideoElement);
  const lens = find("#lens", HTMLSelectElement);

  /**
   * @param {Phone} phone
   * @param {MediaStreamTrack | null} camera
   */
  function onPhone(phone, camera) {
    toggle(button("#mute"), phone.muted, words("mute"), words("unmute"));
    toggle(button("#pause"), phone.is !== "on", words("pause"), words(PAUSE[phone.is]));
    button("#mute").hidden = !phone.microphone;
    button("#pause").hidden = phone.is === "none";
    button("#switch").hidden = phone.is !== "on" || phone.cameras < 2;
    for (const light of [button("#light"), button("#light-waiting")]) {
      toggle(light, phone.light, words("light_on"), words("light_off"));
      light.hidden = !phone.able;
    }
    element("#lenses").hidden = phone.is === "none" || phone.lenses.length < 2;
    renderLenses(phone);
    preview(video, camera);
  }

  /**
   * Written anew only when it is another list: a select that is open would close.
   * @param {Phone} phone
   */
  function renderLenses({ lenses, lens: now }) {
    const options = lenses.map(({ id, name }, at) => {
      const text = words(name ? "lens.named" : "lens", { at: at + 1, name });
      return new Option(text, id);
    });
    const listed = [...lens.options].map(({ text, value }) => text + value);
    if (options.map(({ text, value }) => text + value).join() !== listed.join()) lens.replaceChildren(...options);
    lens.value = now; // none of them while the camera on the screen's side is in use
  }

  return onPhone;
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
