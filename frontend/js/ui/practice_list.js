/** What is there to try in a practice, and what of it has happened? */

/**
 * @import { Try } from "../call/played_side.js"
 * @import { Voice } from "./voice.js"
 */

import { TRIES, news, trying } from "../state/practice.js";
import { button, element, write } from "./dom.js";

/**
 * @param {Voice} voice
 * @param {string} says the played person's sentence, as it is heard
 */
export function createPracticeList(voice, says) {
  const { words, tell } = voice;
  const root = element("#tries");
  /** @type {readonly Try[]} */
  let tried = [];

  function render() {
    for (const each of TRIES) {
      const line = element(`[data-try="${each}"]`, root);
      const [what, done] = [words(`try.${each}`), tried.includes(each)];
      write(line, done ? words("try.done", { what }) : what);
      line.toggleAttribute("data-done", done);
    }
  }

  /** @param {Try} what has just happened */
  function happened(what) {
    const before = tried;
    tried = trying(tried, what);
    if (root.hidden || tried === before) return;
    render();
    for (const key of news(before, tried)) say(key);
  }

  /** @param {string} key */
  function say(key) {
    if (key === "practice.all") return tell({ key });
    tell({ key: "try.done", params: { what: words(key) } });
  }

  // The picture is held on this page alone: nothing of it goes over the line.
  const freeze = button("#freeze");
  const held = () => freeze.dataset.on === "true" && happened("freeze");
  new MutationObserver(held).observe(freeze, { attributeFilter: ["data-on"] });

  return {
    happened,
    /** @param {boolean} on is this call a practice? */
    show(on) {
      if (root.hidden !== on) return;
      if (on) tried = [];
      render();
      write(element("#practice-says"), words("practice.says", { text: says }));
      root.hidden = !on;
    },
  };
}
