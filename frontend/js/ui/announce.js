/** How does a screen reader, or a braille line, hear of a change? One announcer for the page. */

/** @import { Utterance } from "./queue.js" */

import { find } from "./dom.js";
import { GAP_MS, enqueue, wait } from "./queue.js";

// Regions that were filled long ago are emptied, so that nobody meets old news while reading.
const FADE_MS = 12_000;
// A region that has just been moved, or emptied, needs a moment before it is watched again.
const SETTLE_MS = 150;
const HEARD_MS = 400;

export class Announcer {
  /** @type {Utterance[]} */
  #queue = [];
  #last_ms = -Infinity;
  /** @type {Utterance | null} */
  #last = null;
  #timer = 0;
  #turn = 0;

  /** @param {HTMLElement} box the element that holds the three regions since the page loaded */
  constructor(box) {
    this.box = box;
    this.home = box.parentElement ?? document.body;
    this.assertive = find("[aria-live=assertive]", HTMLElement, box);
    this.polite = [...box.querySelectorAll("[aria-live=polite]")];
  }

  /**
   * @param {string} text
   * @param {{assertive?: boolean, topic?: string, kept?: boolean}} how
   */
  say(text, { assertive = false, topic, kept = false } = {}) {
    const next = { text, assertive, topic: topic ?? null, kept };
    this.#queue = enqueue(this.#queue, next);
    this.#plan();
  }

  /**
   * What is outside an open modal dialog does not exist for a screen reader: move in, and back.
   * @param {HTMLElement | null} dialog
   */
  moveInto(dialog) {
    this.#fade();
    (dialog ?? this.home).append(this.box);
    // What was put in just before the move has not been heard: it is said again after it.
    if (this.#last && performance.now() - this.#last_ms < HEARD_MS) this.#queue.unshift(this.#last);
    this.#last = null;
    this.#last_ms = performance.now() - GAP_MS + SETTLE_MS;
    this.#plan();
  }

  #plan() {
    clearTimeout(this.#timer);
    if (!this.#queue.length) {
      this.#timer = window.setTimeout(() => this.#fade(), FADE_MS);
      return;
    }
    const pause = wait(performance.now(), this.#last_ms);
    if (pause === 0) return this.#next();
    this.#timer = window.setTimeout(() => this.#next(), pause);
  }

  #next() {
    const next = this.#queue.shift();
    if (next) {
      const region = next.assertive ? this.assertive : this.#politeTurn();
      // The same words twice in a row would be no change, and silent.
      region.textContent = region.textContent === next.text ? `${next.text}\u00a0` : next.text;
      this.#last_ms = performance.now();
      this.#last = next;
    }
    this.#plan();
  }

  #politeTurn() {
    this.#turn = (this.#turn + 1) % this.polite.length;
    const region = this.polite[this.#turn] ?? this.assertive;
    for (const other of this.polite) if (other !== region) other.textContent = "";
    return region;
  }

  #fade() {
    for (const region of [this.assertive, ...this.polite]) region.textContent = "";
  }
}
