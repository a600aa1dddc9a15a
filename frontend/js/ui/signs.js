/**
 * Why does the picture not move? A sign on it, for as long as that is so, and words for the line.
 *
 * What was announced scrolls away; whoever looks up a moment later must not take an old picture for
 * a live one.
 */

/**
 * @import { Word } from "../call/strain.js"
 * @import { Missing } from "../state/missing.js"
 * @import { Voice } from "./voice.js"
 */

import { element, write } from "./dom.js";

/** @param {Voice} voice */
export function createSigns({ words }) {
  const sign = element("#sign");
  const line = element("#line");
  let paused = false;
  /** @type {Missing} */
  let missed = { mine: 0, theirs: 0 };

  function render() {
    const key = reason(paused, missed);
    sign.hidden = key === null;
    if (key) write(sign, words(key));
  }

  return {
    /** @param {Missing} missing */
    missing(missing) {
      missed = missing;
      render();
    },
    /**
     * @param {boolean} now they have no camera on
     * @param {Word} strain
     */
    theirs(now, strain) {
      paused = now;
      render();
      line.hidden = strain === "unknown";
      if (!line.hidden) write(line, words(`strain.${strain}`));
    },
  };
}

/**
 * Our own line first: without it nothing is known of theirs.
 * @param {boolean} paused
 * @param {Missing} missed
 */
export function reason(paused, { mine, theirs }) {
  if (mine) return "sign.mine";
  if (theirs) return "sign.theirs";
  return paused ? "sign.paused" : null;
}
