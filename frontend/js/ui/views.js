/** Which part of the page is shown, and where does the focus go when it changes? */

import { find } from "./dom.js";

// A finger on its way to a button that has just become another one must not press it.
const SETTLE_MS = 800;
const EXPECT_MS = 5_000;

export class Views {
  #current = "";
  #expected_ms = -Infinity;
  #changed_ms = -Infinity;

  /** @param {ParentNode} root holds elements with data-view, each with one h1 or h2 heading */
  constructor(root = document) {
    /** @type {HTMLElement[]} */
    this.all = [...root.querySelectorAll("[data-view]")].filter((e) => e instanceof HTMLElement);
    const early = (/** @type {Event} */ event) => this.#ignoreEarly(event);
    document.addEventListener("click", early, true);
    document.addEventListener("submit", early, true);
  }

  /** The person has acted: the change of view that follows is their own. */
  expect() {
    this.#expected_ms = performance.now();
  }

  /** @param {string} name */
  show(name) {
    if (name === this.#current) return;
    const first = this.#current === "";
    this.#current = name;
    const own = performance.now() - this.#expected_ms < EXPECT_MS;
    const hadFocus = this.all.some((e) => !e.hidden && e.contains(document.activeElement));
    const moves = !first && (own || hadFocus);
    for (const each of this.all) if (each.dataset.view === name) each.hidden = false;
    // Before what had it is gone: a screen reader that has lost its place does not read the new one.
    if (moves) this.focusHeading(name);
    for (const each of this.all) each.hidden = each.dataset.view !== name;
    document.body.dataset.showing = name;
    if (first) return;
    this.settle();
    this.#expected_ms = -Infinity;
  }

  /** Something new came under the person's finger. */
  settle() {
    this.#changed_ms = performance.now();
    document.body.classList.add("settling");
    setTimeout(() => {
      if (!this.#early()) document.body.classList.remove("settling");
    }, SETTLE_MS + 10);
  }

  /** @param {string} name */
  focusHeading(name) {
    const shown = this.all.find((each) => each.dataset.view === name);
    if (shown) find("h1, h2", HTMLElement, shown).focus();
  }

  #early() {
    return performance.now() - this.#changed_ms < SETTLE_MS;
  }

  /** @param {Event} event */
  #ignoreEarly(event) {
    const target = event.target;
    if (!this.#early() || !(target instanceof Element)) return;
    if (!target.closest("[data-view], dialog")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}
