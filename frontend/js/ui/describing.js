/**
 * How does one describe? Three hints that lie open in somebody's first calls, and never in the way.
 *
 * Who puts them away has read them: they come back only when they are asked for.
 */

/** @import { Voice } from "./voice.js" */

import { button, element, toggle } from "./dom.js";

/** @param {Voice} voice */
export function createDescribing({ words, mine }) {
  const card = element("#describing");
  const opener = button("#tips");

  /** @param {boolean} open */
  function show(open) {
    card.hidden = !open;
    toggle(opener, open, words("tips.show"), words("tips.away"));
  }

  opener.addEventListener("click", () => {
    show(card.hidden === true);
    if (card.hidden) mine.change({ tips: 0 });
  });
  show(false);

  return {
    /** A call begins. */
    begin() {
      const { tips } = mine.get();
      show(tips > 0);
      if (tips > 0) mine.change({ tips: tips - 1 });
    },
  };
}
