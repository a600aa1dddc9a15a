/** What happened in this call, in order? A plain list that a person can read back at any time. */

/**
 * @param {HTMLElement} section hidden while there is nothing to read
 * @param {HTMLElement} list
 */
export function createLog(section, list) {
  return {
    /**
     * @param {string} text
     * @param {"event" | "mine" | "theirs"} kind
     */
    add(text, kind = "event") {
      const item = document.createElement("li");
      item.dataset.kind = kind;
      item.dir = kind === "event" ? "" : "auto";
      item.textContent = text;
      list.append(item);
      section.hidden = false;
    },
    clear() {
      list.replaceChildren();
      section.hidden = true;
    },
  };
}
