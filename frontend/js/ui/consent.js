/** How is the person asked whether the Volunteer may? Two buttons in a place that stays the same. */

/**
 * @import { Control, Memory, May } from "../call/consent.js"
 * @import { Voice } from "./voice.js"
 * @import { Views } from "./views.js"
 */

import { isControl, isWord, keepMay, recallMay } from "../call/consent.js";
import { element, find, write } from "./dom.js";

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

  return { onQuestion, may: createMay() };
}

/**
 * What the Volunteer may do, as chosen in the form on the start page.
 * @param {Memory} memory
 * @returns {() => May}
 */
function createMay(memory = localStorage) {
  const form = find("#may", HTMLFormElement);
  const may = recallMay(memory);
  for (const [control, word] of Object.entries(may)) {
    find(`[name=${control}][value=${word}]`, HTMLInputElement, form).checked = true;
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLInputElement)) return;
    const { name, value } = target;
    if (!isControl(name) || !isWord(value)) return;
    may[name] = value;
    keepMay(memory, name, value);
  });
  return () => may;
}
