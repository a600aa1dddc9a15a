/** How is the person asked whether the Volunteer may? Two buttons in a place that stays the same. */

/**
 * @import { Control } from "../state/mine.js"
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

  /** @param {Control | null} control null: nothing is asked any more */
  function onQuestion(control) {
    if (!control) return hide();
    const name = peer();
    const key = `consent.${control}${name ? ".named" : ""}`;
    write(element("#consent-title"), voice.words(key, { name }));
    panel.hidden = false;
    views.settle();
    voice.tell({ key, params: { name }, assertive: true, tone: "message", topic: "consent" });
  }

  function hide() {
    if (panel.contains(document.activeElement)) views.focusHeading("call");
    panel.hidden = true;
  }

  return { onQuestion };
}
