/** What do the Requester's buttons do? */

/**
 * @import { Asking } from "../call/asking.js"
 * @import { RequesterSide } from "../call/requester_side.js"
 * @import { Voice } from "./voice.js"
 * @import { Views } from "./views.js"
 */

import { allowTilt } from "../call/tilt.js";
import { button, element, find, onClick, press } from "./dom.js";

/**
 * @param {Voice} voice
 * @param {Views} views
 * @param {Asking} asking
 * @param {RequesterSide} side
 */
export function createRequesterButtons(voice, views, asking, side) {
  press(button("#ask"), views, () => {
    voice.tones.unlock();
    voice.log.clear();
    const { hints, camera } = voice.mine.get();
    if (hints && camera === "on") allowTilt();
    void asking.begin();
  });
  for (const each of ["#cancel", "#cancel-later"]) press(button(each), views, () => asking.cancel());
  press(button("#end"), views, () => asking.end("call.end"));
  press(button("#block"), views, () => asking.end("call.block"));
  onClick({
    "[data-take]": () => asking.take(),
    "#mute": () => void side.mute(),
    "#pause": () => void side.pause(),
    "#light": () => void side.light(),
    "#light-waiting": () => void side.light(),
    "#switch": () => void side.switchCamera(),
    "#allow": () => side.consent.answer(true),
    "#refuse": () => {
      side.consent.answer(false);
      voice.tell({ key: "consent.refused", topic: "consent" });
    },
  });
  const lens = find("#lens", HTMLSelectElement);
  lens.addEventListener("change", () => void side.chooseLens(lens.value));
  // From here on a press is heard: only now is there something to press.
  element("#coming").hidden = true;
  button("#ask").hidden = false;
}
