/** What happened in this call, in order? A plain list that a person can read back at any time. */

import { linesOf } from "./lines.js";

/**
 * @param {HTMLElement} section hidden while there is nothing to read
 * @param {HTMLElement} list
 * @param {() => boolean} braille each line as long as a braille display
 */
export function createLog(section, list, braille) {
  return {
    /**
     * @param {string} text
     * @param {"event" | "mine" | "theirs"} kind
     */
    add(text, kind = "event") {
      const item = document.createElement("li");
      item.dataset.kind = kind;
      item.dir = kind === "event" ? "" : "auto";
      // Lines of one item: what was said together is read, and copied, together.
      const lines = braille() ? linesOf(text) : [text];
      item.append(...lines.flatMap((line, at) => (at ? [document.createElement("br"), line] : [line])));
      list.append(item);
      section.hidden = false;
    },
    clear() {
      list.replaceChildren();
      section.hidden = true;
    },
  };
}
