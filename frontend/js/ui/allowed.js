/** What does the Volunteer's page show of what they may do, and of what they may not? */

/**
 * @import { Control } from "../state/mine.js"
 * @import { Wish } from "../call/consent.js"
 * @import { Theirs } from "../call/words_between.js"
 * @import { Voice } from "./voice.js"
 */

import { button, element, toggle, write } from "./dom.js";

/** @typedef {Record<Exclude<Control, "zoom">, boolean>} Able */

/** What can be done with their phone by a button of its own; our own zoom is always there. */
const BUTTONS = /** @type {const} */ ({ light: "#light", lens: "#their-lens", photo: "#photo" });

/** @param {Theirs} theirs */
const able = (theirs) => ({ light: theirs.able, lens: theirs.lenses > 1, photo: true });

/** @param {Voice} voice */
export function createAllowed({ words, language }) {
  const list = new Intl.ListFormat(language, { type: "conjunction" });
  const controls = /** @type {(keyof typeof BUTTONS)[]} */ (Object.keys(BUTTONS));

  return { render };

  /**
   * @param {Theirs} theirs
   * @param {Wish | null} waiting for their word about it
   */
  function render(theirs, waiting) {
    const can = able(theirs);
    toggle(button(BUTTONS.light), theirs.light, words("their_light_on"), words("their_light_off"));
    for (const control of controls) {
      const each = button(BUTTONS[control]);
      each.hidden = !can[control] || theirs.may[control] === "never";
      if (theirs.may[control] === "ask") each.setAttribute("aria-describedby", "asked-first");
      else each.removeAttribute("aria-describedby");
    }
    const { may, paused } = theirs;
    const first = controls.filter((each) => can[each] && may[each] === "ask");
    name("asked_first", "#asked-first", first);
    // Until they have said a word of it, nothing is known.
    const never = paused === null ? [] : controls.filter((each) => can[each] && may[each] === "never");
    name("never", "#never", never);
    name("waiting_for", "#waiting-for", waiting ? [waiting] : []);
  }

  /**
   * @param {string} key
   * @param {string} place
   * @param {readonly Wish[]} what
   */
  function name(key, place, what) {
    element(place).hidden = !what.length;
    write(element(place), words(key, { what: list.format(what.map((each) => words(`what.${each}`))) }));
  }
}
