/** How are typed words sent? A text box "Message" and a button; Enter sends too. */

import { find } from "./dom.js";
import { MOST_TEXT, tidy } from "../call/words_between.js";

/** @import { Voice } from "./voice.js" */

/**
 * What could not be sent stays in the box.
 * @param {Voice} voice
 * @param {(text: string) => boolean} send
 */
export function createTyping(voice, send) {
  const form = find("[data-typing]", HTMLFormElement);
  const box = find("[name=message]", HTMLInputElement, form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = tidy(box.value).slice(0, MOST_TEXT);
    box.focus();
    if (!text) return;
    if (!send(text)) return voice.tell({ key: "typed.unsent", assertive: true });
    voice.typed(text, "mine", "");
    box.value = "";
  });
}
