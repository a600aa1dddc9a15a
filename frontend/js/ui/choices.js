/** What else than waiting may the person choose? Offered in a fixed place, and never takes focus. */

import { button, find, write } from "./dom.js";

/**
 * @typedef {{onWait?: () => void, onWiden?: (language: string) => void,
 *   onPark: (question: string) => void}} ChoiceParts `onPark`: to be called back; an empty question is
 *   none. `onWiden`: asked in one more language
 */

/**
 * Whatever is not offered yet keeps its room: nothing else moves when it comes.
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
  const widen = root.querySelector("[data-widen]");
  let language = "";
  widen?.addEventListener("click", () => language && parts.onWiden?.(language));

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
      root.classList.toggle("later", !on);
    },
    /**
     * @param {string} tag of the language; none if there is none to offer
     * @param {string} name of the button
     */
    offer(tag, name) {
      language = tag;
      if (!widen) return;
      // Who has just pressed it stands on nothing now.
      if (!tag && widen === document.activeElement) find("h2", HTMLElement, root).focus();
      widen.classList.toggle("later", !tag);
      if (tag) write(widen, name);
    },
    /** What was asked is in good hands: the next question starts with an empty box. */
    clear() {
      box.value = "";
      open(false);
    },
  };
}
