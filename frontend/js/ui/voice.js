/** How is a thing told to the person: said, shown, written into the log, with its tone? */

/** @import { Saying } from "../state/says.js" */

import { createMine } from "../state/mine.js";
import { Announcer } from "./announce.js";
import { element, embedded, write } from "./dom.js";
import { createLog } from "./log.js";
import { Tones } from "./tones.js";
import { createWords } from "./words.js";

/** The page's one voice; its elements stand in `base.html` and in each page's template. */
export function createVoice() {
  const language = document.documentElement.lang || "en";
  const words = createWords(embedded("words"), language);
  const announcer = new Announcer(element("#announcer"));
  const log = createLog(element("#log"), element("#log ol"));
  const status = [...document.querySelectorAll("[data-status]")];
  const tones = new Tones();
  const mine = createMine();

  /** @param {string} text */
  function show(text) {
    for (const each of status) write(each, text);
  }

  /** @param {Saying} saying */
  function tell({ key, params, assertive = false, tone, topic }) {
    const text = words(key, params);
    show(text);
    log.add(text);
    announcer.say(text, { assertive, ...(topic ? { topic } : {}) });
    if (tone) tones.play(tone);
  }

  /**
   * Somebody's typed words: read out with who wrote them.
   * @param {string} text
   * @param {"mine" | "theirs"} kind
   * @param {string} name
   * @param {string} unheard what of it was not read out while it was being typed
   */
  function typed(text, kind, name, unheard = text) {
    const line = words(`typed.${kind}`, { name, text });
    log.add(line, kind);
    show(line);
    if (kind === "theirs" && unheard) hear(unheard, name);
  }

  /**
   * @param {string} text of theirs
   * @param {string} name
   */
  function hear(text, name) {
    tones.play("message");
    announcer.say(words("typed.theirs", { name, text }));
  }

  return { words, language, announcer, log, tones, mine, tell, typed, hear, show };
}

/** @typedef {ReturnType<typeof createVoice>} Voice */
