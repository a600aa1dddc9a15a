/** What else than waiting may the person choose? Offered in a fixed place, and never takes focus. */

import { button, find } from "./dom.js";

/**
 * @typedef {{onWait?: () => void, onPark: (question: string) => void}} ChoiceParts
 *   `onPark`: to be called back; an empty question is none
 */

/**
 * @param {HTMLElement} root holds the buttons of `_choices.html`
 * @param {ChoiceParts} parts
 */
export function createChoices(root, parts) {
  const opener = button("[data-leave]", root);
  const form = find("form", HTMLFormElement, root);
  const box = find("textarea", HTMLTextAreaElement, form);

  /** @param {boolean} open */
  function open(open) {
    form.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
  }

  opener.addEventListener("click", () => {
    open(form.hidden !== false);
    if (!form.hidden) box.focus();
  });
  button("[data-park]", root).addEventListener("click", () => parts.onPark(""));
  root.querySelector("[data-wait]")?.addEventListener("click", () => {
    open(false);
    parts.onWait?.();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const question = box.value.trim();
    if (question) parts.onPark(question);
    else box.focus();
  });

  return {
    /** @param {boolean} on */
    show(on) {
      root.hidden = !on;
    },
    /** What was asked is in good hands: the next question starts with an empty box. */
    clear() {
      box.value = "";
      open(false);
    },
  };
}
