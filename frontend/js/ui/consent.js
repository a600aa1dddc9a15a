/** How is the person asked whether the Volunteer may? Two buttons in a place that stays the same. */

/**
 * @import { About, Wish } from "../call/consent.js"
 * @import { Voice } from "./voice.js"
 * @import { Views } from "./views.js"
 */

import { element, write } from "./dom.js";

/**
 * @param {Voice} voice
 * @param {Views} views
 * @param {() => string} peer the Volunteer's name, "" if it is not known
 */
export function createConsent(voice, views, peer) {
  const panel = element("#consent");

  /**
   * @param {Wish | null} control null: nothing is asked any more
   * @param {About} about
   */
  function onQuestion(control, about = {}) {
    if (!control) return hide();
    const params = { name: peer(), ...about };
    const what = control === "hand" ? `hand.${about.language ? "language" : "topic"}` : control;
    const key = `consent.${what}${params.name ? ".named" : ""}`;
    write(element("#consent-title"), voice.words(key, voice.spelled(params)));
    panel.hidden = false;
    views.settle();
    voice.tell({ key, params, assertive: true, tone: "message", topic: "consent" });
  }

  function hide() {
    if (panel.contains(document.activeElement)) views.focusHeading("call");
    panel.hidden = true;
  }

  return { onQuestion };
}
