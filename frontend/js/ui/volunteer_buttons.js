/** What do the Volunteer's buttons do? */

/**
 * @import { Answering } from "../call/answering.js"
 * @import { VolunteerSide } from "../call/volunteer_side.js"
 * @import { Voice } from "./voice.js"
 * @import { Views } from "./views.js"
 */

import { button, find, onClick, press } from "./dom.js";
import { createHanding } from "./handing.js";

/**
 * @param {Voice} voice
 * @param {Views} views
 * @param {Answering} answering
 * @param {VolunteerSide} side
 */
export function createVolunteerButtons(voice, views, answering, side) {
  button("#presence").addEventListener("click", () => {
    voice.tones.unlock();
    void answering.toggle((level) => (find("#level", HTMLMeterElement).value = level));
  });
  for (const ready of document.querySelectorAll("button[data-act=ready]")) {
    ready.addEventListener("click", () => answering.ready());
  }
  press(button("#end"), views, () => answering.end("call.end"));
  press(button("#block"), views, () => answering.end("call.block"));
  createHanding(voice, views, answering);
  onClick({
    "[data-take]": () => answering.take(),
    "#mute": () => void side.mute(),
    "#light": () => side.light(),
    "#their-lens": () => side.lens(),
    "#photo": () => side.takePhoto(),
  });
}
