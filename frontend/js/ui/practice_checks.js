/** Do a Volunteer's microphone, loudspeaker and notifications work, and what would mend them? */

/**
 * @import { VolunteerSide } from "../call/volunteer_side.js"
 * @import { Voice } from "./voice.js"
 */

import { button, element, find, onClick, write } from "./dom.js";

/**
 * @param {Voice} voice
 * @param {VolunteerSide} side
 */
export function createPracticeChecks(voice, side) {
  const { words, announcer, tones } = voice;
  const level = find("#mic-level", HTMLMeterElement);
  const microphone = button("#try-mic");
  const [test, tryPush] = [button("#push-test"), button("#try-push")];
  const [box, pushHere] = [find("#push", HTMLInputElement), find("#push-here", HTMLInputElement)];

  /**
   * It stands beside its button, and is said.
   * @param {string} selector
   * @param {string} key
   */
  function found(selector, key) {
    write(element(selector), words(key));
    announcer.say(words(key), { topic: selector });
  }

  async function tryMicrophone() {
    if (microphone.getAttribute("aria-disabled") === "true") return;
    microphone.setAttribute("aria-disabled", "true");
    found("#mic-found", "mic.testing");
    const { trouble, heard } = await side.test((loud) => (level.value = loud));
    microphone.removeAttribute("aria-disabled");
    level.value = 0;
    found("#mic-found", trouble ? `trouble.mic.${trouble}` : heard ? "mic.heard" : "mic.silent");
  }

  async function trySound() {
    await tones.try("ring");
    element("#did-you-hear").hidden = false;
    found("#sound-found", "practice.sounded");
  }

  // What this device does is found out and tried where calls are taken: here it says the same.
  function mirrorPush() {
    const result = element("#push-result").textContent;
    write(element("#push-found"), result || (element("#push-hint").textContent ?? ""));
    tryPush.hidden = test.hidden;
    pushHere.checked = box.checked;
    pushHere.disabled = box.disabled;
  }

  onClick({
    "#try-mic": () => void tryMicrophone(),
    "#try-sound": () => void trySound(),
    "#try-push": () => test.click(),
    "#heard-it": () => found("#sound-found", "practice.heard"),
    "#heard-nothing": () => found("#sound-found", "practice.unheard"),
  });
  pushHere.addEventListener("change", () => box.click());
  const changes = { childList: true, subtree: true, attributes: true };
  for (const each of ["#push", "#push-hint", "#push-result", "#push-test"]) {
    new MutationObserver(mirrorPush).observe(element(each), changes);
  }
  mirrorPush();
}
